/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_TRADE_H
#define TESTS_SUPPORT_TRADE_H

#include "core/decision.h"

/*
 * One sale to decide upon, all of it sound and good: a known GmbH, green, of
 * size enough for the largest limit, that orders for 1,000 EUR. Tests change
 * what they are about. The score hangs on one fact alone, see trade_grade().
 */
struct trade {
	struct policy policy;
	struct model model;
	struct facts facts;
	struct order order;
	struct identity_norm asked;
	struct decision_input in;
	struct decision out;
};

#define TRADE_DAY    20000 /* 2024-10-04 */
#define TRADE_GRADES 21    /* 0 worst .. 20 best */

void trade_init(struct trade *trade);
/* Sets the fact the score hangs on; higher grades never score lower. */
void trade_grade(struct trade *trade, int grade);
/* The best grade of this light. */
void trade_light(struct trade *trade, enum light light);
void trade_set(struct trade *trade, enum fact_id id, int64_t value);
/* Asks for these methods, NULL-terminated; none = all of the policy. */
void trade_ask(struct trade *trade, const char *const *methods);
/* Puts a key on the policy's allow or deny list. */
void trade_list(struct trade *trade, const char *key, bool allow);
/* The register has answered, and with this match. */
void trade_nobody_found(struct trade *trade, enum match_kind match);
/* Derives and decides. */
const struct decision *trade_decide(struct trade *trade);

const struct method_decision *trade_method(const struct decision *decision, const char *id); /* NULL = not there */
bool trade_has(const enum reason *reasons, size_t count, enum reason reason);

/* Decides: it came out so, and this is among its reasons. */
void trade_expect(struct trade *trade, enum outcome outcome, enum reason reason);
/* Decides: the method is withheld, and for this reason. */
void trade_expect_withheld(struct trade *trade, const char *method, enum reason reason);
void trade_expect_allowed(struct trade *trade, const char *method);

/* Reproducible randomness: the next number of a sequence, and one below n. */
uint64_t trade_random(uint64_t *state);
int64_t trade_below(uint64_t *state, int64_t n);

#endif
