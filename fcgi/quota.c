/* SPDX-License-Identifier: MIT */
#include "quota.h"

#include "rate_limit.h"
#include "server.h"

static void put_quota(struct call *call, const struct rate_verdict *verdict)
{
	const struct rate_limit *limit = call->server->rate_limit;
	char mem[96];
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	buf_cstr(&text, "\"default\";q=");
	buf_u64(&text, limit->quota);
	buf_cstr(&text, ";w=");
	buf_i64(&text, limit->window_ms / 1000);
	response_header(&call->response, "RateLimit-Policy", buf_view(&text));
	buf_reset(&text);
	buf_cstr(&text, "\"default\";r=");
	buf_u64(&text, verdict->remaining);
	buf_cstr(&text, ";t=");
	buf_u64(&text, verdict->reset_s);
	response_header(&call->response, "RateLimit", buf_view(&text));
}

bool quota_take(struct call *call)
{
	struct rate_verdict verdict = rate_limit_take(call->server->rate_limit, call->request.remote_addr, call->at_ms);
	char mem[24];
	struct buf text;

	put_quota(call, &verdict);
	if (verdict.allowed)
		return true;
	buf_init(&text, mem, sizeof(mem));
	buf_u64(&text, verdict.reset_s);
	response_header(&call->response, "Retry-After", buf_view(&text));
	call->fault = "rate_limited";
	return false;
}
