# SPDX-License-Identifier: MIT
"""Shows that each gate fails on a bad sample, and that all pass on a good one."""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SPDX = "/* SPDX-License-Identifier: MIT */\n"
GOOD = {
    "Makefile": "# SPDX-License-Identifier: MIT\nall:\n",
    "include/base/a.h": SPDX + "#ifndef BASE_A_H\n#define BASE_A_H\nint a_one(void);\n#endif\n",
    "src/base/a.c": SPDX + "#include \"base/a.h\"\n\nint a_one(void)\n{\n\treturn 1; /* not malloc(1) */\n}\n",
    "src/core/b.c": SPDX + "#include \"b.h\"\n\n#include <string.h>\n\n#include \"base/a.h\"\n",
    "src/core/b.h": SPDX + "int b_two(void);\n",
}
MANY = ", ".join(f"int p{i}" for i in range(9))
DEEP = "".join("\t" * depth + "if (a)\n" for depth in range(1, 5)) + "\t" * 5 + "a = 0;\n"

# (gate, file, content): each must be refused by its gate.
BAD = [
    ("layers", "src/core/up.c", SPDX + '#include "port/store.h"\n'),
    ("layers", "src/app/side.c", SPDX + '#include "wire/problem.h"\n'),
    ("layers", "src/adapter/side.c", SPDX + '  #  include "app/checkout.h"\n'),
    ("layers", "src/base/up.h", SPDX + '#include "core/facts.h"\n'),
    ("layers", "include/port/up.h", SPDX + '#include "wire/problem.h"\n'),
    ("layers", "src/core/path.c", SPDX + '#include "../wire/problem.h"\n'),
    ("layers", "src/core/clock.c", SPDX + "#include <time.h>\n"),
    ("layers", "src/app/lib.c", SPDX + "#include <jansson.h>\n"),
    ("sizes", "src/core/long.c", SPDX + "\n" * 601),
    ("sizes", "src/core/f.c", SPDX + "int f(void)\n{\n" + "\tg();\n" * 61 + "}\n"),
    ("sizes", "src/core/p.c", SPDX + f"int f({MANY})\n{{\n}}\n"),
    ("sizes", "src/core/p6.c", SPDX + "int f(int a, int b, int c, int d,\n      int e, int g)\n{\n}\n"),
    ("sizes", "src/core/n.c", SPDX + "int f(int a)\n{\n" + DEEP + "}\n"),
    ("banned", "fcgi/s.c", SPDX + "\tstrcpy(a, b);\n"),
    ("banned", "src/cli/s.c", SPDX + "\tx = sscanf (a, b);\n"),
    ("banned", "tests/core/t.c", SPDX + "\tsystem(a);\n"),
    ("banned", "src/app/m.c", SPDX + "\tp = malloc(1);\n"),
    ("banned", "fcgi/m.c", SPDX + "\tfree(p);\n"),
    ("banned", "src/core/t.c", SPDX + "\tnow = time(0);\n"),
    ("banned", "src/core/d.c", SPDX + "static double ratio;\n"),
    ("spdx", "src/core/s.c", "int f(void);\n"),
    ("spdx", "tests/tool", "#!/bin/sh\necho\n"),
    ("places", "docs/x.md", "x\n"),
    ("places", "src/util/x.c", SPDX),
    ("places", "README.md", "see /home/" + "anna/bonigate\n"),
    ("places", "src/core/t.c", SPDX + "/* TO" + "DO later */\n"),
]


def write(top, name, content):
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def passes(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def gate(name, *arguments):
    return passes(sys.executable, "-B", HERE / f"{name}.py", *arguments)


def tree_gates(top):
    for name, content in GOOD.items():
        write(top, name, content)
    for name in sorted({name for name, _, _ in BAD}):
        if not gate(name, top):
            yield f"{name} refuses a good tree"
    for name, file, content in BAD:
        before = (top / file).read_text() if (top / file).exists() else None
        path = write(top, file, content)
        if gate(name, top):
            yield f"{name} accepts {file}: {content[-60:]!r}"
        path.unlink()
        if before is not None:
            path.write_text(before)


def built_gates(top):
    """Objects of the real compiler: a core that opens a file, a program without hardening."""
    source = write(top, "open.c", "#include <stdio.h>\nvoid *f(void);\nvoid *f(void) { return fopen(\"x\", \"r\"); }\n"
                                  "int main(void) { return f() == 0; }\n")
    archive = top / "libopen.a"
    objects = top / "open.o"
    if not (passes("gcc", "-c", "-o", objects, source) and passes("ar", "rcs", archive, objects)):
        yield "the sample does not compile"
    if gate("symbols", archive, HERE / "symbols-core.txt"):
        yield "symbols accepts fopen in the core"
    if not passes("gcc", "-no-pie", "-Wl,-z,norelro", "-o", top / "soft", objects):
        yield "the soft sample does not link"
    if gate("hardened", top / "soft"):
        yield "hardened accepts a program without PIE and RELRO"
    if not passes("gcc", "-pie", "-fPIE", "-Wl,-z,relro,-z,now", "-o", top / "hard", source):
        yield "the hard sample does not link"
    if not gate("hardened", top / "hard"):
        yield "hardened refuses a hardened program"


def tool_gates(top):
    """The house rules of the tools find what they are there for."""
    ugly = write(top, "ugly.c", SPDX + "int  f( void ) { return 1;}\n")
    if passes("clang-format", f"--style=file:{HERE.parents[1] / '.clang-format'}", "--dry-run", "-Werror", ugly):
        yield "clang-format accepts an ugly file"
    leak = write(top, "leak.c", "#include <stdlib.h>\nint f(int a);\nint f(int a)\n{\n\tchar *p = malloc(9);\n"
                                "\tif (a)\n\t\treturn 1;\n\tfree(p);\n\treturn p[0];\n}\n")
    if passes("gcc", "-fanalyzer", "-Werror", "-O2", "-c", "-o", "/dev/null", leak):
        yield "gcc -fanalyzer accepts a leak"
    if passes("clang-tidy", f"--config-file={HERE.parents[1] / '.clang-tidy'}", leak, "--"):
        yield "clang-tidy accepts a leak"
    if passes("cppcheck", "--error-exitcode=1", leak):
        yield "cppcheck accepts a leak"
    lone = write(top, "lone.h", SPDX + "size_t f(void);\n")
    for compiler in ("gcc", "clang"):
        if passes(compiler, "-fsyntax-only", "-x", "c", "-include", lone, "/dev/null"):
            yield f"{compiler} accepts a header that needs another one first"


def main():
    faults = []
    with tempfile.TemporaryDirectory(prefix="bonigate-lint-") as name:
        top = pathlib.Path(name)
        faults += tree_gates(top / "tree")
        (top / "tools").mkdir()
        faults += built_gates(top / "tools")
        faults += tool_gates(top / "tools")
    for fault in faults:
        print("lint selftest:", fault)
    return 1 if faults else 0


sys.exit(main())
