/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_GATHER_H
#define SRC_APP_GATHER_H

#include "app/checkout.h"

struct gathered {
	struct facts *facts; /* in the arena; the caller derives when all are in */
	enum freshness freshness;
	bool cache_hit;
	bool confirmed; /* a person confirmed the company for the customer number */
};

/*
 * What is known of the company asked for. One that a person confirmed for the
 * customer number it comes with goes before all; else the cache is first; on a
 * miss or a stale value the register within the deadline, put back. A register
 * that does not answer is no failure: a stale value is used (FRESHNESS_STALE),
 * or nothing is known (FRESHNESS_FALLBACK).
 */
enum status gather_company(const struct checkout_ports *ports, const struct caller *caller,
                           const struct identity *company, const struct identity_norm *asked, int64_t now_ms,
                           struct deadline deadline, struct arena *arena, struct gathered *ret_gathered) MUST_CHECK;

#endif
