# SPDX-License-Identifier: MIT
"""An include may only point downward, and a library is known to the layers named here only."""

import re

import tree

BELOW = {
    "base": {"base"},
    "core": {"core", "base"},
    "port": {"port", "core", "base"},
    "app": {"app", "port", "core", "base"},
    "wire": {"wire", "app", "port", "core", "base"},
    "adapter": {"adapter", "port", "core", "base"},
    "lab": {"lab", "port", "core", "base"},
}
PROCESS = {"app", "wire", "adapter", "lab", "port", "core", "base"}
BELOW["fcgi"] = PROCESS - {"lab"} | {"fcgi"}
BELOW["cli"] = PROCESS | {"cli", "fcgi"}
BELOW["worker"] = PROCESS - {"lab"} | {"worker", "fcgi"}

LIBRARIES = {
    "curl/": {"adapter"},
    "fcgiapp.h": {"fcgi"},
    "fcgios.h": {"fcgi"},
    "fcgi_stdio.h": set(),
    "jansson.h": {"wire"},
    "libxml/": {"wire"},
    "lmdb.h": {"adapter"},
    "math.h": {"lab", "wire"},
    "openssl/": {"adapter"},
    "pcre2.h": {"core"},
    "sodium.h": {"adapter"},
    "sqlite3.h": {"adapter"},
    "utf8proc.h": {"core"},
    "zlib.h": {"adapter", "cli"},
    "zstd.h": {"adapter", "cli"},
}
# What the pure layers may take from libc: types and memory, no I/O, no clock, no locale.
PURE = {"core": {"inttypes.h", "limits.h", "stdalign.h", "stdbool.h", "stddef.h", "stdint.h", "string.h",
                 "pcre2.h", "utf8proc.h"}}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def check(top):
    findings = []
    for name in tree.files(top, ".c", ".h"):
        own = tree.layer(name)
        if own not in BELOW:
            continue
        text = (top / name).read_text(errors="replace")
        for match in INCLUDE.finditer(text):
            where = f"{name}:{text.count(chr(10), 0, match.start()) + 1}"
            findings += [f"{where}: {why}" for why in judge(own, match[1] == '"', match[2])]
    return findings


def judge(own, in_project, header):
    if in_project:
        target = header.split("/")[0] if "/" in header else own
        if target in ("..", "."):
            yield f"\"{header}\": name a header by its layer, not by a relative path"
        elif target in BELOW and target not in BELOW[own]:
            yield f"{own} must not include {target} (\"{header}\")"
        return
    for library, layers in LIBRARIES.items():
        if header.startswith(library) and own not in layers:
            yield f"{own} must not include <{header}>"
    if own in PURE and header not in PURE[own]:
        yield f"{own} is pure and must not include <{header}>"


tree.finish("layers", check(tree.root()))
