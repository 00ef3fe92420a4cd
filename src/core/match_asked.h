/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_ASKED_H
#define CORE_MATCH_ASKED_H

#include "core/match.h"
#include "core/match_text.h"
#include "match_sim.h"

#define MATCH_CANDIDATES   192
#define MATCH_GRAMS        320
#define MATCH_GRAM_SLOTS   1024
#define MATCH_ASKED_CITIES 8

/* The query in the form the search compares. */
struct match_asked {
	struct match_name name;
	struct match_street street;
	struct match_city city;
	uint32_t postcode;
	enum register_type type;
	uint32_t number;
	struct slice court; /* match_court_code() */
	struct slice suffix;
	const struct match_set *set;
	unsigned part;              /* of the set, that the next four belong to */
	uint32_t word[MATCH_WORDS]; /* UINT32_MAX = unknown */
	uint32_t street_id;         /* UINT32_MAX = unknown */
	uint32_t cities[MATCH_ASKED_CITIES];
	size_t city_count;
	bool known[MATCH_WORDS];      /* some part has the word */
	uint16_t weight[MATCH_WORDS]; /* rarity in 1/16 bit */
	uint8_t kind[MATCH_WORDS];    /* enum match_word_kind */
	bool is_city[MATCH_WORDS];    /* part of the city typed */
	bool is_extra[MATCH_WORDS];   /* typed in addition to the name: "Firma", "- Zentrale", the city at the end */
	char core[MATCH_NAME_BYTES];  /* the compact name without those */
	size_t core_len;
	uint16_t weight_sum;
	uint64_t sig[MATCH_SIG_WORDS];
	uint64_t sig_rare[MATCH_SIG_WORDS];
	struct match_pattern pattern[MATCH_WORDS];
	struct match_pattern compact;
	struct match_pattern city_pattern;
	struct match_pattern street_pattern;
	struct match_rows excluded;
	uint8_t gram_count[MATCH_GRAM_SLOTS];
	unsigned grams;
};

void match_asked_init(struct match_asked *asked, const struct match_set *set, const struct match_query *query,
                      struct match_rows excluded);
/* Looks words and places up in one part of the set. */
void match_asked_bind(struct match_asked *asked, unsigned part);
/* The row is not to be found, by wish or because its company was replaced. */
bool match_asked_excludes(const struct match_asked *asked, uint32_t row);
/* 16 * log2(rows / count), at least 1. */
uint16_t match_asked_weight(uint32_t rows, uint32_t count);
/* Slots of the trigrams of a text, at most MATCH_GRAMS of them. */
unsigned match_asked_grams(struct slice text, uint16_t *ret_slots);

#endif
