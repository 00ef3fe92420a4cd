/* SPDX-License-Identifier: MIT */
#include "lead_page_routes.h"

#include "checkout_routes.h"
#include "core/web_origin.h"
#include "page.h"
#include "server.h"
#include "wire/lead_in.h"
#include "wire/lead_page.h"

#define NO_CLAIM (-1)

struct visit {
	struct lead_form form;
	struct lead_req req;
	struct lead_res res;
	struct lead_page page;
	struct field_errors errors;
	struct checkout_replay replay;
	char once[LEAD_PAGE_ONCE];
};

static enum status refuse(struct call *call, enum status status, const char *fault)
{
	call->fault = fault;
	return status;
}

/* Each page is marked anew: what is sent from it later is another question. */
static enum status put_page(struct call *call, struct visit *visit)
{
	const struct crypto_port *crypto = &call->server->ports[0].crypto;
	uint8_t bytes[LEAD_PAGE_ONCE / 2];
	struct buf once;

	crypto->vtable->random(crypto->self, bytes, sizeof(bytes));
	buf_init(&once, visit->once, sizeof(visit->once));
	buf_hex(&once, bytes, sizeof(bytes));
	visit->page.once = buf_view(&once);
	visit->page.form = &visit->form;
	lead_page_put(&call->response.body, &visit->page, call->request.lang);
	return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
}

static enum status show(struct call *call, struct visit *visit, int status)
{
	call->response.status = status;
	page_form_headers(call, SLICE_NONE);
	return put_page(call, visit);
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
	struct caller caller = {.tenant = call->principal.tenant,
	                        .request_id = call->request.request_id,
	                        .livemode = call->principal.livemode,
	                        .policy = call->principal.policy,
	                        .model = call->principal.model};
	enum status status = lead_decide(ports, &caller, &visit->req, call->deadline, call->arena, &visit->res);

	if (status != STATUS_OK)
		return status == STATUS_INVALID ? STATUS_INTERNAL : status;
	visit->page.res = &visit->res;
	visit->page.policy = call->principal.policy;
	status = put_page(call, visit);
	if (status != STATUS_OK)
		return status;
	visit->replay.answer = buf_view(&call->response.body);
	status = lead_record(ports, &caller, &visit->res, &visit->replay, call->deadline, call->arena);
	if (status != STATUS_OK)
		return refuse(call, status, "not_recorded");
	page_form_headers(call, SLICE_NONE);
	return STATUS_OK;
}

/* The mark of the page and all that was entered: another company entered after going back is another question. */
static enum status name_question(struct call *call, struct visit *visit)
{
	const struct crypto_port *crypto = &call->server->ports[0].crypto;
	char *room = arena_bytes(call->arena, MAX_STORED_KEY);
	struct buf key;

	if (!room)
		return STATUS_NO_MEMORY;
	crypto->vtable->sha256(crypto->self, call->request.body, visit->replay.body_digest);
	buf_init(&key, room, MAX_STORED_KEY);
	buf_cstr(&key, call->principal.livemode ? "l:page:" : "t:page:");
	buf_slice(&key, visit->form.once);
	buf_char(&key, ':');
	buf_hex(&key, visit->replay.body_digest, sizeof(visit->replay.body_digest));
	visit->replay.key = buf_view(&key);
	return STATUS_OK;
}

/* Whoever loads the answer again sends the form again; it is answered again and recorded once. */
static enum status judge_once(struct call *call, struct visit *visit)
{
	const struct store_port *store = &call->server->ports[call->principal.livemode].store;
	struct slice answer = SLICE_NONE;
	int claim = NO_CLAIM;
	enum status status;

	if (!lead_page_is_once(visit->form.once))
		return judge(call, visit);
	status = name_question(call, visit);
	if (status == STATUS_OK)
		status = store->vtable->claim(store->self, call->principal.tenant, visit->replay.key,
		                              visit->replay.body_digest, call->at_ms, call->arena, &answer, &claim);
	visit->page.running = status == STATUS_RUNNING;
	if (visit->page.running)
		return show(call, visit, 409);
	if (status == STATUS_OK && answer.ptr) {
		status = checkout_replay_answer(call, answer);
		page_form_headers(call, SLICE_NONE);
	} else if (status == STATUS_OK) {
		status = judge(call, visit);
	}
	if (claim != NO_CLAIM)
		store->vtable->release(store->self, claim);
	return status;
}

static enum status check(struct call *call, struct visit *visit)
{
	struct identity_error found[MAX_ERRORS];
	size_t count = 0;
	enum status status = lead_check(&visit->req, call->arena, found, MAX_ERRORS, &count);

	if (status == STATUS_INVALID)
		lead_in_explain(found, count, &visit->errors);
	return status;
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
	if (status == STATUS_OK)
		status = check(call, visit);
	if (status == STATUS_INVALID)
		return show_errors(call, visit);
	return status == STATUS_OK ? judge_once(call, visit) : status;
}
