/* SPDX-License-Identifier: MIT */
#ifndef CLI_IMPORT_JOB_H
#define CLI_IMPORT_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter/sqlite_register.h"
#include "wire/import_in.h"

/* One import into one register: what all its files share. */
struct import_job {
	struct register_writer *writer;
	enum import_kind kind;
	int32_t today;
	int32_t as_of;
	uint64_t stored;
	uint64_t refused;
	uint64_t partial; /* stored without a street, postal code or city that no one could read */
};

/*
 * Imports one file ("-" = standard input). Bad rows go to standard error
 * with line and reason and are counted; false when the file as a whole could
 * not be imported, with a message. Rows are committed in batches together
 * with their position: the same file begun again goes on behind the last one.
 */
bool import_file(struct import_job *job, const char *path);

/* Stores one row. NULL, or a static text why not; *ret_column names the field or is "". */
const char *import_store(struct import_job *job, const struct import_row *row, struct arena *arena,
                         const char **ret_column, enum status *ret_fatal);

#endif
