/* SPDX-License-Identifier: MIT */
#include "match_boost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match_noise.h"

#define CUT_SAMPLE    200000 /* rows that bins are made from */
#define SAMPLE_SHARE  70     /* per cent of the rows with a large gradient that a tree sees */
#define LARGE         0.03f  /* gradient from which a row is large */
#define SMALL_SHARE   15     /* per cent of the others, weighted up to stand for all */
#define FEATURE_SHARE 60     /* per cent of the features a level may ask */
#define LEAF_MAX      1.0    /* a tree moves no score further */

struct boost {
	const struct boost_data *data;
	const struct boost_options *options;
	struct noise_random random;
	int16_t cuts[256][BOOST_BINS];
	unsigned cut_count[256];
	uint8_t *bins; /* feature by feature */
	double *score;
	float *gradient;
	float *curvature;
	uint8_t *leaf;
	/* the rows a tree is fitted on */
	uint32_t *chosen;
	uint8_t *chosen_leaf;
	float (*chosen_slope)[2]; /* gradient and curvature */
	size_t chosen_count;
};

static int compare_values(const void *a, const void *b)
{
	return *(const int16_t *)a - *(const int16_t *)b;
}

/* Cuts between all values when they are few, else at quantiles. */
static void find_cuts(struct boost *boost, unsigned feature, int16_t *sample, size_t count)
{
	const struct boost_data *data = boost->data;
	int16_t *cuts = boost->cuts[feature];
	unsigned distinct = 1;
	unsigned n = 0;
	for (size_t i = 0; i < count; i++)
		sample[i] = data->values[i * data->rows / count * data->features + feature];
	qsort(sample, count, sizeof(*sample), compare_values);
	for (size_t i = 1; i < count && distinct <= BOOST_BINS; i++)
		distinct += sample[i] != sample[i - 1];
	if (distinct < BOOST_BINS) {
		for (size_t i = 1; i < count; i++) {
			if (sample[i] != sample[i - 1])
				cuts[n++] = sample[i];
		}
	} else {
		int16_t last = sample[0];
		for (size_t k = 1; k < BOOST_BINS; k++) {
			int16_t value = sample[k * count / BOOST_BINS];
			if (value != last)
				cuts[n++] = last = value;
		}
	}
	boost->cut_count[feature] = n;
}

static uint8_t bin_of(const struct boost *boost, unsigned feature, int16_t value)
{
	unsigned from = 0;
	unsigned to = boost->cut_count[feature];
	while (from < to) {
		unsigned middle = (from + to) / 2;
		if (value >= boost->cuts[feature][middle])
			from = middle + 1;
		else
			to = middle;
	}
	return (uint8_t)from;
}

static bool make_bins(struct boost *boost)
{
	const struct boost_data *data = boost->data;
	size_t count = data->rows < CUT_SAMPLE ? data->rows : CUT_SAMPLE;
	int16_t *sample = malloc((count + 1) * sizeof(*sample));
	if (!sample)
		return false;
	for (unsigned f = 0; f < data->features; f++) {
		find_cuts(boost, f, sample, count);
		uint8_t *bins = boost->bins + (size_t)f * data->rows;
		for (size_t i = 0; i < data->rows; i++)
			bins[i] = bin_of(boost, f, data->values[i * data->features + f]);
	}
	free(sample);
	return true;
}

/* Gradients of one list; returns its loss. */
static double differentiate_list(struct boost *boost, size_t from, size_t to)
{
	double top = 0;
	double meant = 0;
	bool any = false;
	for (size_t i = from; i < to; i++)
		top = boost->score[i] > top ? boost->score[i] : top;
	double sum = exp(-top);
	for (size_t i = from; i < to; i++) {
		double weight = exp(boost->score[i] - top);
		sum += weight;
		meant += boost->data->meant[i] ? weight : 0;
		any |= boost->data->meant[i] != 0;
	}
	for (size_t i = from; i < to; i++) {
		double weight = exp(boost->score[i] - top);
		double p = weight / sum;
		double wanted = any && boost->data->meant[i] ? weight / meant : 0;
		boost->gradient[i] = (float)(p - wanted);
		boost->curvature[i] = (float)(p * (1 - p) + 1e-6);
	}
	return -log((any ? meant : exp(-top)) / sum + 1e-12);
}

static double differentiate(struct boost *boost)
{
	double loss = 0;
	for (size_t q = 0; q < boost->data->lists; q++)
		loss += differentiate_list(boost, boost->data->first[q], boost->data->first[q + 1]);
	return boost->data->lists ? loss / (double)boost->data->lists : 0;
}

/* Rows whose score is right already are many and say little: a few stand for all. */
static void choose_rows(struct boost *boost)
{
	size_t n = 0;
	for (size_t i = 0; i < boost->data->rows; i++) {
		bool large = fabsf(boost->gradient[i]) > LARGE;
		if (!noise_chance(&boost->random, SAMPLE_SHARE) ||
		    (!large && !noise_chance(&boost->random, SMALL_SHARE)))
			continue;
		float weight = large ? 1.0f : 100.0f / SMALL_SHARE;
		boost->chosen[n] = (uint32_t)i;
		boost->chosen_leaf[n] = 0;
		boost->chosen_slope[n][0] = boost->gradient[i] * weight;
		boost->chosen_slope[n++][1] = boost->curvature[i] * weight;
	}
	boost->chosen_count = n;
}

static double gain_of(double gradient, double curvature, double penalty)
{
	return gradient * gradient / (curvature + penalty);
}

/* Gain of cutting every leaf of the level at each cut of the feature. */
static void sum_gains(const struct boost *boost, unsigned feature, unsigned leaves, double *gains)
{
	static float sums[BOOST_LEAVES][BOOST_BINS][2];
	const uint8_t *bins = boost->bins + (size_t)feature * boost->data->rows;
	double penalty = boost->options->penalty;
	unsigned cuts = boost->cut_count[feature];
	memset(sums, 0, sizeof(sums[0]) * leaves);
	memset(gains, 0, BOOST_BINS * sizeof(*gains));
	for (size_t k = 0; k < boost->chosen_count; k++) {
		float *cell = sums[boost->chosen_leaf[k]][bins[boost->chosen[k]]];
		cell[0] += boost->chosen_slope[k][0];
		cell[1] += boost->chosen_slope[k][1];
	}
	for (unsigned leaf = 0; leaf < leaves; leaf++) {
		double all[2] = {0, 0};
		double below[2] = {0, 0};
		for (unsigned b = 0; b <= cuts; b++) {
			all[0] += sums[leaf][b][0];
			all[1] += sums[leaf][b][1];
		}
		for (unsigned c = 0; c < cuts; c++) {
			below[0] += sums[leaf][c][0];
			below[1] += sums[leaf][c][1];
			gains[c] += gain_of(below[0], below[1], penalty) +
			            gain_of(all[0] - below[0], all[1] - below[1], penalty) -
			            gain_of(all[0], all[1], penalty);
		}
	}
}

static void grow_level(struct boost *boost, unsigned level, struct boost_tree *tree)
{
	double best = -1;
	unsigned feature = 0;
	unsigned cut = 0;
	for (unsigned f = 0; f < boost->data->features; f++) {
		double gains[BOOST_BINS];
		if (boost->cut_count[f] == 0 || !noise_chance(&boost->random, FEATURE_SHARE))
			continue;
		sum_gains(boost, f, 1u << level, gains);
		for (unsigned c = 0; c < boost->cut_count[f]; c++) {
			if (gains[c] > best) {
				best = gains[c];
				feature = f;
				cut = c;
			}
		}
	}
	tree->feature[level] = (uint8_t)feature;
	tree->cut[level] = boost->cuts[feature][cut];
	const uint8_t *bins = boost->bins + (size_t)feature * boost->data->rows;
	for (size_t k = 0; k < boost->chosen_count; k++)
		boost->chosen_leaf[k] = (uint8_t)(boost->chosen_leaf[k] << 1 | (bins[boost->chosen[k]] > cut));
	for (size_t i = 0; i < boost->data->rows; i++)
		boost->leaf[i] = (uint8_t)(boost->leaf[i] << 1 | (bins[i] > cut));
}

static void set_leaves(struct boost *boost, struct boost_tree *tree)
{
	double sums[BOOST_LEAVES][2] = {{0, 0}};
	for (size_t k = 0; k < boost->chosen_count; k++) {
		sums[boost->chosen_leaf[k]][0] += boost->chosen_slope[k][0];
		sums[boost->chosen_leaf[k]][1] += boost->chosen_slope[k][1];
	}
	for (size_t leaf = 0; leaf < BOOST_LEAVES; leaf++) {
		double value = -boost->options->rate * sums[leaf][0] / (sums[leaf][1] + boost->options->penalty);
		tree->leaf[leaf] = value > LEAF_MAX ? LEAF_MAX : value < -LEAF_MAX ? -LEAF_MAX : value;
	}
	for (size_t i = 0; i < boost->data->rows; i++)
		boost->score[i] += tree->leaf[boost->leaf[i]];
}

static bool allocate(struct boost *boost)
{
	size_t rows = boost->data->rows + 1;
	boost->bins = malloc(rows * boost->data->features);
	boost->score = malloc(rows * sizeof(*boost->score));
	boost->gradient = malloc(rows * sizeof(*boost->gradient));
	boost->curvature = malloc(rows * sizeof(*boost->curvature));
	boost->leaf = malloc(rows);
	boost->chosen = malloc(rows * sizeof(*boost->chosen));
	boost->chosen_leaf = malloc(rows);
	boost->chosen_slope = malloc(rows * sizeof(*boost->chosen_slope));
	return boost->bins && boost->score && boost->gradient && boost->curvature && boost->leaf && boost->chosen &&
	       boost->chosen_leaf && boost->chosen_slope;
}

static void release(struct boost *boost)
{
	free(boost->bins);
	free(boost->score);
	free(boost->gradient);
	free(boost->curvature);
	free(boost->leaf);
	free(boost->chosen);
	free(boost->chosen_leaf);
	free(boost->chosen_slope);
	free(boost);
}

enum status boost_fit(const struct boost_data *data, const struct boost_options *options, struct boost_tree *ret_trees,
                      unsigned *ret_count)
{
	struct boost *boost = calloc(1, sizeof(*boost));
	if (!boost)
		return STATUS_NO_MEMORY;
	boost->data = data;
	boost->options = options;
	boost->random.state = options->seed;
	if (data->features > 255 || !allocate(boost) || !make_bins(boost)) {
		release(boost);
		return STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < data->rows; i++)
		boost->score[i] = options->base;
	unsigned count = 0;
	while (count < options->trees) {
		double loss = differentiate(boost);
		if (options->report && !options->report(options->ctx, count, loss))
			break;
		choose_rows(boost);
		memset(boost->leaf, 0, data->rows);
		for (unsigned level = 0; level < BOOST_DEPTH; level++)
			grow_level(boost, level, &ret_trees[count]);
		set_leaves(boost, &ret_trees[count++]);
	}
	release(boost);
	*ret_count = count;
	return STATUS_OK;
}
