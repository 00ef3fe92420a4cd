# SPDX-License-Identifier: MIT
"""Programs are position independent, with full RELRO and no executable stack: hardened.py PROGRAM ..."""

import subprocess
import sys

import tree


def readelf(option, program):
    return subprocess.run(["readelf", "-W", option, program], capture_output=True, text=True, check=True).stdout


def check(program):
    header, segments, dynamic = (readelf(option, program) for option in ("-h", "-l", "-d"))
    if " DYN " not in header or "PIE" not in dynamic:
        yield "is not position independent"
    if "GNU_RELRO" not in segments or "BIND_NOW" not in dynamic and "NOW" not in dynamic:
        yield "has no full RELRO"
    stack = [line for line in segments.splitlines() if "GNU_STACK" in line]
    if not stack or "RWE" in stack[0]:
        yield "has an executable stack"


tree.finish("hardened", [f"{program} {why}" for program in sys.argv[1:] for why in check(program)])
