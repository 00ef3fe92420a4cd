/* SPDX-License-Identifier: MIT */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "core/decision.h"

/* Who asked for what, when; the part of a record that is no decision. */
struct record_head {
	struct slice decision_id; /* "dec_..." */
	struct slice tenant;
	struct slice request_id;
	bool livemode;
	int64_t at_ms; /* instant of the decision */
	int64_t valid_until_ms;
};

/*
 * The canonical text of a decision record: one JSON object without blanks,
 * members in a fixed order, so that equal decisions are equal bytes and the
 * decision can be replayed from it: identity asked, order, facts used with
 * source and day, model and policy version, score, limit, methods, reasons.
 * Left open (no closing brace): the store appends the chain members with
 * record_close(). STATUS_TOO_LARGE over MAX_RECORD.
 */
enum status record_put(struct buf *out, const struct record_head *head, const struct identity *asked,
                       const struct decision_input *input, const struct decision *decision) MUST_CHECK;

/* Appends  ,"seq":N,"prev":"<64 hex>"}  : the chain of one tenant, seq from 1, prev of the first all zeros. */
void record_close(struct buf *out, uint64_t seq, const uint8_t prev[32]);

#endif
