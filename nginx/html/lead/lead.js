// SPDX-License-Identifier: MIT
// The lead page: asks POST /v1/leads with the key that was typed in. The key is kept in the input alone.

const lang = document.documentElement.lang === "en" ? "en" : "de";
const locale = lang === "en" ? "en-GB" : "de-DE";
const texts = {
  de: {
    lights: { green: "Grün", yellow: "Gelb", red: "Rot" }, priorities: { high: "Hoch", medium: "Mittel", low: "Niedrig" },
    hints: { invoice: "Rechnung", prepayment: "Vorkasse" }, unknown: "unbekannt", 
    states: { queued: "Wartet …", running: "Läuft …", done: "Fertig.", failed: "Nicht zu verwenden:" }, of: "von", lines: "Zeilen", line: "Zeile",
    counts: (c) => `${c.judged} bewertet, ${c.refused} abgelehnt`,
    noKey: "Bitte zuerst den API-Schlüssel eingeben.", failed: "Der Server antwortet nicht. Bitte später noch einmal versuchen.",
  },
  en: {
    lights: { green: "Green", yellow: "Yellow", red: "Red" }, priorities: { high: "High", medium: "Medium", low: "Low" },
    hints: { invoice: "Invoice", prepayment: "Prepayment" }, unknown: "unknown", 
    states: { queued: "Waiting …", running: "Running …", done: "Done.", failed: "Cannot be used:" }, of: "of", lines: "lines", line: "Line",
    counts: (c) => `${c.judged} judged, ${c.refused} refused`,
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
  form.delete("key"); // goes in the header
  for (const [name, value] of [...form]) if (!value.trim()) form.delete(name);
  try {
    const response = await call("/v1/leads", { method: "POST", body: new URLSearchParams(form), headers: { "Idempotency-Key": crypto.randomUUID() } });
    show((await response.json()).leads);
    $("results").scrollIntoView({ block: "nearest" });
  } catch (error) {
    $("fault").textContent = error.message;
  }
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
    const job = await (await call(`/v1/lead-jobs/${encodeURIComponent(id)}`)).json();
    if (turn !== followed) return;
    showJob(job);
    if (job.state === "done" || job.state === "failed") return;
    await new Promise((wake) => setTimeout(wake, 400));
  }
}

async function listDone(action) {
  $("list-fault").textContent = "";
  try {
    await action();
  } catch (error) {
    $("list-fault").textContent = error.message;
  }
}

$("list").addEventListener("submit", (event) => {
  event.preventDefault();
  listDone(async () => {
    const response = await call("/v1/leads", { method: "POST", body: $("file").files[0], headers: { "Content-Type": "text/csv" } });
    const job = await response.json();
    showJob(job);
    await follow(job.job_id);
  });
});

$("resume").addEventListener("click", () => listDone(() => follow($("job-number").value.trim())));

$("download").addEventListener("click", () => listDone(async () => {
  const response = await call(`/v1/lead-results/${$("job-id").textContent}`);
  const url = URL.createObjectURL(await response.blob());
  element("a", { href: url, download: "leads.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}));
