/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_LMDB_READER_H
#define SRC_ADAPTER_LMDB_READER_H

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "lmdb_file.h"

#define LMDB_READER_TXNS  64 /* threads reading one view at a time */
#define LMDB_READER_VIEWS 8

/* The file as opened once. Reused, never freed, so that a late reader can still look at "users". */
struct lmdb_view {
	_Atomic int users;
	MDB_env *env; /* NULL = not open */
	MDB_dbi dbi;
	struct lmdb_file_id id;
	struct {
		_Atomic bool busy;
		MDB_txn *txn;
	} slots[LMDB_READER_TXNS];
};

/*
 * The reading side, in the process that asks: maps the file read-only,
 * follows it when it is replaced, and survives whatever happens to it.
 */
struct lmdb_reader {
	const char *path;
	struct lmdb_view *_Atomic view; /* NULL = no usable file */
	pthread_mutex_t lock;           /* opening and closing views */
	_Atomic int64_t looked_ns;
	struct lmdb_view views[LMDB_READER_VIEWS];
};

enum lmdb_read {
	LMDB_READ_NONE, /* not there */
	LMDB_READ_HIT,
	LMDB_READ_FAULT /* the file is damaged */
};

struct lmdb_reading {
	struct slice value; /* in the arena */
	int64_t fresh_until_ms;
	int64_t stale_until_ms;
};

void lmdb_reader_init(struct lmdb_reader *reader, const char *path); /* path is borrowed */
void lmdb_reader_finish(struct lmdb_reader *reader);
enum lmdb_read lmdb_reader_get(struct lmdb_reader *reader, struct slice key, struct arena *arena,
                               struct lmdb_reading *ret_reading);

#endif
