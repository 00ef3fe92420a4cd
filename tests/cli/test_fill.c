/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "../../src/cli/fill.h"

static const struct fill list[] = {{"PORT", "8080"}, {"RUN_DIR", "/x"}, {"NONE", ""}};

static enum status filled(const char *text, char *ret, size_t cap)
{
	struct buf out;
	enum status status;

	buf_init(&out, ret, cap - 1);
	status = fill_text(slice_cstr(text), list, 3, &out);
	ret[out.len] = '\0';
	return status;
}

Test(fill, replaces_each_name_and_leaves_other_at_signs)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	        {"", ""},
	        {"plain", "plain"},
	        {"@PORT@", "8080"},
	        {"listen 127.0.0.1:@PORT@;", "listen 127.0.0.1:8080;"},
	        {"@RUN_DIR@/@PORT@@PORT@", "/x/80808080"},
	        {"a@NONE@b", "ab"},
	        {"location @fallback { }", "location @fallback { }"},
	        {"@", "@"},
	        {"@@", "@@"},
	        {"@PORT", "@PORT"},
	        {"a@b.c @PORT@", "a@b.c 8080"},
	};
	char got[128];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cr_expect_eq(filled(cases[i].text, got, sizeof(got)), STATUS_OK);
		cr_expect_str_eq(got, cases[i].expected);
	}
}

Test(fill, refuses_an_unknown_name)
{
	char got[64];

	cr_expect_eq(filled("a @PROT@ b", got, sizeof(got)), STATUS_INVALID);
}

Test(fill, says_when_the_result_does_not_fit)
{
	char got[4];

	cr_expect_eq(filled("@PORT@", got, sizeof(got)), STATUS_TOO_LARGE);
}
