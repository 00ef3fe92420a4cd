/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "wire/problem.h"

static char memory[32768];

static const char *put(const struct problem *problem, enum lang lang)
{
	struct buf out;

	buf_init(&out, memory, sizeof(memory) - 1);
	problem_put(&out, problem, lang);
	cr_assert_not(out.overflow);
	memory[out.len] = '\0';
	return memory;
}

Test(problem, members_of_rfc_9457_and_our_own)
{
	struct problem problem = {.status = 404, .code = "not_found", .request_id = SLICE_LIT("r1")};
	bool livemode = false;

	cr_assert_str_eq(
	        put(&problem, LANG_EN),
	        "{\"type\":\"urn:bonigate:problem:not_found\",\"title\":\"Not found\",\"status\":404,"
	        "\"detail\":\"There is nothing at this address.\",\"code\":\"not_found\",\"request_id\":\"r1\"}");
	problem.livemode = &livemode;
	cr_assert_str_eq(put(&problem, LANG_DE),
	                 "{\"type\":\"urn:bonigate:problem:not_found\",\"title\":\"Nicht gefunden\",\"status\":404,"
	                 "\"detail\":\"Unter dieser Adresse gibt es nichts.\",\"code\":\"not_found\","
	                 "\"livemode\":false,\"request_id\":\"r1\"}");
}

Test(problem, every_refused_field_is_told_in_both_languages)
{
	struct field_errors errors = {0};
	struct problem problem = {.status = 422, .code = "invalid_request", .errors = &errors};

	field_errors_add(&errors, "/order/amount", "required");
	field_errors_add(&errors, "/a~1b", "some_new_code");
	cr_assert(strstr(put(&problem, LANG_EN),
	                 "\"errors\":[{\"pointer\":\"/order/amount\",\"code\":\"required\",\"detail\":\"The field is "
	                 "required.\"},{\"pointer\":\"/a~1b\",\"code\":\"some_new_code\",\"detail\":\"The value is not "
	                 "allowed.\"}]"));
	cr_assert(strstr(put(&problem, LANG_DE), "Das Feld wird benötigt."));
}

Test(problem, no_more_errors_than_the_maximum_are_kept)
{
	struct field_errors errors = {0};

	for (int i = 0; i < MAX_ERRORS + 5; i++) {
		char pointer[16];

		snprintf(pointer, sizeof(pointer), "/%d", i);
		field_errors_add(&errors, pointer, "required");
	}
	cr_assert_eq(errors.count, MAX_ERRORS);
	cr_assert_str_eq(errors.items[0].pointer, "/0", "the first ones");
}

Test(problem, a_long_pointer_is_cut_between_characters)
{
	static const char *const tails[] = {"~1", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		for (size_t before = MAX_POINTER - 5; before <= MAX_POINTER + 2; before++) {
			struct field_errors errors = {0};
			size_t tail = strlen(tails[i]);
			char pointer[MAX_POINTER + 16];
			size_t kept = before + tail <= MAX_POINTER ? before + tail : before;

			memset(pointer, 'a', before);
			memcpy(pointer + before, tails[i], tail + 1);
			field_errors_add(&errors, pointer, "required");
			cr_assert_eq(strlen(errors.items[0].pointer), kept > MAX_POINTER ? MAX_POINTER : kept,
			             "%zu + %s", before, tails[i]);
		}
	}
}

Test(problem, an_unknown_code_reads_as_internal_error)
{
	struct problem problem = {.status = 500, .code = "unheard_of"};

	cr_assert(strstr(put(&problem, LANG_EN), "\"title\":\"Internal error\""));
}
