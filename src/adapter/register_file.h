/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_FILE_H
#define SRC_ADAPTER_REGISTER_FILE_H

#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "register_row.h"
#include "sqlite_db.h"

/* What reader and writer of a register file have in common. */

/* Where a key is found in company_key; several companies and unlike keys may share a hash. */
int64_t register_file_hash(struct slice key);
/* The file's numbers of facts; with "add", facts it has not got yet get one. */
enum status register_file_facts(struct sqlite_db *db, bool add, struct register_fact_map *ret_map) MUST_CHECK;

#endif
