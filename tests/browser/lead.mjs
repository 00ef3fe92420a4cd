// SPDX-License-Identifier: MIT
// The lead page as sales uses it.

import assert from "node:assert/strict";
import { assertAccessible, base, devices, main, picture, test, withPage } from "./browser.mjs";

const companies = [["Schmidt Industrie GmbH", "40213"], ["Berger Logistics KG", "50667"], ["Neukunde Alpha UG", "10115"]];
const lights = { de: ["Grün", "Gelb", "Rot"], en: ["Green", "Yellow", "Red"] };
const hints = { de: ["Rechnung", "Rechnung", "Vorkasse"], en: ["Invoice", "Invoice", "Prepayment"] };

async function judge(page, name, postal) {
  await page.locator("#name").fill(name);
  await page.locator("#postal_code").fill(postal);
  const before = await page.locator("#results tbody tr").count();
  await page.locator("#one .primary").click();
  await page.locator("#results tbody tr").nth(before).waitFor();
}

for (const lang of ["de", "en"]) {
  for (const [device, options] of Object.entries(devices)) {
    test(`${lang}, ${device}: companies are judged, axe-core finds nothing, nothing runs over the edge`, () => withPage(options, async (page) => {
      await page.goto(`${base}/lead/?lang=${lang}`);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await assertAccessible(page);
      await page.locator("#key").fill(process.env.BONIGATE_KEY);
      for (const [name, postal] of companies) await judge(page, name, postal);
      const rows = page.locator("#results tbody tr");
      for (let i = 0; i < companies.length; i++) {
        const row = rows.nth(companies.length - 1 - i);
        assert.ok((await row.locator("th").innerText()).startsWith(companies[i][0]));
        assert.equal(await row.locator(".mini").innerText(), lights[lang][i]);
        assert.equal(await row.locator("td").last().innerText(), hints[lang][i]);
      }
      assert.match(await rows.last().innerText(), lang === "de" ? /25\.000,00\s€/ : /€25,000\.00/);
      await assertAccessible(page);
      await picture(page, `lead-${lang}-${device}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
    }));
  }
}

test("no key, a wrong key and a refused field are told in words", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/?lang=en`);
  await page.locator("#name").fill("ACME");
  await page.locator("#one .primary").click();
  await page.getByText("Please enter the API key first.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "key");
  await page.locator("#key").fill("bg_test_nonsense");
  await page.locator("#one .primary").click();
  await page.waitForFunction(() => document.getElementById("fault").textContent.length > 20);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await page.locator("#vat_id").fill("DE1");
  await page.locator("#one .primary").click();
  await page.getByText("vat_id: ").waitFor();
  await assertAccessible(page);
}));

test("the key is kept nowhere", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await judge(page, ...companies[0]);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await page.reload();
  assert.equal(await page.locator("#key").inputValue(), "");
}));

await main();
