/* SPDX-License-Identifier: MIT */
#ifndef CORE_BUREAU_H
#define CORE_BUREAU_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"

/* What a bureau's value means. */
enum bureau_result {
	BUREAU_PD,      /* *ret_ppm is its probability of default */
	BUREAU_DEFAULT, /* a hard negative: *ret_ppm all the same */
	BUREAU_UNKNOWN, /* the bureau does not judge; nothing against the company */
	BUREAU_INVALID  /* no value of this scale: a mistake, say so */
};

struct bureau_point {
	int64_t value; /* millionths */
	int32_t pd_ppm;
};

struct bureau_word {
	char text[MAX_BUREAU_WORD + 1];
	enum bureau_result result;
	int32_t pd_ppm;
};

/*
 * One bureau's scale, as of a day: PD by year differ, so a table is data with
 * a version, never a constant. Immutable once loaded. File: wire/bureau_in.h.
 */
struct bureau_table {
	char id[MAX_MODEL_ID + 1];
	char version[MAX_VERSION + 1];
	bool expert; /* an opinion, not told by the bureau */
	uint8_t point_count;
	struct bureau_point points[MAX_PD_POINTS]; /* values rising, PD rising or falling; between them by log-odds */
	uint8_t default_count;
	struct bureau_point defaults[MAX_BUREAU_DEFAULTS]; /* single values that mean default */
	uint8_t word_count;
	struct bureau_word words[MAX_BUREAU_WORDS]; /* grades, and texts in place of a value */
};

/* NULL, or which member breaks a promise. */
const char *bureau_check(const struct bureau_table *table);
/* An empty text is unknown; a number outside the points and not among the defaults is invalid. */
enum bureau_result bureau_pd(const struct bureau_table *table, struct slice text, int32_t *ret_ppm);
const char *bureau_result_name(enum bureau_result result);

#endif
