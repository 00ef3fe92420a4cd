/* SPDX-License-Identifier: MIT */
#ifndef SRC_CORE_RECORD_FACTS_H
#define SRC_CORE_RECORD_FACTS_H

#include "base/json_out.h"
#include "core/facts.h"

/* The day as text, left out when unknown. */
void record_facts_day(struct json_out *out, const char *name, int32_t day);
/* Members "match", "sources" and "facts" of a record. */
void record_facts_put(struct json_out *out, const struct facts *facts);

#endif
