/* SPDX-License-Identifier: MIT */
#include "../../src/core/match_sim.h"

#include <criterion/criterion.h>

/* The definition, cell by cell. */
static unsigned plain_distance(struct slice a, struct slice b)
{
	unsigned d[MATCH_SIM_MAX + 1][MATCH_SIM_MAX + 1];

	for (size_t i = 0; i <= a.len; i++) {
		for (size_t j = 0; j <= b.len; j++) {
			unsigned best = (unsigned)(i + j);
			bool same = i > 0 && j > 0 && a.ptr[i - 1] == b.ptr[j - 1];
			bool swapped = i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1];
			if (i > 0 && d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (j > 0 && d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 0 && j > 0 && d[i - 1][j - 1] + !same < best)
				best = d[i - 1][j - 1] + !same;
			if (swapped && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[a.len][b.len];
}

Test(match_sim, agrees_with_the_definition)
{
	char a[MATCH_SIM_MAX];
	char b[MATCH_SIM_MAX];
	uint32_t state = 3;

	for (unsigned round = 0; round < 20000; round++) {
		size_t len[2] = {round % 7 == 0 ? MATCH_SIM_MAX : round % 13, round % 11};
		for (size_t i = 0; i < 2; i++) {
			for (size_t k = 0; k < len[i]; k++) {
				state = state * 1664525 + 1013904223;
				(i ? b : a)[k] = "abcd"[state >> 30];
			}
		}
		struct slice x = {a, len[0]};
		struct slice y = {b, len[1]};
		cr_assert_eq(match_sim_pair(x, y), plain_distance(x, y), "%.*s %.*s", (int)x.len, a, (int)y.len, b);
		cr_assert_eq(match_sim_pair(x, y), match_sim_pair(y, x));
	}
}

Test(match_sim, counts_what_typing_does)
{
	cr_expect_eq(match_sim_pair(SLICE_LIT("metallbau"), SLICE_LIT("metalbau")), 1);
	cr_expect_eq(match_sim_pair(SLICE_LIT("metallbau"), SLICE_LIT("metallabu")), 1);
	cr_expect_eq(match_sim_pair(SLICE_LIT("metallbau"), SLICE_LIT("netallbau")), 1);
	cr_expect_eq(match_sim_pair(SLICE_LIT("metallbau"), SLICE_LIT("metallbaus")), 1);
	cr_expect_eq(match_sim_pair(SLICE_LIT(""), SLICE_LIT("abc")), 3);
	cr_expect_eq(match_sim_pair(SLICE_LIT("abc"), SLICE_LIT("")), 3);
}

Test(match_sim, looks_at_64_letters)
{
	char a[100];
	char b[200];

	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = 'x';
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = i < MATCH_SIM_MAX ? 'x' : 'y';
	cr_expect_eq(match_sim_pair((struct slice){a, sizeof(a)}, (struct slice){b, sizeof(b)}), 0);
	cr_expect_eq(match_sim_pair(SLICE_LIT(""), (struct slice){b, sizeof(b)}), MATCH_SIM_MAX);
}
