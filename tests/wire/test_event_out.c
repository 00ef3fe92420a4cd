/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "wire/event_out.h"

static char mem[4096];
static struct buf buf;

static struct event make(const char *id)
{
	return (struct event){slice_cstr(id), SLICE_LIT("decision.recheck_differs"), true, INT64_C(1795262400123),
	                      SLICE_LIT("{\"decision_id\":\"dec_1\"}")};
}

static const char *page(size_t cap, size_t count, bool more)
{
	const struct event events[] = {make("evt_1"), make("evt_2"), make("evt_3")};

	buf_init(&buf, mem, cap - 1);
	event_out_put_page(&buf, events, count, more, true);
	cr_assert_not(buf.overflow);
	mem[buf.len] = '\0';
	return mem;
}

#define EVENT(id)                                                                                                 \
	"{\"id\":\"" id                                                                                           \
	"\",\"type\":\"decision.recheck_differs\",\"created_at\":\"2026-11-21T12:00:00.123Z\",\"livemode\":true," \
	"\"data\":{\"decision_id\":\"dec_1\"}}"

Test(event_out, a_page_ends_with_where_the_next_begins)
{
	cr_expect_str_eq(page(sizeof(mem), 0, false),
	                 "{\"livemode\":true,\"events\":[],\"has_more\":false,\"next_after\":null}");
	cr_expect_str_eq(page(sizeof(mem), 2, true), "{\"livemode\":true,\"events\":[" EVENT("evt_1") "," EVENT(
	                                                     "evt_2") "],\"has_more\":true,\"next_after\":\"evt_2\"}");
}

/* What does not fit is left to the next page, and the page says so. */
Test(event_out, a_full_page_is_shorter)
{
	cr_expect_str_eq(page(450, 3, false), "{\"livemode\":true,\"events\":[" EVENT(
	                                              "evt_1") "],\"has_more\":true,\"next_after\":\"evt_1\"}");
}
