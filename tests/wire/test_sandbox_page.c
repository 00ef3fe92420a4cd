/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "wire/sandbox_page.h"

static char memory[65536] __attribute__((aligned(16)));
static char page_text[MAX_ANSWER + 1];

static const char *put(const struct sandbox_page *page, enum lang lang)
{
	struct buf out;

	buf_init(&out, page_text, MAX_ANSWER);
	sandbox_page_put(&out, page, lang);
	cr_assert_not(out.overflow);
	page_text[out.len] = '\0';
	return page_text;
}

static enum status read_body(const char *body, struct sandbox_form *form, struct sandbox_ask *ask,
                             struct field_errors *errors)
{
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	*ask = (struct sandbox_ask){.green_from = 70, .yellow_from = 40};
	return sandbox_page_read(slice_cstr(body), &arena, form, ask, errors);
}

Test(sandbox_page, a_sound_form_becomes_a_request)
{
	struct sandbox_form form;
	struct sandbox_ask ask;
	struct field_errors errors;

	cr_assert_eq(
	        read_body("name=ACME&postal_code=10115&city=Berlin&country=DE&vat_id=&amount=1.250%2C00&green_from=80",
	                  &form, &ask, &errors),
	        STATUS_OK);
	cr_assert(slice_eq_cstr(ask.req.company.name, "ACME"));
	cr_assert_eq(ask.req.order.amount, 125000);
	cr_assert_str_eq(ask.req.order.currency.code, "EUR");
	cr_assert_eq(ask.green_from, 80);
	cr_assert_eq(ask.yellow_from, 40, "the policy's own");
}

Test(sandbox_page, what_cannot_be_used_is_named)
{
	static const char *const cases[][2] = {
	        {"country=DE&amount=1", "/name"},
	        {"name=A&amount=1", "/country"},
	        {"name=A&country=DE&amount=x", "/amount"},
	        {"name=A&country=DE&amount=1&green_from=101", "/green_from"},
	        {"name=A&country=DE&amount=1&green_from=40&yellow_from=40", "/yellow_from"},
	        {"name=A&country=DEU&amount=1", "/country"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sandbox_form form;
		struct sandbox_ask ask;
		struct field_errors errors;

		cr_assert_eq(read_body(cases[i][0], &form, &ask, &errors), STATUS_INVALID, "%s", cases[i][0]);
		cr_expect_str_eq(errors.items[0].pointer, cases[i][1], "%s", cases[i][0]);
	}
}

Test(sandbox_page, typed_text_never_becomes_markup)
{
	struct sandbox_form form = {.name = SLICE_LIT("\"><script>alert('x')</script>&amp;")};
	struct field_errors errors = {0};
	struct sandbox_page page = {.form = &form, .errors = &errors};

	field_errors_add(&errors, "/<b>", "unknown_field");
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		const char *text = put(&page, (enum lang)lang);

		cr_assert_null(strstr(text, "<script"));
		cr_assert_null(strstr(text, "<b>"));
		cr_assert_not_null(
		        strstr(text, "value=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;\""));
		cr_assert_not_null(strstr(text, "&lt;b&gt;"));
	}
}

Test(sandbox_page, a_refused_field_is_marked_and_told_in_its_language)
{
	struct sandbox_form form = {.vat_id = SLICE_LIT("DE1")};
	struct field_errors errors = {0};
	struct sandbox_page page = {.form = &form, .errors = &errors};

	field_errors_add(&errors, "/company/vat_id", "invalid_format");
	cr_assert_not_null(
	        strstr(put(&page, LANG_DE), "USt-IdNr. (optional): Der Wert hat nicht das verlangte Format."));
	cr_assert_not_null(strstr(put(&page, LANG_EN), "<html lang=\"en\">"));
	cr_assert_not_null(strstr(page_text, "name=\"vat_id\" maxlength=\"40\" aria-invalid=\"true\""));
}
