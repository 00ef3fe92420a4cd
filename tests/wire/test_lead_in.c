/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "wire/lead_in.h"
#include "wire/lead_out.h"

static char memory[1 << 19] __attribute__((aligned(16)));
static struct arena arena;
static struct lead_list list;
static struct field_errors errors;

static enum status read_json(const char *text)
{
	arena_init(&arena, memory, sizeof(memory));
	return lead_in_json(slice_cstr(text), &arena, &list, &errors);
}

Test(lead_in, one_company_or_a_list)
{
	cr_assert_eq(read_json("{\"company\":{\"name\":\"ACME\",\"country\":\"DE\"},\"expected_amount\":500}"),
	             STATUS_OK);
	cr_assert(list.single);
	cr_assert_eq(list.count, 1);
	cr_assert_eq(list.entries[0].req.amount, 500);
	cr_assert_eq(read_json("{\"leads\":[{\"company\":{\"vat_id\":\"DE136695976\",\"country\":\"DE\"}},{}]}"),
	             STATUS_OK);
	cr_assert_not(list.single);
	cr_assert_eq(list.count, 2);
	cr_assert_null(list.entries[0].errors);
	cr_assert_eq(list.entries[0].req.amount, 0, "not known");
	cr_assert_str_eq(list.entries[1].errors->items[0].pointer, "/company");
}

Test(lead_in, a_whole_that_is_no_list_is_refused)
{
	static const char *const cases[][2] = {
	        {"{\"leads\":[]}", "/leads"},
	        {"{\"leads\":1}", "/leads"},
	        {"{\"leads\":[{}],\"x\":1}", ""},
	        {"nonsense", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert_eq(read_json(cases[i][0]), STATUS_INVALID, "%s", cases[i][0]);
		cr_expect_str_eq(errors.items[0].pointer, cases[i][1], "%s", cases[i][0]);
	}
}

Test(lead_in, a_form_is_one_company)
{
	arena_init(&arena, memory, sizeof(memory));
	cr_assert_eq(lead_in_form(SLICE_LIT("name=M%C3%BCller+KG&country=DE&amount=1.000&customer_ref=7"), &arena,
	                          &list, &errors),
	             STATUS_OK);
	cr_assert(slice_eq_cstr(list.entries[0].req.company.name, "Müller KG"));
	cr_assert_eq(list.entries[0].req.amount, 100000);
	cr_assert_eq(lead_in_form(SLICE_LIT("country=DE&city=Bonn"), &arena, &list, &errors), STATUS_INVALID);
	cr_assert_str_eq(errors.items[0].pointer, "/name");
}

/* The longest texts there are, in the room that lead_out.h promises is enough. */
Test(lead_in, a_lead_never_needs_more_room_than_promised)
{
	static char body[MAX_ANSWER];
	static struct decision decision;
	static struct facts facts;
	char name[MAX_NAME];
	struct caller caller = {0};
	struct lead_res res = {.checkout = {.decision = &decision, .facts = &facts}};
	struct lead_out out;
	struct buf buf;
	enum reason longest = REASON_NONE;
	size_t start;

	memset(name, '"', sizeof(name));
	res.asked.company.name = (struct slice){name, sizeof(name)};
	res.asked.company.customer_ref = (struct slice){name, MAX_CUSTOMER_REF};
	memset(res.checkout.decision_id, 'x', MAX_DECISION_ID);
	memset(res.checkout.company_id, 'x', sizeof(res.checkout.company_id) - 1);
	for (int i = 1; i < REASON_COUNT; i++)
		for (int lang = 0; lang < LANG_COUNT; lang++)
			if (longest == REASON_NONE || strlen(reason_text((enum reason)i, (enum lang)lang)) >
			                                      strlen(reason_text(longest, (enum lang)lang)))
				longest = (enum reason)i;
	res.lead = (struct lead){.priority = LEAD_MEDIUM, .first_limit = INT64_MAX, .why_count = LEAD_WHY};
	for (size_t i = 0; i < LEAD_WHY; i++)
		res.lead.why[i] = (struct lead_why){longest, INT32_MIN};
	buf_init(&buf, body, sizeof(body));
	lead_out_begin(&out, &buf, &caller, LANG_DE);
	start = buf.len;
	lead_out_lead(&out, MAX_LEADS, &res);
	cr_assert_leq(buf.len - start, LEAD_OUT_ENTRY);
}
