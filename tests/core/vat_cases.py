#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints vat_cases.h: VAT ids of every state with the verdict they must get, independently of the C code.

Each state's rule stands here as its definition reads (which last characters complete the body), not as the
C code tests it. Known numbers are published examples. Random ones come from a fixed seed; a false one is a
true one with one character changed for which the definition says no.
"""
import random

DRAW = random.Random(20250701)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PER_SHAPE = 3


def luhn_digit(body):
    total = sum(sum(divmod(2 * int(c), 10)) if i % 2 == 0 else int(c) for i, c in enumerate(reversed(body)))
    return str(-total % 10)


def weigh(body, weights):
    return sum(w * int(c) for w, c in zip(weights, body))


def mod11_10(body):
    product = 10
    for c in body:
        product = (product + int(c)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def bg(body):
    if len(body) == 8:
        first = weigh(body, range(1, 9)) % 11
        return [str(first if first < 10 else weigh(body, range(3, 11)) % 11 % 10)]
    found = {str(weigh(body, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10)}
    other = 11 - weigh(body, (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    found |= {"0"} if other == 11 else {str(other)} if other < 10 else set()
    month = int(body[2:4])
    if any(1 <= month - era <= 12 for era in (0, 20, 40)) and 1 <= int(body[4:6]) <= 28:
        found.add(str(weigh(body, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10))
    return sorted(found)


def cy(body):
    odd = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)))
    return [LETTERS[(sum(odd[c] for c in body[::2]) + sum(int(c) for c in body[1::2])) % 26]]


def cz(body):
    if len(body) == 7:
        return [{0: "1", 1: "0"}.get(weigh(body, range(8, 1, -1)) % 11, str((11 - weigh(body, range(8, 1, -1)) % 11) % 10))]
    if len(body) == 8:  # first digit 6: the table of the tax administration, by the distance to the next multiple of 11
        total = weigh(body[1:], range(8, 1, -1))
        return ["876543210" "98"[(11 - total % 11) - 1]]
    return [d for d in "0123456789" if int(body + d) % 11 == 0] or ["0"]


def el(body):
    return [str(weigh(body, [2 ** i for i in range(8, 0, -1)]) % 11 % 10)]


def es(body):
    table = "TRWAGMYFPDXBNJZSQVHLCKE"
    if body[0].isdigit():
        return [table[int(body) % 23]]
    if body[0] in "XYZ":
        return [table[int(str("XYZ".index(body[0])) + body[1:]) % 23]]
    if body[0] in "KLM":
        return [table[int(body[1:]) % 23]]
    digit = luhn_digit(body[1:])
    return [digit, "JABCDEFGHI"[int(digit)]]


def ie(body):
    table = "WABCDEFGHIJKLMNOPQRSTUV"
    if len(body) == 8:  # seven digits and the second letter
        return [table[(weigh(body[:7], range(8, 1, -1)) + 9 * table.index(body[7])) % 23]]
    if not body[1].isdigit():
        body = "0" + body[2:] + body[0]
    return [table[weigh(body, range(8, 1, -1)) % 23]]


def lt(body):
    weights = [1 + i % 9 for i in range(len(body))]
    first = weigh(body, weights) % 11
    return [str(first if first < 10 else weigh(body, [1 + (i + 2) % 9 for i in range(len(body))]) % 11 % 10)]


def lv(body):
    if body[0] > "3":
        return [d for d in "0123456789" if weigh(body + d, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3]
    return [str((1 + weigh(body, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10)]


def nl(body):
    """The nine digits; what may follow is all "B" + two digits for a fiscal number, else those that make mod 97 = 1."""
    ends = ["B%02d" % i for i in range(1, 100)]
    fiscal = weigh(body, range(9, 1, -1)) % 11 == int(body[8])
    return [e for e in ends if fiscal or int("2321" + body + "11" + e[1:]) % 97 == 1]


def ro(body):
    if len(body) == 12:
        rest = weigh(body, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
        return ["1" if rest == 10 else str(rest)]
    return [str(weigh(body.zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % 10)]


def si(body):
    rest = weigh(body, range(8, 1, -1)) % 11
    return [] if rest == 0 else ["0" if rest == 1 else str(11 - rest)]


def uk(body):
    total = weigh(body[:7], range(8, 1, -1))
    return ["%02d" % e for e in range(97) if (total + e) % 97 in (0, 97 - 55)]


def completing(weights, modulus):
    return lambda body: [d for d in "0123456789" if weigh(body + d, weights) % modulus == 0]


# Bodies: # any digit, + digit but 0, @ letter of the check alphabet; then what completes them.
RULES = {
    "AT": (["U#######"], lambda b: [str((6 - sum(int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10))
                                             for i, c in enumerate(b[1:]))) % 10)]),
    "BE": (["0#######", "1#######"], lambda b: ["%02d" % (97 - int(b) % 97)]),
    "BG": (["########", "#########", "##0914###"], bg),
    "CH": (["E########"], lambda b: [d for d in "0123456789" if weigh(b[1:] + d, (5, 4, 3, 2, 7, 6, 5, 4, 1)) % 11 == 0]),
    "CY": (["0#######", "5#######"], cy),
    "CZ": (["1######", "6#######", "##0714###", "##5611###"], cz),
    "DE": (["+#######"], lambda b: [mod11_10(b)]),
    "DK": (["+######"], completing((2, 7, 6, 5, 4, 3, 2, 1), 11)),
    "EE": (["10######", "########"], completing((3, 7, 1) * 3, 10)),
    "EL": (["########", "0#######"], el),
    "ES": (["########", "X#######", "Y#######", "Z#######", "A#######", "B#######", "N#######", "Q#######", "K#######",
            "M#######"], es),
    "FI": (["#######"], completing((7, 9, 10, 5, 8, 4, 2, 1), 11)),
    "HR": (["##########"], lambda b: [mod11_10(b)]),
    "HU": (["#######"], completing((9, 7, 3, 1, 9, 7, 3, 1), 10)),
    "IE": (["#######", "#A#####", "#*#####", "#W#####"], ie),
    "IT": (["#######001", "#######100", "#######120", "#######888"], lambda b: [luhn_digit(b)]),
    "LT": (["#######1", "##########1"], lt),
    "LU": (["######"], lambda b: ["%02d" % (int(b) % 89)]),
    "LV": (["4#########", "9#########", "1407671###"], lv),
    "MT": (["+######"], completing((3, 4, 6, 7, 8, 9, 10, 1), 37)),
    "NL": (["#########"], nl),
    "NO": (["########"], completing((3, 2, 7, 6, 5, 4, 3, 2, 1), 11)),
    "PL": (["#########"], completing((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11)),
    "PT": (["+#######"], lambda b: [str((11 - weigh(b, range(9, 1, -1)) % 11) % 11 % 10)]),
    "RO": (["+", "+#", "+####", "+########", "1##0714#####"], ro),
    "SE": (["#########"], lambda b: [luhn_digit(b) + "01"]),
    "SI": (["+######"], si),
    "SK": (["+#2######", "+#9######"], lambda b: [d for d in "0123456789" if int(b + d) % 11 == 0]),
    "XI": (["#######"], uk),
    "GB": (["#######"], uk),
}

KNOWN = """ATU13585627 BE0428759497 BG175074752 BG7523169263 BG7111042925 CHE100155212 CY10259033P CZ25123891
CZ7103192745 CZ640903926 CZ395601439 DE136695976 DK13585628 EE100931558 EL023456780 EL094259216 ES54362315K ESX5253868R
ESM1234567L ESJ99216582 ESB58378431 FI20774740 FR40303265045 FR23334175221 FRK7399859412 FR4Z123456782 GB980780684
GBGD001 GBHA500 HR33392005961 HU12892312 IE6433435F IE6433435OA IE8D79739I IT00743110157 LT119511515 LT100001919017
LT100004801610 LU15027442 LV40003521600 LV16117519997 LV32123412345 MT11679112 NL004495445B01 NL123456782B90
NL000099998B57 NO995525828 PL8567346215 PT501964843 RO18547290 RO1630615123457 SE556188840401 SI50223054
SK2022749619 XI980780684 XI980780684001 XIGD499 XIHA999 FR53000004605""".split()

UNCHECKED = """BG7111042922 DE123456789 DE812345678 ATU13585626 BE0431150351 BG175074751 CY10259033Z CZ25123890 CZ640903927 DK13585627
EE100594103 EL123456781 ES54362315Z ESX5253868S ESJ99216583 FI20774741 FR84323140391 FRK7399859411 HR33392005962
HU12892313 IE6433435E IE8D79738J IT00743110158 LT100001919018 LU15027443 LV40003521601 LV16117519998 MT11679113
NL123456789B90 PL8567346216 PT501964842 RO18547291 SE556188840301 SI50223055 SK2022749618 XI802311781 CHE100155213
NO995525829""".split()

MALFORMED = """DE DE13669597 DE1366959760 DE036695976 DEA36695976 AT13585627 ATU1358562 BE2428759497 BE428759497 BG12345678
CY12259033P CZ95123891 CZ1234567 CZ7113192745 CZ7103322745 CZ541213123 DK0358562 DK03585628 EE10093155 EL12345678
ES5A362315K ESI1234567A ESO1234567A FI2077474 FRI0303265045 FR4O303265045 FR4030326504 GBGD500 GBHA499 HR3339200596
HU1289231 IE643343F IE6433435FX IE6433435FAA IT00000000000 IT00743110007 IT0074311015 LT119511525 LT11951151 LU1502744
LV1613711999 LV16137519997 LV16117539997 MT01679112 NL004495445B00 NL004495445A01 NL004495445B1 PL856734621 PT001964843
RO0 RO0854729 RO18547290123 RO1631615123457 SE556188840402 SE5561888404 SI00223054 SK202274961 SK0022749619
XI000000000 XIGD50 XI98078068 D136695976 13 CHE10015521 CHE100155212ABC NO99552582""".split()

SAME = [("de 136 695 976", "DE136695976"), ("DE-136.695.976", "DE136695976"), (" DE136695976 ", "DE136695976"),
        ("GR 023456780", "EL023456780"), ("gr094259216", "EL094259216"), ("at u 1358 5627", "ATU13585627"),
        ("NL 0044.95.445.B.01", "NL004495445B01"), ("ES B-58378431", "ESB58378431"), ("BE 0428.759.497", "BE0428759497"),
        ("CHE-100.155.212 MWST", "CHE100155212"), ("CHE-100.155.212 TVA", "CHE100155212"),
        ("CHE-100.155.212 IVA", "CHE100155212"), ("NO 995 525 828 MVA", "NO995525828"), ("GB 980 7806 84", "GB980780684")]


def draw(shape):
    return "".join(DRAW.choice("0123456789") if c == "#" else DRAW.choice("123456789") if c == "+" else c for c in shape)


def bodies():
    for state, (shapes, ends) in RULES.items():
        for shape in shapes:
            made = 0
            while made < PER_SHAPE:
                body = draw(shape)
                found = ends(body)
                if not found or (state == "CY" and body.startswith("12")):
                    continue
                made += 1
                end = DRAW.choice(found)
                yield state, body, end, ends


def spoil(body, ends, end):
    """Another last character that does not complete the body."""
    others = LETTERS[:23] if end[-1].isalpha() else "0123456789"
    wrong = [c for c in others if end[:-1] + c not in ends(body) and end[:-1] + c not in ("B00",)]
    return end[:-1] + DRAW.choice(wrong) if wrong else None


def spoil_swedish(end):  # the check digit stands before the "01"
    return DRAW.choice([c for c in "0123456789" if c != end[0]]) + "01"


def ireland(body, end):  # the check letter stands before the second letter
    return body[:7] + end + body[7:]


def rows():
    for number in KNOWN:
        yield number, "NONE", number
    for number in UNCHECKED:
        yield number, "CHECK_DIGIT", ""
    for number in MALFORMED:
        yield number, "UNKNOWN" if number[:2].isalpha() and number[:2] not in [*RULES, "FR"] else "FORMAT", ""
    for text, number in SAME:
        yield text, "NONE", number
    for state, body, end, ends in bodies():
        yield state + body + end, "NONE", state + body + end
        false_end = spoil_swedish(end) if state == "SE" else spoil(body, ends, end)
        if false_end:
            yield state + body + false_end, "CHECK_DIGIT", ""
    for _ in range(PER_SHAPE):
        body = draw("#######") + DRAW.choice("ABCDEFGHI")
        yield "IE" + ireland(body, ie(body)[0]), "NONE", "IE" + ireland(body, ie(body)[0])
        siren = draw("########")
        siren += luhn_digit(siren)
        key = "%02d" % (int(siren + "12") % 97)
        yield "FR" + key + siren, "NONE", "FR" + key + siren
        yield "FR" + "%02d" % ((int(key) + 1) % 97) + siren, "CHECK_DIGIT", ""
        yield "FRZ9" + siren, "NONE", "FRZ9" + siren


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by vat_cases.py; do not edit. Text, verdict, canonical writing. */")
for text, fault, canonical in rows():
    print('{"%s", IDENTITY_FAULT_%s, "%s"},' % (text, fault, canonical))
