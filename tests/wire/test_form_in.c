/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "wire/form_in.h"

struct target {
	struct slice name;
	struct slice city;
	struct slice list;
};

static const struct form_field table[] = {
        {.name = "name", .required = true, .max = 12, .offset = offsetof(struct target, name)},
        {.name = "city", .max = 12, .offset = offsetof(struct target, city)},
        {.name = "list", .max = 40, .offset = offsetof(struct target, list), .lines = true},
};

static char memory[65536] __attribute__((aligned(16)));

static enum status read_form(const char *body, struct target *target, struct field_errors *errors)
{
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	memset(target, 0, sizeof(*target));
	return form_in_read(slice_cstr(body), table, 3, &arena, target, errors);
}

Test(form_in, values_are_decoded_and_trimmed)
{
	struct target target;
	struct field_errors errors;

	cr_assert_eq(read_form("name=+M%C3%BCller+%26+Co+&list=a%0D%0Ab&city=", &target, &errors), STATUS_OK);
	cr_assert(slice_eq_cstr(target.name, "Müller & Co"));
	cr_assert(slice_eq_cstr(target.list, "a\r\nb"));
	cr_assert_null(target.city.ptr, "an empty field counts as absent");
}

Test(form_in, what_breaks_the_table_is_refused_by_name)
{
	static const struct {
		const char *body, *pointer, *code;
	} cases[] = {
	        {"", "/name", "required"},
	        {"name=+++", "/name", "required"},
	        {"name=a&other=b", "/other", "unknown_field"},
	        {"name=a&name=b", "/name", "duplicate_key"},
	        {"name=1234567890123", "/name", "too_long"},
	        {"name=%C3", "/name", "invalid_encoding"},
	        {"name=%ED%A0%80", "/name", "invalid_encoding"},
	        {"name=%00", "/name", "invalid_encoding"},
	        {"name=%zz", "/name", "invalid_encoding"},
	        {"name=a%", "/name", "invalid_encoding"},
	        {"name=a%0Ab", "/name", "control_character"},
	        {"name=a&list=%07x", "/list", "control_character"},
	        {"name=a&%22%3E/~=b", "/%22%3E~1~0", "unknown_field"},
	        {"name=a&\xff\x01=b", "/??", "unknown_field"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target target;
		struct field_errors errors;

		cr_assert_eq(read_form(cases[i].body, &target, &errors), STATUS_INVALID, "%s", cases[i].body);
		cr_expect_str_eq(errors.items[0].pointer, cases[i].pointer, "%s", cases[i].body);
		cr_expect_str_eq(errors.items[0].code, cases[i].code, "%s", cases[i].body);
	}
}

Test(form_in, sound_values_are_kept_beside_refused_ones)
{
	struct target target;
	struct field_errors errors;

	cr_assert_eq(read_form("name=ACME&city=%FF", &target, &errors), STATUS_INVALID);
	cr_assert(slice_eq_cstr(target.name, "ACME"));
	cr_assert_eq(errors.count, 1);
}

Test(form_in, an_endless_list_of_pairs_ends)
{
	char body[4000] = "";
	struct target target;
	struct field_errors errors;

	for (size_t i = 0; i + 3 < sizeof(body); i += 3)
		memcpy(body + i, "x=&", 4);
	cr_assert_eq(read_form(body, &target, &errors), STATUS_INVALID);
	cr_assert_leq(errors.count, MAX_ERRORS);
}

Test(form_in, amounts_are_read_as_people_write_them)
{
	static const struct {
		const char *text;
		int64_t minor; /* 0 = refused */
	} cases[] = {
	        {"1250", 125000},
	        {"1250,00", 125000},
	        {"1250.5", 125050},
	        {"1.250,00", 125000},
	        {"1,250.00", 125000},
	        {"1 250", 125000},
	        {"1.250", 125000},
	        {"12.500.000,99", 1250000099},
	        {" 0,91 ", 91},
	        {"999999999999,99", 99999999999999},
	        {"1000000000000", 0},
	        {"99999999999999999999999", 0},
	        {"", 0},
	        {"0", 0},
	        {"0,00", 0},
	        {"-5", 0},
	        {"5,", 0},
	        {",5", 0},
	        {"1,2,3", 0},
	        {"1.2500", 0},
	        {"1250.000", 0},
	        {"1 2", 0},
	        {"12a", 0},
	        {"1e5", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t minor = 0;

		cr_expect_eq(form_in_amount(slice_cstr(cases[i].text), &minor), cases[i].minor != 0, "\"%s\"",
		             cases[i].text);
		cr_expect_eq(minor, cases[i].minor, "\"%s\" gives %lld", cases[i].text, (long long)minor);
	}
}

Test(form_in, only_a_plain_form_is_one)
{
	cr_assert(form_in_is_form(SLICE_LIT("application/x-www-form-urlencoded")));
	cr_assert(form_in_is_form(SLICE_LIT("Application/X-WWW-Form-Urlencoded; charset=UTF-8")));
	cr_assert_not(form_in_is_form(SLICE_LIT("multipart/form-data; boundary=x")));
	cr_assert_not(form_in_is_form(SLICE_NONE));
}
