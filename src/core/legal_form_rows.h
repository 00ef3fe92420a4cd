/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEGAL_FORM_ROWS_H
#define CORE_LEGAL_FORM_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "core/legal_form.h"

enum form_place {
	FORM_ANYWHERE,
	FORM_NOT_FIRST, /* short enough to be initials where a name begins */
	FORM_LAST,      /* an everyday word or initials anywhere but at the end */
	FORM_HINT       /* tells the form but belongs to the name: "Stiftung" */
};

/* One folded writing of a form. */
struct form_row {
	const char *text;
	const char *token;
	enum legal_form form;
	enum form_place place;
};

extern const struct form_row form_rows[]; /* sorted by text */
extern const size_t form_row_count;
extern const uint32_t form_word_lengths[26];

#endif
