// SPDX-License-Identifier: MIT
// The lead page: asks POST /v1/leads with the key that was typed in. The key is kept in the input alone.

import { clearRefused, problemText, refuse } from "/sandbox/problem.js";

const lang = document.documentElement.lang === "en" ? "en" : "de";
const locale = lang === "en" ? "en-GB" : "de-DE";
const texts = {
  de: {
    lights: { green: "Grün", yellow: "Gelb", red: "Rot" }, priorities: { high: "Hoch", medium: "Mittel", low: "Niedrig" },
    hints: { invoice: "Rechnung", prepayment: "Vorkasse" }, unknown: "unbekannt", 
    states: { queued: "Wartet …", running: "Läuft …", done: "Fertig.", failed: "Nicht zu verwenden:" }, of: "von", lines: "Zeilen", line: "Zeile",
    counts: (c) => `${c.judged} bewertet, ${c.refused} abgelehnt`,
    noKey: "Bitte zuerst den API-Schlüssel eingeben.", keys: { unauthorized: "Der API-Schlüssel fehlt oder gilt nicht.", forbidden: "Der API-Schlüssel hat das Recht „lead“ nicht." },
    failed: "Der Server antwortet nicht. Bitte später noch einmal versuchen.",
  },
  en: {
    lights: { green: "Green", yellow: "Yellow", red: "Red" }, priorities: { high: "High", medium: "Medium", low: "Low" },
    hints: { invoice: "Invoice", prepayment: "Prepayment" }, unknown: "unknown", 
    states: { queued: "Waiting …", running: "Running …", done: "Done.", failed: "Cannot be used:" }, of: "of", lines: "lines", line: "Line",
    counts: (c) => `${c.judged} judged, ${c.refused} refused`,
    noKey: "Please enter the API key first.", keys: { unauthorized: "The API key is missing or not valid.", forbidden: "The API key does not have the right “lead”." },
    failed: "The server does not answer. Please try again later.",
  },
}[lang];

const $ = (id) => document.getElementById(id);
const money = (limit) => new Intl.NumberFormat(locale, { style: "currency", currency: limit.currency }).format(limit.amount / 100);

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Shape and word beside the colour.
function lightOf(light) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/sandbox/light.svg#${light}`);
  svg.append(use);
  return element("span", { class: `mini is-${light}`, "data-light": light }, svg, texts.lights[light]);
}

// On a phone the header is not shown; its words stand before the figures then.
const labels = [...document.querySelectorAll("#results thead th")].map((cell) => cell.textContent);

function rowOf(lead) {
  const why = lead.why.map((reason) => element("li", {}, reason.points ? `${reason.points > 0 ? "+" : "−"}${Math.abs(reason.points)} ${reason.text}` : reason.text));
  return element("tr", {},
    element("th", { scope: "row" }, lead.company.name || "–", element("small", {}, lead.company.customer_ref || "")),
    element("td", {}, lightOf(lead.light)),
    element("td", { class: "number", "data-label": labels[2] }, lead.score === null ? texts.unknown : String(lead.score)),
    element("td", { class: "number", "data-label": labels[3] }, money(lead.first_limit)),
    element("td", {}, element("span", { class: `priority priority-${lead.priority}` }, texts.priorities[lead.priority]), " – ", lead.priority_text, element("ul", {}, ...why)),
    element("td", { "data-label": labels[5] }, texts.hints[lead.payment_hint]));
}

function show(leads) {
  $("none").hidden = true;
  $("results").hidden = false;
  $("results").tBodies[0].prepend(...leads.map(rowOf));
  $("said").textContent = leads.map((lead) => `${lead.company.name}: ${texts.lights[lead.light]}, ${texts.priorities[lead.priority]}`).join("; ");
}

// Something in words for whoever sits before the page.
class Told extends Error {}

// Where the forms tell what went wrong. The key belongs to both, so either may point to it.
const tellers = new Map([[$("one"), $("fault")], [$("list"), $("list-fault")]]);

function tellProblem(problem, form) {
  const teller = tellers.get(form).id;
  const badKey = texts.keys[problem?.code];
  if (badKey) refuse($("key"), teller);
  return new Told(badKey || problemText(problem, form, teller) || texts.failed);
}

async function call(path, form, options = {}) {
  const key = $("key").value.trim();
  if (!key) {
    $("key").focus();
    throw new Told(texts.noKey);
  }
  const response = await fetch(path, { ...options, headers: { Authorization: `Bearer ${key}`, "Accept-Language": lang, ...options.headers } });
  if (response.ok) return response;
  throw tellProblem(await response.json().catch(() => null), form);
}

async function attempt(form, action) {
  clearRefused();
  for (const teller of tellers.values()) teller.textContent = "";
  try {
    await action();
  } catch (error) {
    tellers.get(form).textContent = error instanceof Told ? error.message : texts.failed;
  }
}

// A form that is under way is not sent again by a click too many: that would be judged and recorded too.
const underWay = new Set();

async function sendOnce(form, action) {
  if (underWay.has(form)) return;
  underWay.add(form);
  await attempt(form, action);
  underWay.delete(form);
}

// The same entries again get the answer that was lost on the way, not a second record: only an answer ends a key.
let unanswered = { body: "", key: "" };

function idempotencyKey(body) {
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (unanswered.body !== body) unanswered = { body, key: random() };
  return unanswered.key;
}

$("one").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData($("one"));
  form.delete("key"); // goes in the header
  form.delete("once"); // is for the form without this script
  for (const [name, value] of [...form]) if (!value.trim()) form.delete(name);
  const body = new URLSearchParams(form);
  sendOnce($("one"), async () => {
    const response = await call("/v1/leads", $("one"), { method: "POST", body, headers: { "Idempotency-Key": idempotencyKey(String(body)) } });
    show((await response.json()).leads);
    unanswered = { body: "", key: "" };
    $("results").scrollIntoView({ block: "nearest" });
  });
});

// A list is a job of the server: it goes on without this page, and its number finds it again.
let followed = 0;

function showJob(job) {
  $("job").hidden = false;
  $("job-id").textContent = job.job_id;
  $("progress").value = job.progress;
  const state = `${texts.states[job.state]} ${job.state === "failed" ? job.fault : texts.counts(job.counts)}`;
  if ($("job-status").textContent !== state) $("job-status").textContent = state;
  $("download").hidden = job.state !== "done";
  $("job-faults").replaceChildren(...job.refused_lines.map((bad) => element("li", {}, `${texts.line} ${bad.line}: ${bad.detail}`)));
}

async function follow(id) {
  const turn = ++followed;
  for (;;) {
    const job = await (await call(`/v1/lead-jobs/${encodeURIComponent(id)}`, $("list"))).json();
    if (turn !== followed) return;
    showJob(job);
    if (job.state === "done" || job.state === "failed") return;
    await new Promise((wake) => setTimeout(wake, 400));
  }
}

const watch = (id) => attempt($("list"), () => follow(id));

$("list").addEventListener("submit", (event) => {
  event.preventDefault();
  sendOnce($("list"), async () => {
    const response = await call("/v1/leads", $("list"), { method: "POST", body: $("file").files[0], headers: { "Content-Type": "text/csv" } });
    const job = await response.json();
    showJob(job);
    watch(job.job_id);
  });
});

$("again").addEventListener("submit", (event) => {
  event.preventDefault();
  watch($("job-number").value.trim());
});

$("download").addEventListener("click", () => attempt($("list"), async () => {
  const response = await call(`/v1/lead-results/${$("job-id").textContent}`, $("list"));
  const url = URL.createObjectURL(await response.blob());
  element("a", { href: url, download: "leads.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}));
