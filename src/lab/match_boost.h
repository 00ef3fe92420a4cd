/* SPDX-License-Identifier: MIT */
#ifndef LAB_MATCH_BOOST_H
#define LAB_MATCH_BOOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Boosted trees for choosing one of a list or none of it: each candidate gets
 * a score s, P(candidate) = e^s / (1 + sum of e^s over the list), and trees
 * are added down the gradient of the log-likelihood (conditional logit). All
 * nodes of a level ask the same question ("oblivious" trees, as in CatBoost),
 * which makes them hard to overfit and quick to evaluate.
 */
#define BOOST_DEPTH  6
#define BOOST_LEAVES (1 << BOOST_DEPTH)
#define BOOST_BINS   64

/* Lists of candidates one behind the other. */
struct boost_data {
	size_t lists;
	size_t rows;
	unsigned features;
	const uint32_t *first; /* row of each list's first candidate; one more as end */
	const uint8_t *meant;  /* row: the right answer; several are right together */
	const int16_t *values; /* row by row */
};

struct boost_tree {
	uint8_t feature[BOOST_DEPTH];
	int16_t cut[BOOST_DEPTH]; /* value >= cut: the bit of this level is 1 */
	double leaf[BOOST_LEAVES];
};

struct boost_options {
	unsigned trees;
	double rate;    /* of learning */
	double penalty; /* added to each leaf's second derivative */
	double base;    /* every score to begin with */
	uint64_t seed;
	/* Called after each tree with the mean loss; false ends the fit. May be NULL. */
	bool (*report)(void *ctx, unsigned tree, double loss);
	void *ctx;
};

/* ret_trees has room for options->trees. STATUS_NO_MEMORY. */
enum status boost_fit(const struct boost_data *data, const struct boost_options *options, struct boost_tree *ret_trees,
                      unsigned *ret_count) MUST_CHECK;

#endif
