/* SPDX-License-Identifier: MIT */
#ifndef WIRE_PREFETCH_IN_H
#define WIRE_PREFETCH_IN_H

#include "app/prefetch.h"
#include "wire/problem.h"

/* Reads the body of POST /v1/checkout/prefetch, {"company"}, as strictly as checkout_in_parse() does. */
enum status prefetch_in_parse(struct slice body, struct arena *arena, struct identity *ret_company,
                              struct field_errors *ret_errors) MUST_CHECK;
/* What prefetch_company() refused, as JSON pointers. */
void prefetch_in_explain(const struct prefetch_res *res, struct field_errors *ret_errors);

#endif
