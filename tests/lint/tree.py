# SPDX-License-Identifier: MIT
"""What the gates share: the files of the tree, C text without comments, and how a gate ends."""

import pathlib
import re
import subprocess
import sys

SKIPPED = {".git", "build", "state", "node_modules", "__pycache__", "reports", "screenshots"}


def root():
    """The tree to check: the first argument, or the repository this file is in."""
    return pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()


def files(top, *suffixes):
    """The files of the tree that git would hold, relative to it; all, or those with a suffix."""
    listed = subprocess.run(["git", "-C", top, "ls-files", "-z", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = (pathlib.Path(name) for name in listed.stdout.split("\0") if name)
    else:
        names = (path.relative_to(top) for path in top.rglob("*"))
    return sorted(name for name in names
                  if (top / name).is_file() and not SKIPPED & set(name.parts)
                  and (not suffixes or name.suffix in suffixes))


TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def code(text):
    """C text with comments blanked and literals emptied; every line stays on its number."""
    def blank(match):
        token = match[0]
        if token[0] in "\"'":
            return token[0] * 2
        return "\n" * token.count("\n")
    return TOKEN.sub(blank, text)


def layer(name):
    """The layer a file belongs to: include/core/x.h and src/core/x.c are core, fcgi/x.c is fcgi."""
    parts = name.parts
    if parts[0] in ("src", "include") and len(parts) > 2:
        return parts[1]
    return parts[0]


def finish(gate, findings):
    """Prints what was found; a finding fails the gate."""
    for finding in findings:
        print(f"{gate}: {finding}")
    sys.exit(1 if findings else 0)
