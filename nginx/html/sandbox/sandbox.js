// SPDX-License-Identifier: MIT
// The sandbox page: asks the same call a shop asks and shows what came back. No state outside the page.

import { clearRefused, problemText } from "./problem.js";

const lang = document.documentElement.lang === "en" ? "en" : "de";
const texts = {
  de: {
    lights: { green: "Grün: Rechnung möglich", yellow: "Gelb: genauer hinsehen", red: "Rot: nur Vorkasse" },
    outcomes: { approve: "Freigegeben.", review: "Eine Person muss prüfen.", decline: "Keine Rechnung." },
    methods: { invoice: "Rechnung", sepa_debit: "Lastschrift", card: "Karte", prepayment: "Vorkasse" },
    matches: { exact: "eindeutig", fuzzy: "ähnlich", ambiguous: "mehrdeutig", none: "keiner" },
    allowed: "ja", withheld: "nein", days: "Tage Zahlungsziel", deposit: "% Anzahlung", score: "Score", of: "von 100",
    unknown: "Kein Score: Firma nicht bekannt.", none: "Über diese Firma ist nichts bekannt.", copied: "Kopiert.", stop: "Ausschluss",
    failed: "Der Server antwortet nicht. Bitte später noch einmal versuchen.", limited: "Zu viele Anfragen; bitte kurz warten.",
  },
  en: {
    lights: { green: "Green: invoice possible", yellow: "Yellow: look closer", red: "Red: prepayment only" },
    outcomes: { approve: "Approved.", review: "A person must look.", decline: "No invoice." },
    methods: { invoice: "Invoice", sepa_debit: "Direct debit", card: "Card", prepayment: "Prepayment" },
    matches: { exact: "exact", fuzzy: "similar", ambiguous: "ambiguous", none: "none" },
    allowed: "yes", withheld: "no", days: "days net", deposit: "% deposit", score: "Score", of: "of 100",
    unknown: "No score: company not known.", none: "Nothing is known about this company.", copied: "Copied.", stop: "Hard stop",
    failed: "The server does not answer. Please try again later.", limited: "Too many requests; please wait a moment.",
  },
}[lang];

const $ = (id) => document.getElementById(id);
const locale = lang === "en" ? "en-GB" : "de-DE";
const money = (minor, currency) => new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / 100);
const percent = (share) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(share);

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// One shape per light, so that colour is never alone: a circle with a tick, a triangle, an octagon with a cross.
const shapes = {
  green: ["M24 3a21 21 0 1 0 .01 0z", "M13 25l8 8 15-17"],
  yellow: ["M24 3 46 44H2z", "M24 17v13m0 4v5"],
  red: ["M15 3h18l12 12v18L33 45H15L3 33V15z", "M15 15l18 18m0-18L15 33"],
};

function lightOf(answer) {
  const light = answer.assessment.light;
  const [shape, sign] = shapes[light];
  const picture = svg("svg", { viewBox: "0 0 48 48", role: "img", "aria-label": texts.lights[light], "data-shape": light },
    svg("path", { d: shape, fill: "currentColor" }), svg("path", { d: sign, fill: "none", stroke: "#fff", "stroke-width": 5 }));
  const why = `${texts.outcomes[answer.outcome]} ${answer.reasons.map((reason) => reason.text).join(" · ")}`;
  return element("div", { class: `light is-${light}`, id: "light" }, picture,
    element("div", {}, element("p", { class: "words" }, texts.lights[light]), element("p", { class: "why" }, why)));
}

// A half circle in the policy's three zones, and a needle at the score.
function gaugeOf(score) {
  if (score === null) return element("p", {}, texts.unknown);
  const label = `${texts.score} ${score} ${texts.of}`;
  const green = Number($("green_from").value), yellow = Number($("yellow_from").value);
  const zone = (name, from, to) => svg("path", {
    class: `zone-${name}`, d: "M20 100a80 80 0 0 1 160 0", fill: "none", "stroke-width": 14, pathLength: 100,
    "stroke-dasharray": `${Math.max(0, to - from - 0.6)} 200`, "stroke-dashoffset": -from,
  });
  const number = svg("text", { class: "gauge-score", x: 100, y: 94, "text-anchor": "middle" });
  const caption = svg("text", { class: "gauge-of", x: 100, y: 114, "text-anchor": "middle" });
  number.textContent = score;
  caption.textContent = `${texts.score} ${texts.of}`;
  return svg("svg", { viewBox: "0 0 200 124", role: "img", "aria-label": label },
    zone("red", 0, yellow), zone("yellow", yellow, green), zone("green", green, 100),
    svg("path", { class: "gauge-needle", d: "M16 100l26-4v8z", transform: `rotate(${score * 1.8} 100 100)` }), number, caption);
}

function methodOf(method) {
  const terms = [];
  if (method.allowed && method.net_days) terms.push(`${method.net_days} ${texts.days}`);
  if (method.allowed && method.deposit_percent) terms.push(`${method.deposit_percent} ${texts.deposit}`);
  const mark = element("span", { class: `mark ${method.allowed ? "allowed" : "withheld"}` },
    method.allowed ? `✓ ${texts.allowed}` : `✕ ${texts.withheld}`);
  const name = element("span", {}, texts.methods[method.id] || method.id);
  const more = [...terms, ...method.reasons.map((reason) => reason.text)].join(" · ");
  if (more) name.append(element("small", {}, more));
  return element("li", { "data-method": method.id }, mark, name);
}

function reasonOf(reason) {
  if (reason.points === 0) return element("li", {}, element("span", { class: "points-of stop" }, texts.stop), element("span", {}, reason.text));
  const width = Math.min(50, Math.abs(reason.points) * 3);
  const plus = reason.points > 0;
  const bar = svg("svg", { viewBox: "0 0 100 16", "aria-hidden": "true", preserveAspectRatio: "none" },
    svg("rect", { class: plus ? "bar-plus" : "bar-minus", x: plus ? 50 : 50 - width, y: 2, width, height: 12 }),
    svg("rect", { class: "bar-zero", x: 49, y: 0, width: 2, height: 16 }));
  return element("li", {}, element("span", { class: "points-of" }, `${plus ? "+" : "−"}${Math.abs(reason.points)}`), bar, element("span", {}, reason.text));
}

function show(request, answer, url) {
  const limit = answer.credit_limit, assessment = answer.assessment;
  $("status").replaceChildren(lightOf(answer));
  $("gauge").replaceChildren(gaugeOf(assessment.score));
  $("limit").textContent = money(limit.total, limit.currency);
  $("per_order").textContent = money(limit.per_order, limit.currency);
  $("pd").textContent = assessment.pd === null ? "–" : percent(assessment.pd);
  $("match").textContent = texts.matches[answer.company.match.kind];
  $("recommendation").textContent = answer.recommendation.text;
  $("methods").replaceChildren(...answer.payment_methods.map(methodOf));
  const reasons = assessment.score === null ? [] : assessment.reasons;
  $("reasons").replaceChildren(...(reasons.length ? reasons.map(reasonOf) : [element("li", {}, element("span", { class: "points-of" }, "–"), "", element("span", {}, texts.none))]));
  $("request").textContent = JSON.stringify(request, null, 2);
  $("answer").textContent = JSON.stringify(answer, null, 2);
  const body = JSON.stringify(request).replaceAll("'", "'\\''");
  $("curl").textContent = `curl -s '${new URL(url, location.href)}' -H 'Content-Type: application/json' -d '${body}'`;
  $("copied").textContent = "";
  $("details").hidden = false;
}

function fail(message) {
  $("status").replaceChildren(element("p", { class: "is-error" }, message));
  $("details").hidden = true;
}

// "1.250,00", "1,250.00" and "1250" are the same amount: what stands before three digits only groups them.
function minorUnits(text) {
  const plain = text.trim().replace(/[., ](?=\d{3}(?!\d))/g, "");
  const [whole, cents = ""] = plain.replace(",", ".").split(".");
  return Number(whole) * 100 + Number(cents.padEnd(2, "0"));
}

function readForm() {
  const data = new FormData($("form"));
  const company = {};
  for (const field of ["name", "postal_code", "city", "country", "vat_id"]) {
    const value = data.get(field).trim();
    if (value) company[field] = value;
  }
  return { company, order: { amount: minorUnits(data.get("amount")), currency: "EUR" } };
}

let latest = 0;

async function decide() {
  const turn = ++latest;
  if (!$("form").checkValidity()) return; // told when the form is sent; a slider must not take the focus away
  const request = readForm();
  const url = `/v1/sandbox/checkout/payment-methods?green_from=${$("green_from").value}&yellow_from=${$("yellow_from").value}`;
  try {
    const response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": lang }, body: JSON.stringify(request),
    });
    const answer = await response.json().catch(() => null);
    if (turn !== latest) return;
    clearRefused();
    if (response.ok && answer) return show(request, answer, url);
    if (response.status === 429) return fail(texts.limited);
    fail(problemText(answer, $("form"), "status") || texts.failed);
  } catch {
    if (turn === latest) fail(texts.failed);
  }
}

// Where the result stands below the form, as on a phone, it is brought into view.
function reveal() {
  const result = $("result");
  result.focus({ preventScroll: true });
  if (result.getBoundingClientRect().top > innerHeight / 2 || result.getBoundingClientRect().top < 0) result.scrollIntoView({ block: "start" });
}

// The thresholds keep their order whichever slider moves.
function moveThreshold(moved) {
  const green = $("green_from"), yellow = $("yellow_from");
  if (Number(yellow.value) >= Number(green.value)) {
    if (moved === green) yellow.value = Number(green.value) - 1;
    else green.value = Number(yellow.value) + 1;
  }
  $("green_value").textContent = green.value;
  $("yellow_value").textContent = yellow.value;
}

let timer;
for (const id of ["green_from", "yellow_from"]) {
  $(id).addEventListener("input", (event) => {
    moveThreshold(event.target);
    clearTimeout(timer);
    timer = setTimeout(decide, 120);
  });
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  await decide();
  reveal();
});

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const input of form.querySelectorAll("input")) $(input.name).value = input.value;
    $("vat_id").value = "";
    await decide();
    reveal();
  });
}

$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("curl").textContent);
    $("copied").textContent = texts.copied;
  } catch { // refused, or a page without TLS: then by hand
    getSelection().selectAllChildren($("curl"));
  }
});

// Suggestions: a combobox with a list box (WAI-ARIA 1.2), arrows to move, Enter to take, Escape to close.
const list = $("suggestions"), field = $("name");
let choice = -1, asked = 0;

function close() {
  asked++; // an answer still on its way opens nothing
  list.hidden = true;
  choice = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function take(company) {
  field.value = company.name;
  $("postal_code").value = company.postal_code || "";
  $("city").value = company.city || "";
  $("vat_id").value = ""; // what stood there names another company
  close();
}

function mark(index) {
  const items = [...list.children];
  choice = (index + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === choice)));
  field.setAttribute("aria-activedescendant", items[choice].id);
  items[choice].scrollIntoView({ block: "nearest" });
}

async function suggest() {
  const turn = ++asked;
  const query = field.value.trim();
  if (!query) return close();
  const companies = await fetch(`/v1/sandbox/companies?limit=8&q=${encodeURIComponent(query)}`)
    .then(async (response) => response.ok ? (await response.json()).companies : [])
    .catch(() => []);
  if (turn !== asked) return; // overtaken: what is shown answers a later question
  if (!companies.length) return close();
  list.replaceChildren(...companies.map((company, i) => {
    const item = element("li", { role: "option", id: `option-${i}`, "aria-selected": "false" }, company.name,
      element("small", {}, [company.postal_code, company.city].filter(Boolean).join(" ")));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(company); });
    item.company = company;
    return item;
  }));
  list.hidden = false;
  choice = -1;
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", "true");
}

field.addEventListener("input", suggest);
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown") mark(choice + 1);
  else if (event.key === "ArrowUp") mark(Math.max(choice, 0) - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && choice >= 0) take(list.children[choice].company);
  else return;
  event.preventDefault();
});

// A browser keeps what was typed before a reload; the first decision is about what stands there.
moveThreshold($("green_from"));
decide();
