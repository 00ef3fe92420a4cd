/* SPDX-License-Identifier: MIT */
#include "app/checkout.h"

#include <string.h>

#include "consult.h"
#include "gather.h"
#include "test_mode.h"
#include "token.h"
#include "ulid.h"

#define MS_PER_HOUR (INT64_C(3600) * 1000)

/* What the arena keeps between checkout_decide() and checkout_record(). */
struct prepared {
	struct decision_input input;
	struct identity_norm asked;
	struct order order;
	struct decision decision;
};

static bool part_differs(struct slice a, struct slice b)
{
	return a.len && b.len && !slice_eq(a, b);
}

/* Only parts given on both sides are compared: a missing house number is no other address. */
static bool is_other_address(const struct identity_norm *company, const struct identity_norm *delivery)
{
	return part_differs(slice_cstr(company->country), slice_cstr(delivery->country)) ||
	       part_differs(slice_cstr(company->postal_code), slice_cstr(delivery->postal_code)) ||
	       part_differs(company->city, delivery->city) || part_differs(company->street, delivery->street);
}

/*
 * Of the parts that the buyer left out, what the sources tell: an identifier
 * alone would else have the goods sent anywhere. A city has many writings, so
 * it counts only where nothing tells the postal code. What cannot be read is
 * left out too.
 */
static enum status add_known_address(const struct facts *facts, struct arena *arena, struct identity_norm *home)
{
	struct identity known = {.street = slice_cstr(facts->street),
	                         .postal_code = slice_cstr(facts->postal_code),
	                         .city = slice_cstr(facts->city),
	                         .country = slice_cstr(facts->country)};
	struct identity_norm norm;
	size_t count = 0;
	enum status status = identity_normalise(&known, arena, &norm, &(struct identity_error){0}, 1, &count);

	if (status != STATUS_OK)
		return status == STATUS_NO_MEMORY ? status : STATUS_OK;
	if (!home->street.len)
		home->street = norm.street;
	if (!home->postal_code[0])
		memcpy(home->postal_code, norm.postal_code, sizeof(home->postal_code));
	if (!home->postal_code[0] && !home->city.len)
		home->city = norm.city;
	return STATUS_OK;
}

static enum status compare_delivery(const struct policy *policy, const struct checkout_req *req,
                                    const struct facts *facts, struct arena *arena, struct prepared *prepared)
{
	struct identity_norm home = prepared->asked, delivery;
	size_t count = 0;
	enum status status;

	if (!req->has_delivery_address)
		return STATUS_OK;
	/* A delivery address that cannot be read is another address, not an error of the company's fields. */
	status = identity_normalise(&req->delivery, arena, &delivery, &(struct identity_error){0}, 1, &count);
	if (status == STATUS_NO_MEMORY)
		return status;
	prepared->order.other_delivery_address = status != STATUS_OK;
	if (status != STATUS_OK)
		return STATUS_OK;
	if (policy_identifies(policy, facts) && add_known_address(facts, arena, &home) != STATUS_OK)
		return STATUS_NO_MEMORY;
	prepared->order.other_delivery_address = is_other_address(&home, &delivery);
	return STATUS_OK;
}

/* The company as the sources know it; who is not found for certain keeps the key of what was asked. */
static enum status settle_key(const struct prepared *prepared, const struct facts *facts, struct checkout_res *res)
{
	enum status status;

	if (prepared->decision.identified) {
		res->key = facts->key;
	} else {
		status = identity_key(&prepared->asked, &res->key);
		if (status)
			return status;
	}
	identity_company_id(&res->key, res->company_id);
	return STATUS_OK;
}

/* A method the policy does not know is the caller's mistake, not a method to withhold. */
static enum status check_methods(const struct policy *policy, const struct order *order, struct checkout_res *res)
{
	for (int i = 0; i < order->method_count; i++) {
		if (policy_method(policy, order->methods[i]))
			continue;
		res->unknown_method = i;
		return STATUS_INVALID;
	}
	return STATUS_OK;
}

static struct decision_input make_input(const struct caller *caller, const struct prepared *prepared,
                                        const struct gathered *gathered, int64_t now_ms)
{
	return (struct decision_input){
	        .policy = caller->policy,
	        .model = caller->model,
	        .facts = gathered->facts,
	        .order = &prepared->order,
	        .asked = &prepared->asked,
	        .freshness = gathered->freshness,
	        .today = date_of_instant(now_ms),
	};
}

static struct asking make_asking(const struct caller *caller, const struct checkout_req *req,
                                 const struct prepared *prepared, int64_t now_ms)
{
	struct asking asking = {.typed = &req->company, .norm = &prepared->asked, .now_ms = now_ms};

	if (!policy_convert(caller->policy, req->order.amount, req->order.currency, &asking.amount))
		asking.amount = -1;
	return asking;
}

/* A token is for a buyer's browser; nobody is there when sales asks, or when a decision is made again. */
static bool wants_token(const struct caller *caller)
{
	return caller->policy->token && !caller->lead && !caller->recheck_of.ptr;
}

enum status checkout_decide(const struct checkout_ports *ports, const struct caller *caller,
                            const struct checkout_req *req, struct deadline deadline, struct arena *arena,
                            struct checkout_res *ret_res)
{
	struct prepared *prepared = arena_bytes(arena, sizeof(*prepared));
	struct gathered gathered;
	struct asking asking;
	struct checkout_res *res = ret_res;
	enum status status;

	if (!prepared)
		return STATUS_NO_MEMORY;
	memset(res, 0, sizeof(*res));
	res->at_ms = ports->clock.vtable->now_ms(ports->clock.self);
	res->unknown_method = -1;
	prepared->order = req->order;
	status = identity_normalise(&req->company, arena, &prepared->asked, res->errors, MAX_ERRORS, &res->error_count);
	if (status == STATUS_OK)
		status = check_methods(caller->policy, &prepared->order, res);
	if (status)
		return status;
	status = gather_company(ports, caller, &req->company, &prepared->asked, res->at_ms, deadline, arena, &gathered);
	if (status)
		return status;
	/* Whole files of leads are checked at once: what a question costs is for a buyer at the checkout only. */
	if (!caller->lead) {
		asking = make_asking(caller, req, prepared, res->at_ms);
		status = consult_providers(ports, caller, &asking, deadline, arena, &gathered);
	}
	if (status)
		return status;
	facts_derive(gathered.facts, date_of_instant(res->at_ms));
	if (!caller->livemode)
		test_mode_switch(prepared->order.amount, date_of_instant(res->at_ms), &gathered);
	status = compare_delivery(caller->policy, req, gathered.facts, arena, prepared);
	if (status)
		return status;
	prepared->input = make_input(caller, prepared, &gathered, res->at_ms);
	decision_make(&prepared->input, &prepared->decision);
	status = settle_key(prepared, gathered.facts, res);
	if (status)
		return status;
	ulid_make(&ports->crypto, res->at_ms, "dec", res->decision_id);
	res->valid_until_ms = res->at_ms + caller->policy->valid_hours * MS_PER_HOUR;
	res->cache_hit = gathered.cache_hit;
	res->confirmed = gathered.confirmed;
	res->facts = gathered.facts;
	res->input = &prepared->input;
	res->decision = &prepared->decision;
	return wants_token(caller) ? token_make(ports, caller, req, arena, res) : STATUS_OK;
}

/* What the store is given, in the arena. */
static enum status make_entry(const struct caller *caller, const struct checkout_req *req,
                              const struct checkout_res *res, struct arena *arena, struct store_decision **ret_entry)
{
	struct record_head head = {
	        .decision_id = slice_cstr(res->decision_id),
	        .tenant = caller->tenant,
	        .request_id = caller->request_id,
	        .livemode = caller->livemode,
	        .lead = caller->lead,
	        .recheck_of = caller->recheck_of,
	        .at_ms = res->at_ms,
	        .valid_until_ms = res->valid_until_ms,
	};
	struct store_decision *entry = arena_bytes(arena, sizeof(*entry));
	char *mem = arena_bytes(arena, MAX_RECORD);
	struct buf text;
	enum status status;

	if (!entry || !mem)
		return STATUS_NO_MEMORY;
	buf_init(&text, mem, MAX_RECORD);
	status = record_put(&text, &head, &req->company, res->input, res->decision);
	if (status)
		return status;
	*entry = (struct store_decision){
	        .tenant = caller->tenant,
	        .decision_id = head.decision_id,
	        .livemode = caller->livemode,
	        .at_ms = res->at_ms,
	        .company_key = slice_cstr(res->key.text),
	        .outcome = slice_cstr(outcome_name(res->decision->outcome)),
	        .record = buf_view(&text),
	        .recheck = res->decision->freshness == FRESHNESS_FALLBACK,
	        .recheck_of = caller->recheck_of,
	        .event = res->event,
	};
	*ret_entry = entry;
	return STATUS_OK;
}

static void add_replay(struct store_decision *entry, const struct checkout_replay *replay)
{
	if (!replay || !replay->key.ptr)
		return;
	entry->idempotency_key = replay->key;
	entry->answer = replay->answer;
	memcpy(entry->body_digest, replay->body_digest, sizeof(entry->body_digest));
}

enum status checkout_record(const struct checkout_ports *ports, const struct caller *caller,
                            const struct checkout_req *req, const struct checkout_res *res,
                            const struct checkout_replay *replay, struct deadline deadline, struct arena *arena)
{
	struct store_decision *entry;
	enum status status = make_entry(caller, req, res, arena, &entry);

	if (status != STATUS_OK)
		return status;
	add_replay(entry, replay);
	return ports->store.vtable->append(ports->store.self, entry, deadline);
}

enum status checkout_begin_record(const struct checkout_ports *ports, const struct caller *caller,
                                  const struct checkout_req *req, const struct checkout_res *res,
                                  const struct checkout_replay *replay, struct deadline deadline, struct arena *arena,
                                  struct store_done done)
{
	struct store_decision *entry;
	enum status status = make_entry(caller, req, res, arena, &entry);

	if (status != STATUS_OK)
		return status;
	add_replay(entry, replay);
	ports->store.vtable->begin_append(ports->store.self, entry, deadline, arena, done);
	return STATUS_PENDING;
}
