/* SPDX-License-Identifier: MIT */
#include "ruling.h"

#include "core/country.h"
#include "core/postal.h"
#include "outage.h"

#define MAX_ASKED_KEYS 8
#define NAME_ROOM      16384 /* what normalising one name and postal code takes at most, and more */

/* What counts as known about somebody who was not found. */
static const struct facts NOBODY = {.match = MATCH_NONE};

static void refuse(struct ruling *ruling, enum reason reason)
{
	/* What a person could have cleared no longer matters. */
	if (ruling->action != ACTION_DENY)
		ruling->why.count = 0;
	ruling->action = ACTION_DENY;
	why_add(&ruling->why, reason);
}

static void act(struct ruling *ruling, enum policy_action action, enum reason reason)
{
	if (action == ACTION_DENY) {
		refuse(ruling, reason);
	} else if (action == ACTION_REVIEW && ruling->action != ACTION_DENY) {
		ruling->action = ACTION_REVIEW;
		why_add(&ruling->why, reason);
	}
}

static bool is_uncertain(const struct decision_input *in)
{
	return in->facts->match != MATCH_NONE && !policy_identifies(in->policy, in->facts);
}

static void judge(const struct decision_input *in, struct ruling *ruling, struct decision *decision)
{
	ruling->outage = in->freshness == FRESHNESS_FALLBACK;
	ruling->blind = ruling->outage && outage_is_blind(in);
	ruling->identified = policy_identifies(in->policy, in->facts);
	ruling->facts = ruling->identified ? in->facts : &NOBODY;
	scorecard_eval(in->model, &in->policy->events, ruling->facts, in->today, &decision->score);
	decision->light = policy_light(in->policy, decision->score.score);
	if ((!ruling->identified || decision->score.thin) && decision->light == LIGHT_GREEN)
		decision->light = LIGHT_YELLOW;
	if (ruling->blind)
		decision->light = LIGHT_YELLOW;
	if (decision->score.hard_stop != REASON_NONE) {
		decision->light = LIGHT_RED;
		refuse(ruling, decision->score.hard_stop);
	}
}

/* A deny entry wins over an allow entry for another key of the same company. */
static void search_list(const struct policy *policy, const struct company_key *key, bool *denied, bool *allowed)
{
	const struct list_entry *entry = policy_list_find(policy, key);

	if (!entry)
		return;
	*denied |= !entry->allow;
	*allowed |= entry->allow;
}

/*
 * Country and postal code are quickly read; the name is worth folding only
 * where the list names somebody. What cannot be read is not ruled out here.
 */
static bool is_place_listed(const struct policy *policy, const struct identity *found)
{
	struct identity_norm norm = {.country = ""};
	struct company_key prefix;

	if (found->country.len && country_normalise(found->country, norm.country) != IDENTITY_FAULT_NONE)
		return true;
	if (found->postal_code.len &&
	    postal_normalise(found->postal_code, norm.country, norm.postal_code) != IDENTITY_FAULT_NONE)
		return true;
	identity_place(&norm, &prefix);
	return policy_list_has_prefix(policy, &prefix);
}

/* An entry may name the company as the register does, while the buyer gave an identifier only. */
static void search_by_name(const struct decision_input *in, bool *denied, bool *allowed)
{
	char mem[NAME_ROOM];
	struct arena arena;
	struct identity_norm norm;
	struct identity_error error;
	struct company_key key;
	size_t count = 0;
	struct identity found = {.name = slice_cstr(in->facts->name),
	                         .postal_code = slice_cstr(in->facts->postal_code),
	                         .country = slice_cstr(in->facts->country)};

	if (!found.postal_code.len)
		found.postal_code = slice_cstr(in->asked->postal_code);
	if (!found.country.len)
		found.country = slice_cstr(in->asked->country);
	if (!found.name.len || !is_place_listed(in->policy, &found))
		return;
	arena_init(&arena, mem, sizeof(mem));
	if (identity_normalise(&found, &arena, &norm, &error, 1, &count) == STATUS_OK &&
	    identity_key(&norm, &key) == STATUS_OK)
		search_list(in->policy, &key, denied, allowed);
}

static void apply_lists(const struct decision_input *in, struct ruling *ruling, struct decision *decision)
{
	struct company_key asked[MAX_ASKED_KEYS];
	bool denied = false;
	bool allowed = false;
	size_t count;

	if (!in->policy->list_count)
		return;
	count = identity_all_keys(in->asked, asked, MAX_ASKED_KEYS);
	for (size_t i = 0; i < count; i++)
		search_list(in->policy, &asked[i], &denied, &allowed);
	if (ruling->identified) {
		search_list(in->policy, &in->facts->key, &denied, &allowed);
		for (size_t i = 0; i < in->facts->alias_count; i++)
			search_list(in->policy, &in->facts->aliases[i], &denied, &allowed);
		search_by_name(in, &denied, &allowed);
	}
	if (denied) {
		decision->light = LIGHT_RED;
		ruling->no_limit = REASON_ON_DENY_LIST;
		refuse(ruling, REASON_ON_DENY_LIST);
		return;
	}
	if (!allowed || ruling->action == ACTION_DENY || is_uncertain(in))
		return;
	ruling->vouched = true;
	if (decision->light == LIGHT_RED)
		decision->light = LIGHT_YELLOW;
}

static void check_market(const struct decision_input *in, struct ruling *ruling)
{
	const char *country = ruling->identified && in->facts->country[0] ? in->facts->country : in->asked->country;

	if (!policy_serves_country(in->policy, country))
		refuse(ruling, REASON_COUNTRY_NOT_SERVED);
	if (!policy_convert(in->policy, in->order->amount, in->order->currency, &ruling->amount))
		refuse(ruling, REASON_CURRENCY_NOT_SERVED);
}

/* The facts of an uncertain match count for nothing, but nobody is let through in the face of an insolvency. */
static bool stops_hard(const struct decision_input *in)
{
	struct score strangers;

	scorecard_eval(in->model, &in->policy->events, in->facts, in->today, &strangers);
	return strangers.hard_stop != REASON_NONE;
}

static void check_match(const struct decision_input *in, struct ruling *ruling)
{
	enum policy_action action = in->policy->unknown_company;
	enum reason reason = REASON_UNKNOWN_COMPANY;

	if (ruling->identified || ruling->blind || ruling->vouched)
		return;
	if (is_uncertain(in)) {
		action = in->policy->ambiguous_match;
		reason = in->facts->match == MATCH_AMBIGUOUS ? REASON_AMBIGUOUS_COMPANY : REASON_MATCH_UNCERTAIN;
		if (action == ACTION_ALLOW && stops_hard(in))
			action = ACTION_REVIEW;
	}
	if (action == ACTION_ALLOW)
		return;
	act(ruling, action, reason);
	ruling->unjudged = true;
	if (ruling->no_limit == REASON_NONE)
		ruling->no_limit = reason;
}

static void check_light(const struct decision *decision, struct ruling *ruling)
{
	bool told = decision->score.hard_stop != REASON_NONE || ruling->no_limit == REASON_ON_DENY_LIST;

	if (decision->light == LIGHT_RED && !ruling->unjudged && !told)
		refuse(ruling, REASON_LIGHT_RED);
}

/* The register of "reg:<court>:<HRB>:<number>". */
static enum register_type register_of(const struct company_key *key)
{
	struct slice rest = slice_cstr(key->text);

	if (!slice_eq_cstr(slice_cut(&rest, ':'), "reg"))
		return REGISTER_NONE;
	(void)slice_cut(&rest, ':');
	return register_type_parse(slice_cut(&rest, ':'));
}

static bool is_of_persons(enum register_type type)
{
	return type == REGISTER_NONE || type == REGISTER_HRA;
}

/* Without a legal form and outside the registers of companies stands a trader in person. */
static bool may_be_person(const struct decision_input *in, const struct ruling *ruling)
{
	int64_t form;

	if (!facts_get(ruling->facts, FACT_LEGAL_FORM, &form) || form <= LEGAL_FORM_NONE || form >= LEGAL_FORM_COUNT)
		form = in->asked->form;
	if (form != LEGAL_FORM_NONE)
		return legal_form_natural_person((enum legal_form)form);
	return is_of_persons(in->asked->reg.type) && is_of_persons(register_of(&ruling->facts->key));
}

void why_add(struct why *why, enum reason reason)
{
	for (size_t i = 0; i < why->count; i++) {
		if (why->reasons[i] == reason)
			return;
	}
	if (why->count < MAX_REASONS)
		why->reasons[why->count++] = reason;
}

void ruling_make(const struct decision_input *in, struct decision *decision, struct ruling *ret_ruling)
{
	*ret_ruling = (struct ruling){.action = ACTION_ALLOW};
	judge(in, ret_ruling, decision);
	apply_lists(in, ret_ruling, decision);
	check_market(in, ret_ruling);
	check_match(in, ret_ruling);
	check_light(decision, ret_ruling);
	if (in->order->other_delivery_address)
		act(ret_ruling, in->policy->other_delivery_address, REASON_OTHER_DELIVERY_ADDRESS);
	decision->identified = ret_ruling->identified;
	decision->natural_person = may_be_person(in, ret_ruling);
	if (ret_ruling->outage)
		outage_note(in, ret_ruling, decision);
}
