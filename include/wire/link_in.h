/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LINK_IN_H
#define WIRE_LINK_IN_H

#include "app/link.h"
#include "wire/problem.h"

/* Reads the body of PUT /v1/company-links/{customer_ref}: key and name. STATUS_INVALID fills ret_errors. */
enum status link_in_parse(struct slice body, struct arena *arena, struct link_req *ret_req,
                          struct field_errors *ret_errors) MUST_CHECK;

#endif
