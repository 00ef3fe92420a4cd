/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_ENTRY_H
#define SRC_ADAPTER_REGISTER_ENTRY_H

#include <stdbool.h>

#include "adapter/sqlite_register.h"
#include "base/arena.h"
#include "core/facts.h"
#include "register_row.h"

#define REGISTER_ENTRY_TEXT (2 * REGISTER_ROW_BYTES)

/* One company while it is being written: what the file has and what is told now, put together. */
struct register_entry {
	struct register_names names; /* slices live in "text" */
	struct facts facts;
	struct arena arena;
	_Alignas(16) char text[REGISTER_ENTRY_TEXT];
};

void register_entry_clear(struct register_entry *entry);
enum status register_entry_read(struct register_entry *entry, struct slice names, struct slice facts,
                                const struct register_fact_map *map) MUST_CHECK;
/* An identifier, or the key of its present name. */
bool register_entry_has(const struct register_entry *entry, struct slice key);
/* adapter/sqlite_register.h: register_writer_company. */
enum status register_entry_update(struct register_entry *entry, const struct register_company *company) MUST_CHECK;
/* Sources and values; STATUS_TOO_LARGE: too many sources. */
enum status register_entry_merge(struct register_entry *entry, const struct facts *facts) MUST_CHECK;

#endif
