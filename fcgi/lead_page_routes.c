/* SPDX-License-Identifier: MIT */
#include "lead_page_routes.h"

#include "core/web_origin.h"
#include "page.h"
#include "server.h"
#include "wire/lead_in.h"
#include "wire/lead_page.h"

struct visit {
	struct lead_form form;
	struct lead_req req;
	struct lead_res res;
	struct lead_page page;
	struct field_errors errors;
};

static enum status refuse(struct call *call, enum status status, const char *fault)
{
	call->fault = fault;
	return status;
}

static enum status show(struct call *call, struct visit *visit, int status)
{
	visit->page.form = &visit->form;
	call->response.status = status;
	page_form_headers(call, SLICE_NONE);
	lead_page_put(&call->response.body, &visit->page, call->request.lang);
	return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
}

static enum status show_errors(struct call *call, struct visit *visit)
{
	visit->page.errors = &visit->errors;
	return show(call, visit, 422);
}

/* The key of the form stands where a program's would stand in its header. */
static enum status authenticate(struct call *call, struct slice key)
{
	struct auth_cache *cache = &call->server->lanes[call->lane].auth;
	char mem[2 * MAX_API_KEY + sizeof("Bearer ")];
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	buf_cstr(&text, "Bearer ");
	buf_slice(&text, key);
	return auth_check(&call->server->auth, cache, buf_view(&text), SCOPE_LEAD, call->at_ms, &call->principal);
}

static enum status judge(struct call *call, struct visit *visit)
{
	const struct checkout_ports *ports = &call->server->ports[call->principal.livemode];
	struct checkout_replay once = {.key = SLICE_NONE};
	struct caller caller = {.tenant = call->principal.tenant,
	                        .request_id = call->request.request_id,
	                        .livemode = call->principal.livemode,
	                        .policy = call->principal.policy,
	                        .model = call->principal.model};
	struct identity_error found[MAX_ERRORS];
	size_t count = 0;
	enum status status = lead_check(&visit->req, call->arena, found, MAX_ERRORS, &count);

	if (status == STATUS_INVALID) {
		lead_in_explain(found, count, &visit->errors);
		return show_errors(call, visit);
	}
	if (status == STATUS_OK)
		status = lead_decide(ports, &caller, &visit->req, call->deadline, call->arena, &visit->res);
	if (status != STATUS_OK)
		return status == STATUS_INVALID ? STATUS_INTERNAL : status;
	status = lead_record(ports, &caller, &visit->res, &once, call->deadline, call->arena);
	if (status != STATUS_OK)
		return refuse(call, status, "not_recorded");
	visit->page.res = &visit->res;
	visit->page.policy = call->principal.policy;
	return show(call, visit, 200);
}

enum status lead_page_post(struct call *call)
{
	struct visit *visit = arena_alloc(call->arena, sizeof(*visit));
	enum status status, key;

	if (!visit)
		return STATUS_NO_MEMORY;
	if (!web_origin_is_host(call->request.origin, call->request.host))
		return refuse(call, STATUS_FORBIDDEN, "origin_refused");
	if (!form_in_is_form(call->request.content_type))
		return refuse(call, STATUS_INVALID, "unsupported_media_type");
	status = request_read_body(call->exchange, call->arena, &call->request);
	if (status != STATUS_OK)
		return refuse(call, status, call->request.fault);
	page_choose_lang(call);
	status = lead_page_read(call->request.body, call->arena, &visit->form, &visit->req, &visit->errors);
	if (status != STATUS_OK && status != STATUS_INVALID)
		return status;
	key = authenticate(call, visit->form.key);
	if (key == STATUS_UNAUTHORIZED || key == STATUS_FORBIDDEN) {
		visit->page.key = key == STATUS_FORBIDDEN ? LEAD_PAGE_KEY_WITHOUT_RIGHT : LEAD_PAGE_KEY_UNKNOWN;
		return show(call, visit, key == STATUS_FORBIDDEN ? 403 : 401);
	}
	if (key != STATUS_OK)
		return key;
	return status == STATUS_OK ? judge(call, visit) : show_errors(call, visit);
}
