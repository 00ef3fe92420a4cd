/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_CONSULT_H
#define SRC_APP_CONSULT_H

#include "gather.h"

/* Whom providers are asked about, and what for. */
struct asking {
	const struct identity *typed;
	const struct identity_norm *norm;
	int64_t now_ms;
	int64_t amount; /* minor units of the limit's currency; below 0: in a currency that is not served */
};

/*
 * Adds what the providers say, on the terms of the caller's policy, within the rest of the
 * deadline less what the decision itself needs. A company that is ambiguous
 * stays so and nobody is asked; one that no register knows is known when a provider proved it by an
 * identifier and gave a fact. Freshness turns "stale" when an older answer was used, and
 * "fallback" when a provider that the policy requires has said nothing that counts, or is none of this
 * installation's; only in live mode, as test mode's panel is not the one a policy is written for.
 */
enum status consult_providers(const struct checkout_ports *ports, const struct caller *caller,
                              const struct asking *asking, struct deadline deadline, struct arena *arena,
                              struct gathered *gathered) MUST_CHECK;

/*
 * Starts what consult_providers() would ask, for a buyer who may come, and
 * waits for nothing; amount is BASKET_OPEN. *ret_count of PANEL_PROVIDERS.
 * STATUS_FULL: too much is under way, nobody was asked.
 */
enum status consult_prefetch(const struct checkout_ports *ports, const struct caller *caller,
                             const struct asking *asking, struct arena *arena, const struct facts *facts,
                             struct panel_source ret_sources[PANEL_PROVIDERS], size_t *ret_count) MUST_CHECK;

#endif
