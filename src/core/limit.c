/* SPDX-License-Identifier: MIT */
#include "core/limit.h"

/* The smallest cap so far and every cap that is equal to it. */
struct smallest {
	struct credit_limit *limit;
	int64_t amount; /* INT64_MAX: no cap applied yet */
};

static void name_bound(struct credit_limit *limit, enum reason reason)
{
	if (limit->bound_count < LIMIT_BOUNDS)
		limit->bound_by[limit->bound_count++] = reason;
}

static void cap_at(struct smallest *smallest, int64_t amount, enum reason reason)
{
	if (amount < 0)
		amount = 0;
	if (amount > smallest->amount)
		return;
	if (amount < smallest->amount)
		smallest->limit->bound_count = 0;
	smallest->amount = amount;
	name_bound(smallest->limit, reason);
}

static void cap_share(struct smallest *smallest, int64_t share, int64_t of, enum reason reason)
{
	if (share != POLICY_OFF)
		cap_at(smallest, money_scale(of, share), reason);
}

static void cap_amount(struct smallest *smallest, int64_t cap, enum reason reason)
{
	if (cap != POLICY_OFF)
		cap_at(smallest, cap, reason);
}

/* In proportion to 1/PD the expected loss stays the same whoever buys. */
static void cap_by_pd(struct smallest *smallest, const struct limit_rules *rules, int32_t pd_ppm)
{
	__int128 scaled = rules->pd_base;

	if (rules->pd_base == POLICY_OFF)
		return;
	if (pd_ppm > rules->pd_full_ppm)
		scaled = scaled * rules->pd_full_ppm / pd_ppm;
	cap_at(smallest, (int64_t)scaled, REASON_CAP_PD);
}

static void cap_by_size(struct smallest *smallest, const struct limit_rules *rules, const struct facts *facts)
{
	int64_t value;
	bool known = false;

	if (facts_equity(facts, &value)) {
		known = true;
		cap_share(smallest, rules->equity_share, value, REASON_CAP_EQUITY);
	}
	if (facts_get(facts, FACT_REVENUE, &value)) {
		known = true;
		cap_share(smallest, rules->revenue_share, value, REASON_CAP_REVENUE);
	}
	if (!known)
		cap_amount(smallest, rules->unknown_cap, REASON_CAP_UNKNOWN_SIZE);
	if (facts_get(facts, FACT_BUREAU_LIMIT, &value))
		cap_share(smallest, rules->bureau_share, value, REASON_CAP_BUREAU);
}

static void cap_by_kind(struct smallest *smallest, const struct limit_rules *rules, const struct facts *facts)
{
	int64_t form;
	int64_t age;

	if (!facts_get(facts, FACT_LEGAL_FORM, &form) || form < 0 || form >= LEGAL_FORM_COUNT)
		form = LEGAL_FORM_NONE;
	cap_amount(smallest, rules->form_cap[form], REASON_CAP_LEGAL_FORM);
	if (facts_get(facts, FACT_AGE, &age) && age < rules->young_years)
		cap_amount(smallest, rules->young_cap, REASON_CAP_AGE);
}

static void settle_available(struct credit_limit *limit)
{
	int64_t left = money_sub(limit->total, limit->exposure);

	if (left < 0)
		left = 0;
	limit->available = left < limit->total ? left : limit->total;
}

static void settle_per_order(struct credit_limit *limit, const struct limit_rules *rules, const struct facts *facts)
{
	struct credit_limit named = {.bound_count = 0};
	struct smallest smallest = {&named, limit->total};
	int64_t orders;

	cap_share(&smallest, rules->per_order_share, limit->total, REASON_CAP_PER_ORDER);
	cap_amount(&smallest, rules->per_order_max, REASON_CAP_PER_ORDER);
	if (!facts_get(facts, FACT_OWN_ORDERS, &orders) || orders <= 0)
		cap_amount(&smallest, rules->first_order_max, REASON_CAP_FIRST_ORDER);
	limit->per_order = smallest.amount;
	if (smallest.amount == limit->total)
		return;
	/* Share and maximum are one rule to the reader. */
	for (size_t i = 0; i < named.bound_count; i++) {
		if (i == 0 || named.bound_by[i] != named.bound_by[i - 1])
			name_bound(limit, named.bound_by[i]);
	}
}

int64_t limit_round(int64_t minor)
{
	int64_t step = 1;

	if (minor < 0)
		return 0;
	while (minor / step >= 100)
		step *= 10;
	return minor / step * step;
}

void limit_fixed(const struct limit_rules *rules, int64_t total, int64_t exposure, enum reason bound_by,
                 struct credit_limit *ret_limit)
{
	*ret_limit = (struct credit_limit){
	        .currency = rules->currency,
	        .total = total > 0 ? total : 0,
	        .exposure = exposure,
	};
	ret_limit->per_order = ret_limit->total;
	name_bound(ret_limit, bound_by);
	settle_available(ret_limit);
}

void limit_make(const struct limit_rules *rules, const struct facts *facts, const struct score *score, enum light light,
                int64_t exposure, struct credit_limit *ret_limit)
{
	struct credit_limit limit = {.currency = rules->currency, .exposure = exposure};
	struct smallest smallest = {&limit, INT64_MAX};

	if (score->hard_stop != REASON_NONE || light == LIGHT_RED) {
		limit_fixed(rules, 0, exposure, score->hard_stop != REASON_NONE ? score->hard_stop : REASON_CAP_RED,
		            ret_limit);
		return;
	}
	cap_by_size(&smallest, rules, facts);
	cap_by_pd(&smallest, rules, score->pd_ppm);
	cap_by_kind(&smallest, rules, facts);
	cap_amount(&smallest, rules->max_total, REASON_CAP_POLICY);
	if (limit.bound_count == 0)
		cap_at(&smallest, 0, REASON_CAP_POLICY);
	if (light == LIGHT_YELLOW && rules->yellow_share != POLICY_OFF && rules->yellow_share < MONEY_MILLION) {
		smallest.amount = money_scale(smallest.amount, rules->yellow_share);
		name_bound(&limit, REASON_CAP_YELLOW);
	}
	if (score->thin && score->thin_share_ppm < EVIDENCE_FULL) {
		smallest.amount = money_scale(smallest.amount, score->thin_share_ppm);
		name_bound(&limit, REASON_COVERAGE_LOW);
	}
	limit.total = limit_round(smallest.amount);
	settle_available(&limit);
	settle_per_order(&limit, rules, facts);
	*ret_limit = limit;
}
