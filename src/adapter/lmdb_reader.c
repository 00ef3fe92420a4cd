/* SPDX-License-Identifier: MIT */
#include "lmdb_reader.h"

#include <string.h>
#include <time.h>

#include "cache_entry.h"
#include "fault_guard.h"

#define LOOK_NS   INT64_C(50000000) /* how soon a deleted or replaced file is noticed */
#define MAX_TRIES 3                 /* a page may be reused while it is read; damage stays */

static int64_t coarse_ns(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- views ---- */

static void on_assert(MDB_env *env, const char *message)
{
	(void)env;
	(void)message;
	fault_guard_leave();
}

static int open_txns(struct lmdb_view *view)
{
	int code = 0;

	for (int i = 0; i < LMDB_READER_TXNS && code == 0; i++) {
		atomic_store(&view->slots[i].busy, false);
		code = mdb_txn_begin(view->env, NULL, MDB_RDONLY, &view->slots[i].txn);
		if (code == 0 && i == 0)
			code = mdb_dbi_open(view->slots[i].txn, NULL, 0, &view->dbi);
		if (code == 0)
			mdb_txn_reset(view->slots[i].txn);
	}
	return code;
}

static void open_env(void *ctx)
{
	struct lmdb_view *view = ctx;

	if (mdb_env_create(&view->env) != 0) {
		view->env = NULL;
		return;
	}
	mdb_env_set_assert(view->env, on_assert);
}

struct opening {
	struct lmdb_view *view;
	const char *path;
	bool opened;
};

static void open_file(void *ctx)
{
	struct opening *opening = ctx;
	const unsigned flags = MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS;

	opening->opened = mdb_env_open(opening->view->env, opening->path, flags, 0600) == 0 &&
	                  open_txns(opening->view) == 0;
}

static void close_view(struct lmdb_view *view)
{
	for (int i = 0; i < LMDB_READER_TXNS; i++) {
		if (view->slots[i].txn != NULL)
			mdb_txn_abort(view->slots[i].txn);
		view->slots[i].txn = NULL;
	}
	if (view->env != NULL)
		mdb_env_close(view->env);
	view->env = NULL;
}

static struct lmdb_view *unused_view(struct lmdb_reader *reader)
{
	for (int i = 0; i < LMDB_READER_VIEWS; i++) {
		struct lmdb_view *view = &reader->views[i];

		if (view == atomic_load(&reader->view) || atomic_load(&view->users) != 0)
			continue;
		close_view(view);
		return view;
	}
	return NULL;
}

static void open_view(struct lmdb_reader *reader, const struct lmdb_file_id *id)
{
	struct lmdb_view *view = unused_view(reader);
	struct opening opening = {view, reader->path, false};

	if (view == NULL || !lmdb_file_plausible(reader->path))
		return;
	view->id = *id;
	open_env(view);
	if (view->env == NULL)
		return;
	if (!fault_guard_run(open_file, &opening) || !opening.opened) {
		close_view(view);
		return;
	}
	atomic_store(&reader->view, view);
}

/* Every LOOK_NS one thread compares the file with what is open. */
static void look(struct lmdb_reader *reader)
{
	struct lmdb_file_id id;
	struct lmdb_view *view;
	int64_t now_ns = coarse_ns();

	if (now_ns - atomic_load_explicit(&reader->looked_ns, memory_order_relaxed) < LOOK_NS)
		return;
	if (pthread_mutex_trylock(&reader->lock) != 0)
		return;
	atomic_store(&reader->looked_ns, now_ns);
	view = atomic_load(&reader->view);
	if (!lmdb_file_stat(reader->path, &id)) {
		atomic_store(&reader->view, NULL);
	} else if (view == NULL || !lmdb_file_same(&id, &view->id)) {
		atomic_store(&reader->view, NULL);
		open_view(reader, &id);
	}
	pthread_mutex_unlock(&reader->lock);
}

/* ---- one read ---- */

static struct lmdb_view *take_view(struct lmdb_reader *reader)
{
	for (;;) {
		struct lmdb_view *view = atomic_load(&reader->view);

		if (view == NULL)
			return NULL;
		atomic_fetch_add(&view->users, 1);
		if (view == atomic_load(&reader->view))
			return view;
		atomic_fetch_sub(&view->users, 1);
	}
}

/* Threads keep to a slot each as far as they can. */
static int take_slot(struct lmdb_view *view)
{
	static _Atomic unsigned threads;
	static _Thread_local unsigned own;

	if (own == 0)
		own = atomic_fetch_add(&threads, 1) + 1;
	for (unsigned i = 0; i < LMDB_READER_TXNS; i++) {
		unsigned at = (own + i) % LMDB_READER_TXNS;

		if (!atomic_exchange_explicit(&view->slots[at].busy, true, memory_order_acquire))
			return (int)at;
	}
	return -1;
}

struct lookup {
	struct lmdb_view *view;
	MDB_txn *txn;
	struct slice key;
	struct arena *arena;
	struct lmdb_reading *reading;
	enum lmdb_read result;
};

static enum lmdb_read copy_entry(struct lookup *lookup, const MDB_val *found)
{
	struct cache_entry_head head;
	struct slice copy, key, value;

	if (found->mv_size > CACHE_ENTRY_MAX)
		return LMDB_READ_FAULT;
	/* checked after it was copied: what is in the file may change at any time */
	copy = arena_copy(lookup->arena, (struct slice){found->mv_data, found->mv_size});
	if (copy.ptr == NULL)
		return LMDB_READ_NONE;
	if (!cache_entry_read(copy, &head, &key, &value))
		return LMDB_READ_FAULT;
	if (!slice_eq(key, lookup->key))
		return LMDB_READ_NONE;
	*lookup->reading = (struct lmdb_reading){value, head.fresh_until_ms, head.stale_until_ms};
	return LMDB_READ_HIT;
}

static void run_lookup(void *ctx)
{
	struct lookup *lookup = ctx;
	char name[LMDB_FILE_KEY_LEN];
	MDB_val key = {sizeof(name), name}, found;
	int code = mdb_txn_renew(lookup->txn);

	lmdb_file_key('k', cache_entry_hash(lookup->key), name);
	lookup->result = LMDB_READ_FAULT;
	if (code == 0)
		code = mdb_get(lookup->txn, lookup->view->dbi, &key, &found);
	if (code == 0)
		lookup->result = copy_entry(lookup, &found);
	else if (code == MDB_NOTFOUND)
		lookup->result = LMDB_READ_NONE;
	mdb_txn_reset(lookup->txn);
}

/* A fault leaves the transaction as it is: it is not used again, its slot stays taken. */
static enum lmdb_read read_view(struct lmdb_view *view, struct lookup *lookup)
{
	int slot = take_slot(view);

	if (slot < 0)
		return LMDB_READ_NONE;
	lookup->view = view;
	lookup->txn = view->slots[slot].txn;
	if (!fault_guard_run(run_lookup, lookup))
		return LMDB_READ_FAULT;
	atomic_store_explicit(&view->slots[slot].busy, false, memory_order_release);
	return lookup->result;
}

static void retire(struct lmdb_reader *reader, struct lmdb_view *view)
{
	struct lmdb_view *expected = view;

	(void)atomic_compare_exchange_strong(&reader->view, &expected, NULL);
}

void lmdb_reader_init(struct lmdb_reader *reader, const char *path)
{
	memset(reader, 0, sizeof(*reader));
	reader->path = path;
	pthread_mutex_init(&reader->lock, NULL);
	atomic_init(&reader->looked_ns, INT64_MIN / 2);
	fault_guard_install();
}

void lmdb_reader_finish(struct lmdb_reader *reader)
{
	for (int i = 0; i < LMDB_READER_VIEWS; i++)
		close_view(&reader->views[i]);
	pthread_mutex_destroy(&reader->lock);
}

enum lmdb_read lmdb_reader_get(struct lmdb_reader *reader, struct slice key, struct arena *arena,
                               struct lmdb_reading *ret_reading)
{
	struct lookup lookup = {.key = key, .arena = arena, .reading = ret_reading};
	enum lmdb_read result = LMDB_READ_NONE;
	struct lmdb_view *view;

	look(reader);
	view = take_view(reader);
	if (view == NULL)
		return LMDB_READ_NONE;
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		result = read_view(view, &lookup);
		if (result != LMDB_READ_FAULT)
			break;
	}
	if (result == LMDB_READ_FAULT)
		retire(reader, view);
	atomic_fetch_sub(&view->users, 1);
	return result;
}
