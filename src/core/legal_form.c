/* SPDX-License-Identifier: MIT */
#include "core/legal_form.h"

#include <string.h>

#include "core/fold.h"
#include "legal_form_match.h"

#define EUR INT64_C(100)

/* Registers and minimum capital: HGB, GmbHG §§ 5, 5a, AktG § 7, SE-VO art. 4, GenG, PartGG, MoPeG. */
static const struct form_facts {
	const char *name;
	const char *token;
	int64_t minimum_capital;
	enum register_type in_register;
	bool person_liable;
	bool natural_person;
} facts[LEGAL_FORM_COUNT] = {
        [LEGAL_FORM_NONE] = {"", "", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_GMBH] = {"GmbH", "gmbh", 25000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_GGMBH] = {"gGmbH", "ggmbh", 25000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_UG] = {"UG (haftungsbeschränkt)", "ug", 1 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_AG] = {"AG", "ag", 50000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_SE] = {"SE", "se", 120000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_KGAA] = {"KGaA", "kgaa", 50000 * EUR, REGISTER_HRB, true, false},
        [LEGAL_FORM_GMBH_CO_KG] = {"GmbH & Co. KG", "gmbh co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_UG_CO_KG] = {"UG & Co. KG", "ug co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_AG_CO_KG] = {"AG & Co. KG", "ag co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_SE_CO_KG] = {"SE & Co. KG", "se co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_GMBH_CO_KGAA] = {"GmbH & Co. KGaA", "gmbh co kgaa", 50000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_GMBH_CO_OHG] = {"GmbH & Co. OHG", "gmbh co ohg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_KG] = {"KG", "kg", 0, REGISTER_HRA, true, false},
        [LEGAL_FORM_OHG] = {"OHG", "ohg", 0, REGISTER_HRA, true, false},
        [LEGAL_FORM_EGBR] = {"eGbR", "egbr", 0, REGISTER_GSR, true, false},
        [LEGAL_FORM_GBR] = {"GbR", "gbr", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_EK] = {"e.K.", "ek", 0, REGISTER_HRA, true, true},
        [LEGAL_FORM_SOLE_TRADER] = {"Einzelunternehmen", "einzelunternehmen", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_FREELANCER] = {"Freiberufler", "freiberufler", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_PARTG] = {"PartG", "partg", 0, REGISTER_PR, true, false},
        [LEGAL_FORM_PARTG_MBB] = {"PartG mbB", "partg mbb", 0, REGISTER_PR, true, false},
        [LEGAL_FORM_EG] = {"eG", "eg", 0, REGISTER_GNR, false, false},
        [LEGAL_FORM_EV] = {"e.V.", "ev", 0, REGISTER_VR, false, false},
        [LEGAL_FORM_STIFTUNG] = {"Stiftung", "stiftung", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_AOER] = {"AöR", "aoer", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_KDOER] = {"KdöR", "kdoer", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_FOREIGN] = {"ausländische Rechtsform", "", 0, REGISTER_NONE, false, false},
};

struct form_writer {
	char *text;
	size_t len;
};

/* Appends with one blank between the parts, whatever blanks the part has at its ends. */
static void append(struct form_writer *w, const char *text, size_t len)
{
	struct slice part = slice_trim((struct slice){text, len});

	if (!part.len)
		return;
	if (w->len)
		w->text[w->len++] = ' ';
	memcpy(w->text + w->len, part.ptr, part.len);
	w->len += part.len;
}

static void append_core(struct form_writer *w, struct slice text, const struct form_match *match)
{
	size_t last = form_match_end(match);

	append(w, text.ptr, match->start);
	if (match->partner_token)
		append(w, text.ptr + match->end, match->partner - match->end);
	if (!form_match_ends_name(text, match))
		append(w, text.ptr + last, text.len - last);
}

enum status legal_form_split(struct slice folded, struct arena *arena, struct legal_form_split *ret_split)
{
	struct form_match match = form_match_find(folded);
	struct form_writer core = {NULL, 0}, name = {NULL, 0};

	if (match.hint) {
		*ret_split = (struct legal_form_split){match.form, folded, folded};
		return STATUS_OK;
	}
	core.text = arena_alloc(arena, folded.len + 1);
	name.text = arena_alloc(arena, folded.len + 40);
	if (!core.text || !name.text)
		return STATUS_NO_MEMORY;
	append_core(&core, folded, &match);
	append(&name, core.text, core.len);
	append(&name, match.token, strlen(match.token));
	if (match.partner_token) {
		append(&name, "co", 2);
		append(&name, match.partner_token, strlen(match.partner_token));
	}
	*ret_split = (struct legal_form_split){
	        .form = match.form,
	        .core = {core.len ? core.text : name.text, core.len ? core.len : name.len},
	        .name = {name.text, name.len},
	};
	return STATUS_OK;
}

static const struct form_facts *facts_of(enum legal_form form)
{
	return &facts[(unsigned)form < LEGAL_FORM_COUNT ? form : LEGAL_FORM_NONE];
}

const char *legal_form_name(enum legal_form form)
{
	return facts_of(form)->name;
}

const char *legal_form_token(enum legal_form form)
{
	return facts_of(form)->token;
}

enum legal_form legal_form_parse(struct slice text)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len = 0;

	if (fold_write(text, FOLD_NAME, folded, &len) != STATUS_OK || !len)
		return LEGAL_FORM_NONE;
	struct form_match match = form_match_find((struct slice){folded, len});
	bool whole = match.start == 0 && form_match_end(&match) == len;
	if (match.partner_token && match.partner > match.end + 1)
		whole = false;
	if (slice_eq((struct slice){folded, len}, SLICE_LIT("auslaendische rechtsform")))
		return LEGAL_FORM_FOREIGN;
	return whole ? match.form : LEGAL_FORM_NONE;
}

enum register_type legal_form_register(enum legal_form form)
{
	return facts_of(form)->in_register;
}

int64_t legal_form_minimum_capital(enum legal_form form)
{
	return facts_of(form)->minimum_capital;
}

bool legal_form_person_liable(enum legal_form form)
{
	return facts_of(form)->person_liable;
}

bool legal_form_natural_person(enum legal_form form)
{
	return facts_of(form)->natural_person;
}
