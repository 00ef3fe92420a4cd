/* SPDX-License-Identifier: MIT */
#include "sandbox_routes.h"

#include <string.h>

#include "checkout_routes.h"
#include "quota.h"
#include "search_routes.h"
#include "server.h"

/* A score 0..100 from the query; the policy's own when it is not given. */
static bool read_threshold(struct call *call, const char *name, int32_t *threshold)
{
	struct slice text;
	uint64_t value;
	enum status status = request_query(&call->request, name, call->arena, &text);

	if (status == STATUS_NOT_FOUND)
		return true;
	if (status != STATUS_OK || !slice_to_u64(text, &value) || value > SCORE_MAX)
		return false;
	*threshold = (int32_t)value;
	return true;
}

/* The demo policy, with the caller's thresholds if there are any. */
static enum status choose_policy(struct call *call)
{
	struct policy *policy = arena_bytes(call->arena, sizeof(*policy));

	if (!policy)
		return STATUS_NO_MEMORY;
	memcpy(policy, call->server->anonymous.policy, sizeof(*policy));
	if (!read_threshold(call, "green_from", &policy->green_from))
		return server_refuse_field(call, "?green_from", "out_of_range");
	if (!read_threshold(call, "yellow_from", &policy->yellow_from) || policy->yellow_from >= policy->green_from)
		return server_refuse_field(call, "?yellow_from", "out_of_range");
	call->principal = call->server->anonymous;
	call->principal.policy = policy;
	return STATUS_OK;
}

enum status sandbox_checkout(struct call *call)
{
	enum status status;

	if (!quota_take(call))
		return STATUS_INVALID;
	status = call->request.query.ptr ? choose_policy(call) : STATUS_OK;
	if (status != STATUS_OK)
		return status;
	if (!call->principal.policy)
		call->principal = call->server->anonymous;
	return checkout_post(call);
}

enum status sandbox_search(struct call *call)
{
	if (!quota_take(call))
		return STATUS_INVALID;
	call->principal = call->server->anonymous;
	return search_get(call);
}
