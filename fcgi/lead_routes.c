/* SPDX-License-Identifier: MIT */
#include "lead_routes.h"

#include <string.h>

#include "checkout_routes.h"
#include "job_routes.h"
#include "server.h"
#include "wire/form_in.h"
#include "wire/lead_in.h"
#include "wire/lead_out.h"

#define NO_CLAIM  (-1)
#define NS_PER_MS INT64_C(1000000)

struct leads {
	struct call *call;
	const struct checkout_ports *ports;
	struct caller caller;
	struct lead_list list;
	struct field_errors errors;
	struct checkout_replay replay;
	struct lead_out out;
	size_t last; /* index of the last sound entry: its record carries the answer to replay */
	size_t sound;
};

static enum status refuse(struct leads *leads, enum status status, const char *fault)
{
	leads->call->fault = fault;
	if (leads->errors.count)
		leads->call->errors = &leads->errors;
	return status;
}

static enum status read_body(struct call *call)
{
	enum status status = request_read_body(call->exchange, call->arena, &call->request);

	if (status != STATUS_OK)
		call->fault = call->request.fault;
	return status;
}

static enum status parse(struct leads *leads)
{
	struct call *call = leads->call;
	bool json = request_is_json(call->request.content_type);
	enum status status;

	if (!json && !form_in_is_form(call->request.content_type))
		return refuse(leads, STATUS_INVALID, "unsupported_media_type");
	status = read_body(call);
	if (status != STATUS_OK)
		return status;
	status = json ? lead_in_json(call->request.body, call->arena, &leads->list, &leads->errors)
	              : lead_in_form(call->request.body, call->arena, &leads->list, &leads->errors);
	if (status == STATUS_INVALID && leads->errors.count && strcmp(leads->errors.items[0].code, "invalid_json") == 0)
		return refuse(leads, status, "invalid_json");
	return status == STATUS_OK ? status : refuse(leads, status, NULL);
}

static enum status fail_entry(struct leads *leads, struct lead_entry *entry, const struct field_errors *errors)
{
	entry->errors = arena_alloc(leads->call->arena, sizeof(*errors));
	if (!entry->errors)
		return STATUS_NO_MEMORY;
	*entry->errors = *errors;
	return STATUS_OK;
}

/* Every field of every entry before the first decision, so that it is known which record is the last. */
static enum status check(struct leads *leads)
{
	struct arena *arena = leads->call->arena;

	for (size_t i = 0; i < leads->list.count; i++) {
		struct lead_entry *entry = &leads->list.entries[i];
		struct identity_error found[MAX_ERRORS];
		struct field_errors errors = {0};
		size_t mark = arena->used;
		size_t count = 0;
		enum status status;

		if (entry->errors)
			continue;
		status = lead_check(&entry->req, arena, found, MAX_ERRORS, &count);
		arena_rewind(arena, mark);
		if (status == STATUS_INVALID) {
			lead_in_explain(found, count, &errors);
			status = fail_entry(leads, entry, &errors);
		} else if (status == STATUS_OK) {
			leads->last = i;
			leads->sound++;
		}
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

static struct deadline deadline_from_now(const struct leads *leads)
{
	const struct clock_port *clock = &leads->ports->clock;

	return (struct deadline){clock->vtable->monotonic_ns(clock->self) +
	                         (int64_t)leads->call->server->budget_ms * NS_PER_MS};
}

/* What the answer says of this lead, without the comma before it. */
static struct slice put_lead(struct leads *leads, size_t index, const struct lead_res *res)
{
	struct buf *body = &leads->call->response.body;
	size_t from = body->len;
	struct slice text;

	lead_out_lead(&leads->out, index, res);
	text = buf_view(body);
	from += from < text.len && text.ptr[from] == ',' ? 1 : 0;
	return (struct slice){text.ptr + from, text.len - from};
}

/* Each lead has the time that a checkout has. With the last one goes the whole answer. */
static enum status judge(struct leads *leads, size_t index, struct checkout_replay *replay)
{
	struct call *call = leads->call;
	struct lead_res *res = arena_alloc(call->arena, sizeof(*res));
	struct deadline deadline = deadline_from_now(leads);
	enum status status;

	if (!res)
		return STATUS_NO_MEMORY;
	status = lead_decide(leads->ports, &leads->caller, &leads->list.entries[index].req, deadline, call->arena, res);
	if (status != STATUS_OK)
		return status == STATUS_INVALID ? STATUS_INTERNAL : status;
	replay->answer = put_lead(leads, index, res);
	if (index == leads->last) {
		lead_out_end(&leads->out, &leads->list);
		replay->answer = buf_view(&call->response.body);
	}
	status = lead_record(leads->ports, &leads->caller, res, replay, deadline, call->arena);
	if (status == STATUS_OK)
		return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
	log_note(call->server->log, LOG_ERROR, "lead not recorded", status_name(status));
	return refuse(leads, status, "not_recorded");
}

/*
 * Of a list with a key every entry but the last is recorded under a key of
 * its own: the call again after it was cut off half-way goes on behind them.
 */
static enum status judge_part(struct leads *leads, size_t index)
{
	const struct store_port *store = &leads->ports->store;
	struct checkout_replay replay = leads->replay;
	struct slice answer = SLICE_NONE;
	char mem[MAX_STORED_KEY];
	int claim = NO_CLAIM;
	struct buf key;
	enum status status;

	if (!replay.key.ptr || index == leads->last)
		return judge(leads, index, &replay);
	buf_init(&key, mem, sizeof(mem));
	buf_u64(&key, index);
	buf_char(&key, ':');
	buf_slice(&key, leads->replay.key);
	replay.key = buf_view(&key);
	status = store->vtable->claim(store->self, leads->caller.tenant, replay.key, replay.body_digest,
	                              leads->call->at_ms, leads->call->arena, &answer, &claim);
	if (status != STATUS_OK)
		return status;
	if (answer.ptr)
		lead_out_again(&leads->out, answer);
	else
		status = judge(leads, index, &replay);
	if (claim >= 0)
		store->vtable->release(store->self, claim);
	return status;
}

static enum status judge_all(struct leads *leads)
{
	struct call *call = leads->call;
	enum status status = STATUS_OK;

	lead_out_begin(&leads->out, &call->response.body, &leads->caller, call->request.lang);
	for (size_t i = 0; i < leads->list.count && status == STATUS_OK; i++) {
		size_t mark = call->arena->used;

		if (leads->list.entries[i].errors)
			continue;
		status = judge_part(leads, i);
		arena_rewind(call->arena, mark);
	}
	if (status == STATUS_OK && !leads->sound)
		lead_out_end(&leads->out, &leads->list);
	call->response.content_type = "application/json";
	return status;
}

/* The same key and body again gets the same answer; what was recorded of a call that was cut off is not judged again.
 */
static enum status judge_once(struct leads *leads)
{
	const struct crypto_port *crypto = &leads->ports->crypto;
	const struct store_port *store = &leads->ports->store;
	struct call *call = leads->call;
	struct slice answer = SLICE_NONE;
	int claim = NO_CLAIM;
	enum status status;

	if (!leads->replay.key.ptr)
		return judge_all(leads);
	crypto->vtable->sha256(crypto->self, call->request.body, leads->replay.body_digest);
	status = store->vtable->claim(store->self, leads->caller.tenant, leads->replay.key, leads->replay.body_digest,
	                              call->at_ms, call->arena, &answer, &claim);
	if (status != STATUS_OK)
		return status;
	if (answer.ptr)
		return checkout_replay_answer(call, answer);
	status = judge_all(leads);
	if (claim >= 0)
		store->vtable->release(store->self, claim);
	return status;
}

enum status lead_post(struct call *call)
{
	struct leads *leads = arena_alloc(call->arena, sizeof(*leads));
	enum status status;

	if (job_is_list(call->request.content_type))
		return job_post(call);
	if (!leads)
		return STATUS_NO_MEMORY;
	leads->call = call;
	leads->ports = &call->server->ports[call->principal.livemode];
	leads->caller = (struct caller){.tenant = call->principal.tenant,
	                                .request_id = call->request.request_id,
	                                .livemode = call->principal.livemode,
	                                .policy = call->principal.policy,
	                                .model = call->principal.model};
	status = checkout_read_key(call, &leads->replay.key);
	if (status == STATUS_OK)
		status = parse(leads);
	if (status == STATUS_OK)
		status = check(leads);
	if (status != STATUS_OK)
		return status;
	if (leads->list.single && leads->list.entries[0].errors) {
		leads->errors = *leads->list.entries[0].errors;
		return refuse(leads, STATUS_INVALID, NULL);
	}
	return judge_once(leads);
}
