// SPDX-License-Identifier: MIT
// The snippet of shop-snippets/html-form on somebody's own page, of another origin than ours.

import assert from "node:assert/strict";
import { assertAccessible, base, devices, main, picture, test, withPage } from "./browser.mjs";

const shop = process.env.BONIGATE_SHOP;
async function fill(page) {
  await page.getByLabel("Firmenname").fill("Berger Logistics KG");
  await page.getByLabel("Postleitzahl").fill("50667");
  await page.getByLabel("Ort").fill("Köln");
}

test("with the script the visitor is sent straight back and learns nothing", () => withPage({ ...devices.desktop, also: shop }, async (page) => {
  await page.goto(`${shop}/`);
  await assertAccessible(page);
  const token = page.waitForResponse((response) => response.url().includes("/v1/form-tokens/"));
  await fill(page);
  await (await token).finished();
  await page.locator("input[name=token]").waitFor({ state: "attached" });
  assert.ok(await page.getByLabel("Bitte leer lassen").evaluate((input) => input.getBoundingClientRect().width <= 1 || input.tabIndex === -1));
  // People take longer than two seconds; until then Bonigate would ask once more.
  await page.waitForTimeout(2100);
  await page.getByRole("button").click();
  await page.waitForURL(`${shop}/danke`);
  assert.equal(await page.locator("h1").innerText(), "Vielen Dank");
}));

for (const [device, options] of Object.entries(devices)) {
  test(`${device}: without the script the visitor confirms on our page, then goes back`, () => withPage({ ...options, also: shop }, async (page) => {
    await page.route("**/bonigate-form.js", (route) => route.abort());
    await page.goto(`${shop}/`);
    await fill(page);
    await page.getByRole("button").click();
    await page.getByRole("heading", { name: "Firmendaten bestätigen" }).waitFor();
    assert.equal(await page.getByLabel("Firmenname").inputValue(), "Berger Logistics KG");
    await assertAccessible(page);
    await picture(page, `form-${device}-confirm`);
    await page.getByLabel("USt-IdNr.").fill("DE1");
    await page.getByRole("button").click();
    await page.getByRole("alert").waitFor();
    await assertAccessible(page);
    await picture(page, `form-${device}-refused`);
    await page.getByLabel("USt-IdNr.").fill("");
    await page.waitForTimeout(2100);
    await page.getByRole("button").click();
    await page.waitForURL(`${shop}/danke`);
  }));
}

test("a page of another origin is refused", () => withPage({ ...devices.desktop, also: process.env.BONIGATE_OTHER }, async (page) => {
  await page.goto(`${process.env.BONIGATE_OTHER}/`);
  await fill(page);
  const answer = page.waitForResponse((response) => response.url().includes("/v1/forms/"));
  await page.getByRole("button").click();
  assert.equal((await answer).status(), 403);
}));

await main();
