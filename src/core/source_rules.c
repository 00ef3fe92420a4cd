/* SPDX-License-Identifier: MIT */
#include "core/source_rules.h"

#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Another process may have read its clock later than we did. What lies further ahead was kept before a clock was set
 * back. */
#define AHEAD MINUTE

static const struct source_terms DEFAULTS = {
        .id = SOURCE_OTHERS,
        .ask = true,
        .fresh_hours = 24,
        .stale_days = 30,
        .no_data_hours = 6,
        .no_data_stale_hours = 24,
        .invalid_input_hours = 1,
        .unavailable_seconds = 15,
};

static const struct source_terms DEMO = {
        .id = SOURCE_DEMO,
        .ask = true,
        .required = true,
        .fresh_hours = 24,
        .stale_days = 1,
        .unavailable_seconds = 15,
};

bool source_id_is_sound(const char *id)
{
	size_t len = strnlen(id, MAX_SOURCE_ID + 1);

	return len > 0 && len <= MAX_SOURCE_ID && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len &&
	       strcmp(id, SOURCE_REGISTER) != 0 && strcmp(id, SOURCE_DEMO) != 0;
}

struct ages {
	int64_t fresh_ms;
	int64_t stale_ms;
};

static struct ages ages_of(const struct source_terms *terms, enum source_state outcome)
{
	switch (outcome) {
	case SOURCE_ANSWER:
		return (struct ages){terms->fresh_hours * HOUR, terms->stale_days * DAY};
	case SOURCE_NO_DATA:
		return (struct ages){terms->no_data_hours * HOUR, terms->no_data_stale_hours * HOUR};
	case SOURCE_INVALID_INPUT:
		return (struct ages){terms->invalid_input_hours * HOUR, terms->invalid_input_hours * HOUR};
	case SOURCE_UNAVAILABLE:
	default:
		return (struct ages){0, 0};
	}
}

static bool is_within(int64_t at_ms, int64_t age_ms, int64_t now_ms)
{
	return now_ms - at_ms < age_ms && at_ms - now_ms <= AHEAD;
}

void source_rules_defaults(struct source_rules *ret_rules)
{
	memset(ret_rules, 0, sizeof(*ret_rules));
	ret_rules->recheck_days = 30;
	ret_rules->recheck_basket_percent = RECHECK_OFF;
	ret_rules->others = DEFAULTS;
}

const struct source_terms *source_rules_of(const struct source_rules *rules, const char *id)
{
	if (strcmp(id, SOURCE_DEMO) == 0)
		return &DEMO;
	for (size_t i = 0; i < rules->count; i++) {
		if (strcmp(rules->named[i].id, id) == 0)
			return &rules->named[i];
	}
	return &rules->others;
}

const char *source_rules_fault(const struct source_terms *terms, const char **ret_member)
{
	const struct {
		const char *member;
		bool sound;
		const char *why;
	} rules[] = {
	        {"required", !terms->required || terms->ask, "must be false when the provider is not asked"},
	        {"fresh_hours", terms->fresh_hours >= 0 && terms->fresh_hours <= MAX_FRESH_HOURS,
	         "must be 0 to 2160 hours"},
	        {"stale_days", terms->stale_days >= 0 && terms->stale_days <= MAX_STALE_DAYS, "must be 0 to 90 days"},
	        {"stale_days", terms->stale_days * DAY >= terms->fresh_hours * HOUR, "must not end before fresh_hours"},
	        {"no_data_hours", terms->no_data_hours >= 0 && terms->no_data_hours <= MAX_FRESH_HOURS,
	         "must be 0 to 2160 hours"},
	        {"no_data_stale_hours",
	         terms->no_data_stale_hours >= 0 && terms->no_data_stale_hours <= MAX_FRESH_HOURS,
	         "must be 0 to 2160 hours"},
	        {"no_data_stale_hours", terms->no_data_stale_hours >= terms->no_data_hours,
	         "must not end before no_data_hours"},
	        {"invalid_input_hours",
	         terms->invalid_input_hours >= 0 && terms->invalid_input_hours <= MAX_FRESH_HOURS,
	         "must be 0 to 2160 hours"},
	        {"unavailable_seconds",
	         terms->unavailable_seconds >= 0 && terms->unavailable_seconds <= MAX_UNAVAILABLE_SECONDS,
	         "must be 0 to 3600 seconds"},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].sound)
			continue;
		*ret_member = rules[i].member;
		return rules[i].why;
	}
	return NULL;
}

struct source_step source_rules_step(const struct source_terms *terms, const struct source_memory *memory,
                                     int64_t not_before_ms, int64_t now_ms)
{
	struct ages ages = ages_of(terms, memory->outcome);
	bool usable = is_within(memory->at_ms, ages.stale_ms, now_ms);
	bool fresh = usable && is_within(memory->at_ms, ages.fresh_ms, now_ms);
	bool due = memory->at_ms < not_before_ms;
	struct source_step step = {.use = usable, .stale = usable && (!fresh || due)};

	if (memory->failed_ms && is_within(memory->failed_ms, terms->unavailable_seconds * SECOND, now_ms))
		step.asking = ASK_NOT;
	else if (!usable || due)
		step.asking = ASK_BESIDE;
	else
		step.asking = fresh ? ASK_NOT : ASK_BEHIND;
	return step;
}

int64_t source_rules_life_ms(enum source_state outcome)
{
	switch (outcome) {
	case SOURCE_ANSWER:
		return MAX_STALE_DAYS * DAY;
	case SOURCE_NO_DATA:
	case SOURCE_INVALID_INPUT:
		return MAX_FRESH_HOURS * HOUR;
	case SOURCE_UNAVAILABLE:
	default:
		return MAX_UNAVAILABLE_SECONDS * SECOND;
	}
}
