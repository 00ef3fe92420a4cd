/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "../../src/wire/json_fact.h"
#include "../../src/wire/json_in.h"
#include "provider_world.h"

static json_t *parse(const char *text)
{
	struct json_in_error error;
	json_t *root = NULL;

	cr_assert_eq(json_in_parse(slice_cstr(text), provider_world_arena(), &root, &error), STATUS_OK, "%s", text);
	return root;
}

Test(json_fact, reads_values_as_they_are_written)
{
	static const struct {
		enum fact_id fact;
		enum json_scale scale;
		const char *json;
		int64_t value;
	} cases[] = {
	        {FACT_CAPITAL, JSON_SCALE_OWN, "25000", 2500000},
	        {FACT_CAPITAL, JSON_SCALE_OWN, "25000.5", 2500050},
	        {FACT_CAPITAL, JSON_SCALE_OWN, "\"25000.55\"", 2500055},
	        {FACT_CAPITAL, JSON_SCALE_OWN, "\"0.005\"", 1},
	        {FACT_EQUITY, JSON_SCALE_OWN, "-0.004", 0},
	        {FACT_EQUITY, JSON_SCALE_OWN, "\"-12.5\"", -1250},
	        {FACT_EQUITY, JSON_SCALE_CENT, "-1250", -1250},
	        {FACT_EQUITY, JSON_SCALE_THOUSAND, "12.345678", 1234568},
	        {FACT_BUREAU_PD, JSON_SCALE_OWN, "0.0065", 6500},
	        {FACT_BUREAU_PD, JSON_SCALE_PERCENT, "0.65", 6500},
	        {FACT_BUREAU_PD, JSON_SCALE_PERCENT, "\"0.65\"", 6500},
	        {FACT_BUREAU_INDEX, JSON_SCALE_OWN, "187", 187},
	        {FACT_BUREAU_INDEX, JSON_SCALE_OWN, "187.0", 187},
	        {FACT_BUREAU_INDEX, JSON_SCALE_OWN, "\"187\"", 187},
	        {FACT_FOUNDED, JSON_SCALE_OWN, "\"1970-01-02\"", 1},
	        {FACT_FOUNDED, JSON_SCALE_OWN, "\"1970-01-02T23:00:00+01:00\"", 1},
	        {FACT_BUREAU_SCALE, JSON_SCALE_OWN, "\"creditreform_1.0\"", BUREAU_SCALE_CREDITREFORM_1_0},
	        {FACT_REGISTER_STATUS, JSON_SCALE_OWN, "\"deleted\"", REGISTER_STATUS_DELETED},
	        {FACT_INSOLVENCY_STATUS, JSON_SCALE_OWN, "3", 3},
	        {FACT_BRANCH, JSON_SCALE_OWN, "\"46\"", 46},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t value = -1;
		const char *fault = json_fact_value(cases[i].fact, cases[i].scale, parse(cases[i].json), &value);

		cr_expect_null(fault, "case %zu: %s %s", i, cases[i].json, fault);
		cr_expect_eq(value, cases[i].value, "case %zu: %s is %ld", i, cases[i].json, (long)value);
	}
}

Test(json_fact, takes_nothing_else_for_a_value)
{
	static const struct {
		enum fact_id fact;
		const char *json;
	} cases[] = {
	        {FACT_BUREAU_LIMIT, "\"Credit Limit not applicable\""},
	        {FACT_BUREAU_INDEX, "\"Not Rated\""},
	        {FACT_BUREAU_INDEX, "\"\""},
	        {FACT_BUREAU_INDEX, "\" 187\""},
	        {FACT_BUREAU_INDEX, "\"187 \""},
	        {FACT_BUREAU_INDEX, "\"+187\""},
	        {FACT_BUREAU_INDEX, "\"1e2\""},
	        {FACT_BUREAU_INDEX, "\"0x10\""},
	        {FACT_BUREAU_INDEX, "187.5"},
	        {FACT_BUREAU_INDEX, "true"},
	        {FACT_BUREAU_INDEX, "null"},
	        {FACT_BUREAU_INDEX, "[187]"},
	        {FACT_BUREAU_INDEX, "{}"},
	        {FACT_EMPLOYEES, "-1"},
	        {FACT_CAPITAL, "1e300"},
	        {FACT_CAPITAL, "9223372036854775807"},
	        {FACT_CAPITAL, "-9223372036854775807"},
	        {FACT_CAPITAL, "\"25.000,00\""},
	        {FACT_CAPITAL, "\".\""},
	        {FACT_CAPITAL, "\"1.\""},
	        {FACT_CAPITAL, "\"-\""},
	        {FACT_CAPITAL, "\"99999999999999999999\""},
	        {FACT_FOUNDED, "\"01.04.1998\""},
	        {FACT_FOUNDED, "\"1998\""},
	        {FACT_FOUNDED, "1998"},
	        {FACT_BUREAU_SCALE, "\"2.0\""},
	        {FACT_BUREAU_SCALE, "2"},
	        {FACT_REGISTER_STATUS, "\"ACTIVE\""},
	        {FACT_REGISTER_STATUS, "1"},
	        {FACT_LEGAL_FORM, "\"no such form\""},
	        {FACT_INSOLVENCY_STATUS, "8"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t value = 77;

		cr_expect_not_null(json_fact_value(cases[i].fact, JSON_SCALE_OWN, parse(cases[i].json), &value), "%s",
		                   cases[i].json);
		cr_expect_eq(value, 77, "%s", cases[i].json);
	}
}

/* RFC 6901, section 5. */
Test(json_fact, follows_pointers)
{
	static const struct {
		const char *pointer;
		int64_t value; /* -1 = nothing there */
	} cases[] = {
	        {"/foo/1", 5}, {"/", 0},     {"/a~1b", 1},   {"/c%d", 2},    {"/e^f", 3},
	        {"/ ", 7},     {"/m~0n", 8}, {"/foo/2", -1}, {"/foo/-", -1}, {"/foo/01x", -1},
	        {"/nope", -1}, {"foo", -1},  {"/a~2", -1},   {"/a~", -1},    {"/c%d/x", -1},
	};
	json_t *root = parse("{\"foo\":[4,5],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\" \":7,\"m~n\":8}");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *value = json_fact_at(root, slice_cstr(cases[i].pointer));

		cr_expect_eq(value ? json_integer_value(value) : -1, cases[i].value, "%s", cases[i].pointer);
	}
	cr_expect_eq(json_fact_at(root, SLICE_LIT("")), root);
}
