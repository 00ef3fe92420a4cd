/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_POLICY_SOURCES_IN_H
#define SRC_WIRE_POLICY_SOURCES_IN_H

#include "core/source_rules.h"
#include "load.h"

/*
 * Members "recheck_days", "recheck_basket_percent" (null = off) and
 * "providers" of a policy: an object by provider id. "*" stands for those not
 * named, and what a named one leaves out is as it says there.
 */
void policy_sources_in_read(struct load *load, const json_t *root, struct source_rules *sources);

#endif
