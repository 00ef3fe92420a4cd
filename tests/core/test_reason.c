/* SPDX-License-Identifier: MIT */
#include "core/reason.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

Test(reason, every_code_is_found_by_its_own_name)
{
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		const char *code = reason_code((enum reason)i);

		cr_expect_eq(reason_find(slice_cstr(code)), (enum reason)i, "%s", code);
		for (const char *c = code; *c; c++)
			cr_expect(isupper((unsigned char)*c) || *c == '_', "%s", code);
	}
}

Test(reason, every_code_speaks_both_languages)
{
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		for (int lang = LANG_DE; lang < LANG_COUNT; lang++) {
			cr_expect_gt(strlen(reason_text((enum reason)i, (enum lang)lang)), 3);
			cr_expect_gt(strlen(reason_public((enum reason)i, (enum lang)lang)), 3);
		}
		cr_expect_str_neq(reason_text((enum reason)i, LANG_DE), reason_text((enum reason)i, LANG_EN));
		cr_expect_str_neq(reason_public((enum reason)i, LANG_DE), reason_public((enum reason)i, LANG_EN));
	}
}

Test(reason, public_texts_name_no_source_no_record_and_no_figure)
{
	static const char *const SECRETS[] = {
	        "Auskunftei", "bureau", "Insolv", "insolv", "Inkasso",      "collection", "Vollstreck",
	        "enforce",    "Index",  "index",  "Score",  "score",        "Ampel",      "light",
	        "Sperrliste", "deny",   "Schufa", "SCHUFA", "reform",       "Register",   "register",
	        "Quelle",     "source", "Masse",  "assets", "Eigenkapital", "equity",     "Umsatz",
	};

	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		for (int lang = LANG_DE; lang < LANG_COUNT; lang++) {
			const char *text = reason_public((enum reason)i, (enum lang)lang);

			for (size_t k = 0; k < sizeof(SECRETS) / sizeof(SECRETS[0]); k++)
				cr_expect_null(strstr(text, SECRETS[k]), "%s: %s", reason_code((enum reason)i), text);
			cr_expect_null(strpbrk(text, "0123456789%"), "%s", text);
		}
	}
}

Test(reason, what_is_no_reason_has_no_text)
{
	cr_expect_eq(reason_find(SLICE_LIT("NONE")), REASON_NONE);
	cr_expect_eq(reason_find(SLICE_LIT("equity_ratio_strong")), REASON_NONE);
	cr_expect_eq(reason_find(SLICE_NONE), REASON_NONE);
	cr_expect_str_empty(reason_text(REASON_NONE, LANG_DE));
	cr_expect_str_empty(reason_public(REASON_COUNT, LANG_DE));
	cr_expect_str_eq(reason_code((enum reason) - 1), "NONE");
	cr_expect_str_eq(reason_text(REASON_EQUITY_RATIO_STRONG, LANG_COUNT), "High equity ratio");
}
