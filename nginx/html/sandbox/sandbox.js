// SPDX-License-Identifier: MIT
// The sandbox page: asks the same call a shop asks and shows what came back. No state outside the page.

const lang = document.documentElement.lang;
const texts = {
  de: {
    lights: { green: "Grün: Rechnung möglich", yellow: "Gelb: genauer hinsehen", red: "Rot: nur Vorkasse" },
    outcomes: { approve: "Freigegeben", review: "Prüfung durch eine Person", decline: "Keine Rechnung" },
    methods: { invoice: "Rechnung", sepa_debit: "Lastschrift", card: "Karte", prepayment: "Vorkasse" },
    allowed: "ja", withheld: "nein", days: "Tage Zahlungsziel", deposit: "% Anzahlung", points: "Punkte",
    score: "Score", of: "von 100", unknown: "kein Score: Firma unbekannt", perOrder: "je Bestellung",
    none: "keine Punkte bekannt", busy: "Wird entschieden …", copied: "Kopiert",
    failed: "Keine Antwort vom Server.", limited: "Zu viele Anfragen; bitte kurz warten.", found: "Vorschläge",
  },
  en: {
    lights: { green: "Green: invoice possible", yellow: "Yellow: look closer", red: "Red: prepayment only" },
    outcomes: { approve: "Approved", review: "A person must look", decline: "No invoice" },
    methods: { invoice: "Invoice", sepa_debit: "Direct debit", card: "Card", prepayment: "Prepayment" },
    allowed: "yes", withheld: "no", days: "days net", deposit: "% deposit", points: "points",
    score: "Score", of: "of 100", unknown: "no score: company unknown", perOrder: "per order",
    none: "no points known", busy: "Deciding …", copied: "Copied",
    failed: "No answer from the server.", limited: "Too many requests; please wait a moment.", found: "suggestions",
  },
}[lang === "en" ? "en" : "de"];

const $ = (id) => document.getElementById(id);
const money = (minor, currency) =>
  new Intl.NumberFormat(lang, { style: "currency", currency }).format(minor / 100);

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
  green: () => [svg("circle", { cx: 24, cy: 24, r: 21, fill: "currentColor" }),
    svg("path", { d: "M13 25l8 8 15-17", fill: "none", stroke: "#fff", "stroke-width": 5 })],
  yellow: () => [svg("path", { d: "M24 3 46 44H2z", fill: "currentColor" }),
    svg("path", { d: "M24 17v13m0 4v5", fill: "none", stroke: "#fff", "stroke-width": 5 })],
  red: () => [svg("path", { d: "M15 3h18l12 12v18L33 45H15L3 33V15z", fill: "currentColor" }),
    svg("path", { d: "M15 15l18 18m0-18L15 33", fill: "none", stroke: "#fff", "stroke-width": 5 })],
};

function lightOf(answer) {
  const light = answer.assessment.light;
  const picture = svg("svg", { viewBox: "0 0 48 48", role: "img", "aria-label": texts.lights[light], "data-shape": light }, ...shapes[light]());
  return element("div", { class: `light is-${light}`, id: "light" }, picture,
    element("div", {}, element("p", { class: "words" }, texts.lights[light]),
      element("p", { class: "why" }, [texts.outcomes[answer.outcome], ...answer.reasons.map((r) => r.text)].join(" · "))));
}

function gaugeOf(score) {
  if (score === null) return element("p", {}, texts.unknown);
  const label = `${texts.score} ${score} ${texts.of}`;
  const angle = Math.PI * (1 - score / 100);
  const tip = `${100 + 70 * Math.cos(angle)} ${100 - 70 * Math.sin(angle)}`;
  const caption = svg("text", { x: 100, y: 122, "text-anchor": "middle", "font-size": 17, fill: "#17212b" });
  caption.textContent = label;
  return svg("svg", { viewBox: "0 0 200 130", role: "img", "aria-label": label },
    svg("path", { d: "M20 100a80 80 0 0 1 160 0", fill: "none", stroke: "#c3ccd5", "stroke-width": 16 }),
    svg("path", { d: "M20 100a80 80 0 0 1 160 0", fill: "none", stroke: "#0b4f8a", "stroke-width": 16, pathLength: 100, "stroke-dasharray": `${score} 100` }),
    svg("path", { d: `M100 100L${tip}`, stroke: "#17212b", "stroke-width": 4, "stroke-linecap": "round" }), caption);
}

function methodOf(method) {
  const terms = [];
  if (method.allowed && method.net_days) terms.push(`${method.net_days} ${texts.days}`);
  if (method.allowed && method.deposit_percent) terms.push(`${method.deposit_percent} ${texts.deposit}`);
  const mark = element("span", { class: `mark ${method.allowed ? "allowed" : "withheld"}` },
    method.allowed ? `✓ ${texts.allowed}` : `✕ ${texts.withheld}`);
  const item = element("li", {}, mark, " ", texts.methods[method.id] || method.id);
  const more = [...terms, ...method.reasons.map((r) => r.text)].join(" · ");
  if (more) item.append(element("small", {}, more));
  return item;
}

function reasonOf(reason) {
  const sign = reason.points > 0 ? "+" : "";
  return element("li", {}, element("span", { class: "points" }, `${sign}${reason.points}`), " ", reason.text);
}

function show(request, answer, url) {
  const limit = answer.credit_limit;
  $("status").replaceChildren(lightOf(answer));
  $("gauge").replaceChildren(gaugeOf(answer.assessment.score));
  $("limit").textContent = `${money(limit.total, limit.currency)} (${money(limit.per_order, limit.currency)} ${texts.perOrder})`;
  $("recommendation").textContent = answer.recommendation.text;
  $("methods").replaceChildren(...answer.payment_methods.map(methodOf));
  const reasons = answer.assessment.score === null ? [] : answer.assessment.reasons;
  $("reasons").replaceChildren(...(reasons.length ? reasons.map(reasonOf) : [element("li", {}, texts.none)]));
  $("request").textContent = JSON.stringify(request, null, 2);
  $("answer").textContent = JSON.stringify(answer, null, 2);
  const body = JSON.stringify(request).replaceAll("'", "'\\''");
  $("curl").textContent = `curl -s '${new URL(url, location.href)}' -H 'Content-Type: application/json' -d '${body}'`;
  $("details").hidden = false;
}

function fail(message) {
  $("status").replaceChildren(element("p", { class: "is-error" }, message));
  $("details").hidden = true;
}

function readForm() {
  const data = new FormData($("form"));
  const company = {};
  for (const field of ["name", "postal_code", "city", "country", "vat_id"]) {
    const value = data.get(field).trim();
    if (value) company[field] = value;
  }
  const [whole, cents = ""] = data.get("amount").trim().replace(",", ".").split(".");
  return { company, order: { amount: Number(whole) * 100 + Number(cents.padEnd(2, "0")), currency: "EUR" } };
}

let latest = 0;

async function decide() {
  const turn = ++latest;
  if (!$("form").checkValidity()) return;
  const request = readForm();
  const url = `/v1/sandbox/checkout/payment-methods?green_from=${$("green_from").value}&yellow_from=${$("yellow_from").value}`;
  try {
    const response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": lang }, body: JSON.stringify(request),
    });
    const answer = await response.json().catch(() => null);
    if (turn !== latest) return;
    if (response.ok && answer) return show(request, answer, url);
    if (response.status === 429) return fail(texts.limited);
    fail(answer ? [answer.detail, ...(answer.errors || []).map((e) => `${e.pointer}: ${e.detail}`)].join(" ") : texts.failed);
  } catch {
    if (turn === latest) fail(texts.failed);
  }
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
  $("result").focus({ preventScroll: false });
});

for (const button of document.querySelectorAll("button.try")) {
  button.addEventListener("click", async () => {
    $("name").value = button.dataset.name;
    $("postal_code").value = button.dataset.postal;
    $("city").value = button.dataset.city;
    $("amount").value = button.dataset.amount;
    $("vat_id").value = "";
    await decide();
    $("result").focus();
  });
}

$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("curl").textContent);
  $("copy").textContent = texts.copied;
});

// Suggestions: a combobox with a list box (WAI-ARIA 1.2), arrows to move, Enter to take, Escape to close.
const list = $("suggestions"), field = $("name");
let choice = -1, asked = 0;

function close() {
  list.hidden = true;
  choice = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function take(company) {
  field.value = company.name;
  $("postal_code").value = company.postal_code || "";
  $("city").value = company.city || "";
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
  if (query.length < 2) return close();
  const response = await fetch(`/v1/sandbox/companies?limit=8&q=${encodeURIComponent(query)}`).catch(() => null);
  if (turn !== asked || !response || !response.ok) return close();
  const { companies } = await response.json();
  list.replaceChildren(...companies.map((company, i) => {
    const item = element("li", { role: "option", id: `option-${i}`, "aria-selected": "false" }, company.name,
      element("small", {}, [company.postal_code, company.city].filter(Boolean).join(" ")));
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(company); });
    item.company = company;
    return item;
  }));
  list.hidden = companies.length === 0;
  field.setAttribute("aria-expanded", String(companies.length > 0));
}

field.addEventListener("input", suggest);
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown") mark(choice + 1);
  else if (event.key === "ArrowUp") mark(choice - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && choice >= 0) take(list.children[choice].company);
  else return;
  event.preventDefault();
});
