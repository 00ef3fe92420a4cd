// SPDX-License-Identifier: MIT
// The decision as a Node service would make it: everything in memory, nothing recorded.
"use strict";

const crypto = require("node:crypto");

const RANK = { red: 0, yellow: 1, green: 2 };

function logOdds(pd) {
  const p = Math.min(Math.max(pd, 1e-6), 1 - 1e-6);
  return Math.log(p / (1 - p));
}

// Once at start: what does not change from request to request.
function prepare(world) {
  const { model } = world;
  world.companyByKey = new Map(Object.entries(world.companies));
  world.tenantByDigest = new Map(Object.entries(world.keys));
  model.pdOdds = model.points_to_pd.map(([points, pd]) => [points, logOdds(pd)]);
  model.scoreOdds = model.pd_to_score.map(([pd, score]) => [logOdds(pd), score]);
  for (const one of model.characteristics) {
    one.best = Math.max(...one.bins.map((bin) => bin.points));
    one.range = one.best - Math.min(...one.bins.map((bin) => bin.points));
  }
  model.kinds = model.evidence || [];
  for (const one of model.characteristics) one.kind = model.kinds.findIndex((kind) => kind.id === one.evidence);
  model.range = model.characteristics.reduce((sum, one) => sum + (one.kind >= 0 && model.kinds[one.kind].optional ? 0 : one.range), 0);
  return world;
}

function interpolate(table, x) {
  if (x <= table[0][0]) return table[0][1];
  for (let i = 1; i < table.length; i++) {
    const [x1, y1] = table[i];
    if (x <= x1) {
      const [x0, y0] = table[i - 1];
      return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
    }
  }
  return table[table.length - 1][1];
}

function findBin(one, value) {
  for (const bin of one.bins) {
    if (bin.in ? bin.in.includes(value) : bin.below === undefined || value < bin.below) return bin;
  }
  return one.bins[one.bins.length - 1];
}

// What is left of each kind of evidence beside the others.
function shares(model, facts) {
  const known = new Set();
  for (const one of model.characteristics) if (facts[one.fact] !== undefined) known.add(one.evidence);
  return model.kinds.map((kind) => {
    let share = kind.weight ?? 1;
    for (const other in kind.beside) if (known.has(other)) share *= kind.beside[other];
    return share;
  });
}

function weigh(points, share) {
  return Math.sign(points) * Math.floor(Math.abs(points) * share + 0.5 + 1e-9);
}

function evaluate(model, facts) {
  const effects = [];
  const left = shares(model, facts);
  let points = model.base_points;
  let known = 0;
  for (const one of model.characteristics) {
    const value = facts[one.fact];
    const missing = one.missing_points || 0;
    if (value === undefined) {
      points += missing;
      continue;
    }
    const bin = findBin(one, value);
    const share = one.kind < 0 ? 1 : left[one.kind]; // the facts of the benchmark are fresh
    const weighed = weigh(bin.points, share);
    const effect = weighed - missing;
    points += weighed;
    if (one.kind < 0 || !model.kinds[one.kind].optional) known += one.range;
    if (effect !== 0) effects.push({ code: effect > 0 || bin.points === one.best ? one.good : one.bad, points: effect });
  }
  const odds = interpolate(model.pdOdds, points);
  const pd = 1 / (1 + Math.exp(-odds));
  const score = Math.floor(interpolate(model.scoreOdds, odds) + 1e-9);
  effects.sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const share = known / model.range;
  return { score, pd, known: share, thin: model.coverage !== undefined && share < model.coverage.min_known, effects: effects.slice(0, 8) };
}

function roundStep(minor) {
  let step = 1;
  while (minor / step >= 100) step *= 10;
  return Math.floor(minor / step) * step;
}

function creditLimit(rules, facts, assessed, light, exposure) {
  const caps = [];
  const cap = (amount, code) => caps.push([Math.max(0, Math.floor(amount)), code]);
  if (light === "red") {
    cap(0, "CAP_RED");
  } else {
    if (facts.equity !== undefined) cap(facts.equity * 100 * rules.equity_share, "CAP_EQUITY");
    if (facts.revenue !== undefined) cap(facts.revenue * 100 * rules.revenue_share, "CAP_REVENUE");
    if (facts.equity === undefined && facts.revenue === undefined) cap(rules.unknown_cap, "CAP_UNKNOWN_SIZE");
    cap(rules.pd_base * Math.min(1, rules.pd_full / assessed.pd), "CAP_PD");
    const form = rules.legal_form_caps && rules.legal_form_caps[facts.legal_form];
    if (typeof form === "number") cap(form, "CAP_LEGAL_FORM");
    if (facts.age !== undefined && facts.age < rules.young_years) cap(rules.young_cap, "CAP_AGE");
    cap(rules.max_total, "CAP_POLICY");
  }
  let smallest = Math.min(...caps.map(([amount]) => amount));
  const bound = caps.filter(([amount]) => amount === smallest).map(([, code]) => code);
  if (light === "yellow") smallest *= rules.yellow_share;
  if (assessed.thin) smallest *= assessed.thin_share;
  const total = roundStep(Math.floor(smallest));
  const available = Math.max(0, total - exposure);
  const perOrder = Math.min(total, Math.floor(total * (rules.per_order_share ?? 1)),
    rules.per_order_max ?? Infinity, facts.own_orders > 0 ? Infinity : rules.first_order_max ?? Infinity);
  return { total, available, per_order: perOrder, bound };
}

function reason(world, code) {
  const [text, buyer_text] = world.reasons[code] || [code, code];
  return { code, text, buyer_text };
}

function decideMethod(world, rule, light, assessed, limit, amount) {
  const why = [];
  if (rule.type === "prepayment") return { id: rule.id, allowed: true, net_days: 0, deposit_percent: 0, reasons: why };
  if (RANK[light] < RANK[rule.min_light || "red"]) why.push("LIGHT_TOO_LOW");
  if (assessed.score < (rule.min_score || 0)) why.push("SCORE_TOO_LOW");
  if (amount < (rule.min_amount || 0)) why.push("AMOUNT_BELOW_MINIMUM");
  if (rule.max_amount != null && amount > rule.max_amount) why.push("AMOUNT_ABOVE_MAXIMUM");
  if (amount > limit.available) why.push("LIMIT_EXCEEDED");
  else if (amount > limit.per_order) why.push("PER_ORDER_LIMIT_EXCEEDED");
  const terms = light === "green" ? rule : { ...rule, ...rule.yellow };
  return { id: rule.id, allowed: why.length === 0, net_days: terms.net_days || 0,
    deposit_percent: terms.deposit_percent || 0, reasons: why.map((code) => reason(world, code)) };
}

const FOLD = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

function fold(text) {
  return text.toLowerCase().replace(/[äöüß]/g, (c) => FOLD[c]).replace(/[^a-z0-9]+/g, " ").trim();
}

// The strongest identifier that is known wins.
function findCompany(world, company) {
  const keys = [];
  if (company.lei) keys.push(`lei:${company.lei}`);
  if (company.vat_id) keys.push(`vat:${company.vat_id.replace(/[^0-9A-Z]/g, "")}`);
  if (company.register) keys.push(`reg:${fold(company.register.court || "")}:${company.register.type}:${company.register.number}`);
  if (company.name && company.postal_code) keys.push(`name:${fold(company.name)}:${company.postal_code}`);
  for (const key of keys) {
    const found = world.companyByKey.get(key);
    if (found) return found;
  }
  return null;
}

function tenantOf(world, authorization) {
  if (!authorization || !authorization.startsWith("Bearer ")) return null;
  const digest = crypto.createHash("sha256").update(authorization.slice(7)).digest("hex");
  return world.tenantByDigest.get(digest) || null;
}

function decide(world, tenant, body) {
  const { policy, model } = world;
  const company = findCompany(world, body.company);
  const facts = company ? company.facts : {};
  const assessed = evaluate(model, facts);
  assessed.thin_share = assessed.thin ? model.coverage.limit_share : 1;
  const light = assessed.score >= policy.light.green_from && !assessed.thin ? "green" : assessed.score >= policy.light.yellow_from ? "yellow" : "red";
  const limit = creditLimit(policy.limit, facts, assessed, light, 0);
  const asked = body.payment_methods
    ? body.payment_methods.map((id) => policy.payment_methods.find((rule) => rule.id === id)).filter(Boolean)
    : policy.payment_methods;
  const methods = asked.map((rule) => decideMethod(world, rule, light, assessed, limit, body.order.amount));
  const credit = methods.filter((method, i) => asked[i].type !== "prepayment");
  const outcome = !company ? "review" : credit.length === 0 || credit.some((method) => method.allowed) ? "approve" : "decline";
  const advice = outcome === "decline" || light === "red" ? "secure" : light === "green" ? "release" : "observe";
  const chosen = policy.payment_methods.find((rule) => methods.some((method) => method.id === rule.id && method.allowed
    && (outcome === "approve" || rule.type === "prepayment")));
  const why = outcome === "approve" ? [light === "green" ? "LIGHT_GREEN" : "LIGHT_YELLOW"]
    : credit.flatMap((method) => method.reasons.map((one) => one.code));
  const now = Date.now();
  return {
    decision_id: `dec_${crypto.randomUUID()}`,
    livemode: tenant.livemode,
    outcome,
    recommended_method: chosen ? chosen.id : null,
    reasons: [...new Set(why)].map((code) => reason(world, code)),
    payment_methods: methods,
    company: { id: company ? company.id : null, name: company ? company.name : body.company.name,
      match: { kind: company ? "exact" : "none", probability: company ? 1 : 0 } },
    assessment: {
      score: assessed.score, light, pd: Math.round(assessed.pd * 1e6) / 1e6, known_share: Math.round(assessed.known * 1e6) / 1e6,
      insolvency_status: null, as_of: company ? company.as_of : null,
      model: { id: model.id, version: model.version }, policy: { id: policy.id, version: policy.version },
      sources: company ? company.sources : [],
      reasons: assessed.effects.map((effect) => ({ code: effect.code, points: effect.points, text: reason(world, effect.code).text })),
    },
    credit_limit: { currency: policy.limit.currency || "EUR", total: limit.total, exposure: 0, available: limit.available,
      per_order: limit.per_order, bound_by: limit.bound.map((code) => ({ code, text: reason(world, code).text })) },
    recommendation: world.recommendations[advice],
    freshness: "fresh",
    valid_until: new Date(now + (policy.valid_hours || 24) * 3600000).toISOString(),
    token: null,
  };
}

module.exports = { prepare, tenantOf, decide };
