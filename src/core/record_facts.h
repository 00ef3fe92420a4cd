/* SPDX-License-Identifier: MIT */
#ifndef SRC_CORE_RECORD_FACTS_H
#define SRC_CORE_RECORD_FACTS_H

#include "base/json_out.h"
#include "core/facts.h"

/* Members "match", "sources" and "facts" of a record. */
void record_facts_put(struct json_out *out, const struct facts *facts);

#endif
