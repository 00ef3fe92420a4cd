/* SPDX-License-Identifier: MIT */
#include "register_file.h"

#include <string.h>

#include "base/hash.h"

int64_t register_file_hash(struct slice key)
{
	return (int64_t)hash_fnv64(key);
}

static enum status read_facts(struct sqlite_db *db, sqlite3_stmt *stmt, struct register_fact_map *map, int *ret_last)
{
	enum status status;

	for (status = sqlite_db_first(db, stmt); status == STATUS_OK; status = sqlite_db_first(db, stmt)) {
		int number = sqlite3_column_int(stmt, 0);
		enum fact_id id = fact_find(sqlite_db_column(stmt, 1));

		if (number < 1 || number > 255)
			return STATUS_CORRUPT;
		*ret_last = number;
		map->fact[number] = (uint8_t)id;
		map->number[id] = (uint8_t)number;
	}
	map->number[FACT_NONE] = 0;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_facts(struct sqlite_db *db, struct register_fact_map *map, int last)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, "INSERT INTO fact (number, name) VALUES ($1, $2)", -1, &stmt, NULL);
	enum status status = sqlite_db_status(db->handle, code);

	for (int id = 1; id < FACT_FIRST_DERIVED && status == STATUS_OK; id++) {
		if (map->number[id] != 0)
			continue;
		if (++last > 255) {
			status = STATUS_TOO_LARGE;
			break;
		}
		sqlite3_bind_int(stmt, 1, last);
		sqlite_db_bind_text(stmt, 2, slice_cstr(fact_name((enum fact_id)id)));
		status = sqlite_db_run(db, stmt);
		map->fact[last] = (uint8_t)id;
		map->number[id] = (uint8_t)last;
	}
	sqlite3_finalize(stmt);
	return status;
}

enum status register_file_facts(struct sqlite_db *db, bool add, struct register_fact_map *ret_map)
{
	struct register_fact_map map = {0};
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, "SELECT number, name FROM fact ORDER BY number", -1, &stmt, NULL);
	enum status status = sqlite_db_status(db->handle, code);
	int last = 0;

	if (status == STATUS_OK)
		status = read_facts(db, stmt, &map, &last);
	sqlite3_finalize(stmt);
	if (status == STATUS_OK && add)
		status = add_facts(db, &map, last);
	if (status == STATUS_OK)
		*ret_map = map;
	return status;
}
