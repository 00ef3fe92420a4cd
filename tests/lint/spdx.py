# SPDX-License-Identifier: MIT
"""Every source file names its licence in its first three lines."""

import tree

SUFFIXES = {".c", ".h", ".py", ".sh", ".mk", ".js", ".mjs", ".ts", ".php", ".conf", ".css", ".html", ".yaml", ".yml", ".sql"}
NAMES = {"Makefile", "run", "deps", ".clang-tidy", ".clang-format"}


def wants_licence(top, name):
    if name.suffix in SUFFIXES or name.name in NAMES:
        return True
    with (top / name).open("rb") as file:
        return file.read(2) == b"#!"


def check(top):
    findings = []
    for name in tree.files(top):
        if not wants_licence(top, name):
            continue
        head = (top / name).read_text(errors="replace").split("\n", 3)[:3]
        if not any("SPDX-License-Identifier: MIT" in line for line in head):
            findings.append(f"{name}: no SPDX-License-Identifier line at the top")
    return findings


tree.finish("spdx", check(tree.root()))
