/* SPDX-License-Identifier: MIT */
#include "adapter/match_sqlite.h"

#include <stdlib.h>

#include "register_file.h"
#include "register_row.h"
#include "sqlite_db.h"
#include "sqlite_schema.h"

enum statement { READ_ALL, COUNT, FIND_HASH, READ_ONE };

static const char *const statements[] = {
        [READ_ALL] = "SELECT names, facts FROM company ORDER BY id",
        [COUNT] = "SELECT count(*) FROM company",
        [FIND_HASH] = "SELECT company FROM company_key WHERE hash = $1",
        [READ_ONE] = "SELECT names, facts FROM company WHERE id = $1",
};

static const struct sqlite_db_sort reader_sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .pragmas = "PRAGMA query_only=ON; PRAGMA cache_size=-8192",
        .keep_log = true,
        .check = sqlite_schema_check_register,
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
};

struct row {
	struct register_names names;
	struct facts facts;
	struct slice previous[MATCH_BUILD_NAMES];
	char court[MAX_COURT];
};

/* "reg:F1103R:HRB:12345HU" */
static void take_number(struct slice key, struct match_build_record *record)
{
	size_t digits = 0;
	(void)slice_cut(&key, ':');
	struct slice court = slice_cut(&key, ':');
	enum register_type type = register_type_parse(slice_cut(&key, ':'));
	while (digits < key.len && key.ptr[digits] >= '0' && key.ptr[digits] <= '9')
		digits++;
	uint64_t number;
	if (!key.ptr || !slice_to_u64((struct slice){key.ptr, digits}, &number) || number > UINT32_MAX)
		return;
	record->court = court;
	record->type = type;
	record->number = (uint32_t)number;
	record->suffix = (struct slice){key.ptr + digits, key.len - digits};
}

static void take_keys(const struct register_names *names, struct match_build_record *record)
{
	for (size_t i = 0; i < names->key_count; i++) {
		struct slice value = names->keys[i];
		struct slice kind = slice_cut(&value, ':');
		if (slice_eq_cstr(kind, "reg") && record->type == REGISTER_NONE)
			take_number(names->keys[i], record);
		else if (slice_eq_cstr(kind, "vat"))
			record->vat_id = value;
		else if (slice_eq_cstr(kind, "lei"))
			record->lei = value;
	}
}

static enum status hand_over(struct row *row, struct slice key, struct match_sqlite_reader reader)
{
	const struct register_names *names = &row->names;
	struct match_build_record record = {.id = key,
	                                    .street = slice_cstr(row->facts.street),
	                                    .postal_code = slice_cstr(names->postal_code),
	                                    .city = slice_cstr(row->facts.city),
	                                    .removed = names->deleted,
	                                    .names = row->previous,
	                                    .name_count = 1};
	row->previous[0] = slice_cstr(row->facts.name);
	for (size_t i = 0; i < names->name_count && record.name_count < MATCH_BUILD_NAMES; i++) {
		if (names->names[i].previous)
			row->previous[record.name_count++] = names->names[i].name;
		else if (slice_is_blank(row->previous[0]))
			row->previous[0] = names->names[i].name;
	}
	take_keys(names, &record);
	if (slice_is_blank(row->previous[0]))
		return STATUS_OK;
	return reader.company(reader.ctx, &record);
}

static enum status take_row(sqlite3_stmt *stmt, const struct register_fact_map *map, struct row *row,
                            struct match_sqlite_reader reader)
{
	struct company_key name_key;
	enum status status = register_names_read(sqlite_db_column(stmt, 0), &row->names);
	facts_init(&row->facts);
	if (status == STATUS_OK)
		status = register_facts_read(sqlite_db_column(stmt, 1), map, &row->facts);
	if (status != STATUS_OK)
		return status;
	struct slice key = row->names.key_count > 0 ? row->names.keys[0] : SLICE_NONE;
	for (size_t i = 0; i < row->names.name_count && !key.ptr; i++) {
		if (!row->names.names[i].previous &&
		    register_name_key(row->names.country, row->names.postal_code, row->names.names[i].name, &name_key))
			key = slice_cstr(name_key.text);
	}
	return key.ptr ? hand_over(row, key, reader) : STATUS_OK;
}

enum status match_sqlite_read(const char *file, struct match_sqlite_reader reader)
{
	struct sqlite_db *db;
	struct register_fact_map map;
	struct row *row = malloc(sizeof(*row));
	if (!row)
		return STATUS_NO_MEMORY;
	enum status status = sqlite_db_open(file, &reader_sort, &db);
	if (status != STATUS_OK) {
		free(row);
		return status;
	}
	status = register_file_facts(db, false, &map);
	while (status == STATUS_OK) {
		int code = sqlite3_step(db->stmt[READ_ALL]);
		if (code == SQLITE_DONE)
			break;
		status = code == SQLITE_ROW ? take_row(db->stmt[READ_ALL], &map, row, reader)
		                            : sqlite_db_status(db->handle, code);
	}
	sqlite3_reset(db->stmt[READ_ALL]);
	sqlite_db_close(db);
	free(row);
	return status;
}

static bool carries(const struct register_names *names, struct slice key)
{
	for (size_t i = 0; i < names->key_count; i++) {
		if (slice_eq(names->keys[i], key))
			return true;
	}
	return false;
}

/* Several keys may share a hash. */
static enum status read_key(struct sqlite_db *db, const struct register_fact_map *map, struct slice key,
                            struct row *row, struct match_sqlite_reader reader, bool *ret_found)
{
	enum status status = STATUS_OK;
	bool found = false;
	sqlite3_bind_int64(db->stmt[FIND_HASH], 1, register_file_hash(key));
	while (status == STATUS_OK && !found && sqlite_db_first(db, db->stmt[FIND_HASH]) == STATUS_OK) {
		sqlite3_bind_int64(db->stmt[READ_ONE], 1, sqlite3_column_int64(db->stmt[FIND_HASH], 0));
		status = sqlite_db_first(db, db->stmt[READ_ONE]);
		if (status == STATUS_OK)
			status = register_names_read(sqlite_db_column(db->stmt[READ_ONE], 0), &row->names);
		found = status == STATUS_OK && carries(&row->names, key);
		if (found)
			status = take_row(db->stmt[READ_ONE], map, row, reader);
		sqlite3_reset(db->stmt[READ_ONE]);
	}
	sqlite3_reset(db->stmt[FIND_HASH]);
	*ret_found = found;
	return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status match_sqlite_read_keys(const char *file, const struct slice *keys, size_t count,
                                   struct match_sqlite_reader reader, bool *ret_found)
{
	struct sqlite_db *db;
	struct register_fact_map map;
	struct row *row = malloc(sizeof(*row));
	if (!row)
		return STATUS_NO_MEMORY;
	enum status status = sqlite_db_open(file, &reader_sort, &db);
	if (status != STATUS_OK) {
		free(row);
		return status;
	}
	status = register_file_facts(db, false, &map);
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = read_key(db, &map, keys[i], row, reader, &ret_found[i]);
	sqlite_db_close(db);
	free(row);
	return status;
}

uint64_t match_sqlite_count(const char *file)
{
	struct sqlite_db *db;
	int64_t count = 0;
	if (sqlite_db_open(file, &reader_sort, &db) != STATUS_OK)
		return 0;
	if (sqlite_db_number(db, db->stmt[COUNT], &count) != STATUS_OK || count < 0)
		count = 0;
	sqlite_db_close(db);
	return (uint64_t)count;
}
