/* SPDX-License-Identifier: MIT */
#include "app/search.h"

#include <criterion/criterion.h>
#include <string.h>

#define HITS 5

static char memory[1 << 18] __attribute__((aligned(16)));
static struct arena arena;
static struct match_query asked;
static enum status register_status;
static struct register_hit found[HITS];
static enum match_verdict verdict;

static enum status search(void *self, const struct match_query *query, struct deadline deadline, struct arena *mem,
                          struct register_hits *ret_hits)
{
	(void)self;
	(void)deadline;
	asked = *query;
	if (register_status != STATUS_OK)
		return register_status;
	struct register_hit *hits = arena_alloc(mem, sizeof(found));
	cr_assert_not_null(hits);
	memcpy(hits, found, sizeof(found));
	*ret_hits = (struct register_hits){hits, HITS, verdict};
	return STATUS_OK;
}

static const struct register_vtable vtable = {.search = search};
static const struct register_port reg = {&vtable, NULL};

static void set_up(void)
{
	arena_init(&arena, memory, sizeof(memory));
	memset(found, 0, sizeof(found));
	verdict = MATCH_VERDICT_FUZZY;
	register_status = STATUS_OK;
	for (int i = 0; i < HITS; i++) {
		found[i].name[0] = (char)('a' + i);
		memcpy(found[i].country, "DE", 3);
		memset(found[i].evidence, MATCH_FIELD_EQUAL, sizeof(found[i].evidence));
	}
}

TestSuite(search, .init = set_up);

static enum status ask(const struct search_req *req, struct search_res *res)
{
	return search_companies(&reg, req, DEADLINE_NEVER, &arena, res);
}

static bool is(struct slice text, const char *expected)
{
	return slice_eq(text, slice_cstr(expected)) || (text.len == 0 && expected[0] == '\0');
}

Test(search, a_line_without_a_postal_code_may_be_unfinished)
{
	static const struct {
		struct search_req req;
		bool unfinished;
	} CASES[] = {
	        {{.q = SLICE_LIT("mu"), .limit = 5}, true},
	        {{.q = SLICE_LIT("Schmidt Industrie GmbH"), .limit = 5}, true},
	        {{.q = SLICE_LIT("mu"), .limit = 5, .exact = true}, false},
	        {{.q = SLICE_LIT("Schmidt, 40213"), .limit = 5}, false},
	        {{.q = SLICE_LIT("DE136695976"), .limit = 5}, false},
	        {{.company = {.name = SLICE_LIT("mu")}, .limit = 5}, false},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct search_res res;
		cr_assert_eq(ask(&CASES[i].req, &res), STATUS_OK, "%zu", i);
		cr_expect_eq(asked.unfinished, CASES[i].unfinished, "%zu", i);
	}
}

Test(search, a_completion_is_shown_whatever_its_name_is_like)
{
	struct search_req req = {.q = SLICE_LIT("mu"), .limit = 5};
	struct search_res res;

	for (int i = 0; i < HITS; i++)
		memset(found[i].evidence, MATCH_FIELD_OTHER, sizeof(found[i].evidence));
	found[3].completes = MATCH_COMPLETES_WORD;
	verdict = MATCH_VERDICT_NONE;
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_assert_eq(res.count, 1);
	cr_expect_str_eq(res.hits[0].name, "d");
	cr_expect_eq(res.verdict, MATCH_VERDICT_NONE);
}

Test(search, one_line_is_taken_apart)
{
	static const struct {
		const char *line;
		const char *name;
		const char *street;
		const char *postal_code;
		const char *city;
	} CASES[] = {
	        {"Schmidt Industrie", "Schmidt Industrie", "", "", ""},
	        {"  Schmidt Industrie GmbH, 40213 Düsseldorf ", "Schmidt Industrie GmbH", "", "40213", "Düsseldorf"},
	        {"Schmidt GmbH D-40213 Düsseldorf", "Schmidt GmbH", "", "40213", "Düsseldorf"},
	        {"Schmidt, Bau GmbH, Hafenstr. 12, 40213 Düsseldorf", "Schmidt, Bau GmbH", "Hafenstr. 12", "40213",
	         "Düsseldorf"},
	        {"Schmidt, Bau GmbH, Hafenstr. 12, D-40213 Düsseldorf", "Schmidt, Bau GmbH", "Hafenstr. 12", "40213",
	         "Düsseldorf"},
	        {"Schmidt GmbH, Hafenstr. 12 D-40213 Düsseldorf", "Schmidt GmbH", "Hafenstr. 12", "40213",
	         "Düsseldorf"},
	        {"Schmidt, Bau GmbH 40213", "Schmidt, Bau GmbH", "", "40213", ""},
	        {"Fonds 123456 GmbH", "Fonds 123456 GmbH", "", "", ""},
	        {"Werk 2000 GmbH", "Werk 2000 GmbH", "", "", ""},
	        {"40213 Düsseldorf", "", "", "40213", "Düsseldorf"},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct search_req req = {.q = slice_cstr(CASES[i].line), .limit = 10};
		struct search_res res;
		cr_assert_eq(ask(&req, &res), STATUS_OK, "%s", CASES[i].line);
		cr_expect(is(asked.name, CASES[i].name), "%s: %.*s", CASES[i].line, (int)asked.name.len,
		          asked.name.ptr);
		cr_expect(is(asked.street, CASES[i].street), "%s: %.*s", CASES[i].line, (int)asked.street.len,
		          asked.street.ptr);
		cr_expect(is(asked.postal_code, CASES[i].postal_code), "%s", CASES[i].line);
		cr_expect(is(asked.city, CASES[i].city), "%s", CASES[i].line);
	}
}

Test(search, an_identifier_is_known_as_one)
{
	struct search_req req = {.q = SLICE_LIT("de 136 695 976"), .limit = 10};
	struct search_res res;

	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect(is(asked.vat_id, "DE136695976"));
	cr_expect_eq(asked.name.len, 0);
	req.q = SLICE_LIT("529900T8BM49AURSDO55");
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect(is(asked.lei, "529900T8BM49AURSDO55"));
	req = (struct search_req){.company = {.court = SLICE_LIT("Düsseldorf"),
	                                      .register_type = SLICE_LIT("HRB"),
	                                      .register_number = SLICE_LIT("12345")},
	                          .limit = 10};
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(asked.type, REGISTER_HRB);
	cr_expect_eq(asked.number, 12345);
	cr_expect(is(asked.court, "R1101"));
}

Test(search, what_cannot_be_asked_is_told)
{
	struct search_res res;

	cr_expect_eq(ask(&(struct search_req){.limit = 10}, &res), STATUS_INVALID);
	cr_expect_eq(res.fault, SEARCH_FAULT_NOTHING);
	cr_expect_eq(ask(&(struct search_req){.company = {.city = SLICE_LIT("Köln")}, .limit = 10}, &res),
	             STATUS_INVALID);
	cr_expect_eq(res.fault, SEARCH_FAULT_NOTHING);
	cr_expect_eq(
	        ask(&(struct search_req){.q = SLICE_LIT("a"), .company = {.name = SLICE_LIT("b")}, .limit = 1}, &res),
	        STATUS_INVALID);
	cr_expect_eq(res.fault, SEARCH_FAULT_BOTH);
	cr_expect_eq(ask(&(struct search_req){.company = {.vat_id = SLICE_LIT("DE123")}, .limit = 10}, &res),
	             STATUS_INVALID);
	cr_expect_eq(res.fault, SEARCH_FAULT_IDENTITY);
	cr_expect_eq(res.errors[0].field, IDENTITY_VAT_ID);
}

Test(search, pages_are_one_list)
{
	char told[HITS + 1] = "";
	char cursor[SEARCH_CURSOR + 1];
	size_t count = 0;
	struct search_req req = {.q = SLICE_LIT("abc"), .limit = 2};
	struct search_res res;

	for (int page = 0; page < 3; page++) {
		cr_assert_eq(ask(&req, &res), STATUS_OK);
		for (size_t i = 0; i < res.count; i++)
			told[count++] = res.hits[i].name[0];
		cr_expect_eq(res.next_cursor[0] != '\0', page < 2);
		memcpy(cursor, res.next_cursor, sizeof(cursor));
		req.cursor = slice_cstr(cursor);
	}
	cr_expect_str_eq(told, "abcde");
}

Test(search, a_cursor_belongs_to_its_question)
{
	static const char *const WRONG[] = {"", "x", "0123456789abcdef", "0123456789ABCDEF", "zzzzzzzzzzzzzzzz"};
	struct search_req req = {.q = SLICE_LIT("abc"), .limit = 2};
	struct search_res res;
	struct search_res other;

	cr_assert_eq(ask(&req, &res), STATUS_OK);
	req.cursor = slice_cstr(res.next_cursor);
	req.q = SLICE_LIT("abd");
	cr_expect_eq(ask(&req, &other), STATUS_INVALID);
	cr_expect_eq(other.fault, SEARCH_FAULT_CURSOR);
	req.q = SLICE_LIT("abc");
	req.exact = true;
	cr_expect_eq(ask(&req, &other), STATUS_INVALID);
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		req.cursor = slice_cstr(WRONG[i]);
		cr_expect_eq(ask(&req, &other), STATUS_INVALID, "%s", WRONG[i]);
	}
}

Test(search, who_has_nothing_of_the_name_is_not_shown)
{
	struct search_req req = {.q = SLICE_LIT("abc"), .limit = 10};
	struct search_res res;

	for (int i = 1; i < HITS; i++)
		found[i].evidence[MATCH_FIELD_NAME] = MATCH_FIELD_OTHER;
	found[2].evidence[MATCH_FIELD_REGISTER] = MATCH_FIELD_ABSENT;
	found[3].evidence[MATCH_FIELD_REGISTER] = MATCH_FIELD_ABSENT;
	found[4].evidence[MATCH_FIELD_REGISTER] = MATCH_FIELD_ABSENT;
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(res.count, 2, "by its name, and by its number");
	for (int i = 0; i < 2; i++) {
		found[i].evidence[MATCH_FIELD_NAME] = MATCH_FIELD_OTHER;
		found[i].evidence[MATCH_FIELD_REGISTER] = MATCH_FIELD_OTHER;
	}
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(res.count, 0);
	cr_expect_eq(res.verdict, MATCH_VERDICT_NONE);
}

Test(search, exact_means_every_criterion)
{
	struct search_req req = {.q = SLICE_LIT("abc"), .limit = 10, .exact = true};
	struct search_res res;

	found[0].evidence[MATCH_FIELD_CITY] = MATCH_FIELD_CLOSE;
	found[1].evidence[MATCH_FIELD_STREET] = MATCH_FIELD_ABSENT;
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(res.count, 4);
	cr_expect_eq(res.verdict, MATCH_VERDICT_AMBIGUOUS);
	for (int i = 2; i < HITS; i++)
		found[i].evidence[MATCH_FIELD_NAME] = MATCH_FIELD_CLOSE;
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(res.count, 1);
	cr_expect_eq(res.verdict, MATCH_VERDICT_EXACT);
	req.exact = false;
	req.company.country = SLICE_LIT("at");
	cr_assert_eq(ask(&req, &res), STATUS_OK);
	cr_expect_eq(res.count, 0);
}

Test(search, a_register_without_index_is_unavailable)
{
	static const struct register_vtable nothing = {.search = NULL};
	struct search_req req = {.q = SLICE_LIT("abc"), .limit = 10};
	struct search_res res;

	register_status = STATUS_NOT_FOUND;
	cr_expect_eq(ask(&req, &res), STATUS_UNAVAILABLE);
	register_status = STATUS_TIMEOUT;
	cr_expect_eq(ask(&req, &res), STATUS_TIMEOUT);
	cr_expect_eq(search_companies(&(struct register_port){&nothing, NULL}, &req, DEADLINE_NEVER, &arena, &res),
	             STATUS_UNAVAILABLE);
}
