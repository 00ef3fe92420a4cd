# SPDX-License-Identifier: MIT
"""Calls that have no place here, and floating point outside the layers that may use it."""

import re

import tree

EVERYWHERE = {
    "strcpy": "buf_* or memcpy with a length", "strcat": "buf_*", "stpcpy": "buf_*", "strncpy": "memcpy",
    "strncat": "buf_*", "sprintf": "snprintf or buf_*", "vsprintf": "vsnprintf", "gets": "a bounded read",
    "strtok": "slices", "atoi": "a parser that reports errors", "atol": "a parser that reports errors",
    "atoll": "a parser that reports errors", "atof": "a parser that reports errors",
    "scanf": "a parser", "sscanf": "a parser", "fscanf": "a parser", "vsscanf": "a parser",
    "alloca": "a buffer with a maximum", "rand": "the crypto port", "srand": "the crypto port",
    "random": "the crypto port", "localtime": "base/date", "gmtime": "gmtime_r", "ctime": "base/date",
    "asctime": "base/date", "system": "posix_spawn", "popen": "posix_spawn", "tmpnam": "mkstemp",
    "mktemp": "mkstemp", "setjmp": "a status", "longjmp": "a status",
}
# Layers in which memory comes from an arena, and time and I/O from a port.
PURE = {"base", "core", "app", "wire"}
ALLOCATING = {"malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "vasprintf"}
IMPURE = {"time", "clock", "clock_gettime", "gettimeofday", "getenv", "setlocale", "fopen", "open", "read", "write",
          "printf", "fprintf", "puts", "perror", "exit", "abort", "sleep", "usleep", "nanosleep"}
INTEGERS_ONLY = {"base", "core", "app"}

CALL = re.compile(r"(?<![\w.>])(\w+)[ \t]*\(")
FLOAT = re.compile(r"\b(float|double)\b")


def check_line(own, in_tests, line):
    for match in CALL.finditer(line):
        call = match[1]
        if call in EVERYWHERE:
            yield f"{call}() is banned; use {EVERYWHERE[call]}"
        if in_tests:
            continue
        if own in PURE and call in IMPURE or own in ("core", "app", "wire") and call in ALLOCATING:
            yield f"{own} must not call {call}()"
        if own == "fcgi" and call in ALLOCATING:
            yield f"a handler takes memory from its arena, not from {call}()"
    if not in_tests and own in INTEGERS_ONLY and FLOAT.search(line):
        yield f"{own} uses integers only"


def check(top):
    findings = []
    for name in tree.files(top, ".c", ".h"):
        own = tree.layer(name)
        allowed = set(re.findall(r"lint: allow (\w+)", (top / name).read_text(errors="replace")))
        lines = tree.code((top / name).read_text(errors="replace")).splitlines()
        for number, line in enumerate(lines, 1):
            for why in check_line(own, own == "tests", line):
                if not any(f"{word}()" in why for word in allowed):
                    findings.append(f"{name}:{number}: {why}")
    return findings


tree.finish("banned", check(tree.root()))
