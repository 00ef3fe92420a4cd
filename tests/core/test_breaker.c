/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "core/breaker.h"

static const struct breaker_rules rules = {
        .window_ms = 1000, .open_ms = 100, .open_most_ms = 350, .failures = 3, .percent = 50, .probes = 2};

/*
 * One character per step, a step every 10 ms: g a good call, b a bad one, v a
 * call given up, . nothing, x a call that must be refused, p a pause of 100 ms.
 */
static void play(const char *script, enum breaker_state expected)
{
	struct breaker breaker = {0};
	int64_t now_ms = 5000;

	for (const char *step = script; *step; step++) {
		struct breaker_pass pass;
		bool admitted;

		now_ms += *step == 'p' ? 100 : 10;
		if (*step == '.' || *step == 'p')
			continue;
		admitted = breaker_admit(&breaker, now_ms, &pass);
		cr_assert_eq(admitted, *step != 'x', "step %zu of %s", (size_t)(step - script), script);
		if (admitted)
			breaker_report(&breaker, &rules, now_ms, pass,
			               *step == 'g'   ? BREAKER_GOOD
			               : *step == 'b' ? BREAKER_BAD
			                              : BREAKER_VOID);
	}
	cr_expect_eq(breaker.state, expected, "%s: %s", script, breaker_state_name(breaker.state));
}

Test(breaker, opens_probes_and_closes)
{
	static const struct {
		const char *script;
		enum breaker_state state;
	} cases[] = {
	        {"", BREAKER_CLOSED},
	        {"bb", BREAKER_CLOSED},
	        {"bbb", BREAKER_OPEN},
	        {"bbvvb", BREAKER_OPEN},
	        {"vvvvvvvv", BREAKER_CLOSED},
	        {"ggggbbb", BREAKER_CLOSED}, /* three of seven are less than half */
	        {"ggggbbbb", BREAKER_OPEN},  /* four of eight are half */
	        {"bb"
	         "pppppppppp"
	         "pppppppppp"
	         "b",
	         BREAKER_CLOSED}, /* long ago */
	        {"bb"
	         "pppppppppp"
	         "b",
	         BREAKER_OPEN}, /* the window before still counts */
	        {"bbbxxxx", BREAKER_OPEN},
	        {"bbbpg", BREAKER_HALF_OPEN},
	        {"bbbpgg", BREAKER_CLOSED},
	        {"bbbpggbb", BREAKER_CLOSED}, /* closed forgets */
	        {"bbbpggbbb", BREAKER_OPEN},
	        {"bbbpb", BREAKER_OPEN},
	        {"bbbpbpx", BREAKER_OPEN}, /* the second pause is twice as long */
	        {"bbbpbppgg", BREAKER_CLOSED},
	        {"bbbpbppbpppxxxxg", BREAKER_HALF_OPEN}, /* but never longer than the most: 350 ms */
	        {"bbbpv", BREAKER_HALF_OPEN},            /* a probe given up proves nothing, the next may try */
	        {"bbbpvgg", BREAKER_CLOSED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		play(cases[i].script, cases[i].state);
}

static void open_it(struct breaker *breaker, struct breaker_pass *early)
{
	struct breaker_pass pass;

	cr_assert(breaker_admit(breaker, 0, early));
	for (int i = 0; i < 3; i++) {
		cr_assert(breaker_admit(breaker, 0, &pass));
		breaker_report(breaker, &rules, 0, pass, BREAKER_BAD);
	}
	cr_assert_eq(breaker->state, BREAKER_OPEN);
}

Test(breaker, lets_one_probe_pass_at_a_time)
{
	struct breaker breaker = {0};
	struct breaker_pass early, probe, other;

	open_it(&breaker, &early);
	cr_assert(breaker_admit(&breaker, 100, &probe));
	cr_expect(probe.probe);
	cr_expect_not(breaker_admit(&breaker, 100, &other));
	breaker_report(&breaker, &rules, 110, probe, BREAKER_GOOD);
	cr_expect(breaker_admit(&breaker, 110, &other));
}

Test(breaker, ignores_results_of_calls_begun_before_it_opened)
{
	struct breaker breaker = {0};
	struct breaker_pass early;

	open_it(&breaker, &early);
	struct breaker before = breaker;

	breaker_report(&breaker, &rules, 50, early, BREAKER_GOOD);
	breaker_report(&breaker, &rules, 150, early, BREAKER_BAD);
	cr_expect_eq(memcmp(&before, &breaker, sizeof(breaker)), 0);
}

Test(breaker, lets_another_one_probe_when_the_first_is_gone)
{
	struct breaker breaker = {0};
	struct breaker_pass early, lost, probe, other;

	open_it(&breaker, &early);
	cr_assert(breaker_admit(&breaker, 100, &lost));
	breaker_lose_probe(&breaker);
	cr_assert(breaker_admit(&breaker, 110, &probe));
	cr_expect(probe.probe);
	breaker_report(&breaker, &rules, 120, lost, BREAKER_BAD);
	cr_expect_eq(breaker.state, BREAKER_HALF_OPEN, "what comes late does not count");
	cr_expect_not(breaker_admit(&breaker, 120, &other));
	breaker_report(&breaker, &rules, 130, probe, BREAKER_GOOD);
	breaker_lose_probe(&breaker);
	cr_assert(breaker_admit(&breaker, 130, &probe));
	breaker_report(&breaker, &rules, 140, probe, BREAKER_GOOD);
	cr_expect_eq(breaker.state, BREAKER_CLOSED);
}

Test(breaker, is_of_another_clock_when_its_times_cannot_be)
{
	const int64_t NOW = 500000;
	const struct {
		struct breaker breaker;
		bool plausible;
	} cases[] = {
	        {{.state = BREAKER_CLOSED}, true},
	        {{.window_start_ms = NOW + 1000}, true}, /* whoever wrote it read its clock later */
	        {{.window_start_ms = NOW + 1001}, false},
	        {{.state = BREAKER_OPEN, .open_until_ms = NOW + 350}, true},
	        {{.state = BREAKER_OPEN, .open_until_ms = NOW + 1351}, false},
	        {{.state = BREAKER_OPEN, .open_until_ms = 0}, true},
	        {{.state = BREAKER_HALF_OPEN, .open_until_ms = NOW + 1351}, true},
	        {{.state = (enum breaker_state)3}, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(breaker_is_plausible(&cases[i].breaker, &rules, NOW), cases[i].plausible, "case %zu", i);
}

Test(breaker, names_its_states)
{
	cr_expect_str_eq(breaker_state_name(BREAKER_CLOSED), "closed");
	cr_expect_str_eq(breaker_state_name(BREAKER_OPEN), "open");
	cr_expect_str_eq(breaker_state_name(BREAKER_HALF_OPEN), "half_open");
	cr_expect_str_eq(breaker_state_name((enum breaker_state)7), "");
}
