/* SPDX-License-Identifier: MIT */
#include "lmdb_tree.h"

#include <errno.h>
#include <string.h>

#include "cache_entry.h"

/*
 * LMDB writes changed pages to new places and reuses old ones two commits
 * later, so a map filled to the brim cannot even delete. Entries are held to
 * this share of it, counted as they lie on the disk.
 */
#define LIVE_PERCENT 60
#define PAGE         4096u
#define INLINE_MAX   1900u /* a larger value has pages of its own */

static uint64_t occupied(size_t entry_bytes)
{
	if (entry_bytes > INLINE_MAX)
		return ((uint64_t)entry_bytes + 16 + PAGE - 1) / PAGE * PAGE + 128;
	return (uint64_t)entry_bytes * 3 / 2 + 128; /* pages are two thirds full; both keys' nodes */
}

static int put_state(struct lmdb_tree *tree)
{
	char name = 'm';
	MDB_val key = {1, &name}, value = {sizeof(tree->state), &tree->state};

	return mdb_put(tree->txn, tree->dbi, &key, &value, 0);
}

static int get_state(struct lmdb_tree *tree)
{
	char name = 'm';
	MDB_val key = {1, &name}, value;
	int code = mdb_get(tree->txn, tree->dbi, &key, &value);

	if (code != 0)
		return code;
	if (value.mv_size != sizeof(tree->state))
		return MDB_CORRUPTED;
	memcpy(&tree->state, value.mv_data, sizeof(tree->state));
	return 0;
}

static int del(struct lmdb_tree *tree, char kind, uint64_t number)
{
	char name[LMDB_FILE_KEY_LEN];
	MDB_val key = {sizeof(name), name};
	int code;

	lmdb_file_key(kind, number, name);
	code = mdb_del(tree->txn, tree->dbi, &key, NULL);
	return code == MDB_NOTFOUND ? 0 : code;
}

/* Removes an entry with its place in the order; 0 also when there is none. */
static int remove_entry(struct lmdb_tree *tree, uint64_t hash)
{
	char name[LMDB_FILE_KEY_LEN];
	MDB_val key = {sizeof(name), name}, value;
	struct cache_entry_head head;
	struct slice entry_key, entry_value;
	uint64_t bytes;
	int code;

	lmdb_file_key('k', hash, name);
	code = mdb_get(tree->txn, tree->dbi, &key, &value);
	if (code != 0)
		return code == MDB_NOTFOUND ? 0 : code;
	if (!cache_entry_read((struct slice){value.mv_data, value.mv_size}, &head, &entry_key, &entry_value))
		return MDB_CORRUPTED;
	bytes = occupied(value.mv_size);
	tree->state.live_bytes -= tree->state.live_bytes < bytes ? tree->state.live_bytes : bytes;
	code = del(tree, 'q', head.place);
	return code != 0 ? code : del(tree, 'k', hash);
}

static int find_oldest(struct lmdb_tree *tree, uint64_t *ret_place, uint64_t *ret_hash)
{
	char name[LMDB_FILE_KEY_LEN];
	MDB_val key = {sizeof(name), name}, value;
	MDB_cursor *cursor;
	int code = mdb_cursor_open(tree->txn, tree->dbi, &cursor);

	if (code != 0)
		return code;
	lmdb_file_key('q', 0, name);
	code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (code == 0 && (key.mv_size != LMDB_FILE_KEY_LEN || value.mv_size != sizeof(*ret_hash)))
		code = MDB_CORRUPTED;
	if (code == 0) {
		*ret_place = 0;
		for (int i = 1; i < LMDB_FILE_KEY_LEN; i++)
			*ret_place = *ret_place << 8 | ((const unsigned char *)key.mv_data)[i];
		memcpy(ret_hash, value.mv_data, sizeof(*ret_hash));
	}
	mdb_cursor_close(cursor);
	return code;
}

static int evict(struct lmdb_tree *tree)
{
	int code = 0;

	while (code == 0 && tree->state.live_bytes > tree->max_bytes) {
		uint64_t place = 0, hash = 0;

		code = find_oldest(tree, &place, &hash);
		if (code == MDB_NOTFOUND) {
			tree->state.live_bytes = 0;
			return 0;
		}
		if (code == 0)
			code = remove_entry(tree, hash);
		if (code == 0)
			code = del(tree, 'q', place);
		tree->evictions++;
	}
	return code;
}

static int put_entry(struct lmdb_tree *tree, const struct cache_ring_slot *slot, struct slice key, uint64_t hash)
{
	char bytes[CACHE_ENTRY_MAX], name[LMDB_FILE_KEY_LEN];
	struct cache_entry_head head = {
	        .fresh_until_ms = slot->fresh_until_ms,
	        .stale_until_ms = slot->stale_until_ms,
	        .place = tree->state.next_place,
	};
	size_t len = cache_entry_write(&head, key, (struct slice){slot->value, slot->value_len}, bytes);
	MDB_val entry_key = {sizeof(name), name}, entry = {len, bytes}, place = {sizeof(hash), &hash};
	int code;

	tree->state.next_place++;
	tree->state.live_bytes += occupied(len);
	code = evict(tree);
	if (code != 0)
		return code;
	lmdb_file_key('k', hash, name);
	code = mdb_put(tree->txn, tree->dbi, &entry_key, &entry, 0);
	if (code != 0)
		return code;
	lmdb_file_key('q', head.place, name);
	return mdb_put(tree->txn, tree->dbi, &entry_key, &place, 0);
}

int lmdb_tree_begin(struct lmdb_tree *tree, MDB_env *env, size_t map_bytes)
{
	int code;

	memset(tree, 0, sizeof(*tree));
	tree->max_bytes = (uint64_t)map_bytes / 100 * LIVE_PERCENT;
	code = mdb_txn_begin(env, NULL, 0, &tree->txn);
	if (code != 0)
		return code;
	code = mdb_dbi_open(tree->txn, NULL, 0, &tree->dbi);
	if (code == 0)
		code = get_state(tree);
	if (code != 0)
		lmdb_tree_abort(tree);
	return code;
}

int lmdb_tree_apply(struct lmdb_tree *tree, const struct cache_ring_slot *slot)
{
	struct slice key = {slot->key, slot->key_len};
	uint64_t hash;
	int code;

	if (slot->key_len > MAX_CACHE_KEY || slot->value_len > MAX_CACHE_VALUE)
		return EINVAL;
	hash = cache_entry_hash(key);
	code = remove_entry(tree, hash);
	if (code == 0 && slot->op == CACHE_OP_PUT)
		code = put_entry(tree, slot, key, hash);
	return code;
}

int lmdb_tree_commit(struct lmdb_tree *tree)
{
	int code = put_state(tree);

	if (code != 0) {
		lmdb_tree_abort(tree);
		return code;
	}
	return mdb_txn_commit(tree->txn);
}

void lmdb_tree_abort(struct lmdb_tree *tree)
{
	mdb_txn_abort(tree->txn);
	tree->txn = NULL;
}

int lmdb_tree_create(MDB_env *env, const struct lmdb_file_state *state)
{
	struct lmdb_tree tree = {.state = *state};
	int code = mdb_txn_begin(env, NULL, 0, &tree.txn);

	if (code != 0)
		return code;
	code = mdb_dbi_open(tree.txn, NULL, 0, &tree.dbi);
	if (code != 0) {
		lmdb_tree_abort(&tree);
		return code;
	}
	return lmdb_tree_commit(&tree);
}
