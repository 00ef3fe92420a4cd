/* SPDX-License-Identifier: MIT */
#include "core/scorecard.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "core/logit.h"

#define ONE_PPM 1000000

static const char POINTS_RANGE[] = "must be whole points from -100000 to 100000";

_Static_assert(MAX_BINS == 24 && MAX_CHARACTERISTICS == 48 && MAX_PD_POINTS == 64 && POINTS_MAX == 100000,
               "the texts below name these maxima");

/* A member of the model file: /list/item/member/sub/leaf, the parts behind a NULL name left out. */
struct place {
	const char *list;
	int item; /* -1: the list itself */
	const char *member;
	int sub; /* -1: the member itself */
	const char *leaf;
};

static void put_name(struct buf *pointer, const char *name)
{
	if (!name)
		return;
	buf_char(pointer, '/');
	buf_cstr(pointer, name);
}

static void put_index(struct buf *pointer, int index)
{
	if (index < 0)
		return;
	buf_char(pointer, '/');
	buf_u64(pointer, (uint64_t)index);
}

/* Always false: what a check returns when it failed. */
static bool fail(struct model_fault *fault, struct place place, const char *why)
{
	struct buf pointer;

	buf_init(&pointer, fault->pointer, MAX_POINTER);
	put_name(&pointer, place.list);
	put_index(&pointer, place.item);
	put_name(&pointer, place.member);
	if (place.member)
		put_index(&pointer, place.sub);
	put_name(&pointer, place.leaf);
	fault->pointer[pointer.len] = '\0';
	fault->why = why;
	return false;
}

static bool fail_member(struct model_fault *fault, const char *name, const char *why)
{
	return fail(fault, (struct place){.list = name, .item = -1}, why);
}

static bool points_ok(int32_t points)
{
	return points >= -POINTS_MAX && points <= POINTS_MAX;
}

static bool text_ok(const char *text, size_t size)
{
	return text[0] != '\0' && memchr(text, '\0', size) != NULL;
}

/* Numeric bins rise, and the last one takes the rest. */
static bool check_borders(const struct characteristic *c, struct place at, struct model_fault *fault)
{
	at.leaf = "below";
	for (at.sub = 0; at.sub < c->bin_count; at.sub++) {
		if (at.sub > 0 && c->bins[at.sub].below <= c->bins[at.sub - 1].below)
			return fail(fault, at, "must rise from bin to bin");
	}
	at.sub = c->bin_count - 1;
	if (c->bins[at.sub].below != INT64_MAX)
		return fail(fault, at, "must be left out: the last bin takes the rest");
	return true;
}

/* Coded bins name each code once, and the last one none. */
static bool check_codes(const struct characteristic *c, struct place at, struct model_fault *fault)
{
	uint64_t seen[CODE_WORDS] = {0};

	at.leaf = "in";
	for (at.sub = 0; at.sub < c->bin_count; at.sub++) {
		for (int word = 0; word < CODE_WORDS; word++) {
			uint64_t codes = c->bins[at.sub].codes[word];

			if (seen[word] & codes)
				return fail(fault, at, "names a value that stands in an earlier bin");
			if (codes && at.sub == c->bin_count - 1)
				return fail(fault, at, "must be left out: the last bin takes the rest");
			seen[word] |= codes;
		}
	}
	return true;
}

static bool check_bins(const struct characteristic *c, struct place at, struct model_fault *fault)
{
	at.member = "bins";
	at.sub = -1;
	if (c->bin_count < 1 || c->bin_count > MAX_BINS)
		return fail(fault, at, "must hold 1 to 24 bins");
	at.leaf = "points";
	for (at.sub = 0; at.sub < c->bin_count; at.sub++) {
		if (!points_ok(c->bins[at.sub].points))
			return fail(fault, at, POINTS_RANGE);
	}
	return c->by_code ? check_codes(c, at, fault) : check_borders(c, at, fault);
}

static bool check_fact(const struct model *model, struct place at, struct model_fault *fault)
{
	const struct characteristic *c = &model->characteristics[at.item];

	at.member = c->fact == FACT_NONE && c->input[0] ? "input" : "fact";
	if (scorecard_input(c)[0] == '\0')
		return fail(fault, at, "is no fact");
	if (c->fact == FACT_INSOLVENCY_STATUS)
		return fail(fault, at, "is weighed by the policy, not by a model");
	if (c->by_code != (c->fact != FACT_NONE && fact_unit(c->fact) == UNIT_CODE))
		return fail(fault, at, "takes bins of the other kind: names for coded facts, borders for all others");
	for (int i = 0; i < at.item; i++) {
		if (strcmp(scorecard_input(&model->characteristics[i]), scorecard_input(c)) == 0)
			return fail(fault, at, "stands in an earlier characteristic");
	}
	return true;
}

static bool check_evidence(const struct model *model, struct model_fault *fault)
{
	struct place at = {.list = "evidence", .item = -1, .sub = -1};

	if (model->evidence_count > MAX_EVIDENCE)
		return fail(fault, at, "must hold at most 8 kinds");
	for (at.item = 0; at.item < model->evidence_count; at.item++) {
		at.member = evidence_check(&model->evidence[at.item], model->evidence_count);
		if (at.member)
			return fail(fault, at, "must be told, shares from 0 to 1, ages rising and their shares not");
	}
	return true;
}

static bool reason_ok(enum reason reason)
{
	return (unsigned)reason > REASON_NONE && (unsigned)reason < REASON_COUNT;
}

static bool check_characteristic(const struct model *model, int index, struct model_fault *fault)
{
	const struct characteristic *c = &model->characteristics[index];
	struct place at = {.list = "characteristics", .item = index, .sub = -1};

	if (!check_fact(model, at, fault))
		return false;
	at.member = reason_ok(c->good) ? "bad" : "good";
	if (!reason_ok(c->good) || !reason_ok(c->bad))
		return fail(fault, at, "must be a reason code");
	at.member = "evidence";
	if (c->evidence >= MAX_EVIDENCE || (c->evidence > 0 && c->evidence >= model->evidence_count))
		return fail(fault, at, "is no kind of evidence of this model");
	at.member = "missing_points";
	if (!points_ok(c->missing_points))
		return fail(fault, at, POINTS_RANGE);
	return check_bins(c, at, fault);
}

/* What a table promises: as many points, each within these bounds, "from" rising and "to" falling. */
struct table_rule {
	const char *name;
	int32_t from_low, from_high, to_low, to_high;
	const char *why_range, *why_order;
};

static const struct table_rule PD_RULE = {
        "points_to_pd",
        -POINTS_MAX,
        POINTS_MAX,
        1,
        ONE_PPM,
        "must be points and a probability above 0 and up to 1",
        "must have more points and a lower probability than the one before",
};

static const struct table_rule SCORE_RULE = {
        "pd_to_score",
        1,
        ONE_PPM,
        0,
        SCORE_MAX,
        "must be a probability above 0 and up to 1 and a score from 0 to 100",
        "must have a higher probability and a lower score than the one before",
};

static bool check_table(const struct table_rule *rule, const struct pd_point *table, int count,
                        struct model_fault *fault)
{
	struct place at = {.list = rule->name, .item = -1};

	if (count < 2 || count > MAX_PD_POINTS)
		return fail(fault, at, "must hold 2 to 64 pairs");
	for (at.item = 0; at.item < count; at.item++) {
		const struct pd_point *point = &table[at.item];

		if (point->from < rule->from_low || point->from > rule->from_high || point->to < rule->to_low ||
		    point->to > rule->to_high)
			return fail(fault, at, rule->why_range);
		if (at.item > 0 && (point->from <= point[-1].from || point->to >= point[-1].to))
			return fail(fault, at, rule->why_order);
	}
	return true;
}

static bool check_model(const struct model *model, struct model_fault *fault)
{
	if (!text_ok(model->id, sizeof(model->id)))
		return fail_member(fault, "id", "is required");
	if (!text_ok(model->version, sizeof(model->version)))
		return fail_member(fault, "version", "is required");
	if (!points_ok(model->base_points))
		return fail_member(fault, "base_points", POINTS_RANGE);
	if (model->characteristic_count < 1 || model->characteristic_count > MAX_CHARACTERISTICS)
		return fail_member(fault, "characteristics", "must hold 1 to 48 characteristics");
	if (!check_evidence(model, fault))
		return false;
	for (int i = 0; i < model->characteristic_count; i++) {
		if (!check_characteristic(model, i, fault))
			return false;
	}
	if (model->min_known_ppm < 0 || model->min_known_ppm > ONE_PPM || model->thin_share_ppm < 0 ||
	    model->thin_share_ppm > ONE_PPM)
		return fail_member(fault, "coverage", "must be shares from 0 to 1");
	return check_table(&PD_RULE, model->pd, model->pd_count, fault) &&
	       check_table(&SCORE_RULE, model->score, model->score_count, fault);
}

enum status scorecard_check(const struct model *model, struct model_fault *ret_fault)
{
	struct model_fault fault;

	if (check_model(model, &fault))
		return STATUS_OK;
	*ret_fault = fault;
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
		if (!model->evidence[c->evidence].optional)
			model->range += c->best - c->worst;
	}
}

/* Two neighbours of the table, in log-odds and score. */
struct segment {
	int64_t low, high;   /* log-odds, of the better and the worse end */
	int32_t best, worst; /* scores */
};

static bool earns(const struct segment *segment, int64_t pd_ppm, int32_t score)
{
	int64_t fallen = (logit_from_ppm(pd_ppm) - segment->low) * (segment->best - segment->worst);

	return fallen <= (segment->best - score) * (segment->high - segment->low);
}

/* The largest PD that earns the score: solved, then corrected by the few ppm that rounding makes it differ. */
static int32_t largest_pd(const struct model *model, int32_t score)
{
	const struct pd_point *good = model->score;
	struct segment at;
	int64_t pd;

	if (score > good->to)
		return 0;
	if (score <= model->score[model->score_count - 1].to)
		return ONE_PPM;
	while (score <= good[1].to)
		good++;
	at = (struct segment){logit_from_ppm(good[0].from), logit_from_ppm(good[1].from), good[0].to, good[1].to};
	pd = logit_to_ppm(at.low + (at.best - score) * (at.high - at.low) / (at.best - at.worst));
	while (pd > good[0].from && !earns(&at, pd, score))
		pd--;
	while (pd + 1 < good[1].from && earns(&at, pd + 1, score))
		pd++;
	return (int32_t)pd;
}

enum status scorecard_prepare(struct model *model, struct model_fault *ret_fault)
{
	enum status status = scorecard_check(model, ret_fault);

	if (status != STATUS_OK)
		return status;
	prepare_bins(model);
	for (int i = 0; i < model->pd_count; i++)
		model->pd_log_odds[i] = logit_from_ppm(model->pd[i].to);
	for (int32_t score = 0; score <= SCORE_MAX; score++)
		model->score_up_to[score] = largest_pd(model, score);
	return STATUS_OK;
}
