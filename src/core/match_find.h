/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_FIND_H
#define CORE_MATCH_FIND_H

#include "match_asked.h"

#define FIND_SLOTS   65536 /* rows met through words; more than the postings read */
#define FIND_MET     32768
#define FIND_SCANNED 1024

struct find_slot {
	uint32_t row;
	uint16_t round; /* the slot is empty unless this is the search's number */
	uint16_t score;
};

struct find_scan {
	uint32_t row;
	uint32_t score;
};

struct match_finder {
	struct find_slot slots[FIND_SLOTS];
	uint32_t met[FIND_MET]; /* slots in use */
	struct find_scan scanned[FIND_SCANNED];
	size_t met_count;
	size_t scan_count;
	uint32_t scan_floor;
	uint32_t histogram[1024];
	uint32_t region_bits[32]; /* first three digits */
	uint16_t round;
	uint8_t popcnt; /* 0 = not asked yet, 1 = yes, 2 = no */
};

/* Rows of the part the query is bound to that are worth comparing, at most MATCH_CANDIDATES, each once; returns how
 * many. */
size_t match_find(const struct match_asked *asked, struct match_finder *finder, uint32_t ret_rows[MATCH_CANDIDATES]);

#endif
