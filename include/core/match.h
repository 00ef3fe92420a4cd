/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "core/match_image.h"
#include "core/register_number.h"

/*
 * Finds the company a typed name and address mean, or none. Works on an
 * index image (match_image.h) and on scratch memory of the caller; the time
 * is bounded whatever the query is.
 */

/* What was typed; any part may be absent, any bytes are allowed. */
struct match_query {
	struct slice name;
	struct slice street;
	struct slice postal_code;
	struct slice city;
	struct slice court;      /* code, as the register's ids write it; "" = any */
	enum register_type type; /* REGISTER_NONE = no register number */
	uint32_t number;
	struct slice suffix;
	struct slice vat_id;
	struct slice lei;
	bool unfinished; /* the name is being typed: see match_completes */
};

#define MATCH_HITS 24

/* How a field of the query compares with the company. */
enum match_evidence {
	MATCH_FIELD_ABSENT, /* not typed, or the company has none */
	MATCH_FIELD_EQUAL,
	MATCH_FIELD_CLOSE, /* a misspelling, a part, a neighbouring place */
	MATCH_FIELD_OTHER
};

enum match_field {
	MATCH_FIELD_NAME,
	MATCH_FIELD_FORM,
	MATCH_FIELD_STREET,
	MATCH_FIELD_HOUSE,
	MATCH_FIELD_POSTCODE,
	MATCH_FIELD_CITY,
	MATCH_FIELD_REGISTER,
	MATCH_FIELD_COUNT
};

/*
 * What a name that is still being typed may become. Completions stand behind
 * the hits whose name was typed in full and before all others; names that
 * begin so stand before those where each typed word begins one of theirs;
 * among them the shorter one first, and who is no longer registered or was
 * found by an earlier name last. "mu", "mü" and "mue" all begin "Müller". A
 * completion says nothing about whom the text means: it changes no verdict,
 * and its probability stays what the search without it says, or 0.
 */
enum match_completes { MATCH_COMPLETES_NOTHING, MATCH_COMPLETES_NAME, MATCH_COMPLETES_WORD };

struct match_hit {
	uint8_t part;      /* of the set */
	uint8_t completes; /* enum match_completes */
	uint32_t company;
	uint32_t row;  /* the name that matched: an earlier one when row >= companies */
	uint32_t ppm;  /* probability that this company, or a double of it in the register, is meant */
	uint32_t sure; /* the part of it that may be acted upon: see MATCH_VERDICT_FUZZY */
	uint8_t evidence[MATCH_FIELD_COUNT]; /* enum match_evidence */
};

/*
 * A name alone is never safe to use, however rare: place or register number
 * must speak for it too. Nor is a name shared with another company that is
 * still registered at that place. In a register of few companies most of
 * those typed are missing: there the name must read alike from end to end.
 */
enum match_verdict {
	MATCH_VERDICT_NONE,
	MATCH_VERDICT_AMBIGUOUS, /* a person must choose */
	MATCH_VERDICT_FUZZY,     /* safe to use */
	MATCH_VERDICT_EXACT      /* an identifier or every field agrees */
};

struct match_result {
	struct match_hit hits[MATCH_HITS]; /* most probable first */
	size_t count;
	enum match_verdict verdict;
};

/* A list of rows. */
struct match_rows {
	const uint32_t *rows;
	size_t count;
};

/* Scratch of one search; about a megabyte, contents are of no interest. */
struct match_scratch;
size_t match_scratch_size(void);
/* Before the first search; mem is match_scratch_size() bytes, aligned for any type. */
struct match_scratch *match_scratch_init(void *mem);

/*
 * Ranks who may be meant. A register number with its court, a VAT id or an
 * LEI decides by itself unless the name contradicts it or identifiers
 * contradict each other: then the verdict is "ambiguous", never a silent
 * choice. Without any of them a name is needed.
 */
void match_search(const struct match_set *set, const struct match_query *query, struct match_scratch *scratch,
                  struct match_result *ret_result);

/* Every field that was typed agrees exactly: for searches that must not be fuzzy. */
bool match_hit_fits(const struct match_hit *hit);

#endif
