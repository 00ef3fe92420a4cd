# SPDX-License-Identifier: MIT
"""What make bench gives each contender: a state folder for bonigate, the same knowledge as JSON and PHP for the peers.

The peers get the company's facts from bonigate's own decision record, ratios
computed beforehand, so that all contenders decide on the same figures.
"""

import datetime
import hashlib
import json
import math
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
STRING = r'"((?:[^"\\]|\\.)*)"'
EPOCH = datetime.date(1970, 1, 1)
RATIOS = {  # as core/facts_derive.c defines them; those the model asks for
    "equity_ratio": lambda f: f["equity"] / f["total_assets"],
    "quick_ratio": lambda f: (f["current_assets"] - f["inventory"]) / f["current_liabilities"],
    "roa": lambda f: f["net_income"] / f["total_assets"],
    "cf_to_liab": lambda f: (f["net_income"] + f["depreciation"]) / f["liabilities"],
    "cl_days": lambda f: f["current_liabilities"] * 365 / f["revenue"],
    "sales_growth": lambda f: f["revenue"] / f["revenue_previous"],
    "re_ta": lambda f: f["retained_earnings"] / f["total_assets"],
    "interest_cover": lambda f: f["operating_profit"] / f["financial_expenses"],
    "equity_to_liab": lambda f: f["equity"] / f["liabilities"],
    "liab_ratio": lambda f: f["liabilities"] / f["total_assets"],
    "log_ta": lambda f: math.log10(f["total_assets"] / 1000),
}


def units():
    """Unit of each fact, from the product's own table."""
    table = (ROOT / "include/core/facts.h").read_text(encoding="utf-8")
    return dict(re.findall(r'X\(\w+, "(\w+)", UNIT_(\w+)\)', table))


def years(since, until):
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def after(day, count):
    return day.replace(year=day.year + count) if (day.month, day.day) != (2, 29) else day.replace(year=day.year + count, day=28)


def derive_filing(facts, dates, today):
    if "accounts_date" not in dates:
        return
    due, next_due = after(dates["accounts_date"], 1), after(dates["accounts_date"], 2)
    filed = dates.get("accounts_filed")
    if filed or today > next_due:
        facts["filing_delay"] = max(0, (filed - due).days if filed else 0, (today - next_due).days)


def facts_of(record):
    """Facts of a record in the units a model file uses, with what is derived from them."""
    unit = units()
    today = datetime.date.fromisoformat(record.get("today", record["at"][:10]))
    facts, dates = {}, {}
    for *_, group in record["facts"]:
        for name, value in group.items():
            if unit[name] == "DATE":
                dates[name] = datetime.date.fromisoformat(value)
                facts[name] = (dates[name] - EPOCH).days
            else:
                facts[name] = value / {"MONEY": 100, "RATIO": 1e6}[unit[name]] if unit[name] in ("MONEY", "RATIO") else value
    for name, ratio in RATIOS.items():
        try:
            facts[name] = ratio(facts)
        except (KeyError, ZeroDivisionError, ValueError):
            pass  # an operand is unknown, so is the ratio
    if "branch" in facts:
        facts["branch"] = str(facts["branch"])  # models name divisions as text
    if "founded" in dates:
        facts["age"] = years(dates["founded"], today)
    derive_filing(facts, dates, today)
    return facts


def fold(text):
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(letter, letters)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def keys_of(company):
    """The keys the peers look a company up by."""
    if company.get("lei"):
        yield f"lei:{company['lei']}"
    if company.get("vat_id"):
        yield "vat:" + re.sub(r"[^0-9A-Z]", "", company["vat_id"])
    if company.get("register"):
        register = company["register"]
        yield f"reg:{fold(register['court'])}:{register['type']}:{register['number']}"
    yield f"name:{fold(company['name'])}:{company['postal_code']}"


def texts():
    """German texts of the reasons and recommendations, from the product's own tables."""
    listed = (ROOT / "include/core/reason_list.h").read_text(encoding="utf-8")
    joined = re.sub(r'"\s+"', "", listed)
    reasons = {m[1]: [m[2], m[4]] for m in re.finditer(rf"X\((\w+),\s*{STRING},\s*{STRING},\s*{STRING},\s*{STRING}\)", joined)}
    source = re.sub(r'"\s+"', "", (ROOT / "src/core/recommendation.c").read_text(encoding="utf-8"))
    recommendations = {}
    for name, actions, text in re.findall(rf'{{"(\w+)",\s*{{([^}}]*)NULL}},\s*{{\[LANG_DE\] = {STRING}', source):
        recommendations[name] = {"code": name, "actions": re.findall(r'"(\w+)"', actions), "text": text}
    return reasons, recommendations


def log_odds(pd):
    pd = min(max(pd, 1e-6), 1 - 1e-6)
    return math.log(pd / (1 - pd))


def with_tables(model):
    """The model with what can be computed once; PHP has no start-up to do it in."""
    model["pd_odds"] = [[points, log_odds(pd)] for points, pd in model["points_to_pd"]]
    model["score_odds"] = [[log_odds(pd), score] for pd, score in model["pd_to_score"]]
    for one in model["characteristics"]:
        points = [item["points"] for item in one["bins"]]
        one["best"], one["range"] = max(points), max(points) - min(points)
    kinds = [kind["id"] for kind in model.get("evidence", [])]
    for one in model["characteristics"]:
        one["kind"] = kinds.index(one["evidence"]) if "evidence" in one else -1
    model["range"] = sum(one["range"] for one in model["characteristics"]
                         if one["kind"] < 0 or not model["evidence"][one["kind"]].get("optional"))
    return model


def php(value):
    """A Python value as PHP source, which opcache keeps in shared memory."""
    if isinstance(value, dict):
        return "[" + ",".join(f"{php(str(key))}=>{php(item)}" for key, item in value.items()) + "]"
    if isinstance(value, list):
        return "[" + ",".join(php(item) for item in value) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def prepare(bonigate, folder):
    """A state folder with the demo register and two tenants, one whose policy signs tokens; returns their keys."""
    state = folder / "state"
    policy = json.loads((ROOT / "src/data/policies/demo.json").read_text(encoding="utf-8"))
    keys = {}

    def run(*words):
        subprocess.run([bonigate, *map(str, words), "--state", state], check=True, stdout=subprocess.DEVNULL)

    state.mkdir()
    run("init")
    for tenant, token in (("plain", False), ("token", True)):
        file = folder / f"{tenant}.json"
        file.write_text(json.dumps({**policy, "id": tenant, "token": token}), encoding="utf-8")
        run("tenant", "add", tenant, tenant)
        run("policy", "put", tenant, file)
        run("key", "add", tenant, "--mode", "test", "--file", folder / f"{tenant}.key")
        keys[tenant] = (folder / f"{tenant}.key").read_text(encoding="ascii").strip()
    for kind in ("companies", "accounts", "insolvency", "signals"):
        run("import", kind, ROOT / f"src/data/demo/{kind}.csv", "--register", "test")
    return state, keys


def last_record(bonigate, state, tenant):
    done = subprocess.run([bonigate, "audit", "export", "--tenant", tenant, "--state", state], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def export(folder, key, body, record, answer):
    """world.json and world.php, from one answered checkout and its record."""
    reasons, recommendations = texts()
    company = {"id": answer["company"]["id"], "name": answer["company"]["name"], "as_of": answer["assessment"]["as_of"],
               "sources": answer["assessment"]["sources"], "facts": facts_of(record)}
    world = {
        "model": with_tables(json.loads((ROOT / "src/data/models/de-base.json").read_text(encoding="utf-8"))),
        "policy": json.loads((ROOT / "src/data/policies/demo.json").read_text(encoding="utf-8")) | {"id": "plain"},
        "reasons": reasons,
        "recommendations": recommendations,
        "keys": {hashlib.sha256(key.encode()).hexdigest(): {"id": "demo", "livemode": False}},
        "companies": {one: company for one in keys_of(body["company"])},
    }
    (folder / "world.json").write_text(json.dumps(world, ensure_ascii=False), encoding="utf-8")
    (folder / "world.php").write_text(f"<?php return {php(world)};\n", encoding="utf-8")
