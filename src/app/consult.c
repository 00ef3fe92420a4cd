/* SPDX-License-Identifier: MIT */
#include "consult.h"

#include <string.h>

#include "basket.h"

#define NS_PER_MS  1000000
/*
 * For deciding, recording and answering: the record on the disk is the most of it, and a busy machine wakes threads
 * late. An answer whose record misses the deadline is none at all.
 */
#define RESERVE_NS (INT64_C(80) * NS_PER_MS)
#define CERTAIN    1000000 /* millionths */
#define DAY_MS     INT64_C(86400000)

/* When the deadline is near, half of what is left still goes to the decision. */
static struct deadline waiting_time(const struct checkout_ports *ports, struct deadline deadline)
{
	int64_t now = ports->clock.vtable->monotonic_ns(ports->clock.self);
	int64_t left = deadline_left_ns(deadline, now);
	int64_t reserve = left / 2 < RESERVE_NS ? left / 2 : RESERVE_NS;

	return (struct deadline){deadline.at_ns - reserve};
}

static void take_proven(const struct identity_norm *asked, struct facts *facts)
{
	if (facts->match != MATCH_NONE || identity_key(asked, &facts->key) != STATUS_OK)
		return;
	facts->match = MATCH_EXACT;
	facts->match_probability = CERTAIN;
}

/* As the sources know the company, else as it was asked for. */
static enum status key_of(const struct asking *asking, const struct facts *facts, struct company_key *ret_key)
{
	if (!facts_matched(facts) || !facts->key.text[0])
		return identity_key(asking->norm, ret_key);
	*ret_key = facts->key;
	return STATUS_OK;
}

static int64_t not_before(const struct checkout_ports *ports, const struct caller *caller, const struct asking *asking,
                          const struct facts *facts, struct arena *arena)
{
	int64_t oldest = asking->now_ms - caller->policy->sources.recheck_days * DAY_MS;
	struct company_key key;
	int64_t basket;

	/* An order in a currency that is not served gets no credit: it is not worth a question. */
	if (asking->amount < 0 || key_of(asking, facts, &key) != STATUS_OK)
		return oldest;
	basket = basket_not_before(ports, caller, &key, asking->amount, asking->now_ms, arena);
	return basket > oldest ? basket : oldest;
}

static bool has_source(const struct facts *facts, const char *id)
{
	for (size_t i = 0; i < facts->source_count; i++) {
		if (strcmp(facts->sources[i].id, id) == 0)
			return true;
	}
	return false;
}

/* A provider that the policy requires and this installation lacks must not look as if it had nothing to say. */
static bool lacks_required(const struct source_rules *rules, struct facts *facts)
{
	bool lacking = false;

	for (size_t i = 0; i < rules->count; i++) {
		if (!rules->named[i].required || has_source(facts, rules->named[i].id))
			continue;
		(void)facts_source(facts, rules->named[i].id, SOURCE_UNAVAILABLE, DATE_NONE);
		lacking = true;
	}
	return lacking;
}

/* Whether a question is worth making. */
static bool may_answer(const struct panel_port *panel, const struct facts *facts)
{
	const struct panel_vtable *vtable = panel->vtable;

	return vtable && !(vtable->is_empty && vtable->is_empty(panel->self)) &&
	       (!vtable->concerns || vtable->concerns(panel->self, facts));
}

/* NULL: nothing can be kept for it. */
static const struct document_owner *owner_of(const struct caller *caller, const struct asking *asking,
                                             const struct facts *facts, struct arena *arena)
{
	struct document_owner *owner = arena_bytes(arena, sizeof(*owner));

	if (!owner || !slice_copy(caller->tenant, owner->tenant, sizeof(owner->tenant)) ||
	    key_of(asking, facts, &owner->company) != STATUS_OK)
		return NULL;
	return owner;
}

static enum status make_question(const struct checkout_ports *ports, const struct caller *caller,
                                 const struct asking *asking, struct arena *arena, const struct facts *facts,
                                 struct panel_question *ret_question)
{
	struct subject *subject = arena_bytes(arena, sizeof(*subject));

	if (!subject)
		return STATUS_NO_MEMORY;
	subject_init(asking->typed, asking->norm, subject);
	*ret_question = (struct panel_question){subject, &caller->policy->sources,
	                                        not_before(ports, caller, asking, facts, arena),
	                                        owner_of(caller, asking, facts, arena)};
	return STATUS_OK;
}

static enum status ask(const struct checkout_ports *ports, const struct caller *caller, const struct asking *asking,
                       struct deadline deadline, struct arena *arena, struct facts *facts,
                       struct panel_reply *ret_reply)
{
	const struct panel_port *panel = &ports->panel;
	struct panel_question question;
	enum status status = make_question(ports, caller, asking, arena, facts, &question);

	if (status == STATUS_OK)
		panel->vtable->consult(panel->self, &question, waiting_time(ports, deadline), arena, facts, ret_reply);
	return status;
}

enum status consult_prefetch(const struct checkout_ports *ports, const struct caller *caller,
                             const struct asking *asking, struct arena *arena, const struct facts *facts,
                             struct panel_source ret_sources[PANEL_PROVIDERS], size_t *ret_count)
{
	const struct panel_port *panel = &ports->panel;
	struct panel_question question;
	enum status status;

	*ret_count = 0;
	if (facts->match == MATCH_AMBIGUOUS || !may_answer(panel, facts))
		return STATUS_OK;
	status = make_question(ports, caller, asking, arena, facts, &question);
	return status == STATUS_OK
	               ? panel->vtable->prefetch(panel->self, &question, facts, arena, ret_sources, ret_count)
	               : status;
}

enum status consult_providers(const struct checkout_ports *ports, const struct caller *caller,
                              const struct asking *asking, struct deadline deadline, struct arena *arena,
                              struct gathered *gathered)
{
	struct facts *facts = gathered->facts;
	struct panel_reply reply = {.proven = false};
	enum status status = STATUS_OK;

	if (facts->match == MATCH_AMBIGUOUS)
		return STATUS_OK;
	if (may_answer(&ports->panel, facts))
		status = ask(ports, caller, asking, deadline, arena, facts, &reply);
	if (status != STATUS_OK)
		return status;
	if (reply.proven)
		take_proven(asking->norm, facts);
	if ((caller->livemode && lacks_required(&caller->policy->sources, facts)) || reply.lacking)
		gathered->freshness = FRESHNESS_FALLBACK;
	else if (reply.stale && gathered->freshness == FRESHNESS_FRESH)
		gathered->freshness = FRESHNESS_STALE;
	return STATUS_OK;
}
