/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "../../src/core/legal_form_rows.h"
#include "core/fold.h"
#include "core/legal_form.h"

static char memory[1 << 16] __attribute__((aligned(16)));

static struct legal_form_split split(const char *name)
{
	static struct arena arena;
	struct legal_form_split result = {LEGAL_FORM_NONE, SLICE_NONE, SLICE_NONE};
	struct slice folded = SLICE_NONE;

	arena_init(&arena, memory, sizeof(memory));
	cr_assert_eq(fold_text(slice_cstr(name), FOLD_NAME, &arena, &folded), STATUS_OK);
	cr_assert_eq(legal_form_split(folded, &arena, &result), STATUS_OK);
	return result;
}

static const struct {
	const char *name;
	enum legal_form form;
	const char *core;
	const char *canonical;
} cases[] = {
#include "legal_form_cases.h"
};

Test(legal_form, is_found_wherever_it_stands)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct legal_form_split result = split(cases[i].name);
		cr_expect_eq(result.form, cases[i].form, "%s: %s", cases[i].name, legal_form_name(result.form));
		cr_expect(slice_eq_cstr(result.core, cases[i].core), "%s: core [%.*s]", cases[i].name,
		          (int)result.core.len, result.core.ptr);
		cr_expect(slice_eq_cstr(result.name, cases[i].canonical), "%s: name [%.*s]", cases[i].name,
		          (int)result.name.len, result.name.ptr);
	}
}

Test(legal_form, a_canonical_name_is_found_to_be_one)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct legal_form_split again = split(cases[i].canonical);
		cr_expect_eq(again.form, cases[i].form, "%s", cases[i].canonical);
		cr_expect(slice_eq_cstr(again.name, cases[i].canonical), "%s: [%.*s]", cases[i].canonical,
		          (int)again.name.len, again.name.ptr);
	}
}

static const struct {
	enum legal_form form;
	enum register_type in_register;
	int64_t capital_eur;
	bool person_liable;
	bool natural_person;
	const char *spellings[12];
} forms[] = {
        {LEGAL_FORM_GMBH,
         REGISTER_HRB,
         25000,
         false,
         false,
         {"GmbH", "Gesellschaft mit beschränkter Haftung", "G.m.b.H.", "G m b H", "mbH", "Ges.m.b.H.", "gmbh", "GMBH",
          "Gesellschaft m.b.H.", "Gesellschaft mit beschrankter Haftung"}},
        {LEGAL_FORM_GGMBH,
         REGISTER_HRB,
         25000,
         false,
         false,
         {"gGmbH", "gemeinnützige GmbH", "gemeinnützige Gesellschaft mit beschränkter Haftung"}},
        {LEGAL_FORM_UG,
         REGISTER_HRB,
         1,
         false,
         false,
         {"UG (haftungsbeschränkt)", "UG", "UG (h.b.)", "Unternehmergesellschaft", "UG haftungsbeschränkt",
          "Unternehmergesellschaft (haftungsbeschränkt)"}},
        {LEGAL_FORM_AG, REGISTER_HRB, 50000, false, false, {"AG", "Aktiengesellschaft", "Aktienges.", "A.G."}},
        {LEGAL_FORM_SE, REGISTER_HRB, 120000, false, false, {"SE", "Societas Europaea", "Europäische Gesellschaft"}},
        {LEGAL_FORM_KGAA, REGISTER_HRB, 50000, true, false, {"KGaA", "Kommanditgesellschaft auf Aktien"}},
        {LEGAL_FORM_GMBH_CO_KG,
         REGISTER_HRA,
         0,
         false,
         false,
         {"GmbH & Co. KG", "GmbH und Co. KG", "GmbH u. Co. KG", "GmbH & Co KG", "mbH & Co. KG",
          "GmbH & Co. Kommanditgesellschaft", "GmbH & CoKG", "Stiftung & Co. KG", "Ltd. & Co. KG",
          "Gesellschaft mit beschränkter Haftung & Co. KG", "B.V. & Co. KG", "eG & Co. KG"}},
        {LEGAL_FORM_UG_CO_KG,
         REGISTER_HRA,
         0,
         false,
         false,
         {"UG & Co. KG", "UG (haftungsbeschränkt) & Co. KG", "UG und Co. KG"}},
        {LEGAL_FORM_AG_CO_KG, REGISTER_HRA, 0, false, false, {"AG & Co. KG", "AG und Co. KG"}},
        {LEGAL_FORM_SE_CO_KG, REGISTER_HRA, 0, false, false, {"SE & Co. KG", "SE und Co. KG"}},
        {LEGAL_FORM_GMBH_CO_KGAA,
         REGISTER_HRB,
         50000,
         false,
         false,
         {"GmbH & Co. KGaA", "GmbH und Co. KGaA", "SE & Co. KGaA", "AG & Co. Kommanditgesellschaft auf Aktien"}},
        {LEGAL_FORM_GMBH_CO_OHG,
         REGISTER_HRA,
         0,
         false,
         false,
         {"GmbH & Co. OHG", "GmbH und Co. OHG", "GmbH & Co oHG", "UG & Co. OHG"}},
        {LEGAL_FORM_KG, REGISTER_HRA, 0, true, false, {"KG", "Kommanditgesellschaft", "K.G."}},
        {LEGAL_FORM_OHG, REGISTER_HRA, 0, true, false, {"OHG", "Offene Handelsgesellschaft", "O.H.G.", "oHG"}},
        {LEGAL_FORM_EGBR,
         REGISTER_GSR,
         0,
         true,
         false,
         {"eGbR", "eingetragene Gesellschaft bürgerlichen Rechts", "e.GbR", "eingetragene GbR"}},
        {LEGAL_FORM_GBR,
         REGISTER_NONE,
         0,
         true,
         true,
         {"GbR", "Gesellschaft bürgerlichen Rechts", "BGB-Gesellschaft", "G.b.R."}},
        {LEGAL_FORM_EK,
         REGISTER_HRA,
         0,
         true,
         true,
         {"e.K.", "eingetragener Kaufmann", "eingetragene Kauffrau", "e.Kfm.", "e.Kfr.", "eK", "e. K."}},
        {LEGAL_FORM_SOLE_TRADER,
         REGISTER_NONE,
         0,
         true,
         true,
         {"Einzelunternehmen", "Inh.", "Inhaber", "Inhaberin", "Einzelfirma", "e.U."}},
        {LEGAL_FORM_FREELANCER, REGISTER_NONE, 0, true, true, {"Freiberufler", "freiberuflich"}},
        {LEGAL_FORM_PARTG,
         REGISTER_PR,
         0,
         true,
         false,
         {"PartG", "Partnerschaft", "Partnerschaftsgesellschaft", "und Partner", "& Partner"}},
        {LEGAL_FORM_PARTG_MBB,
         REGISTER_PR,
         0,
         true,
         false,
         {"PartG mbB", "Partnerschaftsgesellschaft mit beschränkter Berufshaftung", "PartGmbB", "Partnerschaft mbB"}},
        {LEGAL_FORM_EG,
         REGISTER_GNR,
         0,
         false,
         false,
         {"eG", "eingetragene Genossenschaft", "e.G.", "Genossenschaft", "e.G.m.b.H."}},
        {LEGAL_FORM_EV, REGISTER_VR, 0, false, false, {"e.V.", "eingetragener Verein", "eV"}},
        {LEGAL_FORM_STIFTUNG, REGISTER_NONE, 0, false, false, {"Stiftung", "Stiftung des bürgerlichen Rechts"}},
        {LEGAL_FORM_AOER, REGISTER_NONE, 0, false, false, {"AöR", "Anstalt des öffentlichen Rechts", "A.ö.R."}},
        {LEGAL_FORM_KDOER,
         REGISTER_NONE,
         0,
         false,
         false,
         {"KdöR", "Körperschaft des öffentlichen Rechts", "K.d.ö.R."}},
        {LEGAL_FORM_FOREIGN,
         REGISTER_NONE,
         0,
         false,
         false,
         {"ausländische Rechtsform", "Ltd.", "Limited", "B.V.", "S.A.R.L.", "S.à r.l.", "Inc.", "S.p.A.", "Sp. z o.o.",
          "s.r.o.", "Kft.", "ApS"}},
        {LEGAL_FORM_NONE, REGISTER_NONE, 0, false, false, {"Quatsch", "", "GmbH Quatsch", "GmbH & Co. Quatsch KG"}},
};

Test(legal_form, every_spelling_has_its_consequences)
{
	bool seen[LEGAL_FORM_COUNT] = {false};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		enum legal_form form = forms[i].form;
		seen[form] = true;
		for (size_t k = 0; k < 12 && forms[i].spellings[k]; k++)
			cr_expect_eq(legal_form_parse(slice_cstr(forms[i].spellings[k])), form, "%s: %s",
			             forms[i].spellings[k],
			             legal_form_name(legal_form_parse(slice_cstr(forms[i].spellings[k]))));
		cr_expect_eq(legal_form_register(form), forms[i].in_register, "%s", legal_form_name(form));
		cr_expect_eq(legal_form_minimum_capital(form), forms[i].capital_eur * 100, "%s", legal_form_name(form));
		cr_expect_eq(legal_form_person_liable(form), forms[i].person_liable, "%s", legal_form_name(form));
		cr_expect_eq(legal_form_natural_person(form), forms[i].natural_person, "%s", legal_form_name(form));
		cr_expect_eq(legal_form_parse(slice_cstr(legal_form_name(form))), form, "%s", legal_form_name(form));
		if (form != LEGAL_FORM_FOREIGN)
			cr_expect_eq(legal_form_parse(slice_cstr(legal_form_token(form))), form, "%s",
			             legal_form_token(form));
	}
	for (int form = 0; form < LEGAL_FORM_COUNT; form++)
		cr_expect(seen[form], "form %d", form);
	cr_expect_str_eq(legal_form_name((enum legal_form)99), "");
	cr_expect_eq(legal_form_parse(SLICE_LIT("\xFF")), LEGAL_FORM_NONE);
}

Test(legal_form, table_is_sorted_and_folded)
{
	for (size_t i = 0; i < form_row_count; i++) {
		char folded[FOLD_MAX_OUTPUT];
		size_t len = 0, word = strcspn(form_rows[i].text, " ");
		if (i)
			cr_expect_lt(strcmp(form_rows[i - 1].text, form_rows[i].text), 0, "%s", form_rows[i].text);
		cr_assert_eq(fold_write(slice_cstr(form_rows[i].text), FOLD_NAME, folded, &len), STATUS_OK);
		cr_expect(slice_eq_cstr((struct slice){folded, len}, form_rows[i].text), "%s", form_rows[i].text);
		cr_expect(form_word_lengths[form_rows[i].text[0] - 'a'] >> word & 1, "%s", form_rows[i].text);
	}
}

Test(legal_form, an_exhausted_arena_is_reported)
{
	char little[32] __attribute__((aligned(16)));
	struct legal_form_split result;
	struct arena arena;

	arena_init(&arena, little, sizeof(little));
	cr_expect_eq(legal_form_split(SLICE_LIT("schmidt industrie gmbh"), &arena, &result), STATUS_NO_MEMORY);
	arena_init(&arena, little, 0);
	cr_expect_eq(legal_form_split(SLICE_LIT("stiftung schmidt"), &arena, &result), STATUS_OK,
	             "a name without a form to take out needs no memory");
}
