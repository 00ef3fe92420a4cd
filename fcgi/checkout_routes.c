/* SPDX-License-Identifier: MIT */
#include "checkout_routes.h"

#include <string.h>

#include "server.h"
#include "wire/checkout_in.h"
#include "wire/checkout_out.h"
#include "wire/explanation_out.h"

#define NO_CLAIM (-1)

/* One checkout call on its way. */
struct checkout {
	struct call *call;
	const struct checkout_ports *ports;
	struct caller caller;
	struct checkout_req req;
	struct checkout_res res;
	struct checkout_replay replay;
	struct field_errors *errors;
	int claim;        /* of the idempotency key */
	int64_t began_ns; /* when the record was handed to the store */
	enum status stored;
};

static enum status refuse(struct checkout *checkout, enum status status, const char *fault)
{
	checkout->call->fault = fault;
	if (checkout->errors->count)
		checkout->call->errors = checkout->errors;
	return status;
}

static enum status parse(struct checkout *checkout)
{
	struct call *call = checkout->call;
	enum status status = checkout_in_parse(call->request.body, call->arena, &checkout->req, checkout->errors);

	/* A text that is no JSON at all is a mistake of another kind than a field that is not allowed. */
	if (status == STATUS_INVALID && checkout->errors->count &&
	    strcmp(checkout->errors->items[0].code, "invalid_json") == 0)
		return refuse(checkout, status, "invalid_json");
	return status == STATUS_OK ? status : refuse(checkout, status, NULL);
}

/* Test and live calls of a tenant do not see each other's keys: each mode has its own. */
enum status checkout_read_key(struct call *call, struct slice *ret_key)
{
	struct slice key;
	enum status status;
	char *room;

	if (!call->request.idempotency_key.ptr)
		return STATUS_OK;
	status = request_idempotency_key(call->request.idempotency_key, call->arena, &key);
	if (status == STATUS_INVALID)
		call->fault = "idempotency_key_invalid";
	if (status != STATUS_OK)
		return status;
	room = arena_alloc(call->arena, key.len + 2);
	if (!room)
		return STATUS_NO_MEMORY;
	memcpy(room, call->principal.livemode ? "l:" : "t:", 2);
	memcpy(room + 2, key.ptr, key.len);
	*ret_key = (struct slice){room, key.len + 2};
	return STATUS_OK;
}

enum status checkout_replay_answer(struct call *call, struct slice answer)
{
	buf_slice(&call->response.body, answer);
	response_header(&call->response, "Idempotent-Replayed", SLICE_LIT("true"));
	call->response.content_type = "application/json";
	call->outcome = METRICS_REPLAY;
	return STATUS_OK;
}

static enum status decide(struct checkout *checkout)
{
	struct call *call = checkout->call;
	enum status status = checkout_decide(checkout->ports, &checkout->caller, &checkout->req, call->deadline,
	                                     call->arena, &checkout->res);

	if (status == STATUS_INVALID) {
		checkout_in_explain(&checkout->res, checkout->errors);
		return refuse(checkout, status, NULL);
	}
	if (status != STATUS_OK)
		return status;
	call->cache = checkout->res.cache_hit ? "hit" : "miss";
	checkout_out_put(&call->response.body, &checkout->caller, &checkout->req, &checkout->res, call->request.lang);
	return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
}

static int64_t now_ns(const struct checkout *checkout)
{
	return checkout->ports->clock.vtable->monotonic_ns(checkout->ports->clock.self);
}

static void release_key(struct checkout *checkout)
{
	const struct store_port *store = &checkout->ports->store;

	if (checkout->claim != NO_CLAIM)
		store->vtable->release(store->self, checkout->claim);
	checkout->claim = NO_CLAIM;
}

/* Without the record there is no decision, whatever was the reason. */
static enum status recorded(struct checkout *checkout, enum status status)
{
	static const enum metrics_outcome outcomes[] = {
	        [OUTCOME_DECLINE] = METRICS_DECLINE,
	        [OUTCOME_REVIEW] = METRICS_REVIEW,
	        [OUTCOME_APPROVE] = METRICS_APPROVE,
	};
	struct call *call = checkout->call;

	if (status != STATUS_OK) {
		log_note(call->server->log, LOG_ERROR, "decision not recorded", status_name(status));
		return refuse(checkout, status, "not_recorded");
	}
	call->outcome = outcomes[checkout->res.decision->outcome];
	call->response.content_type = "application/json";
	return STATUS_OK;
}

static void conclude(void *ctx)
{
	struct checkout *checkout = ctx;

	release_key(checkout);
	server_conclude(checkout->call, recorded(checkout, checkout->stored));
}

/* The store's word, on the thread that made the commit: it must not wait for a web server that does not read. */
static void told(void *ctx, enum status status)
{
	struct checkout *checkout = ctx;
	struct exchange *exchange = checkout->call->exchange;

	checkout->stored = status;
	checkout->call->store_ns = now_ns(checkout) - checkout->began_ns;
	exchange->resume(exchange, conclude, checkout);
}

static enum status record(struct checkout *checkout)
{
	struct call *call = checkout->call;
	enum status status;

	checkout->began_ns = now_ns(checkout);
	checkout->replay.answer = buf_view(&call->response.body);
	status = checkout_begin_record(checkout->ports, &checkout->caller, &checkout->req, &checkout->res,
	                               &checkout->replay, call->deadline, call->arena,
	                               (struct store_done){told, checkout});
	return status == STATUS_PENDING ? status : recorded(checkout, status);
}

/* Where there is no store, as in the sandbox, nothing is recorded. */
static enum status decide_and_record(struct checkout *checkout)
{
	enum status status = decide(checkout);

	if (status != STATUS_OK || checkout->ports->store.vtable)
		return status == STATUS_OK ? record(checkout) : status;
	checkout->call->response.content_type = "application/json";
	return STATUS_OK;
}

/* The same key and body again gets the same answer; two at once do not both decide. */
static enum status decide_once(struct checkout *checkout)
{
	const struct crypto_port *crypto = &checkout->ports->crypto;
	const struct store_port *store = &checkout->ports->store;
	struct call *call = checkout->call;
	struct slice answer = SLICE_NONE;
	enum status status;

	if (!checkout->replay.key.ptr || !store->vtable)
		return decide_and_record(checkout);
	crypto->vtable->sha256(crypto->self, call->request.body, checkout->replay.body_digest);
	status = store->vtable->claim(store->self, checkout->caller.tenant, checkout->replay.key,
	                              checkout->replay.body_digest, call->at_ms, call->arena, &answer,
	                              &checkout->claim);
	if (status != STATUS_OK)
		return status;
	if (answer.ptr)
		return checkout_replay_answer(call, answer);
	status = decide_and_record(checkout);
	/* once pending, all this belongs to whoever is told */
	if (status != STATUS_PENDING)
		release_key(checkout);
	return status;
}

enum status checkout_post(struct call *call)
{
	struct checkout *checkout = arena_alloc(call->arena, sizeof(*checkout));
	struct field_errors *errors = arena_bytes(call->arena, sizeof(*errors));
	enum status status;

	if (!checkout || !errors)
		return STATUS_NO_MEMORY;
	errors->count = 0; /* the rest is large and rarely used */
	checkout->errors = errors;
	checkout->call = call;
	checkout->claim = NO_CLAIM;
	checkout->ports = &call->server->ports[call->principal.livemode];
	checkout->caller = (struct caller){
	        .tenant = call->principal.tenant,
	        .request_id = call->request.request_id,
	        .livemode = call->principal.livemode,
	        .policy = call->principal.policy,
	        .model = call->principal.model,
	};
	status = checkout_read_key(call, &checkout->replay.key);
	if (status == STATUS_OK)
		status = parse(checkout);
	return status == STATUS_OK ? decide_once(checkout) : status;
}

/* The record's own member: its strings escape quotes, so this text stands nowhere else in it. */
static bool is_of_mode(struct slice record, bool livemode)
{
	const char *member = livemode ? "\"livemode\":true" : "\"livemode\":false";

	return memmem(record.ptr, record.len, member, strlen(member)) != NULL;
}

/* The caller's own record of the id in the path, made with a key of the same mode. */
static enum status find_record(struct call *call, struct store_record *ret_record)
{
	const struct store_port *store = &call->server->ports[0].store;
	enum status status;

	if (call->path_rest.len > MAX_DECISION_ID)
		return STATUS_NOT_FOUND;
	status = store->vtable->find_decision(store->self, call->principal.tenant, call->path_rest, call->arena,
	                                      ret_record);
	if (status != STATUS_OK)
		return status;
	return is_of_mode(ret_record->text, call->principal.livemode) ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status decision_get(struct call *call)
{
	struct store_record record;
	enum status status = find_record(call, &record);

	if (status != STATUS_OK)
		return status;
	buf_slice(&call->response.body, record.text);
	call->response.content_type = "application/json";
	return STATUS_OK;
}

enum status explanation_get(struct call *call)
{
	struct store_record stored;
	struct record *record = arena_alloc(call->arena, sizeof(*record));
	struct explanation_view *view = arena_alloc(call->arena, sizeof(*view));
	struct load_error error;
	enum status status = record && view ? find_record(call, &stored) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = record_in_parse(stored.text, call->arena, record, &error);
	if (status != STATUS_OK)
		return status;
	explanation_view_make(record, call->principal.model, &call->principal.policy->events, view);
	explanation_out_json(view, call->request.lang, &call->response.body);
	call->response.content_type = "application/json";
	return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
}
