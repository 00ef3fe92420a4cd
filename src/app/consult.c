/* SPDX-License-Identifier: MIT */
#include "consult.h"

#define NS_PER_MS  1000000
/*
 * For deciding, recording and answering: the record on the disk is the most of it, and a busy machine wakes threads
 * late. An answer whose record misses the deadline is none at all.
 */
#define RESERVE_NS (INT64_C(80) * NS_PER_MS)
#define CERTAIN    1000000 /* millionths */

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

void consult_providers(const struct checkout_ports *ports, const struct identity *typed,
                       const struct identity_norm *asked, int32_t today, struct deadline deadline, struct arena *arena,
                       struct gathered *gathered)
{
	const struct panel_port *panel = &ports->panel;
	struct subject *subject;
	bool proven = false;

	if (!panel->vtable || gathered->facts->match == MATCH_AMBIGUOUS)
		return;
	subject = arena_bytes(arena, sizeof(*subject));
	if (!subject)
		return;
	subject_init(typed, asked, subject);
	panel->vtable->consult(panel->self, subject, waiting_time(ports, deadline), arena, gathered->facts, &proven);
	if (proven)
		take_proven(asked, gathered->facts);
	facts_derive(gathered->facts, today);
}
