/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEGAL_FORM_H
#define CORE_LEGAL_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/register_number.h"

/* Order is part of the model file's contract through legal_form_name() only. */
enum legal_form {
	LEGAL_FORM_NONE, /* the name tells none */
	LEGAL_FORM_GMBH,
	LEGAL_FORM_GGMBH,
	LEGAL_FORM_UG,
	LEGAL_FORM_AG,
	LEGAL_FORM_SE,
	LEGAL_FORM_KGAA,
	LEGAL_FORM_GMBH_CO_KG,
	LEGAL_FORM_UG_CO_KG,
	LEGAL_FORM_AG_CO_KG,
	LEGAL_FORM_SE_CO_KG,
	LEGAL_FORM_GMBH_CO_KGAA,
	LEGAL_FORM_GMBH_CO_OHG,
	LEGAL_FORM_KG,
	LEGAL_FORM_OHG,
	LEGAL_FORM_EGBR,
	LEGAL_FORM_GBR,
	LEGAL_FORM_EK,
	LEGAL_FORM_SOLE_TRADER, /* Einzelunternehmen */
	LEGAL_FORM_FREELANCER,  /* Freiberufler */
	LEGAL_FORM_PARTG,
	LEGAL_FORM_PARTG_MBB,
	LEGAL_FORM_EG,
	LEGAL_FORM_EV,
	LEGAL_FORM_STIFTUNG,
	LEGAL_FORM_AOER,
	LEGAL_FORM_KDOER,
	LEGAL_FORM_FOREIGN, /* a known form of another country (Ltd., B.V., S.A.R.L.) */
	LEGAL_FORM_COUNT
};

const char *legal_form_name(enum legal_form form);  /* "GmbH & Co. KG"; "" for none */
const char *legal_form_token(enum legal_form form); /* folded writing in a normalised name: "gmbh co kg" */
/* By canonical name or any spelling; LEGAL_FORM_NONE if unknown. */
enum legal_form legal_form_parse(struct slice text);
enum register_type legal_form_register(enum legal_form form); /* REGISTER_NONE = in none */
int64_t legal_form_minimum_capital(enum legal_form form);     /* cents; 0 = none */
bool legal_form_person_liable(enum legal_form form);          /* a natural person answers with own assets */
bool legal_form_natural_person(enum legal_form form); /* the buyer is a natural person: never machine-declined */

/* A folded name (core/fold.h) taken apart. */
struct legal_form_split {
	enum legal_form form;
	struct slice core; /* without the form and without "in liquidation" and the like */
	struct slice name; /* core and the form's one writing: "schmidt gmbh co kg" */
};

/*
 * Finds the legal form in a folded company name wherever it stands; of
 * several the last one counts, as German names end in theirs. A word that
 * belongs to the name ("Stiftung", "Inhaber") tells the form and stays. A
 * name that is nothing but its form keeps it as core. Slices live in arena.
 * Splitting a result's name again gives that name. STATUS_NO_MEMORY only.
 */
enum status legal_form_split(struct slice folded, struct arena *arena, struct legal_form_split *ret_split) MUST_CHECK;

#endif
