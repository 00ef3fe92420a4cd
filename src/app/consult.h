/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_CONSULT_H
#define SRC_APP_CONSULT_H

#include "gather.h"

/*
 * Adds what the providers say within the rest of the deadline, less what the
 * decision itself needs, and derives again as of "today". Without a panel nothing changes. A
 * company that is ambiguous stays so; one that no register knows is known
 * when a provider proved it by an identifier and gave a fact. No memory: as if no provider
 * had answered.
 */
void consult_providers(const struct checkout_ports *ports, const struct identity *typed,
                       const struct identity_norm *asked, int32_t today, struct deadline deadline, struct arena *arena,
                       struct gathered *gathered);

#endif
