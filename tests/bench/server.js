// SPDX-License-Identifier: MIT
// The Node peer of make bench: Fastify with compiled validation and serialisation. node server.js SOCKET WORLD WORKERS
"use strict";

const cluster = require("node:cluster");
const fs = require("node:fs");
const { prepare, tenantOf, decide } = require("./decide.js");

const [socket, worldFile, workers] = process.argv.slice(2);

const text = (maxLength) => ({ type: ["string", "null"], maxLength });
const place = { street: text(256), postal_code: text(16), city: text(128) };
const object = (properties, required = []) => ({ type: "object", additionalProperties: false, properties, required });
const bodySchema = object({
  company: object({
    ...place, name: text(512), country: { type: "string", pattern: "^[A-Z]{2}$" }, vat_id: text(20), lei: text(20),
    customer_ref: text(64),
    register: { ...object({ court: text(128), type: text(8), number: text(24) }), type: ["object", "null"] },
  }, ["country"]),
  order: object({
    ref: text(64), amount: { type: "integer", minimum: 1 }, currency: { type: "string", pattern: "^[A-Z]{3}$" },
  }, ["amount", "currency"]),
  delivery_address: { ...object({ ...place, country: text(2) }), type: ["object", "null"] },
  payment_methods: { type: "array", maxItems: 16, items: { type: "string", maxLength: 32 } },
}, ["company", "order"]);

const string = { type: "string", nullable: true };
const number = { type: "number", nullable: true };
const answer = (properties) => ({ type: "object", properties });
const list = (items) => ({ type: "array", items });
const named = answer({ code: string, text: string, buyer_text: string });
const version = answer({ id: string, version: string });
const answerSchema = answer({
  decision_id: string, livemode: { type: "boolean" }, outcome: string, recommended_method: string, reasons: list(named),
  payment_methods: list(answer({ id: string, allowed: { type: "boolean" }, net_days: number, deposit_percent: number,
    reasons: list(named) })),
  company: answer({ id: string, name: string, match: answer({ kind: string, probability: number }) }),
  assessment: answer({ score: number, light: string, pd: number, known_share: number, insolvency_status: number,
    as_of: string, model: version, policy: version, sources: list(answer({ id: string, as_of: string, state: string })),
    reasons: list(answer({ code: string, points: number, text: string })) }),
  credit_limit: answer({ currency: string, total: number, exposure: number, available: number, per_order: number,
    bound_by: list(answer({ code: string, text: string })) }),
  recommendation: answer({ code: string, actions: list(string), text: string }),
  freshness: string, valid_until: string, token: string,
});

async function serve() {
  const world = prepare(JSON.parse(fs.readFileSync(worldFile, "utf8")));
  const app = require("fastify")({ bodyLimit: 65536, keepAliveTimeout: 60000 });
  app.post("/v1/checkout/payment-methods", { schema: { body: bodySchema, response: { 200: answerSchema } } },
    async (request, reply) => {
      const tenant = tenantOf(world, request.headers.authorization);
      if (!tenant) {
        reply.code(401).type("application/problem+json");
        return { type: "about:blank", title: "Unauthorized", status: 401, code: "unauthorized" };
      }
      return decide(world, tenant, request.body);
    });
  await app.listen({ path: socket });
}

if (cluster.isPrimary && Number(workers) > 1) {
  for (let i = 0; i < Number(workers); i++) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  serve();
}
