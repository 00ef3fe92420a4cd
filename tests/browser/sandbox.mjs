// SPDX-License-Identifier: MIT
// The sandbox page as people use it: both languages, desktop and phone, by mouse, by keyboard.

import assert from "node:assert/strict";
import { assertAccessible, base, devices, main, picture, test, withPage } from "./browser.mjs";

const words = {
  de: { green: "Grün: Rechnung möglich", yellow: "Gelb: genauer hinsehen", red: "Rot: nur Vorkasse" },
  en: { green: "Green: invoice possible", yellow: "Yellow: look closer", red: "Red: prepayment only" },
};

async function open(page, lang = "de") {
  await page.goto(`${base}/sandbox/?lang=${lang}`);
  await page.locator("#light").waitFor();
}

const lightOf = (page) => page.locator("#light svg").getAttribute("data-shape");

// The next light that is shown; the one before it is taken away first.
async function afterwards(page, action) {
  await page.evaluate(() => document.getElementById("light").remove());
  await action();
  await page.locator("#light").waitFor();
  return lightOf(page);
}

const slide = (page, id, value) => page.locator(id).evaluate((input, to) => {
  input.value = to;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}, value);

for (const lang of ["de", "en"]) {
  for (const [device, options] of Object.entries(devices)) {
    test(`${lang}, ${device}: axe-core finds nothing, nothing runs over the edge`, () => withPage(options, async (page) => {
      await open(page, lang);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await assertAccessible(page);
      await picture(page, `sandbox-${lang}-${device}-green`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
      for (const [company, light] of [["Berger Logistics KG", "yellow"], ["Eröffnet Logistik GmbH", "red"]]) {
        assert.equal(await afterwards(page, () => page.getByRole("button", { name: company }).click()), light);
        await page.locator("summary").evaluate((summary) => { summary.parentNode.open = true; });
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nor with the long lines shown");
        await assertAccessible(page);
        await picture(page, `sandbox-${lang}-${device}-${light}`);
      }
    }));
  }

  test(`${lang}: every test company does what its row promises, by words and by shape`, () => withPage(devices.desktop, async (page) => {
    await open(page, lang);
    const rows = await page.locator("tbody tr").all();
    assert.ok(rows.length >= 15);
    for (const row of rows) {
      const promised = await row.getAttribute("data-light");
      const name = (await row.locator("th").evaluate((cell) => cell.firstChild.textContent)).trim();
      assert.equal(await afterwards(page, () => row.getByRole("button").click()), promised, name);
      assert.equal(await page.locator("#light .words").innerText(), words[lang][promised], name);
      assert.equal(await page.locator("#light svg").getAttribute("aria-label"), words[lang][promised]);
      assert.equal(await page.locator("#name").inputValue(), name);
      assert.equal(await row.locator(".mini").innerText(), words[lang][promised].split(":")[0]);
    }
  }));
}

test("the three lights differ in shape, not in colour alone", () => withPage(devices.desktop, async (page) => {
  await open(page);
  const shapes = new Set();
  for (const company of ["Schmidt Industrie GmbH", "Berger Logistics KG", "Neukunde Alpha UG"]) {
    await afterwards(page, () => page.getByRole("button", { name: company }).click());
    shapes.add(await page.locator("#light svg").evaluate((picture) => [...picture.children].map((part) => part.getAttribute("d")).join()));
  }
  assert.equal(shapes.size, 3);
}));

test("score, limit, methods, reasons and recommendation stand there in words", () => withPage(devices.desktop, async (page) => {
  await open(page);
  assert.equal(await page.locator("#gauge svg").getAttribute("aria-label"), "Score 91 von 100");
  assert.match(await page.locator("#limit").innerText(), /^50\.000,00\s€$/);
  assert.match(await page.locator("#per_order").innerText(), /^25\.000,00\s€$/);
  const methods = await page.locator("#methods li").evaluateAll((items) => items.map((item) => [item.dataset.method, item.querySelector(".mark").textContent]));
  assert.deepEqual(methods.find(([id]) => id === "invoice"), ["invoice", "✓ ja"]);
  assert.deepEqual(methods.find(([id]) => id === "prepayment"), ["prepayment", "✓ ja"]);
  const reasons = await page.locator("#reasons li").allInnerTexts();
  assert.ok(reasons.length > 2 && reasons.every((text) => /^[+−]\d+\s/.test(text)), reasons.join("|"));
  assert.ok((await page.locator("#recommendation").innerText()).length > 20);
}));

test("moved thresholds show at once how the outcome changes, and keep their order", () => withPage(devices.desktop, async (page) => {
  await open(page);
  assert.equal(await lightOf(page), "green");
  assert.equal(await afterwards(page, () => slide(page, "#green_from", 95)), "yellow");
  assert.equal(await afterwards(page, () => slide(page, "#yellow_from", 96)), "red");
  assert.equal(await page.locator("#green_value").innerText(), "97");
  assert.equal(await afterwards(page, () => slide(page, "#green_from", 80)), "green");
  assert.equal(await page.locator("#yellow_value").innerText(), "79");
  await page.locator("#green_from").focus();
  assert.equal(await afterwards(page, () => page.keyboard.press("End")), "yellow", "by keyboard too");
  await page.locator("#name").fill("");
  await page.locator("#green_from").focus();
  await page.keyboard.press("Home");
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200))); // longer than a slider is waited for
  assert.equal(await page.evaluate(() => document.activeElement.id), "green_from", "without a name nothing is asked, and the focus stays");
}));

test("the JSON shown is what was sent and answered, and the curl line gives the same answer", () => withPage({ ...devices.desktop, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
  await open(page);
  await page.locator("#name").fill("O'Neill & Söhne \"Test\" GmbH");
  await afterwards(page, () => page.locator("button.primary").click());
  await page.locator("summary").click();
  await page.locator("#copy").click();
  await page.getByText("Kopiert.").waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(line, await page.locator("#curl").innerText());
  const { execFileSync } = await import("node:child_process");
  const answer = JSON.parse(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }));
  const shown = JSON.parse(await page.locator("#answer").innerText());
  assert.equal(JSON.parse(await page.locator("#request").innerText()).company.name, "O'Neill & Söhne \"Test\" GmbH");
  for (const member of ["outcome", "company", "credit_limit"]) assert.deepEqual(
    answer[member].name ? answer[member].id : answer[member], shown[member].name ? shown[member].id : shown[member]);
}));

test("amounts are read as people write them", () => withPage(devices.desktop, async (page) => {
  await open(page);
  for (const [text, minor] of [["1.250,00", 125000], ["1,250.00", 125000], ["1250", 125000], ["1250,5", 125050], ["12.500", 1250000], ["0,91", 91]]) {
    await page.locator("#amount").fill(text);
    await afterwards(page, () => page.locator("button.primary").click());
    assert.equal(JSON.parse(await page.locator("#request").textContent()).order.amount, minor, text);
  }
  for (const text of ["1234.567", "1250 000", "1,2345", "12.34.56", "-1", "1e3"]) {
    await page.locator("#amount").fill(text);
    assert.ok(!(await page.locator("#amount").evaluate((input) => input.checkValidity())), `${text}: nobody writes that, and the plain form refuses it`);
  }
}));

test("a refused field is told in words, and typed text stays text", () => withPage(devices.desktop, async (page) => {
  await open(page);
  await page.locator("#name").fill("<img src=x onerror=alert(1)>");
  await afterwards(page, () => page.locator("button.primary").click());
  assert.equal(await page.locator("#result img").count(), 0);
  await page.locator("#vat_id").fill("DE123");
  await page.locator("button.primary").click();
  await page.locator(".is-error").waitFor();
  assert.ok((await page.locator(".is-error").innerText()).length > 20);
  assert.ok(await page.locator("#details").isHidden());
}));

test("refused fields are told by their labels and marked, and no longer when they are mended", () => withPage(devices.desktop, async (page) => {
  await open(page);
  await page.locator("#country").fill("XX");
  await page.locator("#vat_id").fill("DE123");
  await page.locator("button.primary").click();
  await page.locator(".is-error", { hasText: /^Land \(ISO\): .+ USt-IdNr\.: / }).waitFor();
  for (const id of ["country", "vat_id"]) {
    assert.equal(await page.locator(`#${id}`).getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(`#${id}`).getAttribute("aria-describedby"), "status");
  }
  await assertAccessible(page);
  await picture(page, "sandbox-de-desktop-refused");
  await page.getByRole("button", { name: "Neukunde Alpha UG" }).click();
  await page.locator("#light").waitFor();
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
}));

test("a server that does not answer is told in words", () => withPage(devices.desktop, async (page) => {
  await open(page);
  for (const answer of [{ status: 200, body: "" }, { status: 200, json: {} }, { status: 500, json: {} }, { status: 502, body: "<html>" }]) {
    await page.route("**/v1/sandbox/checkout/**", (route) => route.fulfill(answer), { times: 1 });
    await page.evaluate(() => document.getElementById("status").replaceChildren());
    await page.locator("button.primary").click();
    await page.getByText("Der Server antwortet nicht").waitFor();
  }
  await page.route("**/v1/sandbox/checkout/**", (route) => route.abort());
  await page.locator("button.primary").click();
  await page.getByText("Der Server antwortet nicht").waitFor();
}));

test("the whole page by keyboard: skip link, fields in order, decision, focus on the result", () => withPage(devices.desktop, async (page) => {
  await open(page);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Zum Ergebnis");
  const order = [];
  for (let i = 0; i < 11; i++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.deepEqual(order, ["API", "English", "name", "postal_code", "city", "country", "vat_id", "amount", "Entscheiden", "green_from", "yellow_from"]);
  await page.locator("#amount").focus();
  await afterwards(page, () => page.keyboard.press("Enter"));
  await page.waitForFunction(() => document.activeElement.id === "result");
}));

test("a suggestion that comes late changes nothing: neither a later one that is shown nor a list that is closed", () => withPage(devices.desktop, async (page) => {
  await open(page);
  const name = page.locator("#name"), first = page.locator("#suggestions li").first();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/v1/sandbox/companies?*q=nord", async (route) => { await held; await route.continue(); });
  await name.fill("nord");
  await name.fill("grossha");
  await page.locator("#suggestions li", { hasText: "Mustermann Großhandel GmbH" }).waitFor();
  const late = page.waitForResponse((response) => response.url().endsWith("q=nord"));
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  assert.ok(await first.isVisible());
  assert.match(await first.textContent(), /Mustermann/);
  await page.route("**/v1/sandbox/companies?*q=schm", async (route) => { await page.locator("#amount").focus(); await route.continue(); });
  const closed = page.waitForResponse((response) => response.url().endsWith("q=schm"));
  await name.fill("schm");
  await (await closed).finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  assert.ok(await page.locator("#suggestions").isHidden());
}));

// Key by key; what the last one brought is shown, and nothing on its way can change the list any more.
async function typeName(page, text) {
  const last = page.waitForResponse((response) => response.url().endsWith(`q=${text}`));
  await page.locator("#name").fill("");
  await page.locator("#name").pressSequentially(text);
  await (await last).finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
}

test("suggestions while typing: arrows choose, Enter takes, Escape closes", () => withPage(devices.desktop, async (page) => {
  await open(page);
  const name = page.locator("#name");
  await typeName(page, "nordl");
  await page.locator("#suggestions li").first().waitFor();
  assert.equal(await name.getAttribute("aria-expanded"), "true");
  await assertAccessible(page);
  await picture(page, "sandbox-de-desktop-suggestions");
  await page.keyboard.press("ArrowDown");
  const marked = page.locator("#suggestions [aria-selected=true]");
  assert.equal(await marked.count(), 1);
  assert.equal(await name.getAttribute("aria-activedescendant"), await marked.getAttribute("id"));
  const chosen = await marked.evaluate((item) => item.firstChild.textContent);
  await page.keyboard.press("Enter");
  assert.equal(await name.inputValue(), chosen);
  assert.match(await page.locator("#postal_code").inputValue(), /^\d{5}$/);
  assert.ok(await page.locator("#suggestions").isHidden());
  for (const typed of ["m", "mu", "grossha"]) {
    await name.fill(typed);
    await page.locator("#suggestions li", { hasText: "Mustermann Großhandel GmbH" }).waitFor();
  }
  await name.fill("sch");
  await page.locator("#suggestions li").first().waitFor();
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#suggestions").isHidden());
}));

test("the last suggestion comes first with the arrow upwards; one that is taken leaves no other company's VAT id", () => withPage(devices.desktop, async (page) => {
  await open(page);
  await page.locator("#vat_id").fill("DE136695976");
  await typeName(page, "nordl");
  const items = page.locator("#suggestions li");
  await items.nth(1).waitFor();
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator("#name").getAttribute("aria-activedescendant"), await items.last().getAttribute("id"));
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#vat_id").inputValue(), "");
}));

test("where the clipboard is refused the curl line is marked for copying by hand", () => withPage(devices.desktop, async (page) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined }));
  await open(page);
  await page.locator("summary").click();
  await page.locator("#copy").click();
  assert.equal(await page.evaluate(() => String(getSelection())), await page.locator("#curl").innerText());
  assert.equal(await page.locator("#copied").innerText(), "");
}));

test("320 pixels are wide enough", () => withPage({ viewport: { width: 320, height: 640 } }, async (page) => {
  for (const lang of ["de", "en"]) {
    await open(page, lang);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
  }
  await picture(page, "sandbox-en-narrow");
}));

test("German and English pages have the same parts", () => withPage(devices.desktop, async (page) => {
  const parts = [];
  for (const lang of ["de", "en"]) {
    await open(page, lang);
    parts.push(await page.evaluate(() => [...document.querySelectorAll("[id], input[type=hidden], button, th")].map((node) => `${node.tagName} ${node.id} ${node.name || ""}`)));
  }
  assert.deepEqual(parts[0], parts[1]);
}));

for (const lang of ["de", "en"]) {
  for (const [device, options] of Object.entries(devices)) {
    test(`${lang}, ${device}, without JavaScript: form, test companies and refused fields`, () => withPage({ ...options, javaScriptEnabled: false }, async (page) => {
      await page.goto(`${base}/sandbox/?lang=${lang}`);
      assert.ok(await page.locator("noscript p").isVisible());
      assert.ok(await page.locator("#name-hint").isHidden(), "nothing is promised that needs a script");
      await picture(page, `sandbox-${lang}-${device}-noscript-form`);
      await page.locator("button.primary").click();
      assert.equal(await page.locator("#light .words").innerText(), words[lang].green);
      assert.equal(await lightOf(page), "green");
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      assert.equal(await page.locator("#gauge svg").getAttribute("aria-label"), lang === "de" ? "Score 91 von 100" : "Score 91 of 100");
      assert.match(await page.locator("dd").first().innerText(), lang === "de" ? /^50\.000,00\s€$/ : /^€50,000\.00$/);
      await picture(page, `sandbox-${lang}-${device}-noscript-green`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scrolling");
      await page.locator("#green_from").fill("95");
      await page.locator("button.primary").click();
      assert.equal(await lightOf(page), "yellow", "typed text and thresholds are kept and counted");
      await page.locator("#vat_id").fill("DE1<b>");
      await page.locator("button.primary").click();
      assert.equal(await page.locator("#vat_id").getAttribute("aria-invalid"), "true");
      assert.equal(await page.locator("#vat_id").inputValue(), "DE1<b>");
      assert.ok((await page.getByRole("alert").innerText()).length > 20);
      await picture(page, `sandbox-${lang}-${device}-noscript-refused`);
      await page.locator("form a").click();
      await page.getByRole("button", { name: "Neukunde Alpha UG" }).click();
      assert.equal(await lightOf(page), "red");
    }));
  }

  // axe-core itself is a script: the page's own is kept away instead.
  test(`${lang}: axe-core finds nothing on the pages that come without JavaScript`, () => withPage(devices.desktop, async (page) => {
    await page.route("**/sandbox.js", (route) => route.abort());
    await page.goto(`${base}/sandbox/?lang=${lang}`);
    await page.locator("button.primary").click();
    await page.locator("#light").waitFor();
    await assertAccessible(page);
    await page.locator("#vat_id").fill("DE1");
    await page.locator("button.primary").click();
    await page.getByRole("alert").waitFor();
    await assertAccessible(page);
  }));
}

await main();
