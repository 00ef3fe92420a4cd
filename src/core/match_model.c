/* SPDX-License-Identifier: MIT */
#include "core/match_feature.h"

#define DEPTH 6
#define ONE   (INT64_C(1) << 30)

/* A tree asks the same question at every node of a level: the answers are the bits of the leaf's number. */
struct tree {
	uint8_t feature[DEPTH];
	int16_t cut[DEPTH];       /* "above cut - 1?" */
	int32_t leaf[1 << DEPTH]; /* log-odds, millionths */
};

/* Made by "bonigate match-fit": do not edit. */
#include "match_trees.inc"

/* 2^(-i/64) in units of 2^-30 */
static const int32_t POWERS[65] = {
        1073741824, 1062175491, 1050733751, 1039415261, 1028218693, 1017142735, 1006186087, 995347464, 984625594,
        974019220,  963527098,  953147997,  942880699,  932724001,  922676710,  912737649,  902905651, 893179563,
        883558244,  874040567,  864625413,  855311680,  846098274,  836984114,  827968132,  819049271, 810226483,
        801498734,  792865000,  784324269,  775875538,  767517817,  759250125,  751071493,  742980960, 734977579,
        727060411,  719228525,  711481005,  703816941,  696235434,  688735596,  681316545,  673977412, 666717336,
        659535466,  652430958,  645402981,  638450708,  631573326,  624770026,  618040012,  611382493, 604796689,
        598281827,  591837143,  585461881,  579155293,  572916640,  566745190,  560640218,  554601009, 548626854,
        542717053,  536870912,
};

/* e^(x / 1000000) for x <= 0, in units of 2^-30; off by less than 1 in 10000. */
static int64_t power(int64_t x)
{
	int64_t y = -x * 6196328 / 67108864; /* 64 * log2(e) / 1000000 * 1000, thousandths of a table step */
	int64_t step = y / 1000;
	if (step >= 64 * 30)
		return 0;
	int64_t at = step % 64;
	int64_t part = y % 1000;
	int64_t value = POWERS[at] + (POWERS[at + 1] - POWERS[at]) * part / 1000;
	return value >> (step / 64);
}

static int64_t score_one(const int16_t *f)
{
	int64_t sum = BASE;
	for (size_t t = 0; t < sizeof(TREES) / sizeof(TREES[0]); t++) {
		const struct tree *tree = &TREES[t];
		unsigned leaf = 0;
		for (unsigned d = 0; d < DEPTH; d++)
			leaf = leaf << 1 | (f[tree->feature[d]] >= tree->cut[d]);
		sum += tree->leaf[leaf];
	}
	return SHIFT + sum * SCALE / 1000000;
}

void match_model_score(struct match_candidate *candidates, size_t count)
{
	int64_t top = 0;
	for (size_t i = 0; i < count; i++) {
		candidates[i].score = score_one(candidates[i].f);
		top = candidates[i].score > top ? candidates[i].score : top;
	}
	int64_t sum = power(-top);
	for (size_t i = 0; i < count; i++)
		sum += power(candidates[i].score - top);
	for (size_t i = 0; i < count; i++)
		candidates[i].ppm = (uint32_t)(power(candidates[i].score - top) * 1000000 / sum);
}
