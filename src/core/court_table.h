/* SPDX-License-Identifier: MIT */
#ifndef CORE_COURT_TABLE_H
#define CORE_COURT_TABLE_H

#include <stddef.h>

struct court_row {
	const char *code;
	const char *name;
};

struct court_alias {
	const char *folded;
	const char *code;
};

extern const struct court_row court_rows[]; /* row 0 is COURT_NONE */
extern const size_t court_row_count;
extern const struct court_alias court_aliases[];
extern const size_t court_alias_count;

#endif
