/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEGAL_FORM_H
#define CORE_LEGAL_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
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

#endif
