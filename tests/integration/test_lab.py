# SPDX-License-Identifier: MIT
"""Fitting, measuring and comparing models from the command line, on made-up and on real companies."""

import csv
import datetime
import gzip
import html.parser
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import harness

SHARED = pathlib.Path(os.environ.get("BONIGATE_SHARED", harness.ROOT.parent / "shared")) / "data/scoring"
POLISH = SHARED / "polish/pl5_dev_canonical.csv.gz"
AMERICAN = SHARED / "american/us_train_1999_2011_canonical.csv.gz"
LATER = SHARED / "american/us_valid_2012_2014_canonical.csv.gz"


def run(*arguments, **more):
    return subprocess.run([harness.BUILD / "bonigate", *map(str, arguments)], capture_output=True, text=True,
                          timeout=harness.PATIENCE * 5, **more)


class LabTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bonigate-lab-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def companies(self, rows=1500, name="rows.csv", seed=1):
        """Failure depends on equity and on how long bills stay unpaid; a third column is noise."""
        draw = random.Random(seed)
        lines = ["id,equity_ratio,Zahlungstage,lottery,y"]
        for i in range(rows):
            equity, days, lottery = draw.uniform(-0.5, 0.9), draw.uniform(0, 90), draw.random()
            failed = draw.random() < 1 / (1 + math.exp(2.2 + 4 * equity - days / 25))
            lines.append(f"K{i},{equity:.4f},{days:.0f},{lottery:.3f},{int(failed)}")
        return self.write(name, "\n".join(lines) + "\n")

    def fit(self, *arguments, files=None, model="model.json"):
        path = self.folder / model
        inputs = [word for file in (files or [self.companies()]) for word in ("--in", file)]
        result = run("fit", *inputs, "--out", path, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return path, result.stdout

    def evaluate(self, model, file, *arguments):
        result = run("evaluate", "--model", model, "--in", file, "--json", "-", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)


class FitTest(LabTest):
    def test_columns_of_any_name_become_inputs(self):
        path, _ = self.fit("--map", "Zahlungstage=days_beyond_terms", "--direction", "lottery=high")
        model = json.loads(path.read_text())
        inputs = {c.get("fact", c.get("input")): c for c in model["characteristics"]}
        self.assertIn("equity_ratio", inputs)
        points = [b["points"] for b in inputs["days_beyond_terms"]["bins"]]
        self.assertEqual(points, sorted(points, reverse=True))

    def test_the_model_tells_what_it_was_fitted_on(self):
        file = self.companies()
        path, said = self.fit("--attribution", "Made up, CC0", "--id", "shop", "--version", "7", files=[file])
        model = json.loads(path.read_text())
        self.assertEqual((model["id"], model["version"], model["attribution"]), ("shop", "7", ["Made up, CC0"]))
        self.assertEqual(model["training"]["rows"], 1500)
        self.assertEqual(len(model["training"]["sha256"][0]), 64)
        rate = model["training"]["failed"] / 1500
        self.assertAlmostEqual(model["base_rate"], rate, places=5)
        self.assertIn("cross-validated, 10 folds", said)
        self.assertGreater(model["training"]["cross_validated"]["auc"], 0.7)

    def test_packed_or_not_and_in_any_order_the_model_is_the_same(self):
        file = self.companies()
        header, *lines = file.read_text().splitlines()
        packed = self.folder / "rows.csv.gz"
        packed.write_bytes(gzip.compress(file.read_bytes()))
        random.Random(3).shuffle(lines)
        mixed = self.write("mixed.csv", "\n".join([header, *lines]) + "\n")
        plain, _ = self.fit(files=[file], model="a.json")
        self.assertEqual(plain.read_bytes(), self.fit(files=[packed], model="b.json")[0].read_bytes())
        other = json.loads(self.fit(files=[mixed], model="c.json")[0].read_text())
        model = json.loads(plain.read_text())
        for one in (model, other):
            del one["training"]["sha256"]
        self.assertEqual(model, other)

    def test_the_model_alone_goes_to_standard_output(self):
        result = run("fit", "--in", self.companies(), "--out", "-")
        self.assertEqual(json.loads(result.stdout)["format"], "bonigate-model/1")
        self.assertIn("1500 companies", result.stderr)

    def test_a_shop_with_fifty_bad_cases_gets_a_card(self):
        draw = random.Random(8)
        lines = ["equity_ratio,y"]
        for i in range(600):
            bad = i < 50
            lines.append(f"{draw.gauss(0.05 if bad else 0.35, 0.2):.3f},{int(bad)}")
        path, _ = self.fit(files=[self.write("small.csv", "\n".join(lines) + "\n")])
        self.assertGreater(json.loads(path.read_text())["training"]["cross_validated"]["auc"], 0.7)

    def test_what_cannot_be_fitted_is_refused_with_a_reason(self):
        cases = {"no column is named": "a,y\n1,0\n2,1\n", "no column y": "equity_ratio,z\n1,0\n",
                 "too few companies": "equity_ratio,y\n1,0\n2,0\n", "twice": "equity_ratio,equity_ratio,y\n1,1,0\n"}
        for why, text in cases.items():
            with self.subTest(why):
                result = run("fit", "--in", self.write("x.csv", text), "--out", self.folder / "m.json")
                self.assertEqual(result.returncode, 1)
                self.assertIn(why, result.stderr)
                self.assertFalse((self.folder / "m.json").exists())
        self.assertEqual(run("fit").returncode, 2)

    def test_a_row_without_an_outcome_is_left_out_and_said(self):
        file = self.companies()
        file.write_text(file.read_text() + "X,0.1,3,0.5,perhaps\n")
        result = run("fit", "--in", file, "--out", self.folder / "m.json", "--folds", "0")
        self.assertIn(":1502: y: tells neither", result.stderr)
        self.assertIn("1500 companies", result.stdout)


class HistoryTest(LabTest):
    def invoices(self, companies=120, seed=5):
        """Companies with little equity pay late; the last invoices are not due yet."""
        draw = random.Random(seed)
        lines = ["customer,equity,due,paid,amount"]
        for company in range(companies):
            equity = draw.uniform(-0.2, 0.6)
            for _ in range(6):
                due = datetime.date(2025, 1, 1) + datetime.timedelta(days=draw.randrange(360))
                late = draw.random() < 1 / (1 + math.exp(1 + 6 * equity))
                paid = due + datetime.timedelta(days=draw.randrange(70, 200) if late else draw.randrange(-5, 30))
                lines.append(f"C{company},{equity:.3f},{due},{'' if late and draw.random() < .3 else paid},{draw.randrange(50, 900)}")
            lines.append(f"C{company},{equity:.3f},2026-11-30,,100")
        return self.write("invoices.csv", "\n".join(lines) + "\n")

    def test_a_shop_fits_a_card_to_its_invoices(self):
        path, said = self.fit("--due", "due", "--paid", "paid", "--today", "2026-11-21", "--group", "customer",
                              "--direction", "equity=high", files=[self.invoices()])
        self.assertIn("720 companies", said)  # those not due yet tell nothing
        model = json.loads(path.read_text())
        self.assertGreater(model["training"]["cross_validated"]["auc"], 0.6)
        self.assertEqual([c["input"] for c in model["characteristics"]], ["equity"])

    def test_the_dates_need_each_other(self):
        for words in (("--due", "due"), ("--due", "due", "--paid", "paid"),
                      ("--due", "due", "--paid", "paid", "--today", "tomorrow")):
            self.assertEqual(run("fit", "--in", self.invoices(), "--out", self.folder / "m.json", *words).returncode, 2)

    def test_payment_history_can_be_imported(self):
        file = self.write("i.csv", "who,sum,due,paid\nDE136695976,100,2026-01-01,2026-01-01\nDE136695976,900,2026-10-01,\n")
        out = self.folder / "signals.csv"
        result = run("payments", "--in", file, "--company", "who", "--amount", "sum", "--today", "2026-11-21", "--out", out)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(out.read_text().splitlines(), ["company,date,fact,value,source",
                                                        "DE136695976,2026-11-21,days_beyond_terms,49,own",
                                                        "DE136695976,2026-11-21,own_orders,1,own"])
        state = self.folder / "state"
        harness.bonigate("init", "--state", state)
        companies = self.write("c.csv", "name,country,vat_id\nGute GmbH,DE,DE136695976\n")
        for kind, path in (("companies", companies), ("signals", out)):
            done = run("import", kind, path, "--register", "live", "--state", state)
            self.assertRegex(done.stdout, r"^\d stored, 0 refused", done.stderr)

    def test_a_file_of_bureau_values_becomes_signals(self):
        table = harness.ROOT / "src/data/bureaus/creditreform-2016-09-30.json"
        file = self.write("b.csv", "firm,day,index\nDE136695976,2026-11-01,187\nDE136695976,2026-11-01,kein Index\nX,2026-11-01,480\n")
        result = run("bureau", "--table", table, "--in", file, "--value", "index", "--company", "firm", "--date", "day")
        self.assertEqual(result.stdout.splitlines()[1:], ["DE136695976,2026-11-01,bureau_pd,0.001917,creditreform-index"])
        self.assertIn("b.csv:4: value: is none of this scale", result.stderr)
        self.assertEqual(result.returncode, 1)


class EvaluateTest(LabTest):
    def test_figures_are_consistent_in_all_forms(self):
        model, _ = self.fit("--map", "Zahlungstage=days_beyond_terms", "--folds", "0")
        test = self.companies(seed=2, name="test.csv")
        test.write_text(test.read_text().replace("Zahlungstage", "days_beyond_terms", 1))
        report = self.evaluate(model, test)
        self.assertGreater(report["auc"], 0.7)
        self.assertTrue(report["auc_low"] < report["auc"] < report["auc_high"])
        self.assertAlmostEqual(report["gini"], 2 * report["auc"] - 1, places=5)
        self.assertEqual(sum(light["companies"] for light in report["lights"]), 1500)
        self.assertAlmostEqual(sum(light["share_of_failures"] for light in report["lights"]), 1, places=4)
        text = run("evaluate", "--model", model, "--in", test).stdout
        self.assertIn(f"{report['auc']:.5f}", text)

    def test_own_base_rate_makes_the_mean_pd_the_failure_rate(self):
        model, _ = self.fit("--folds", "0", "--base-rate", "0.01")
        report = self.evaluate(model, self.companies(seed=4, name="t.csv"), "--base-rate", "own")
        self.assertAlmostEqual(report["mean_pd"], report["failure_rate"], places=4)

    def test_the_page_stands_alone_and_is_well_formed(self):
        model, _ = self.fit("--folds", "0", "--id", "a&b<c")
        page = self.folder / "r.html"
        result = run("evaluate", "--model", model, "--in", self.companies(), "--html", page)
        self.assertEqual(result.returncode, 0, result.stderr)
        text = page.read_text()
        self.assertNotIn("http", text)
        self.assertIn("a&amp;b&lt;c", text)
        self.assertEqual(text.count("<figure>"), 3)
        opened = []

        class Parser(html.parser.HTMLParser):
            def handle_starttag(self, tag, attrs):
                if tag != "meta":
                    opened.append(tag)

            def handle_endtag(self, tag):
                assert opened.pop() == tag, tag
        Parser().feed(text)
        self.assertEqual(opened, [])


class CompareTest(LabTest):
    def test_the_model_with_more_inputs_wins_and_the_worse_one_loses(self):
        file = self.companies()
        poor, _ = self.fit("--folds", "0", "--id", "poor", files=[file], model="poor.json")
        rich, _ = self.fit("--folds", "0", "--id", "rich", "--direction", "Zahlungstage=low", files=[file],
                           model="rich.json")
        result = run("compare", poor, rich, "--in", file, "--draws", "200", "--json")
        figures = json.loads(result.stdout)
        self.assertGreater(figures["low"], 0)
        self.assertAlmostEqual(figures["difference"], figures["auc_b"] - figures["auc_a"], places=5)
        self.assertIn("B is better", run("compare", poor, rich, "--in", file, "--draws", "200").stdout)
        self.assertIn("A is better", run("compare", rich, poor, "--in", file, "--draws", "200").stdout)
        self.assertIn("no difference", run("compare", rich, rich, "--in", file, "--draws", "200").stdout)
        self.assertEqual(run("compare", rich, "--in", file).returncode, 2)
        for option, number in (("--draws", "200x"), ("--draws", "4294967297"), ("--draws", "-1"), ("--seed", "abc")):
            with self.subTest(f"{option} {number}"):
                self.assertEqual(run("compare", poor, rich, "--in", file, option, number).returncode, 2)


class RatiosTest(LabTest):
    def test_german_accounts_with_decimal_commas(self):
        file = self.write("b.csv", "Firma;Bilanzsumme;Eigenkapital;Umsatzerlöse;Jahresüberschuss\n"
                                   "Eins;1.000,5;x;3;1\nZwei;2000,50;500,13;4001;-20,5\nDrei;0;;;\n")
        result = run("ratios", "--in", file, "--keep", "Firma")
        header, one, two, three = (line.split(",") for line in result.stdout.splitlines())
        self.assertEqual(header[:2], ["Firma", "equity_ratio"])
        self.assertEqual(one[:2], ["Eins", ""])
        self.assertEqual(two[:2], ["Zwei", "0.250002"])
        self.assertEqual(set(three[1:]), {""})
        self.assertIn("b.csv:2: an item: no number", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_a_file_without_items_is_refused(self):
        result = run("ratios", "--in", self.write("b.csv", "a,b\n1,2\n"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("items of annual accounts", result.stderr)

    @unittest.skipUnless(LATER.exists(), f"{LATER} is not there")
    def test_real_balance_sheets_give_the_published_ratios(self):
        raw = SHARED / "american/us_valid_2012_2014_raw.csv.gz"
        result = run("ratios", "--in", raw, "--unit", "million", "--keep", "company")
        mine = list(csv.DictReader(result.stdout.splitlines()))
        with gzip.open(LATER, "rt") as file:
            theirs = list(csv.DictReader(file))
        self.assertEqual(len(mine), len(theirs))
        for a, b in zip(mine, theirs):
            for name in a:
                if name != "company" and (a[name] or b[name]):
                    self.assertAlmostEqual(float(a[name]), float(b[name]), delta=2e-5 * (1 + abs(float(b[name]))))


@unittest.skipUnless(POLISH.exists(), f"{POLISH} is not there")
class RealDataTest(LabTest):
    """The figures a card has to reach; lower bounds only, so that better fitting needs no change here."""

    def test_polish_companies_in_cross_validation(self):
        path, _ = self.fit(files=[POLISH])
        figures = json.loads(path.read_text())["training"]["cross_validated"]
        self.assertGreater(figures["auc"], 0.875)
        self.assertLess(figures["calibration_error"], 0.015)

    def test_the_shipped_model_is_what_its_script_makes(self):
        path = self.folder / "de.json"
        subprocess.run([harness.ROOT / "src/data/models/fit.sh", harness.BUILD / "bonigate", SHARED], check=True,
                       capture_output=True, env={**os.environ, "OUT": str(path)}, timeout=harness.PATIENCE * 5)
        self.assertEqual(path.read_bytes(), (harness.ROOT / "src/data/models/de-base.json").read_bytes())

    def test_the_shipped_model_on_real_companies(self):
        model = harness.ROOT / "src/data/models/de-base.json"
        later = self.evaluate(model, LATER, "--base-rate", "own")
        self.assertGreater(later["auc"], 0.845)
        self.assertLess(later["calibration_error"], 0.015)
        polish = self.evaluate(model, POLISH, "--base-rate", "own")
        self.assertGreater(polish["auc"], 0.86)
        self.assertLess(polish["calibration_error"], 0.015)

    def test_american_companies_of_later_years(self):
        path, _ = self.fit("--group", "company", "--folds", "0", files=[AMERICAN])
        report = self.evaluate(path, LATER)
        self.assertGreater(report["auc"], 0.853)
        self.assertLess(report["calibration_error"], 0.005)
        self.assertLess(abs(report["mean_pd"] / report["failure_rate"] - 1), 0.15)


if __name__ == "__main__":
    unittest.main()
