/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEGAL_FORM_MATCH_H
#define CORE_LEGAL_FORM_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/legal_form.h"

/* Where a form stands: text[start..end), and for "GmbH & Co. Handels-KG" also text[partner..partner_end). */
struct form_match {
	enum legal_form form;
	bool hint;
	size_t start;
	size_t end;
	size_t partner;
	size_t partner_end;
	const char *token;
	const char *partner_token; /* NULL = no "& Co." */
};

/* The form that counts in a folded name; LEGAL_FORM_NONE as a hint when there is none. */
struct form_match form_match_find(struct slice folded);
/* Where the form's last word ends. */
size_t form_match_end(const struct form_match *match);
/* Nothing follows but "in liquidation" and the like. */
bool form_match_ends_name(struct slice folded, const struct form_match *match);

#endif
