// SPDX-License-Identifier: MIT
// The lead page: asks POST /v1/leads with the key that was typed in. The key is kept in the input alone.

const lang = document.documentElement.lang === "en" ? "en" : "de";
const locale = lang === "en" ? "en-GB" : "de-DE";
const texts = {
  de: {
    lights: { green: "Grün", yellow: "Gelb", red: "Rot" }, priorities: { high: "Hoch", medium: "Mittel", low: "Niedrig" },
    hints: { invoice: "Rechnung", prepayment: "Vorkasse" }, unknown: "unbekannt", judged: "bewertet",
    noKey: "Bitte zuerst den API-Schlüssel eingeben.", failed: "Der Server antwortet nicht. Bitte später noch einmal versuchen.",
  },
  en: {
    lights: { green: "Green", yellow: "Yellow", red: "Red" }, priorities: { high: "High", medium: "Medium", low: "Low" },
    hints: { invoice: "Invoice", prepayment: "Prepayment" }, unknown: "unknown", judged: "judged",
    noKey: "Please enter the API key first.", failed: "The server does not answer. Please try again later.",
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

function rowOf(lead) {
  const why = lead.why.map((reason) => element("li", {}, reason.points ? `${reason.points > 0 ? "+" : "−"}${Math.abs(reason.points)} ${reason.text}` : reason.text));
  return element("tr", {},
    element("th", { scope: "row" }, lead.company.name || "–", element("small", {}, lead.company.customer_ref || "")),
    element("td", {}, lightOf(lead.light)),
    element("td", { class: "number" }, lead.score === null ? texts.unknown : String(lead.score)),
    element("td", { class: "number" }, money(lead.first_limit)),
    element("td", {}, element("span", { class: `priority priority-${lead.priority}` }, texts.priorities[lead.priority]), " – ", lead.priority_text, element("ul", {}, ...why)),
    element("td", {}, texts.hints[lead.payment_hint]));
}

function show(leads) {
  $("none").hidden = true;
  $("results").hidden = false;
  $("results").tBodies[0].prepend(...leads.map(rowOf));
  $("said").textContent = leads.map((lead) => `${lead.company.name}: ${texts.lights[lead.light]}, ${texts.priorities[lead.priority]}`).join("; ");
}

const problemText = (problem) => problem
  ? [problem.detail, ...(problem.errors || []).map((error) => `${error.pointer.split("/").pop()}: ${error.detail}`)].join(" ") : texts.failed;

export async function call(path, options = {}) {
  const key = $("key").value.trim();
  if (!key) {
    $("key").focus();
    throw new Error(texts.noKey);
  }
  const response = await fetch(path, { ...options, headers: { Authorization: `Bearer ${key}`, "Accept-Language": lang, ...options.headers } })
    .catch(() => { throw new Error(texts.failed); });
  if (response.ok) return response;
  throw new Error(problemText(await response.json().catch(() => null)));
}

$("one").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("fault").textContent = "";
  const form = new FormData($("one"));
  for (const [name, value] of [...form]) if (!value.trim()) form.delete(name);
  try {
    const response = await call("/v1/leads", { method: "POST", body: new URLSearchParams(form), headers: { "Idempotency-Key": crypto.randomUUID() } });
    show((await response.json()).leads);
    $("results").scrollIntoView({ block: "nearest" });
  } catch (error) {
    $("fault").textContent = error.message;
  }
});
