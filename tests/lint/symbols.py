# SPDX-License-Identifier: MIT
"""An archive may use only what its list allows: symbols.py build/libcore.a symbols-core.txt [archive below ...]

The list has one symbol a line, or a prefix followed by *; # begins a comment.
"""

import fnmatch
import pathlib
import subprocess
import sys

import tree


def names(archive, *options):
    listed = subprocess.run(["nm", "--format=posix", *options, archive], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        parts = line.split()
        if len(parts) >= 2:
            yield parts[0]


def main(archive, allow_list, *below):
    lines = (line.split("#")[0].strip() for line in pathlib.Path(allow_list).read_text().splitlines())
    allowed = [line for line in lines if line]
    defined = {name for one in (archive, *below) for name in names(one, "--defined-only")}
    foreign = {name for name in names(archive, "--undefined-only") if name not in defined}
    tree.finish("symbols", [f"{archive} uses {name}, which {allow_list} does not allow"
                            for name in sorted(foreign) if not any(fnmatch.fnmatchcase(name, a) for a in allowed)])


main(*sys.argv[1:])
