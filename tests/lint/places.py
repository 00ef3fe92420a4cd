# SPDX-License-Identifier: MIT
"""The tree's own order: top-level names, test beside its module, no developer's path, no leftovers."""

import re

import tree

TOP = {"fcgi", "src", "include", "nginx", "shop-snippets", "tests", "Makefile", "README.md", "LICENSE", ".ci",
       ".clang-format", ".clang-tidy", ".gitignore", ".gitattributes", ".editorconfig"}
LAYERS = {"base", "core", "app", "wire", "adapter", "lab", "cli", "worker", "data"}
PATH = re.compile(r"/(?:home/\w+|root|Users/\w+|work)/\w")
LEFTOVER = re.compile(r"\b(?:TODO|FIXME)\b|^(?:<{7}|>{7}|={7})(?: |$)", re.MULTILINE)
TEXT = {".c", ".h", ".py", ".sh", ".mk", ".js", ".mjs", ".ts", ".php", ".conf", ".css", ".html", ".yaml", ".yml",
        ".md", ".json", ".sql", ".service", ".socket", ".txt", ""}


def check_text(name, text):
    for pattern, why in ((PATH, "path of one machine"), (LEFTOVER, "leftover")):
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {why}: {match[0]}"


def check(top):
    findings = []
    for name in tree.files(top):
        if name.parts[0] not in TOP:
            findings.append(f"{name}: {name.parts[0]} is no name of the top level")
        if name.parts[0] == "src" and (len(name.parts) < 3 or name.parts[1] not in LAYERS):
            findings.append(f"{name}: no layer of its own under src/")
        if name.suffix in TEXT and "places.py" not in name.name and "corpus" not in name.parts:
            try:
                findings += check_text(name, (top / name).read_text())
            except UnicodeDecodeError:
                pass  # a case of malformed input
    return findings


tree.finish("places", check(tree.root()))
