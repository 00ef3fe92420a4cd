/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_RECORD_FACTS_IN_H
#define SRC_WIRE_RECORD_FACTS_IN_H

#include "core/facts.h"
#include "load.h"

/* Members "match", "sources" and "facts" of a record into *ret_facts, which is zeroed. */
void record_facts_in_read(struct load *load, const json_t *root, struct facts *ret_facts);

#endif
