// SPDX-License-Identifier: MIT
// What every browser test uses: Debian's Chromium by playwright-core, axe-core, screenshots, and a list of
// tests that are told as one JSON line each: {"name", "ok", "error"}.
//
//     BONIGATE_URL=http://127.0.0.1:PORT node sandbox.mjs

import assert from "node:assert/strict";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const base = process.env.BONIGATE_URL;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.BONIGATE_SCREENSHOTS;
const tests = [];

export const devices = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

export function test(name, body) {
  tests.push({ name, body });
}

export async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

// All rules of axe-core; best practices too.
export async function assertAccessible(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), []);
}

// A page that goes nowhere but to its own server and reports no fault of its own.
async function watched(context, faults, also) {
  const page = await context.newPage();
  page.on("console", (message) => {
    // A refused call is told in the console too; what the page makes of it is what is tested.
    if (message.type() === "error" && !/^Failed to load resource|blocked by CORS policy/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (also && request.url().startsWith(also)) return;
    if (!request.url().startsWith(base) && !request.url().startsWith("data:") && !request.url().startsWith("blob:")) faults.push(`asks elsewhere: ${request.url()}`);
  });
  page.setDefaultTimeout(15000);
  return page;
}

// Runs body with a fresh page; options are playwright's of a context, and "also": another origin that may be asked.
export async function withPage({ also, ...options }, body) {
  const context = await browser.newContext({ locale: "de-DE", ...options });
  const faults = [];
  try {
    await body(await watched(context, faults, also), context);
    assert.deepEqual(faults, []);
    assert.deepEqual(await context.cookies(), [], "no page sets a cookie");
  } finally {
    await context.close();
  }
}

let browser;

export async function main() {
  browser = await chromium.launch({
    executablePath: process.env.BONIGATE_CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
  const only = process.argv[2];
  for (const { name, body } of tests) {
    if (only && !name.includes(only)) continue;
    const line = { name, ok: true };
    try {
      await body();
    } catch (error) {
      Object.assign(line, { ok: false, error: String(error.stack || error).slice(0, 4000) });
    }
    console.log(JSON.stringify(line));
  }
  await browser.close();
}
