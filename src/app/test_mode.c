/* SPDX-License-Identifier: MIT */
#include "test_mode.h"

enum { CENTS_UNKNOWN = 91, CENTS_AMBIGUOUS = 92, CENTS_DOWN = 93, CENTS_SLOW = 94, CENTS_INSOLVENT = 95 };

static void forget(struct facts *facts, enum match_kind match, enum source_state state)
{
	facts_init(facts);
	facts->match = match;
	(void)facts_source(facts, "register", state, DATE_NONE);
}

void test_mode_switch(int64_t amount, int32_t today, struct gathered *gathered)
{
	int64_t cents = amount % 100;
	int source;

	/* The amount counts before what the demo bureau did, so that every switch works with every company. */
	if (cents >= CENTS_UNKNOWN && cents <= CENTS_INSOLVENT)
		gathered->freshness = FRESHNESS_FRESH;
	switch (cents) {
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
