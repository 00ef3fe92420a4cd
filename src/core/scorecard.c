/* SPDX-License-Identifier: MIT */
#include "core/scorecard.h"

#include <stddef.h>
#include <string.h>

#include "base/money.h"
#include "core/logit.h"

#define ONE_PPM 1000000

/* Facts that end the matter, in the order of their weight. */
struct stop_row {
	int64_t value; /* 0 = any above zero */
	enum fact_id fact;
	enum reason reason;
};

static const struct stop_row STOPS[] = {
        {3, FACT_INSOLVENCY_STATUS, REASON_INSOLVENCY_OPENED},
        {1, FACT_INSOLVENCY_STATUS, REASON_INSOLVENCY_APPLIED},
        {0, FACT_REJECTED_NO_ASSETS, REASON_REJECTED_NO_ASSETS},
        {REGISTER_STATUS_DELETED, FACT_REGISTER_STATUS, REASON_REGISTER_DELETED},
        {REGISTER_STATUS_LIQUIDATION, FACT_REGISTER_STATUS, REASON_REGISTER_LIQUIDATION},
};

static const enum reason EVENT_REASONS[8] = {
        [2] = REASON_INSOLVENCY_LIFTED, [4] = REASON_INSOLVENCY_CLOSED, [5] = REASON_DISCHARGE_ANNOUNCED,
        [6] = REASON_DISCHARGE_GRANTED, [7] = REASON_DISCHARGE_REFUSED,
};

static bool has_code(const struct bin *bin, int64_t code)
{
	return code >= 0 && code < 64 * CODE_WORDS && (bin->codes[code / 64] >> (code % 64) & 1) != 0;
}

/* Days since the fact's own day; -1 when that is unknown. */
static int64_t age_of(const struct facts *facts, enum fact_id id, int32_t today)
{
	int32_t as_of = facts->items[id].as_of;

	return as_of == DATE_NONE ? -1 : (int64_t)today - as_of;
}

static void eval_characteristic(const struct characteristic *c, const struct facts *facts, int64_t share,
                                struct effect *ret_effect)
{
	int32_t best = evidence_weigh(c->best, share);
	struct effect effect = {.fact = c->fact, .lost = best - c->missing_points};

	if (facts_get(facts, c->fact, &effect.value)) {
		int32_t points;

		effect.known = true;
		effect.share_ppm = (int32_t)share;
		effect.bin = scorecard_bin(c, effect.value);
		points = evidence_weigh(c->bins[effect.bin].points, share);
		effect.points = points - c->missing_points;
		effect.lost = best - points;
		effect.reason = effect.points > 0 || effect.lost == 0 ? c->good : c->bad;
	}
	if (effect.lost < 0)
		effect.lost = 0;
	*ret_effect = effect;
}

/* Which kinds of evidence know something. */
static uint32_t known_evidence(const struct model *model, const struct facts *facts)
{
	uint32_t known = 0;

	for (int i = 0; i < model->characteristic_count; i++)
		if (facts->items[model->characteristics[i].fact].known)
			known |= UINT32_C(1) << model->characteristics[i].evidence;
	return known;
}

static enum reason find_stop(const struct facts *facts)
{
	for (size_t i = 0; i < sizeof(STOPS) / sizeof(STOPS[0]); i++) {
		int64_t value;

		if (!facts_get(facts, STOPS[i].fact, &value))
			continue;
		if (STOPS[i].value == 0 ? value > 0 : value == STOPS[i].value)
			return STOPS[i].reason;
	}
	return REASON_NONE;
}

/* An event without a day, or of a day to come, is a new one. */
static int64_t event_age(const struct fact *status, int32_t today)
{
	return status->as_of == DATE_NONE || status->as_of > today ? 0 : (int64_t)today - status->as_of;
}

/* What is left of the points of a past insolvency event at its age, zero when there is none. */
static int32_t event_points(const struct event_rules *rules, const struct fact *status, int32_t today)
{
	int64_t full, forget, age;

	if (!status->known || EVENT_REASONS[status->value] == REASON_NONE)
		return 0;
	full = rules->insolvency_points[status->value];
	forget = rules->insolvency_forget_days[status->value];
	age = event_age(status, today);
	if (forget <= 0)
		return (int32_t)full;
	return age >= forget ? 0 : (int32_t)(full * (forget - age) / forget);
}

static void eval_event(const struct event_rules *rules, const struct facts *facts, int32_t today, struct score *score)
{
	const struct fact *status = &facts->items[FACT_INSOLVENCY_STATUS];
	int32_t points = event_points(rules, status, today);

	if (points == 0)
		return;
	score->points += points;
	score->effects[score->effect_count++] = (struct effect){
	        .reason = EVENT_REASONS[status->value],
	        .fact = FACT_INSOLVENCY_STATUS,
	        .value = status->value,
	        .points = points,
	        .lost = -points,
	        .share_ppm = EVIDENCE_FULL,
	        .known = true,
	};
}

/* Linear between two table points, cut toward the first. */
static int64_t between_points(int64_t x, int64_t x0, int64_t x1, int64_t y0, int64_t y1)
{
	return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

const char *scorecard_input(const struct characteristic *c)
{
	return c->fact == FACT_NONE ? c->input : fact_name(c->fact);
}

/* The last bin takes what no other took. */
uint8_t scorecard_bin(const struct characteristic *c, int64_t value)
{
	uint8_t last = (uint8_t)(c->bin_count - 1);

	for (uint8_t i = 0; i < last; i++) {
		if (c->by_code ? has_code(&c->bins[i], value) : value < c->bins[i].below)
			return i;
	}
	return last;
}

int32_t scorecard_pd(const struct model *model, int32_t points)
{
	const struct pd_point *pd = model->pd;
	int last = model->pd_count - 1;
	int i = 1;

	if (points <= pd[0].from)
		return pd[0].to;
	if (points >= pd[last].from)
		return pd[last].to;
	while (points >= pd[i].from)
		i++;
	return (int32_t)logit_to_ppm(
	        between_points(points, pd[i - 1].from, pd[i].from, model->pd_log_odds[i - 1], model->pd_log_odds[i]));
}

/* The highest score whose largest PD is not below this one: bisection, score_up_to never rises with the score. */
int32_t scorecard_grade(const struct model *model, int32_t pd_ppm)
{
	int32_t low = 0;
	int32_t high = SCORE_MAX;

	while (low < high) {
		int32_t middle = (low + high + 1) / 2;

		if (pd_ppm <= model->score_up_to[middle])
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

int64_t scorecard_insolvency(const struct event_rules *rules, const struct facts *facts, int32_t today)
{
	const struct fact *status = &facts->items[FACT_INSOLVENCY_STATUS];
	int64_t forget;

	if (!status->known)
		return 0;
	forget = EVENT_REASONS[status->value] == REASON_NONE ? 0 : rules->insolvency_forget_days[status->value];
	return forget > 0 && event_age(status, today) >= forget ? 0 : status->value;
}

void scorecard_eval(const struct model *model, const struct event_rules *rules, const struct facts *facts,
                    int32_t today, struct score *ret_score)
{
	int64_t shares[MAX_EVIDENCE] = {EVIDENCE_FULL};
	int64_t known_range = 0;

	evidence_shares(model->evidence, model->evidence_count, known_evidence(model, facts), shares);
	memset(ret_score, 0, sizeof(*ret_score)); /* equal scores are equal bytes */
	ret_score->points = model->base_points;
	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		const struct evidence *evidence = &model->evidence[c->evidence];
		struct effect *effect = &ret_score->effects[ret_score->effect_count++];
		int64_t fresh = evidence_age_share(evidence, age_of(facts, c->fact, today));

		eval_characteristic(c, facts, shares[c->evidence] * fresh / EVIDENCE_FULL, effect);
		ret_score->points += c->missing_points + effect->points;
		if (effect->known && !evidence->optional)
			known_range += c->best - c->worst;
	}
	eval_event(rules, facts, today, ret_score);
	ret_score->known_ppm = model->range > 0 ? (int32_t)(known_range * MONEY_MILLION / model->range) : ONE_PPM;
	ret_score->thin = ret_score->known_ppm < model->min_known_ppm;
	ret_score->thin_share_ppm = ret_score->thin ? model->thin_share_ppm : EVIDENCE_FULL;
	ret_score->hard_stop = find_stop(facts);
	ret_score->pd_ppm = ret_score->hard_stop == REASON_NONE ? scorecard_pd(model, ret_score->points) : ONE_PPM;
	ret_score->score = ret_score->hard_stop == REASON_NONE ? scorecard_grade(model, ret_score->pd_ppm) : 0;
}
