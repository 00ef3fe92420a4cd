/* SPDX-License-Identifier: MIT */
#include "app/lead.h"

#define USUAL_AMOUNT 10000 /* minor units */

/* An amount that the rules for small orders do not refuse. */
static int64_t amount_for(const struct policy *policy, int64_t expected)
{
	int64_t least = MAX_AMOUNT;
	bool credit = false;

	if (expected > 0)
		return expected;
	for (size_t i = 0; i < policy->method_count; i++) {
		const struct method_rule *rule = &policy->methods[i];

		if (!rule->credit)
			continue;
		credit = true;
		if (rule->min_amount < least)
			least = rule->min_amount;
	}
	return credit && least > USUAL_AMOUNT ? least : USUAL_AMOUNT;
}

static struct caller as_lead(const struct caller *caller)
{
	struct caller changed = *caller;

	changed.lead = true;
	return changed;
}

enum status lead_check(const struct lead_req *req, struct arena *arena, struct identity_error *ret_errors, size_t cap,
                       size_t *ret_count)
{
	struct identity_norm norm;

	return identity_normalise(&req->company, arena, &norm, ret_errors, cap, ret_count);
}

enum status lead_decide(const struct checkout_ports *ports, const struct caller *caller, const struct lead_req *req,
                        struct deadline deadline, struct arena *arena, struct lead_res *ret_res)
{
	struct caller lead = as_lead(caller);
	enum status status;

	ret_res->asked = (struct checkout_req){.company = req->company};
	ret_res->asked.order.amount = amount_for(caller->policy, req->amount);
	ret_res->asked.order.currency = caller->policy->limit.currency;
	status = checkout_decide(ports, &lead, &ret_res->asked, deadline, arena, &ret_res->checkout);
	if (status == STATUS_OK)
		lead_weigh(ret_res->checkout.decision, &ret_res->lead);
	return status;
}

enum status lead_record(const struct checkout_ports *ports, const struct caller *caller, const struct lead_res *res,
                        const struct checkout_replay *replay, struct deadline deadline, struct arena *arena)
{
	struct caller lead = as_lead(caller);

	return checkout_record(ports, &lead, &res->asked, &res->checkout, replay, deadline, arena);
}
