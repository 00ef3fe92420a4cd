/* SPDX-License-Identifier: MIT */
#include "outage.h"

#include <string.h>

/* That it cannot be asked says as little about a company as that it does not answer. */
static bool has_spoken(const struct source *source)
{
	return source->state == SOURCE_ANSWER || source->state == SOURCE_NO_DATA;
}

static bool is_none(const struct facts *facts, enum fact_id id)
{
	int64_t count;

	return !facts_get(facts, id, &count) || count == 0;
}

static bool has_paid(const struct facts *facts)
{
	int64_t orders;

	return facts_get(facts, FACT_OWN_ORDERS, &orders) && orders > 0 && is_none(facts, FACT_RETURNED_DEBITS) &&
	       is_none(facts, FACT_COLLECTION_CASES);
}

/* Persons first: what a shop may do without asking is narrower for them than for a company it knows. */
static enum customer_class class_of(const struct ruling *ruling, bool natural_person)
{
	if (natural_person)
		return CUSTOMER_PERSON;
	return ruling->vouched || has_paid(ruling->facts) ? CUSTOMER_KNOWN : CUSTOMER_NEW;
}

static bool is_required(const struct policy *policy, const char *id)
{
	return strcmp(id, SOURCE_REGISTER) == 0 || source_rules_of(&policy->sources, id)->required;
}

bool outage_is_blind(const struct decision_input *in)
{
	if (in->facts->match != MATCH_NONE)
		return false;
	for (size_t i = 0; i < in->facts->source_count; i++) {
		if (has_spoken(&in->facts->sources[i]))
			return false;
	}
	return true;
}

void outage_note(const struct decision_input *in, const struct ruling *ruling, struct decision *decision)
{
	struct outage *outage = &decision->outage;

	outage->customer = class_of(ruling, decision->natural_person);
	for (uint8_t i = 0; i < in->facts->source_count; i++) {
		const struct source *source = &in->facts->sources[i];

		if (source->state == SOURCE_UNAVAILABLE && is_required(in->policy, source->id))
			outage->missing[outage->missing_count++] = i;
	}
}
