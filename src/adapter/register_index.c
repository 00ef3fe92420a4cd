/* SPDX-License-Identifier: MIT */
#include "register_index.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 4096

static size_t first_slot(const struct register_index *index, int64_t hash)
{
	uint64_t mixed = (uint64_t)hash * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(mixed >> 32) & (index->slot_count - 1);
}

static void put_slot(struct register_index *index, size_t number)
{
	size_t at = first_slot(index, index->entries[number].hash);

	while (index->slots[at] != 0)
		at = (at + 1) & (index->slot_count - 1);
	index->slots[at] = (uint32_t)number + 1;
}

static bool grow(struct register_index *index)
{
	size_t cap = index->cap == 0 ? FIRST_CAP : 2 * index->cap;
	struct register_index_entry *entries = realloc(index->entries, cap * sizeof(*entries));
	uint32_t *slots;

	if (entries == NULL)
		return false;
	index->entries = entries;
	slots = calloc(2 * cap, sizeof(*slots));
	if (slots == NULL)
		return false;
	free(index->slots);
	index->slots = slots;
	index->slot_count = 2 * cap;
	index->cap = cap;
	for (size_t i = 0; i < index->count; i++)
		put_slot(index, i);
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct register_index_entry *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->company != b->company)
		return a->company < b->company ? -1 : 1;
	return 0;
}

void register_index_finish(struct register_index *index)
{
	free(index->entries);
	free(index->slots);
	memset(index, 0, sizeof(*index));
}

enum status register_index_add(struct register_index *index, int64_t hash, int64_t company)
{
	if (index->count == index->cap && !grow(index))
		return STATUS_NO_MEMORY;
	index->entries[index->count] = (struct register_index_entry){hash, company};
	put_slot(index, index->count);
	index->count++;
	return STATUS_OK;
}

size_t register_index_find(const struct register_index *index, int64_t hash, int64_t *ret_companies, size_t cap)
{
	size_t found = 0;

	if (index->slot_count == 0)
		return 0;
	for (size_t at = first_slot(index, hash); index->slots[at] != 0; at = (at + 1) & (index->slot_count - 1)) {
		const struct register_index_entry *entry = &index->entries[index->slots[at] - 1];

		if (entry->hash == hash && found < cap)
			ret_companies[found++] = entry->company;
	}
	return found;
}

enum status register_index_flush(struct register_index *index, struct sqlite_db *db, sqlite3_stmt *insert)
{
	enum status status = STATUS_OK;

	if (index->count > 0)
		qsort(index->entries, index->count, sizeof(*index->entries), compare);
	for (size_t i = 0; i < index->count && status == STATUS_OK; i++) {
		sqlite3_bind_int64(insert, 1, index->entries[i].hash);
		sqlite3_bind_int64(insert, 2, index->entries[i].company);
		status = sqlite_db_run(db, insert);
	}
	if (status == STATUS_OK)
		register_index_clear(index);
	return status;
}

void register_index_clear(struct register_index *index)
{
	index->count = 0;
	if (index->slots != NULL)
		memset(index->slots, 0, index->slot_count * sizeof(*index->slots));
}
