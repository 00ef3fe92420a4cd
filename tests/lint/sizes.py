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
SOURCE_PARTS = {"src", "include", "fcgi", "tests"}
CONTEXT = re.compile(r"^(void|struct arena \*\w+|struct deadline \w+|struct store_done \w+|const xmlChar \*+\w+|.*\bret_\w+(\[.*\])?)?$")
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
    """The parameters that say what is asked: all but the arena, the deadline, who is told and the ret_ outputs.

    What libxml2 hands to a callback is its signature, not ours."""
    inside = signature[signature.find("(") + 1:signature.rfind(")")]
    split, depth = [""], 0
    for char in inside:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            split.append("")
        else:
            split[-1] += char
    return sum(not CONTEXT.search(one.strip()) for one in split)


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
        if name.parts[0] != "tests" and parameters(signature) > PARAMETERS:
            yield f"{where}: {parameters(signature)} parameters, limit {PARAMETERS}"
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
