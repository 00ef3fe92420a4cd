/* SPDX-License-Identifier: MIT */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "core/decision.h"

#define RECORD_FORMAT 1
#define RECORD_CLOSE  128 /* most that record_close() appends */

/* Who asked for what, when; the part of a record that is no decision. */
struct record_head {
	struct slice decision_id; /* "dec_..." */
	struct slice tenant;
	struct slice request_id;
	bool livemode;
	bool lead;               /* asked by sales, not by a shop */
	struct slice recheck_of; /* the decision that this one makes again; absent = none */
	int64_t at_ms;           /* instant of the decision */
	int64_t valid_until_ms;
};

/*
 * The canonical text of a decision record: one JSON object without blanks,
 * members in a fixed order, so that equal decisions are equal bytes and the
 * decision can be replayed from it: identity asked, order, facts used with
 * source and day, model and policy version, score, limit, methods, reasons.
 * Left open (no closing brace): the store appends the chain members with
 * record_close(). STATUS_TOO_LARGE over MAX_RECORD. Each byte is hashed and
 * kept for years, so what is absent, unknown or as said in brackets is left
 * out. The members, in their order:
 *
 *   v           RECORD_FORMAT
 *   id, tenant, request_id, livemode, lead [false], recheck_of [none], at
 *   valid_ms    how long from "at" the answer holds
 *   asked       identity as typed: name, street, postal_code, city, country,
 *               vat_id, lei, economic_id, court, register_type,
 *               register_number, customer_ref
 *   order       ref, amount, currency, other_delivery_address [false],
 *               methods as asked (true: just those of "methods" below)
 *   exposure [0], freshness, today [the day of "at"]
 *   match       kind, probability in millionths [1000000 if exact, else 0],
 *               key, aliases, name, country
 *   sources     [[id, as_of, state ["answer"], SHA-256 of the answer as it came
 *               [none is kept]], ...]
 *   facts       [[source index, as_of [the source's], {fact: value, ...}], ...]:
 *               one group per source and day, dates as text, legal form and
 *               register status by name, all else integers in the fact's unit
 *   model, policy   [id, version]
 *   score       points, pd (ppm), score, known (millionths), stop, effects
 *               [[reason, points], ...]
 *   light, natural_person [false], identified [true]
 *   outage      when freshness is "fallback": customer (class), missing (ids of
 *               the required sources without a usable word), rules [[method,
 *               rule, amount [of another rule than allow_up_to]], ...]
 *   limit       currency [the order's], total, available, per_order, bound_by
 *   methods     [[id, allowed, net_days, deposit_percent, reason, ...], ...]
 *   recommended, recommendation, outcome, reasons
 */
enum status record_put(struct buf *out, const struct record_head *head, const struct identity *asked,
                       const struct decision_input *input, const struct decision *decision) MUST_CHECK;

/* Appends  ,"seq":N,"prev":"<64 hex>"}  : the chain of one tenant, seq from 1, prev of the first all zeros. */
void record_close(struct buf *out, uint64_t seq, const uint8_t prev[32]);

#endif
