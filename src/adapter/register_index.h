/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_INDEX_H
#define SRC_ADAPTER_REGISTER_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "sqlite_db.h"

/*
 * Entries of company_key on their way into the file. Keys hash to anywhere
 * in the index, so entries are gathered and written in order: each page is
 * touched once per flush instead of once per entry.
 */
struct register_index_entry {
	int64_t hash;
	int64_t company;
};

struct register_index {
	struct register_index_entry *entries;
	size_t count;
	size_t cap;
	uint32_t *slots;   /* by hash: number of an entry + 1, 0 = free */
	size_t slot_count; /* a power of two, twice "cap" */
};

void register_index_finish(struct register_index *index); /* zeroed is initialised */
enum status register_index_add(struct register_index *index, int64_t hash, int64_t company) MUST_CHECK;
/* Companies under this hash that wait here; returns how many were written to ret_companies. */
size_t register_index_find(const struct register_index *index, int64_t hash, int64_t *ret_companies, size_t cap);
/* "insert" takes hash and company. Empties the index on STATUS_OK. */
enum status register_index_flush(struct register_index *index, struct sqlite_db *db, sqlite3_stmt *insert) MUST_CHECK;
void register_index_clear(struct register_index *index);

#endif
