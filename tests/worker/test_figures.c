/* SPDX-License-Identifier: MIT */
#include "../../src/worker/figures.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW INT64_C(1795262400000)

static char text[4096];
static struct buf out;

static void set_up(void)
{
	buf_init(&out, text, sizeof(text) - 1);
}

TestSuite(figures, .init = set_up);

static bool has(const char *line)
{
	const char *at;

	cr_assert_not(out.overflow);
	text[out.len] = '\0';
	at = strstr(text, line);
	return at && (at == text || at[-1] == '\n') && at[strlen(line)] == '\n';
}

Test(figures, tells_what_waits_and_what_became_of_inquiries)
{
	const struct inquiry_figures figures = {.backlog = {true, 3, NOW - 90500},
	                                        .polls = 17,
	                                        .ended = {[SOURCE_ANSWER] = 5, [SOURCE_UNAVAILABLE] = 1}};

	figures_put_inquiries(&figures, NOW, &out);
	cr_expect(has("bonigate_inquiries_waiting 3"));
	cr_expect(has("bonigate_inquiries_oldest_seconds 90"));
	cr_expect(has("bonigate_inquiry_polls_total 17"));
	cr_expect(has("bonigate_inquiries_ended_total{outcome=\"answer\"} 5"));
	cr_expect(has("bonigate_inquiries_ended_total{outcome=\"no_data\"} 0"));
	cr_expect(has("bonigate_inquiries_ended_total{outcome=\"unavailable\"} 1"));
}

Test(figures, tells_what_waits_and_what_became_of_rechecks)
{
	const struct recheck_figures figures = {.backlog = {true, 0, 0},
	                                        .results = {[RECHECKED_DIFFERS] = 2, [RECHECKED_GIVEN_UP] = 4}};

	figures_put_rechecks(&figures, NOW, &out);
	cr_expect(has("bonigate_rechecks_waiting 0"));
	cr_expect(has("bonigate_rechecks_oldest_seconds 0"));
	cr_expect(has("bonigate_rechecks_total{result=\"differs\"} 2"));
	cr_expect(has("bonigate_rechecks_total{result=\"still_out\"} 0"));
	cr_expect(has("bonigate_worker_events_total{type=\"decision.recheck_differs\"} 2"));
	cr_expect(has("bonigate_worker_events_total{type=\"decision.recheck_given_up\"} 4"));
}

Test(figures, a_list_that_cannot_be_read_has_no_length)
{
	figures_put_inquiries(&(struct inquiry_figures){.polls = 1}, NOW, &out);
	figures_put_rechecks(&(struct recheck_figures){.results = {0}}, NOW, &out);
	cr_expect(has("bonigate_inquiry_polls_total 1"));
	cr_expect_null(strstr(text, "waiting"));
	cr_expect_null(strstr(text, "oldest"));
}

/* The clock was set back. */
Test(figures, an_age_is_never_negative)
{
	figures_put_inquiries(&(struct inquiry_figures){.backlog = {true, 1, NOW + 5000}}, NOW, &out);
	cr_expect(has("bonigate_inquiries_oldest_seconds 0"));
}
