/* SPDX-License-Identifier: MIT */
#ifndef CORE_FACT_CODE_H
#define CORE_FACT_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "core/facts.h"

/*
 * Facts whose values are places in a list of this program (legal form,
 * register status, scale of an index) have names, which are what is stored: a place may move
 * from one build to the next.
 */

/* "GmbH", "active"; NULL when the fact or the value has no name. */
const char *fact_code_name(enum fact_id id, int64_t value);
/* The value of a canonical name; false when it is none of this fact. */
bool fact_code_find(enum fact_id id, struct slice name, int64_t *ret_value);

#endif
