/* SPDX-License-Identifier: MIT */
#ifndef WIRE_POLICY_IN_H
#define WIRE_POLICY_IN_H

#include "core/policy.h"
#include "wire/model_in.h"

/*
 * Reads a policy file ("format": "bonigate-policy/1"). Members left out keep
 * policy_defaults(); unknown and duplicate members are refused. Amounts are
 * integers in minor units, shares and probabilities decimals of at most six
 * places (0.1 = 10 %), terms whole days and percents. null switches a cap or
 * maximum off; 0 is a cap like any other. src/data/policies/demo.json is the
 * example, the README.md beside it explains every member.
 *
 * The tree is built in the arena (about 12 times the file is enough).
 * STATUS_INVALID fills ret_error; STATUS_NO_MEMORY: the arena is too small;
 * STATUS_TOO_LARGE: the file exceeds MAX_POLICY_FILE.
 */
enum status policy_in_parse(struct slice json, struct arena *arena, struct policy *ret_policy,
                            struct load_error *ret_error) MUST_CHECK;

#endif
