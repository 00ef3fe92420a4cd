/* SPDX-License-Identifier: MIT */
#ifndef APP_SEARCH_H
#define APP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/checkout.h"

#define SEARCH_LIMIT_MAX MATCH_HITS
#define SEARCH_CURSOR    16 /* hex digits */

/* A company search as it arrived. Either q, or fields. */
struct search_req {
	struct slice q; /* one line: a name, then perhaps a postal code and a city; or an identifier */
	struct identity company;
	bool exact; /* every criterion given must fit */
	size_t limit;
	struct slice cursor; /* absent = the first page */
};

struct search_res {
	const struct register_hit *hits; /* in the arena */
	size_t count;
	enum match_verdict verdict;
	char next_cursor[SEARCH_CURSOR + 1]; /* "" = that was all */
	enum search_fault {
		SEARCH_FAULT_NONE,
		SEARCH_FAULT_NOTHING,  /* neither q nor a name nor an identifier */
		SEARCH_FAULT_BOTH,     /* q and fields */
		SEARCH_FAULT_CURSOR,   /* of another search, or none */
		SEARCH_FAULT_IDENTITY, /* errors tells the fields */
	} fault;
	size_t error_count;
	struct identity_error errors[MAX_ERRORS];
};

/*
 * Looks for companies in the register of the caller's mode. Not every hit of
 * the index is shown: who has nothing of the name asked for is left out.
 * STATUS_INVALID: fault says why. STATUS_UNAVAILABLE: the register cannot be
 * searched, for one because it has no index.
 */
enum status search_companies(const struct register_port *reg, const struct search_req *req, struct deadline deadline,
                             struct arena *arena, struct search_res *ret_res) MUST_CHECK;

const char *search_verdict_name(enum match_verdict verdict); /* "exact", "fuzzy", "ambiguous", "none" */

#endif
