/* SPDX-License-Identifier: MIT */
#ifndef MATCH_BUILD_PRIVATE_H
#define MATCH_BUILD_PRIVATE_H

#include "adapter/match_build.h"
#include "match_vec.h"

struct build_company {
	uint32_t street;
	uint32_t city;
	uint32_t postcode;
	uint32_t number;
	uint32_t first_name;
	uint32_t id;
	uint16_t court;
	uint16_t house;
	uint8_t name_count;
	uint8_t type;
	uint16_t suffix;
	char letter;
	uint8_t style; /* enum match_id_style */
	bool removed;
	bool replaced; /* added again later */
};

struct build_name {
	uint64_t raw;
	uint32_t token;
	uint16_t raw_len;
	uint16_t form;
	uint8_t count;
};

struct build_key {
	uint64_t hash;
	uint32_t company;
};

struct match_build {
	struct match_texts words;
	struct match_texts cities;
	struct match_vec city_firsts; /* u8 a city: length of its first word */
	struct match_texts streets;
	struct match_texts affixes;
	struct match_vec companies; /* struct build_company */
	struct match_vec names;     /* struct build_name */
	struct match_vec tokens;    /* u32 word */
	struct match_vec raw;       /* bytes of the names as registered */
	struct match_texts ids;     /* each once */
	struct match_vec latest;    /* u32 an id: the company added last under it */
	uint32_t replaced;          /* companies added again */
	struct match_vec keys;      /* struct build_key */
};

#endif
