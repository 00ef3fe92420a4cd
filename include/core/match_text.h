/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_TEXT_H
#define CORE_MATCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Normalisation for matching: coarser than the canonical identity, because
 * both sides of a comparison go through it and nothing is stored or shown.
 */
#define MATCH_NAME_BYTES 256 /* of the folded name; what is longer is cut */
#define MATCH_WORDS      24  /* words kept; those behind them join the last */
#define MATCH_WORD_BYTES 63

/* Parts of a legal form, as a set: "GmbH & Co. KG" has three. */
enum match_form {
	MATCH_FORM_GMBH = 1 << 0,
	MATCH_FORM_CO = 1 << 1,
	MATCH_FORM_KG = 1 << 2,
	MATCH_FORM_OHG = 1 << 3,
	MATCH_FORM_AG = 1 << 4,
	MATCH_FORM_UG = 1 << 5,
	MATCH_FORM_EG = 1 << 6,
	MATCH_FORM_EV = 1 << 7,
	MATCH_FORM_PARTG = 1 << 8,
	MATCH_FORM_FOREIGN = 1 << 9,
	MATCH_FORM_SE = 1 << 10,
	MATCH_FORM_KGAA = 1 << 11,
	MATCH_FORM_GBR = 1 << 12,
	MATCH_FORM_EK = 1 << 13,
	MATCH_FORM_CHARITY = 1 << 14 /* gemeinnuetzig: no form, but never part of the core */
};

/* A name's words without its legal form, one behind the other without blanks. */
struct match_name {
	char text[MATCH_NAME_BYTES];
	uint16_t start[MATCH_WORDS + 1]; /* word i is text[start[i]] up to start[i + 1] */
	uint16_t form;                   /* enum match_form bits */
	uint8_t count;
};

void match_name_parse(struct slice raw, struct match_name *ret_name);
struct slice match_name_word(const struct match_name *name, size_t i);
struct slice match_name_compact(const struct match_name *name);

/*
 * The name as written, folded and without blanks, cut after MATCH_KEY_BYTES:
 * what a name begins with while it is typed. Returns the length.
 */
#define MATCH_KEY_BYTES 64
#define MATCH_KEY_RAW   512 /* bytes of a name that are looked at */
size_t match_name_key(struct slice raw, char ret_key[MATCH_KEY_BYTES]);

/* A street's key: folded, no blanks, "strasse" as "str"; the number apart. */
struct match_street {
	char key[MATCH_WORD_BYTES + 1];
	uint8_t len;
	bool po_box;
	uint16_t house; /* first number, 0 = none */
	char letter;    /* 'a' in "12a", 0 = none */
};

void match_street_parse(struct slice raw, struct match_street *ret_street);

/* A city's key: folded words without blanks; "first" is how much of it its first word is. */
struct match_city {
	char key[MATCH_WORD_BYTES + 1];
	uint8_t len;
	uint8_t first;
};

void match_city_parse(struct slice raw, struct match_city *ret_city);

#define MATCH_NO_POSTCODE 100000
/* Five digits as a number, MATCH_NO_POSTCODE otherwise ("D-40213" is read too). */
uint32_t match_postcode_parse(struct slice raw);

/* A court by name, alias or code as its code; as it is when nobody knows it. */
struct slice match_court_code(struct slice court);
/* Two writings of one register number's suffix ("MÖ", "MOE"). */
bool match_same_suffix(struct slice a, struct slice b);

/* What kind of word it is beside its rarity. */
enum match_word_kind {
	MATCH_KIND_PLAIN,
	MATCH_KIND_NUMBER, /* digits, roman numerals, ordinals: tells sisters apart */
	MATCH_KIND_ROLE,   /* verwaltung, holding, vertrieb: tells sisters apart */
	MATCH_KIND_NOISE,  /* firma, zentrale, buchhaltung: typed in addition */
	MATCH_KIND_STOP    /* fuer, der, von, gesellschaft */
};

enum match_word_kind match_word_kind(struct slice word);

#endif
