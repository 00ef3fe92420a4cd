/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_POLICY_LIST_IN_H
#define SRC_WIRE_POLICY_LIST_IN_H

#include "core/policy.h"
#include "load.h"

/*
 * Members "allow" and "deny" of a policy: arrays of companies, each named in
 * one way: {"vat_id"}, {"lei"}, {"economic_id"}, {"register": {"court",
 * "type", "number"}} or {"name", "postal_code", "country"}, and an optional
 * "note" that nobody reads but people. STATUS_NO_MEMORY: the arena is too
 * small; faults of the file are load's.
 */
enum status policy_list_in_read(struct load *load, const json_t *root, struct arena *arena,
                                struct policy *policy) MUST_CHECK;

#endif
