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
  await page.getByText("VAT id: ").waitFor();
  await assertAccessible(page);
}));

test("refused fields are told by their labels and marked, and no longer when they are mended", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/?lang=de`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await page.locator("#name").fill("ACME");
  await page.locator("#country").fill("XX");
  await page.locator("#vat_id").fill("DE1");
  await page.locator("#one .primary").click();
  await page.locator("#fault", { hasText: "USt-IdNr.: " }).waitFor();
  assert.match(await page.locator("#fault").innerText(), /^Land \(ISO\): .+ USt-IdNr\.: /);
  for (const id of ["country", "vat_id"]) {
    assert.equal(await page.locator(`#${id}`).getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(`#${id}`).getAttribute("aria-describedby"), "fault");
  }
  await assertAccessible(page);
  await page.locator("#country").fill("DE");
  await page.locator("#vat_id").fill("");
  await page.locator("#key").fill("bg_test_nonsense");
  await page.locator("#one .primary").click();
  await page.getByText("Der API-Schlüssel fehlt oder gilt nicht.").waitFor();
  assert.equal(await page.locator("#key").getAttribute("aria-describedby"), "key-hint fault");
  assert.deepEqual(await page.locator("[aria-invalid]").evaluateAll((inputs) => inputs.map((input) => input.id)), ["key"]);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await judge(page, ...companies[0]);
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
  assert.equal(await page.locator("#key").getAttribute("aria-describedby"), "key-hint");
}));

test("what no program should answer is told in words too", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/?lang=de`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await page.locator("#name").fill("ACME");
  for (const answer of [{ status: 200, body: "" }, { status: 200, json: {} }, { status: 500, json: {} }, { status: 502, body: "<html>" }]) {
    await page.route("**/v1/leads", (route) => route.fulfill(answer), { times: 1 });
    await page.locator("#one .primary").click();
    await page.locator("#fault", { hasText: "Der Server antwortet nicht." }).waitFor();
  }
}));

test("a click too many and an answer lost on the way make no second record, without TLS too", () => withPage(devices.desktop, async (page) => {
  await page.addInitScript(() => { delete Crypto.prototype.randomUUID; }); // browsers offer it to secure pages alone
  await page.goto(`${base}/lead/?lang=de`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  let posts = 0, lost = true, release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/v1/leads", async (route) => {
    posts++;
    await held;
    if (!lost) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.locator("#name").fill(companies[1][0]);
  await page.locator("#postal_code").fill(companies[1][1]);
  await page.locator("#one .primary").dblclick();
  await page.keyboard.press("Enter");
  release();
  await page.locator("#fault", { hasText: "Der Server antwortet nicht." }).waitFor();
  assert.equal(posts, 1);
  lost = false;
  for (const replayed of ["true", undefined]) {
    const answer = page.waitForResponse("**/v1/leads");
    await page.locator("#one .primary").click();
    assert.equal((await answer).headers()["idempotent-replayed"], replayed);
    await page.locator("#results tbody tr").nth(replayed ? 0 : 1).waitFor();
  }
}));

for (const [device, options] of Object.entries({ ...devices, narrow: { viewport: { width: 320, height: 640 } } })) {
  test(`${device}: a long name does not run over the edge, and stays text`, () => withPage(options, async (page) => {
    const name = `${"Donaudampfschifffahrtsgesellschaft".repeat(5)}<b>x</b>`;
    await page.goto(`${base}/lead/?lang=de`);
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await judge(page, name, "10115");
    await judge(page, ...companies[0]);
    assert.equal(await page.locator("#results b").count(), 0);
    await picture(page, `lead-de-${device}-long`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
    await page.route("**/lead.js", (route) => route.abort());
    await page.reload();
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await page.locator("#name").fill(name);
    await page.locator("#one .primary").click();
    assert.equal(await page.locator("#result h3").first().innerText(), name);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nor without a script");
  }));
}

test("the key is kept nowhere", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await judge(page, ...companies[0]);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await page.reload();
  assert.equal(await page.locator("#key").inputValue(), "");
}));

const list = `customer_ref;name;postal_code
=1;Schmidt Industrie GmbH;40213
2;Berger Logistics KG;50667
3;;
${Array.from({ length: 300 }, (_, i) => `${i + 4};Firma ${i} GmbH;10115`).join("\n")}
`;

for (const [device, options] of Object.entries(devices)) {
  test(`${device}: a list is worked off with a progress bar, its result comes as a file, its number finds it again`, () => withPage({ ...options, acceptDownloads: true }, async (page) => {
    await page.goto(`${base}/lead/?lang=de`);
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await page.locator("#file").setInputFiles({ name: "leads.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
    await page.locator("#list .primary").click();
    await page.locator("#job").waitFor();
    await page.getByText("Fertig. 302 bewertet, 1 abgelehnt").waitFor();
    assert.equal(await page.locator("#progress").evaluate((bar) => bar.value), 1);
    assert.match(await page.locator("#job-faults").innerText(), /^Zeile 4: name: /);
    await assertAccessible(page);
    await picture(page, `lead-de-${device}-list`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
    const { readFileSync } = await import("node:fs");
    const rows = readFileSync(await download.path(), "utf8").trim().split("\r\n");
    assert.equal(rows.length, 304);
    assert.ok(rows[1].startsWith('2,judged,"\'=1","Schmidt Industrie GmbH"'), rows[1]);
    const id = await page.locator("#job-id").innerText();
    await page.reload();
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await page.locator("#job-number").fill(id);
    await page.locator("#resume").click();
    await page.getByText("Fertig. 302 bewertet, 1 abgelehnt").waitFor();
  }));
}

test("a list is sent once by two clicks; Enter beside a job's number shows that job and sends nothing", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/?lang=de`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  let posts = 0, release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/v1/leads", async (route) => { posts++; await held; await route.continue(); });
  await page.locator("#file").setInputFiles({ name: "leads.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await page.locator("#list .primary").dblclick();
  release();
  await page.getByText("Fertig. 302 bewertet, 1 abgelehnt").waitFor();
  const id = await page.locator("#job-id").innerText();
  await page.locator("#job-number").fill(id);
  const asked = page.waitForRequest((request) => request.url().endsWith(id) || request.method() === "POST");
  await page.keyboard.press("Enter");
  assert.equal((await asked).method(), "GET");
  assert.equal(posts, 1);
  assert.equal(await page.locator("#job-id").innerText(), id);
}));

test("a file that is no list is told in words", () => withPage(devices.desktop, async (page) => {
  await page.goto(`${base}/lead/?lang=en`);
  await page.locator("#key").fill(process.env.BONIGATE_KEY);
  await page.locator("#file").setInputFiles({ name: "x.csv", mimeType: "text/csv", buffer: Buffer.from("city\nBonn\n") });
  await page.locator("#list .primary").click();
  await page.getByText("Cannot be used: no column names a company").waitFor();
  await page.locator("#job-number").fill("nonsense");
  await page.locator("#resume").click();
  await page.waitForFunction(() => document.getElementById("list-fault").textContent.length > 10);
}));

for (const lang of ["de", "en"]) {
  for (const [device, options] of Object.entries(devices)) {
    test(`${lang}, ${device}, without JavaScript: one company at a time, the key asked for each time`, () => withPage({ ...options, javaScriptEnabled: false }, async (page) => {
      await page.goto(`${base}/lead/?lang=${lang}`);
      assert.ok(await page.locator("noscript p").isVisible());
      assert.ok(await page.locator("#list").isHidden(), "nothing is offered that needs a script");
      assert.ok(await page.locator(".results").isHidden(), "nothing is offered that needs a script");
      await picture(page, `lead-${lang}-${device}-noscript-form`);
      await page.locator("#name").fill(companies[0][0]);
      await page.locator("#postal_code").fill(companies[0][1]);
      await page.locator("#one button.primary").click();
      assert.ok((await page.getByRole("alert").innerText()).length > 20, "no key is told");
      assert.equal(await page.locator("#key").getAttribute("aria-invalid"), "true");
      for (let i = 0; i < companies.length; i++) {
        await page.locator("#key").fill(process.env.BONIGATE_KEY);
        await page.locator("#name").fill(companies[i][0]);
        await page.locator("#postal_code").fill(companies[i][1]);
        await page.locator("#one button.primary").click();
        assert.equal(await page.locator("html").getAttribute("lang"), lang);
        assert.equal(await page.locator("#result h3").first().innerText(), companies[i][0]);
        assert.equal(await page.locator("#light svg").getAttribute("data-shape"), ["green", "yellow", "red"][i]);
        assert.equal(await page.locator("dd").last().innerText(), hints[lang][i]);
        assert.equal(await page.locator("#key").inputValue(), "", "the key is not sent back");
        assert.ok(!(await page.content()).includes(process.env.BONIGATE_KEY));
        if (i === 0) assert.match(await page.locator("dd").first().innerText(), lang === "de" ? /^25\.000,00\s€$/ : /^€25,000\.00$/);
        if (i === 0) await picture(page, `lead-${lang}-${device}-noscript-green`);
        const mark = await page.locator("[name=once]").inputValue();
        assert.equal((await page.reload()).headers()["idempotent-replayed"], "true", "loaded again nothing is recorded");
        assert.equal(await page.locator("[name=once]").inputValue(), mark, "and it is the same page");
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
      }
      await page.locator("#key").fill(process.env.BONIGATE_KEY);
      await page.locator("#vat_id").fill("DE1<b>");
      await page.locator("#one button.primary").click();
      assert.equal(await page.locator("#vat_id").getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#vat_id").inputValue(), "DE1<b>");
      await picture(page, `lead-${lang}-${device}-noscript-refused`);
      await page.locator("form a").click();
      assert.equal(new URL(page.url()).pathname, "/lead/");
    }));
  }

  // axe-core itself is a script: the page's own is kept away instead.
  test(`${lang}: axe-core finds nothing on the pages that come without JavaScript`, () => withPage(devices.desktop, async (page) => {
    await page.route("**/lead.js", (route) => route.abort());
    await page.goto(`${base}/lead/?lang=${lang}`);
    await page.locator("#name").fill(companies[0][0]);
    await page.locator("#one button.primary").click();
    await page.getByRole("alert").waitFor();
    await assertAccessible(page);
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await page.locator("#postal_code").fill(companies[0][1]);
    await page.locator("#one button.primary").click();
    await page.locator("#light").waitFor();
    await assertAccessible(page);
    await page.locator("#key").fill(process.env.BONIGATE_KEY);
    await page.locator("#vat_id").fill("DE1");
    await page.locator("#one button.primary").click();
    await page.locator("#refused").waitFor();
    await assertAccessible(page);
  }));
}

await main();
