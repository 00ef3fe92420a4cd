/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_FAKES_H
#define TESTS_SUPPORT_FAKES_H

#include "app/checkout.h"

/*
 * The world of the checkout use case without I/O: a clock that stands still,
 * a register that answers what it is told, a cache that keeps one value, a
 * store that keeps the last record. Not for several threads.
 */
struct fakes {
	int64_t now_ms;

	enum status find_status;
	struct facts found; /* what the register answers */
	unsigned finds;
	uint64_t revision;

	bool cache_works;
	char cache_key[MAX_CACHE_KEY];
	size_t cache_key_len;
	char cache_value[MAX_CACHE_VALUE];
	size_t cache_value_len;
	int64_t fresh_until_ms;
	int64_t stale_until_ms;

	enum status append_status;
	char record[MAX_RECORD];
	size_t record_len;
	unsigned appends;
	char idempotency_key[MAX_IDEMPOTENCY_KEY + 1];
	bool recheck;
	char recheck_of[MAX_DECISION_ID + 1];
	char event_type[64]; /* "" = none */
	char event_data[4096];

	enum status sign_status;
	uint8_t random_byte; /* every random byte, plus its place */
};

void fakes_init(struct fakes *fakes, int64_t now_ms);
struct checkout_ports fakes_ports(struct fakes *fakes);

#endif
