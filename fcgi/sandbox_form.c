/* SPDX-License-Identifier: MIT */
#include "sandbox_form.h"

#include <string.h>

#include "page.h"
#include "quota.h"
#include "server.h"
#include "wire/checkout_in.h"
#include "wire/sandbox_page.h"

struct visit {
	struct sandbox_form form;
	struct sandbox_ask ask;
	struct sandbox_page page;
	struct field_errors errors;
	struct checkout_res res;
	struct policy policy;
};

static enum status show(struct call *call, struct visit *visit, int status)
{
	visit->page.form = &visit->form;
	visit->page.policy = &visit->policy;
	call->response.status = status;
	page_headers(call);
	sandbox_page_put(&call->response.body, &visit->page, call->request.lang);
	return STATUS_OK;
}

static enum status refuse(struct call *call, struct visit *visit)
{
	visit->page.errors = &visit->errors;
	return show(call, visit, 422);
}

static enum status decide(struct call *call, struct visit *visit)
{
	const struct principal *nobody = &call->server->anonymous;
	struct caller caller = {.tenant = nobody->tenant,
	                        .request_id = call->request.request_id,
	                        .policy = &visit->policy,
	                        .model = nobody->model};
	enum status status;

	visit->policy.green_from = visit->ask.green_from;
	visit->policy.yellow_from = visit->ask.yellow_from;
	status = checkout_decide(&call->server->ports[0], &caller, &visit->ask.req, call->deadline, call->arena,
	                         &visit->res);
	if (status == STATUS_INVALID) {
		checkout_in_explain(&visit->res, &visit->errors);
		return refuse(call, visit);
	}
	if (status != STATUS_OK)
		return status;
	visit->page.res = &visit->res;
	return show(call, visit, 200);
}

enum status sandbox_form_post(struct call *call)
{
	struct visit *visit = arena_alloc(call->arena, sizeof(*visit));
	enum status status;
	bool within;

	if (!visit)
		return STATUS_NO_MEMORY;
	if (!form_in_is_form(call->request.content_type)) {
		call->fault = "unsupported_media_type";
		return STATUS_INVALID;
	}
	status = request_read_body(call->exchange, call->arena, &call->request);
	if (status != STATUS_OK) {
		call->fault = call->request.fault;
		return status;
	}
	within = quota_take(call);
	call->fault = NULL;
	page_choose_lang(call);
	memcpy(&visit->policy, call->server->anonymous.policy, sizeof(visit->policy));
	visit->ask.green_from = visit->policy.green_from;
	visit->ask.yellow_from = visit->policy.yellow_from;
	status = sandbox_page_read(call->request.body, call->arena, &visit->form, &visit->ask, &visit->errors);
	if (status != STATUS_OK && status != STATUS_INVALID)
		return status;
	visit->page.limited = !within;
	if (!within)
		return show(call, visit, 429);
	return status == STATUS_OK ? decide(call, visit) : refuse(call, visit);
}
