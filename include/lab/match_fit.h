/* SPDX-License-Identifier: MIT */
#ifndef LAB_MATCH_FIT_H
#define LAB_MATCH_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/slice.h"
#include "base/status.h"
#include "core/match.h"

/*
 * Fits the model that tells the probability of a match (core/match_model.c)
 * on queries made from a register: companies misspelt the way people type,
 * and companies left out on purpose so that nobody is meant. Labelled queries
 * of another origin then set two numbers, the scale and shift of the
 * log-odds, so that the probabilities are right on them.
 */

/* A company as the register writes it. */
struct match_fit_company {
	struct slice name;
	struct slice street;
	struct slice postal_code;
	struct slice city;
	struct slice previous; /* earlier names, '|' between them */
	enum register_type type;
	uint32_t number;
	struct slice suffix;
	bool real_address;
};

struct match_fit_query {
	struct match_query query;
	struct slice meant; /* ids, '|' between them; empty = nobody */
};

struct match_fit_options {
	size_t samples;
	unsigned trees;
	uint64_t seed;
	const struct match_fit_query *queries; /* for scale and shift; may be none */
	size_t query_count;
	void (*report)(void *ctx, const char *what, double done);
	void *ctx;
};

/*
 * companies[i] is company i of the image. Writes the table that
 * core/match_model.c includes. STATUS_NO_MEMORY; STATUS_INVALID: a register
 * too small to draw from.
 */
enum status match_fit(const struct match_image *image, const struct match_fit_company *companies,
                      const struct match_fit_options *options, FILE *out) MUST_CHECK;

#endif
