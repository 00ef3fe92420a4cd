# SPDX-License-Identifier: MIT
"""Makes a large register out of a real one: match_register.py REGISTER.tsv[.zst] ROWS > LARGE.tsv

The real companies come first. Each further one takes the front half of the words of one real name and the back half
of another's, legal form included, the postal code and city of the second and the street of the first: words keep
their real frequencies, names and places their real shapes. Earlier names stay with the real companies. Same input,
same output. Written for benchmarks; nobody in it but the real companies exists.
"""

import random
import subprocess
import sys

HEADER = "id\tname\tstreet\tpostcode\tcity\tstatus\tprev_names\taddr_src\n"


def lines_of(path):
    if path.endswith(".zst"):
        with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE, encoding="utf-8") as unpack:
            yield from unpack.stdout
    else:
        with open(path, encoding="utf-8") as file:
            yield from file


def recombine(first, second, number):
    front, back = first[1].split(" "), second[1].split(" ")
    name = " ".join(front[:(len(front) + 1) // 2] + back[len(back) // 2:])
    court = second[0].rpartition("_")[0]
    return f"{court}_HRB{number}\t{name}\t{first[2]}\t{second[3]}\t{second[4]}\t{second[5]}\t\tS\n"


def main():
    path, rows = sys.argv[1], int(sys.argv[2])
    companies = [line.rstrip("\n").split("\t") for line in lines_of(path)][1:]
    out = sys.stdout
    out.write(HEADER)
    for company in companies[:rows]:
        out.write("\t".join(company) + "\n")
    chance = random.Random(5)
    for number in range(rows - len(companies)):
        out.write(recombine(chance.choice(companies), chance.choice(companies), 2000000 + number))


if __name__ == "__main__":
    main()
