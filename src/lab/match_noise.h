/* SPDX-License-Identifier: MIT */
#ifndef LAB_MATCH_NOISE_H
#define LAB_MATCH_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Typing as people type: errors put into names and addresses, in the shares
 * found in the development queries (op column). For fitting and for
 * benchmarks; the same seed gives the same errors.
 */
#define NOISE_TEXT 600

struct noise_query {
	char name[NOISE_TEXT];
	char street[NOISE_TEXT];
	char postal_code[16];
	char city[NOISE_TEXT];
};

struct noise_random {
	uint64_t state;
};

/* 0 .. below - 1 */
uint32_t noise_below(struct noise_random *random, uint32_t below);
bool noise_chance(struct noise_random *random, unsigned percent);

/* "count" errors in the name; "keep": none that takes words or the legal form away. */
void noise_name(struct noise_query *query, struct noise_random *random, unsigned count, bool keep);
/* One error in the address. */
void noise_address(struct noise_query *query, struct noise_random *random);

#endif
