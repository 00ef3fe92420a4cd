/* SPDX-License-Identifier: MIT */
#include "app/prefetch.h"

#include <string.h>

#include "basket.h"
#include "consult.h"
#include "gather.h"

/* The id that a checkout will answer, unless only a provider knows the company. */
static enum status name_company(const struct policy *policy, const struct identity_norm *norm,
                                const struct facts *facts, struct prefetch_res *res)
{
	struct company_key key = facts->key;
	enum status status = policy_identifies(policy, facts) ? STATUS_OK : identity_key(norm, &key);

	if (status == STATUS_OK)
		identity_company_id(&key, res->company_id);
	return status;
}

enum status prefetch_company(const struct checkout_ports *ports, const struct caller *caller,
                             const struct identity *company, struct deadline deadline, struct arena *arena,
                             struct prefetch_res *ret_res)
{
	struct identity_norm *norm = arena_alloc(arena, sizeof(*norm));
	struct asking asking = {company, norm, ports->clock.vtable->now_ms(ports->clock.self), BASKET_OPEN};
	struct prefetch_res *res = ret_res;
	struct gathered gathered;
	enum status status;

	if (!norm)
		return STATUS_NO_MEMORY;
	memset(res, 0, sizeof(*res));
	status = identity_normalise(company, arena, norm, res->errors, MAX_ERRORS, &res->error_count);
	if (status == STATUS_OK)
		status = gather_company(ports, caller, company, norm, asking.now_ms, deadline, arena, &gathered);
	if (status == STATUS_OK)
		status = name_company(caller->policy, norm, gathered.facts, res);
	if (status != STATUS_OK)
		return status;
	res->register_answers = gathered.freshness != FRESHNESS_FALLBACK;
	return consult_prefetch(ports, caller, &asking, arena, gathered.facts, res->sources, &res->source_count);
}
