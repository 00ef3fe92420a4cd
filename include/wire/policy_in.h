/* SPDX-License-Identifier: MIT */
#ifndef WIRE_POLICY_IN_H
#define WIRE_POLICY_IN_H

#include "core/policy.h"
#include "wire/model_in.h"

/*
 * Reads a policy file ("format": "bonigate-policy/1"); members left out keep
 * policy_defaults(). Unknown members are refused. nginx/policy-demo.json is
 * the documented example. STATUS_INVALID fills ret_error.
 */
enum status policy_in_parse(struct slice json, struct arena *arena, struct policy *ret_policy,
                            struct load_error *ret_error) MUST_CHECK;

#endif
