/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_SQLITE_SCHEMA_H
#define SRC_ADAPTER_SQLITE_SCHEMA_H

#include "sqlite_db.h"

/* The files' layouts; PRAGMA user_version holds the number, application_id says whose file it is. */
enum sqlite_schema { SQLITE_SCHEMA_STORE, SQLITE_SCHEMA_REGISTER };

/* Creates or upgrades. STATUS_CORRUPT: another program's file; STATUS_INVALID: a newer version's. */
enum status sqlite_schema_create(struct sqlite_db *db, enum sqlite_schema schema) MUST_CHECK;
/* The same verdicts without writing; STATUS_NOT_FOUND: empty or of an older version, to be created first. */
enum status sqlite_schema_check_store(struct sqlite_db *db) MUST_CHECK;
enum status sqlite_schema_check_register(struct sqlite_db *db) MUST_CHECK;

/* A record's place: its tenant's number and its number in the tenant's chain. */
#define SQLITE_SEQ_BITS 40
#define SQLITE_SEQ_MAX  ((INT64_C(1) << SQLITE_SEQ_BITS) - 1)

#endif
