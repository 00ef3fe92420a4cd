/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CHECKOUT_IN_H
#define WIRE_CHECKOUT_IN_H

#include "app/checkout.h"
#include "wire/problem.h"

/*
 * Reads the body of POST /v1/checkout/payment-methods strictly by its field
 * table: unknown fields, duplicate keys, wrong types, over-long strings, NUL
 * bytes and depth beyond MAX_JSON_DEPTH are refused with a JSON pointer each.
 * Strings of *ret_req borrow from the body, or live in the arena.
 * STATUS_INVALID fills ret_errors.
 */
enum status checkout_in_parse(struct slice body, struct arena *arena, struct checkout_req *ret_req,
                              struct field_errors *ret_errors) MUST_CHECK;

/* The same for what checkout_decide() refused: res->errors and res->unknown_method as JSON pointers. */
void checkout_in_explain(const struct checkout_res *res, struct field_errors *ret_errors);

#endif
