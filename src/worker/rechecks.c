/* SPDX-License-Identifier: MIT */
#include "rechecks.h"

#include <stdlib.h>
#include <string.h>

#include "app/recheck.h"
#include "wire/record_in.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */
#define BUDGET_NS INT64_C(10000000000) /* for one decision; nobody waits for it */
#define LEASE_MS  INT64_C(60000)
#define FAULT_MS  INT64_C(10000)
#define ARENA_CAP (2 * MAX_REQUEST_ARENA) /* the record is read in it, too */

struct rechecks {
	struct background *background;
	struct clock_port clock;
	struct recheck_port list;
	struct recheck_figures figures; /* but the backlog */
	_Alignas(16) char mem[ARENA_CAP];
};

/* One on its way. */
struct errand {
	struct recheck recheck;
	struct arena arena;
	struct record record;
	struct recheck_req req;
	struct background_rules rules;
};

static int64_t now_ms(const struct rechecks *rechecks)
{
	return rechecks->clock.vtable->now_ms(rechecks->clock.self);
}

/* detail: NULL = the result says it all. */
static void tell(struct rechecks *rechecks, const struct recheck *recheck, enum recheck_result result,
                 const char *detail, const struct recheck_res *res)
{
	struct background_job job = {.job = "recheck",
	                             .result = recheck_result_name(result),
	                             .detail = detail,
	                             .tenant = slice_cstr(recheck->tenant),
	                             .decision_id = slice_cstr(recheck->decision_id),
	                             .tries = recheck->tries + 1};

	if (res && res->decision_id[0]) {
		job.new_decision_id = slice_cstr(res->decision_id);
		job.outcome = outcome_name(res->outcome);
	}
	rechecks->figures.results[result]++;
	background_log_job(rechecks->background, &job);
}

static void verdict_of_record(const struct record_result *result, struct verdict *ret_verdict)
{
	ret_verdict->outcome = result->outcome;
	ret_verdict->count = result->method_count;
	for (size_t i = 0; i < result->method_count; i++) {
		ret_verdict->methods[i].id = result->methods[i].id;
		ret_verdict->methods[i].allowed = result->methods[i].allowed;
	}
}

/* The request as it was, from the record it left. */
static enum status read_request(const struct rechecks *rechecks, struct errand *errand)
{
	const struct store_port *store = &background_ports(rechecks->background, false)->store;
	struct slice id = slice_cstr(errand->recheck.decision_id);
	struct store_record stored;
	struct load_error error;
	enum status status = store->vtable->find_decision(store->self, slice_cstr(errand->recheck.tenant), id,
	                                                  &errand->arena, &stored);

	if (status == STATUS_OK)
		status = record_in_parse(stored.text, &errand->arena, &errand->record, &error);
	if (status != STATUS_OK)
		return status;
	errand->req.decision_id = id;
	errand->req.checkout = (struct checkout_req){.company = errand->record.asked, .order = errand->record.order};
	verdict_of_record(&errand->record.result, &errand->req.before);
	return STATUS_OK;
}

static enum status decide(const struct rechecks *rechecks, struct errand *errand, struct recheck_res *ret_res)
{
	const struct record_head *head = &errand->record.head;
	const struct checkout_ports *ports = background_ports(rechecks->background, head->livemode);
	struct deadline deadline = {rechecks->clock.vtable->monotonic_ns(rechecks->clock.self) + BUDGET_NS};
	struct caller caller = {.tenant = slice_cstr(errand->recheck.tenant),
	                        .livemode = head->livemode,
	                        .lead = head->lead,
	                        .recheck_of = errand->req.decision_id};
	enum status status = background_rules_take(rechecks->background, caller.tenant, &errand->rules);

	if (status != STATUS_OK)
		return status;
	caller.policy = errand->rules.policy;
	caller.model = errand->rules.model;
	status = recheck_decide(ports, &caller, &errand->req, deadline, &errand->arena, ret_res);
	background_rules_give(&errand->rules);
	return status;
}

static void put_off(struct rechecks *rechecks, const struct errand *errand, enum status why)
{
	const struct recheck_port *list = &rechecks->list;
	int64_t due_ms = now_ms(rechecks) + recheck_pause_ms(errand->recheck.tries);
	enum status status = list->vtable->put_off(list->self, &errand->recheck, due_ms);

	if (status == STATUS_OK && why == STATUS_OK)
		tell(rechecks, &errand->recheck, RECHECKED_STILL_OUT, NULL, NULL);
	else if (status == STATUS_OK)
		tell(rechecks, &errand->recheck, RECHECKED_FAILED, status_name(why), NULL);
	else if (status != STATUS_NOT_FOUND)
		background_log_fault(rechecks->background, "a recheck is not put off", status);
}

static void give_up(struct rechecks *rechecks, struct errand *errand, const struct verdict *before)
{
	bool livemode = before ? errand->record.head.livemode : true;
	enum status status = recheck_give_up(background_ports(rechecks->background, livemode), &rechecks->list,
	                                     &errand->recheck, livemode, before, &errand->arena);

	if (status == STATUS_OK)
		tell(rechecks, &errand->recheck, RECHECKED_GIVEN_UP, NULL, NULL);
	else if (status != STATUS_NOT_FOUND)
		background_log_fault(rechecks->background, "a recheck is not given up", status);
}

static void do_one(struct rechecks *rechecks, struct errand *errand)
{
	bool old = now_ms(rechecks) - errand->recheck.at_ms >= RECHECK_MAX_AGE_MS;
	struct recheck_res res = {.decision_id = ""};
	enum status status = read_request(rechecks, errand);

	if (status == STATUS_CORRUPT || status == STATUS_NOT_FOUND) {
		background_log_fault(rechecks->background, "a record to be made again cannot be read", status);
		give_up(rechecks, errand, NULL);
		return;
	}
	if (status == STATUS_OK)
		status = decide(rechecks, errand, &res);
	if (status == STATUS_NOT_FOUND)
		return; /* another worker was quicker */
	if (status == STATUS_OK && res.end != RECHECK_STILL_OUT)
		tell(rechecks, &errand->recheck, res.end == RECHECK_SAME ? RECHECKED_SAME : RECHECKED_DIFFERS, NULL,
		     &res);
	else if (old || status == STATUS_INVALID)
		give_up(rechecks, errand, &errand->req.before);
	else
		put_off(rechecks, errand, status);
}

struct rechecks *rechecks_create(struct background *background)
{
	struct rechecks *rechecks = calloc(1, sizeof(*rechecks));

	if (!rechecks)
		return NULL;
	rechecks->background = background;
	rechecks->clock = background_ports(background, true)->clock;
	rechecks->list = background_rechecks(background);
	return rechecks;
}

void rechecks_destroy(struct rechecks *rechecks)
{
	free(rechecks);
}

int64_t rechecks_step(struct rechecks *rechecks)
{
	const struct recheck_port *list = &rechecks->list;
	struct recheck recheck;
	struct errand *errand;
	struct arena arena;
	int64_t next_ms;
	enum status status = list->vtable->take_due(list->self, now_ms(rechecks), LEASE_MS, &recheck);

	if (status == STATUS_OK) {
		arena_init(&arena, rechecks->mem, sizeof(rechecks->mem));
		errand = arena_alloc(&arena, sizeof(*errand));
		if (!errand)
			return now_ms(rechecks) + FAULT_MS;
		errand->recheck = recheck;
		errand->arena = arena;
		do_one(rechecks, errand);
		return now_ms(rechecks); /* perhaps there are more */
	}
	if (status == STATUS_NOT_FOUND) {
		status = list->vtable->next_due(list->self, &next_ms);
		if (status == STATUS_OK)
			return next_ms;
	}
	if (status == STATUS_NOT_FOUND)
		return INT64_MAX;
	background_log_fault(rechecks->background, "the list of rechecks cannot be read", status);
	return now_ms(rechecks) + FAULT_MS;
}

void rechecks_read_figures(const struct rechecks *rechecks, struct recheck_figures *ret_figures)
{
	const struct recheck_port *list = &rechecks->list;
	struct backlog backlog = {.known = false};

	backlog.known = list->vtable->count(list->self, &backlog.waiting, &backlog.oldest_ms) == STATUS_OK;
	*ret_figures = rechecks->figures;
	ret_figures->backlog = backlog;
}
