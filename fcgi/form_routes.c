/* SPDX-License-Identifier: MIT */
#include "form_routes.h"

#include <string.h>

#include "base/json_out.h"
#include "core/web_origin.h"
#include "form_token.h"
#include "page.h"
#include "quota.h"
#include "server.h"
#include "wire/form_page.h"
#include "wire/lead_in.h"

struct post {
	struct call *call;
	const struct checkout_ports *ports;
	struct form_site site;
	struct public_form form;
	struct lead_req req;
	struct lead_res res;
	struct field_errors errors;
	struct slice nonce;
	struct checkout_replay replay;
	char token[FORM_TOKEN_LEN + 1];
};

static enum status find_site(struct call *call, struct form_site *ret_site)
{
	const struct checkout_ports *ports = &call->server->ports[0];
	uint8_t digest[CRYPTO_SHA256_LEN];

	ports->crypto.vtable->sha256(ports->crypto.self, call->path_rest, digest);
	return ports->store.vtable->find_form(ports->store.self, digest, call->arena, ret_site);
}

static enum status refuse(struct call *call, enum status status, const char *fault)
{
	call->fault = fault;
	return status;
}

static enum status send_back(struct post *post)
{
	post->call->response.status = 303;
	response_header(&post->call->response, "Location", post->site.return_url);
	return STATUS_OK;
}

static enum status put_page(struct post *post, const struct field_errors *errors, struct slice token)
{
	struct call *call = post->call;
	struct form_page page = {.form = &post->form, .errors = errors, .action = call->request.path, .token = token};

	call->response.status = errors ? 422 : 200;
	page_form_headers(call, web_origin_of(post->site.return_url));
	form_page_put(&call->response.body, &page, call->request.lang);
	return STATUS_OK;
}

static enum status ask_again(struct post *post, const struct field_errors *errors)
{
	struct call *call = post->call;
	enum status status = form_token_make(&post->ports->crypto, call->path_rest, call->at_ms, post->token);

	return status == STATUS_OK ? put_page(post, errors, slice_cstr(post->token)) : status;
}

static enum status read_form(struct post *post)
{
	struct call *call = post->call;
	enum status status;

	if (!form_in_is_form(call->request.content_type))
		return refuse(call, STATUS_INVALID, "unsupported_media_type");
	status = request_read_body(call->exchange, call->arena, &call->request);
	if (status != STATUS_OK)
		return refuse(call, status, call->request.fault);
	status = form_page_read(call->request.body, call->arena, &post->form, &post->req, &post->errors);
	page_choose_lang(call);
	if (slice_eq_cstr(post->form.lang, "en"))
		call->request.lang = LANG_EN;
	else if (slice_eq_cstr(post->form.lang, "de"))
		call->request.lang = LANG_DE;
	return status;
}

/* The fields a visitor can mend are told before anything is decided. */
static enum status check_fields(struct post *post)
{
	struct identity_error found[MAX_ERRORS];
	size_t count = 0;
	enum status status = lead_check(&post->req, post->call->arena, found, MAX_ERRORS, &count);

	if (status == STATUS_INVALID)
		lead_in_explain(found, count, &post->errors);
	return status;
}

/* A token is good for one lead: sent twice, it is recorded once. */
static enum status claim_token(struct post *post, int *ret_claim, bool *ret_done)
{
	struct call *call = post->call;
	const struct store_port *store = &post->ports->store;
	struct slice answer = SLICE_NONE;
	struct buf key;
	char *room = arena_bytes(call->arena, 2 + FORM_TOKEN_NONCE);
	enum status status;

	if (!room)
		return STATUS_NO_MEMORY;
	buf_init(&key, room, 2 + FORM_TOKEN_NONCE);
	buf_cstr(&key, "f:");
	buf_slice(&key, post->nonce);
	post->replay.key = buf_view(&key);
	post->replay.answer = SLICE_LIT("{}");
	status = store->vtable->claim(store->self, call->principal.tenant, post->replay.key, post->replay.body_digest,
	                              call->at_ms, call->arena, &answer, ret_claim);
	*ret_done = answer.ptr != NULL;
	return status;
}

static enum status judge(struct post *post)
{
	struct call *call = post->call;
	struct caller caller = {.tenant = call->principal.tenant,
	                        .request_id = call->request.request_id,
	                        .livemode = call->principal.livemode,
	                        .policy = call->principal.policy,
	                        .model = call->principal.model};
	bool done = false;
	int claim = -1;
	enum status status = claim_token(post, &claim, &done);

	if (status != STATUS_OK || done)
		return status;
	status = lead_decide(post->ports, &caller, &post->req, call->deadline, call->arena, &post->res);
	if (status == STATUS_OK)
		status = lead_record(post->ports, &caller, &post->res, &post->replay, call->deadline, call->arena);
	if (claim >= 0)
		post->ports->store.vtable->release(post->ports->store.self, claim);
	return status;
}

static enum status take(struct post *post)
{
	struct call *call = post->call;
	enum status status = read_form(post);

	if (status == STATUS_INVALID && post->errors.count)
		return ask_again(post, &post->errors);
	if (status != STATUS_OK)
		return status;
	if (post->form.trap.ptr)
		return send_back(post);
	status = check_fields(post);
	if (status == STATUS_INVALID)
		return ask_again(post, &post->errors);
	if (status == STATUS_OK)
		status = form_token_check(&post->ports->crypto, call->path_rest, post->form.token, call->at_ms,
		                          &post->nonce);
	if (status == STATUS_INVALID)
		return ask_again(post, NULL);
	if (status == STATUS_OK)
		status = judge(post);
	/* A double click: with the same token it stays one lead, whether or not the first of them comes through. */
	if (status == STATUS_RUNNING)
		return put_page(post, NULL, post->form.token);
	return status == STATUS_OK ? send_back(post) : status;
}

enum status form_post(struct call *call)
{
	struct post *post = arena_alloc(call->arena, sizeof(*post));
	struct slice origin = call->request.origin;
	enum status status;

	if (!post)
		return STATUS_NO_MEMORY;
	post->call = call;
	post->ports = &call->server->ports[call->principal.livemode];
	status = find_site(call, &post->site);
	if (status != STATUS_OK)
		return status;
	if (!web_origin_listed(origin, post->site.origins) && !web_origin_is_host(origin, call->request.host))
		return refuse(call, STATUS_FORBIDDEN, "origin_refused");
	if (!quota_take(call))
		return STATUS_INVALID;
	return take(post);
}

enum status form_token_get(struct call *call)
{
	char token[FORM_TOKEN_LEN + 1];
	struct form_site site;
	struct json_out out;
	enum status status = find_site(call, &site);

	if (status != STATUS_OK)
		return status;
	response_header(&call->response, "Vary", SLICE_LIT("Origin"));
	if (!web_origin_listed(call->request.origin, site.origins))
		return refuse(call, STATUS_FORBIDDEN, "origin_refused");
	response_header(&call->response, "Access-Control-Allow-Origin", call->request.origin);
	if (!quota_take(call))
		return STATUS_INVALID;
	status = form_token_make(&call->server->ports[0].crypto, call->path_rest, call->at_ms, token);
	if (status != STATUS_OK)
		return status;
	json_out_init(&out, &call->response.body);
	json_out_object(&out, NULL);
	json_out_cstr(&out, "token", token);
	json_out_i64(&out, "least_seconds", FORM_TOKEN_LEAST_S);
	json_out_i64(&out, "most_seconds", FORM_TOKEN_MOST_S);
	json_out_object_end(&out);
	call->response.content_type = "application/json";
	return STATUS_OK;
}
