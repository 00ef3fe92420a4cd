/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_LMDB_TREE_H
#define SRC_ADAPTER_LMDB_TREE_H

#include <lmdb.h>
#include <stdint.h>

#include "cache_ring.h"
#include "lmdb_file.h"

/* Changes of the cache file within one write transaction; codes are LMDB's. */
struct lmdb_tree {
	MDB_txn *txn;
	MDB_dbi dbi;
	struct lmdb_file_state state;
	uint64_t max_bytes; /* entries beyond it push the oldest out */
	uint64_t evictions;
};

int lmdb_tree_begin(struct lmdb_tree *tree, MDB_env *env, size_t map_bytes);
int lmdb_tree_apply(struct lmdb_tree *tree, const struct cache_ring_slot *slot);
int lmdb_tree_commit(struct lmdb_tree *tree);
void lmdb_tree_abort(struct lmdb_tree *tree);
/* Writes the state of an empty file. */
int lmdb_tree_create(MDB_env *env, const struct lmdb_file_state *state);

#endif
