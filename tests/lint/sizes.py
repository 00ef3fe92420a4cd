# SPDX-License-Identifier: MIT
"""Files, functions, parameters and nesting stay within the limits of the design.

The house style makes this exact: clang-format puts a function's braces in
column 0 and one tab before a statement per level of nesting.
"""

import re

import tree

FILE_LINES = 600
FUNCTION_LINES = 60
NESTING = 3
PARAMETERS = 5
SLOT_PARAMETERS = 8  # a port's slot takes self and what its contract needs

SOURCE_PARTS = {"src", "include", "fcgi", "tests"}
CONTROL = re.compile(r"^(\t+)(?:\} else )?(if|for|while|switch|do)\b")


def functions(lines):
    """(line number of the brace, signature, body lines) of each function."""
    start = None
    for number, line in enumerate(lines):
        if line == "{" and number and not lines[number - 1].endswith("="):
            start = number
        elif line == "}" and start is not None:
            head = start
            while head and lines[head - 1].strip() and not lines[head - 1].startswith(("}", "#")) \
                    and not lines[head - 1].endswith((";", "*/")):
                head -= 1
            yield start, " ".join(lines[head:start]), lines[start + 1:number]
            start = None


def parameters(signature):
    """The parameters of the function: commas of its outermost parentheses, plus one."""
    depth = count = 0
    inside = signature[signature.find("(") + 1:signature.rfind(")")]
    if inside.strip() in ("", "void"):
        return 0
    for char in inside:
        depth += (char in "([{") - (char in ")]}")
        count += char == "," and depth == 0
    return count + 1


def deepest(body):
    """The deepest control statement: number of tabs before it, and its offset in the body."""
    worst = (0, 0)
    for offset, line in enumerate(body):
        match = CONTROL.match(line)
        if match:
            worst = max(worst, (len(match[1]), -offset))
    return worst[0], -worst[1]


def check_functions(name, text):
    lines = tree.code(text).splitlines()
    for brace, signature, body in functions(lines):
        where = f"{name}:{brace + 1}"
        if len(body) > FUNCTION_LINES:
            yield f"{where}: function of {len(body)} lines, limit {FUNCTION_LINES}"
        allowed = SLOT_PARAMETERS if "void *self" in signature else PARAMETERS
        if not name.parts[0] == "tests" and parameters(signature) > allowed:
            yield f"{where}: {parameters(signature)} parameters, limit {allowed}"
        nesting, offset = deepest(body)
        if nesting > NESTING:
            yield f"{name}:{brace + 2 + offset}: nesting of {nesting}, limit {NESTING}"


def check(top):
    findings = []
    for name in tree.files(top, ".c", ".h"):
        if name.parts[0] not in SOURCE_PARTS:
            continue
        text = (top / name).read_text(errors="replace")
        count = text.count("\n")
        if count > FILE_LINES:
            findings.append(f"{name}: {count} lines, limit {FILE_LINES}")
        findings += check_functions(name, text)
    return findings


tree.finish("sizes", check(tree.root()))
