/* SPDX-License-Identifier: MIT */
#include "core/scorecard.h"

#include <stddef.h>
#include <string.h>

#include "core/logit.h"

#define ONE_PPM 1000000

static bool points_ok(int32_t points)
{
	return points >= -POINTS_MAX && points <= POINTS_MAX;
}

/* Numeric bins rise and end with one that takes the rest; coded bins name each code once. */
static const char *check_bins(const struct characteristic *c)
{
	uint64_t seen[CODE_WORDS] = {0};

	if (c->bin_count < 1 || c->bin_count > MAX_BINS)
		return "a characteristic needs 1 to 24 bins";
	for (int i = 0; i < c->bin_count; i++) {
		const struct bin *bin = &c->bins[i];

		if (!points_ok(bin->points))
			return "points of a bin are out of range";
		if (!c->by_code && i > 0 && bin->below <= c->bins[i - 1].below)
			return "the borders of bins must rise";
		for (int word = 0; c->by_code && word < CODE_WORDS; word++) {
			if (seen[word] & bin->codes[word])
				return "a code stands in two bins";
			seen[word] |= bin->codes[word];
		}
	}
	if (!c->by_code && c->bins[c->bin_count - 1].below != INT64_MAX)
		return "the last bin must take the rest";
	return NULL;
}

static const char *check_characteristic(const struct model *model, int index)
{
	const struct characteristic *c = &model->characteristics[index];

	if (fact_name(c->fact)[0] == '\0')
		return "a characteristic without a known fact";
	if (c->fact == FACT_INSOLVENCY_STATUS)
		return "insolvency_status is weighed by the policy, not by a characteristic";
	if (c->by_code != (fact_unit(c->fact) == UNIT_CODE))
		return "codes are for coded facts, borders for all others";
	if (!points_ok(c->missing_points))
		return "missing_points are out of range";
	if ((unsigned)c->good >= REASON_COUNT || (unsigned)c->bad >= REASON_COUNT || !c->good || !c->bad)
		return "a characteristic needs a reason for good and for bad";
	for (int i = 0; i < index; i++) {
		if (model->characteristics[i].fact == c->fact)
			return "a fact stands in two characteristics";
	}
	return check_bins(c);
}

static const char *check_pd(const struct model *model)
{
	if (model->pd_count < 2 || model->pd_count > MAX_PD_POINTS)
		return "points_to_pd needs 2 to 64 points";
	for (int i = 0; i < model->pd_count; i++) {
		const struct pd_point *point = &model->pd[i];

		if (!points_ok(point->from) || point->to < 1 || point->to > ONE_PPM)
			return "a point of points_to_pd is out of range";
		if (i > 0 && (point->from <= point[-1].from || point->to >= point[-1].to))
			return "in points_to_pd points must rise and probabilities fall";
	}
	return NULL;
}

static const char *check_score(const struct model *model)
{
	if (model->score_count < 2 || model->score_count > MAX_PD_POINTS)
		return "pd_to_score needs 2 to 64 points";
	for (int i = 0; i < model->score_count; i++) {
		const struct pd_point *point = &model->score[i];

		if (point->from < 1 || point->from > ONE_PPM || point->to < 0 || point->to > SCORE_MAX)
			return "a point of pd_to_score is out of range";
		if (i > 0 && (point->from <= point[-1].from || point->to >= point[-1].to))
			return "in pd_to_score probabilities must rise and scores fall";
	}
	return NULL;
}

static const char *find_fault(const struct model *model)
{
	const char *fault = NULL;

	if (model->id[0] == '\0' || !memchr(model->id, '\0', sizeof(model->id)))
		return "a model needs an id";
	if (model->version[0] == '\0' || !memchr(model->version, '\0', sizeof(model->version)))
		return "a model needs a version";
	if (!points_ok(model->base_points))
		return "base_points are out of range";
	if (model->characteristic_count < 1 || model->characteristic_count > MAX_CHARACTERISTICS)
		return "a model needs 1 to 48 characteristics";
	for (int i = 0; i < model->characteristic_count && !fault; i++)
		fault = check_characteristic(model, i);
	if (!fault)
		fault = check_pd(model);
	return fault ? fault : check_score(model);
}

enum status scorecard_check(const struct model *model, const char **ret_why)
{
	const char *fault = find_fault(model);

	if (!fault)
		return STATUS_OK;
	*ret_why = fault;
	return STATUS_INVALID;
}

static void prepare_bins(struct model *model)
{
	model->range = 0;
	for (int i = 0; i < model->characteristic_count; i++) {
		struct characteristic *c = &model->characteristics[i];

		c->best = c->worst = c->bins[0].points;
		for (int k = 1; k < c->bin_count; k++) {
			if (c->bins[k].points > c->best)
				c->best = c->bins[k].points;
			if (c->bins[k].points < c->worst)
				c->worst = c->bins[k].points;
		}
		model->range += c->best - c->worst;
	}
}

/* Whether this PD still earns the score, between two neighbours of the table that enclose it. */
static bool earns(const struct pd_point *good, int64_t pd_ppm, int32_t score)
{
	int64_t low = logit_from_ppm(good[0].from);
	int64_t high = logit_from_ppm(good[1].from);
	int64_t fallen = (logit_from_ppm(pd_ppm) - low) * (good[0].to - good[1].to);

	return fallen <= (good[0].to - score) * (high - low);
}

/* The largest PD that earns the score, by bisection inside the segment of the table that holds the score. */
static int32_t largest_pd(const struct model *model, int32_t score)
{
	const struct pd_point *table = model->score;
	int last = model->score_count - 1;
	int i = 0;
	int32_t low, high;

	if (score > table[0].to)
		return 0;
	if (score <= table[last].to)
		return ONE_PPM;
	while (score <= table[i + 1].to)
		i++;
	low = table[i].from;
	high = table[i + 1].from;
	while (high - low > 1) {
		int32_t middle = low + (high - low) / 2;

		if (earns(&table[i], middle, score))
			low = middle;
		else
			high = middle;
	}
	return low;
}

enum status scorecard_prepare(struct model *model, const char **ret_why)
{
	enum status status = scorecard_check(model, ret_why);

	if (status != STATUS_OK)
		return status;
	prepare_bins(model);
	for (int i = 0; i < model->pd_count; i++)
		model->pd_log_odds[i] = logit_from_ppm(model->pd[i].to);
	for (int32_t score = 0; score <= SCORE_MAX; score++)
		model->score_up_to[score] = largest_pd(model, score);
	return STATUS_OK;
}
