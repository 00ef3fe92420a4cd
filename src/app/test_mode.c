/* SPDX-License-Identifier: MIT */
#include "test_mode.h"

enum { CENTS_UNKNOWN = 91, CENTS_AMBIGUOUS = 92, CENTS_DOWN = 93, CENTS_SLOW = 94, CENTS_INSOLVENT = 95 };

/* Companies of the demo register that stand for a provider's behaviour. */
static const struct {
	const char *name;
	int64_t cents;
} COMPANIES[] = {
        {"Schneckenpost Versand GmbH", CENTS_SLOW},
        {"Funkstille Systeme GmbH", CENTS_DOWN},
};

/* The amount counts before the company, so that every switch works with every company. */
static int64_t switch_of(int64_t amount, const struct facts *facts)
{
	struct slice name = slice_cstr(facts->name);

	if (amount % 100 >= CENTS_UNKNOWN && amount % 100 <= CENTS_INSOLVENT)
		return amount % 100;
	for (size_t i = 0; i < sizeof(COMPANIES) / sizeof(COMPANIES[0]); i++) {
		if (slice_eq_cstr(name, COMPANIES[i].name))
			return COMPANIES[i].cents;
	}
	return 0;
}

static void forget(struct facts *facts, enum match_kind match, enum source_state state)
{
	facts_init(facts);
	facts->match = match;
	(void)facts_source(facts, "register", state, DATE_NONE);
}

void test_mode_switch(int64_t amount, int32_t today, struct gathered *gathered)
{
	int source;

	switch (switch_of(amount, gathered->facts)) {
	case CENTS_UNKNOWN:
		forget(gathered->facts, MATCH_NONE, SOURCE_NO_DATA);
		return;
	case CENTS_AMBIGUOUS:
		forget(gathered->facts, MATCH_AMBIGUOUS, SOURCE_ANSWER);
		return;
	case CENTS_DOWN:
		forget(gathered->facts, MATCH_NONE, SOURCE_UNAVAILABLE);
		gathered->freshness = FRESHNESS_FALLBACK;
		return;
	case CENTS_SLOW:
		gathered->freshness = FRESHNESS_STALE;
		return;
	case CENTS_INSOLVENT:
		source = facts_source(gathered->facts, "insolvency", SOURCE_ANSWER, today);
		if (source >= 0)
			facts_set(gathered->facts, FACT_INSOLVENCY_STATUS, 3, today, (uint8_t)source);
		return;
	default:
		return;
	}
}
