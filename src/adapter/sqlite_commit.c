/* SPDX-License-Identifier: MIT */
#include "sqlite_commit.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "adapter/sqlite_store.h"
#include "base/buf.h"
#include "core/record.h"
#include "event_row.h"
#include "sqlite_log_vfs.h"
#include "sqlite_schema.h"

/* One append, until its end is told. */
struct commit_job {
	struct commit_job *next;
	const struct store_decision *decision;
	struct store_done done;
	bool waited_for; /* by a thread, which looks after the deadline itself */
	int64_t deadline_ns;
	enum status status; /* valid when its batch is done */
	int64_t answer_hash;
	struct crypto_sha256 hash; /* of the open text */
	struct buf text;
	char bytes[MAX_RECORD + RECORD_CLOSE];
};

/* A job whose caller waits. */
struct waiter {
	_Atomic uint32_t told;
	enum status status;
	struct commit_job job;
};

enum statement { BEGIN, COMMIT, FIND_HEAD, PUT_DECISION, PUT_ANSWER, PUT_HEAD, PUT_RECHECK, DROP_RECHECK, PUT_EVENT };

static const char *const statements[] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [FIND_HEAD] = "SELECT t.no, h.seq, h.digest FROM tenant t LEFT JOIN chain_head h ON h.tenant_no = t.no"
                      " WHERE t.id = $1",
        [PUT_DECISION] = "INSERT INTO decision (pos, id, at_ms, livemode, company, outcome, digest, record)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [PUT_ANSWER] = "INSERT INTO answer (hash, tenant, idempotency_key, body_digest, expires_ms, body)"
                       " VALUES ($1, $2, $3, $4, $5, $6)",
        [PUT_HEAD] = "INSERT INTO chain_head (tenant_no, seq, digest) VALUES ($1, $2, $3)"
                     " ON CONFLICT (tenant_no) DO UPDATE SET seq = excluded.seq, digest = excluded.digest",
        [PUT_RECHECK] = "INSERT INTO recheck (decision_id, tenant, at_ms, due_ms, tries) VALUES ($1, $2, $3, $3, 0)",
        [DROP_RECHECK] = RECHECK_ROW_DROP,
        [PUT_EVENT] = EVENT_ROW_PUT,
};

static const struct sqlite_db_sort writer_sort = {
        .flags = SQLITE_OPEN_READWRITE,
        .vfs = SQLITE_LOG_VFS,
        .pragmas = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192;"
                   "PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY",
        .sql = statements,
        .sql_count = sizeof(statements) / sizeof(*statements),
        .check = sqlite_schema_check_store,
};

/* ---- the transaction, on the thread of commits ---- */

static int on_wal(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct sqlite_commit *commit = ctx;

	(void)handle;
	(void)name;
	if (commit->on_log != NULL)
		commit->on_log(commit->on_log_ctx, pages);
	return SQLITE_OK;
}

static enum status open_writer(struct sqlite_commit *commit)
{
	struct stat info;
	enum status status;

	if (commit->writer != NULL)
		return STATUS_OK;
	chain_heads_clear(&commit->heads);
	if (stat(commit->path, &info) != 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
	commit->inode = info.st_ino;
	commit->device = info.st_dev;
	status = sqlite_db_open(commit->path, &writer_sort, &commit->writer);
	if (status == STATUS_OK)
		sqlite3_wal_hook(commit->writer->handle, on_wal, commit);
	return status;
}

/* Moves with every commit, ours too, and with a transaction's begin if somebody else has committed before. */
static unsigned data_version(const struct sqlite_commit *commit)
{
	unsigned version = 0;

	sqlite3_file_control(commit->writer->handle, "main", SQLITE_FCNTL_DATA_VERSION, &version);
	return version;
}

/* Heads stay known from batch to batch unless another connection has written. */
static void check_heads(struct sqlite_commit *commit)
{
	if (data_version(commit) != commit->data_version || commit->heads.count > CHAIN_HEADS_CLEAR)
		chain_heads_clear(&commit->heads);
}

static enum status find_head(struct sqlite_commit *commit, struct slice tenant, struct chain_head **ret_head)
{
	struct chain_head *head = chain_heads_find(&commit->heads, tenant);
	sqlite3_stmt *stmt = commit->writer->stmt[FIND_HEAD];
	enum status status;

	*ret_head = head;
	if (head->tenant_no != 0)
		return STATUS_OK;
	sqlite_db_bind_text(stmt, 1, tenant);
	status = sqlite_db_first(commit->writer, stmt);
	if (status == STATUS_OK) {
		head->seq = (uint64_t)sqlite3_column_int64(stmt, 1);
		if (head->seq == 0)
			memset(head->digest, 0, sizeof(head->digest));
		else if (!sqlite_db_column_digest(stmt, 2, head->digest))
			status = STATUS_CORRUPT;
	}
	if (status == STATUS_OK) {
		head->tenant_no = sqlite3_column_int64(stmt, 0);
		head->batch = 0;
		commit->heads.count++;
	}
	sqlite3_reset(stmt);
	return status;
}

static enum status put_decision(struct sqlite_commit *commit, const struct commit_job *job, int64_t pos,
                                const uint8_t digest[32])
{
	const struct store_decision *decision = job->decision;
	sqlite3_stmt *stmt = commit->writer->stmt[PUT_DECISION];

	sqlite3_bind_int64(stmt, 1, pos);
	sqlite_db_bind_text(stmt, 2, decision->decision_id);
	sqlite3_bind_int64(stmt, 3, decision->at_ms);
	sqlite3_bind_int(stmt, 4, decision->livemode);
	sqlite_db_bind_text(stmt, 5, decision->company_key);
	sqlite_db_bind_text(stmt, 6, decision->outcome);
	sqlite_db_bind_blob(stmt, 7, digest, 32);
	sqlite_db_bind_text(stmt, 8, buf_view(&job->text));
	return sqlite_db_run(commit->writer, stmt);
}

static enum status put_answer(struct sqlite_commit *commit, const struct commit_job *job)
{
	const struct store_decision *decision = job->decision;
	sqlite3_stmt *stmt = commit->writer->stmt[PUT_ANSWER];

	sqlite3_bind_int64(stmt, 1, job->answer_hash);
	sqlite_db_bind_text(stmt, 2, decision->tenant);
	sqlite_db_bind_text(stmt, 3, decision->idempotency_key);
	sqlite_db_bind_blob(stmt, 4, decision->body_digest, sizeof(decision->body_digest));
	sqlite3_bind_int64(stmt, 5, decision->at_ms + SQLITE_STORE_REPLAY_MS);
	sqlite_db_bind_text(stmt, 6, decision->answer);
	return sqlite_db_run(commit->writer, stmt);
}

static enum status put_recheck(struct sqlite_commit *commit, const struct store_decision *decision)
{
	sqlite3_stmt *stmt = commit->writer->stmt[PUT_RECHECK];

	sqlite_db_bind_text(stmt, 1, decision->decision_id);
	sqlite_db_bind_text(stmt, 2, decision->tenant);
	sqlite3_bind_int64(stmt, 3, decision->at_ms);
	return sqlite_db_run(commit->writer, stmt);
}

/* All that belongs to a record besides it. */
static enum status put_besides(struct sqlite_commit *commit, const struct commit_job *job, int64_t tenant_no)
{
	const struct store_decision *decision = job->decision;
	enum status status = STATUS_OK;

	if (decision->idempotency_key.ptr != NULL)
		status = put_answer(commit, job);
	if (status == STATUS_OK && decision->recheck)
		status = put_recheck(commit, decision);
	if (status == STATUS_OK && decision->event != NULL)
		status = event_row_put(commit->writer, commit->writer->stmt[PUT_EVENT], tenant_no, decision->event);
	return status;
}

static bool is_own_fault(enum status status)
{
	return status == STATUS_MISMATCH || status == STATUS_NOT_FOUND || status == STATUS_TOO_LARGE;
}

/* Chains one record behind its tenant's head. MISMATCH, NOT_FOUND: this job's own fault, the batch goes on. */
static enum status put_job(struct sqlite_commit *commit, struct commit_job *job)
{
	const struct crypto_port *crypto = &commit->crypto;
	uint8_t digest[32];
	struct chain_head *head;
	enum status status;
	size_t open_len = job->text.len;

	status = find_head(commit, job->decision->tenant, &head);
	if (status != STATUS_OK)
		return status;
	if (head->seq >= SQLITE_SEQ_MAX)
		return STATUS_FULL;
	/* Before anything is written: who comes too late stores nothing. */
	if (job->decision->recheck_of.ptr != NULL)
		status = recheck_row_drop(commit->writer, commit->writer->stmt[DROP_RECHECK],
		                          job->decision->recheck_of);
	if (status != STATUS_OK)
		return status;
	record_close(&job->text, head->seq + 1, head->digest);
	if (job->text.overflow)
		return STATUS_INTERNAL;
	crypto->vtable->sha256_add(crypto->self, &job->hash,
	                           (struct slice){job->text.ptr + open_len, job->text.len - open_len});
	crypto->vtable->sha256_finish(crypto->self, &job->hash, digest);
	status = put_decision(commit, job, head->tenant_no << SQLITE_SEQ_BITS | (int64_t)(head->seq + 1), digest);
	if (is_own_fault(status) && job->decision->recheck_of.ptr != NULL)
		status = STATUS_INTERNAL; /* would leave the list without the record */
	if (status == STATUS_OK) {
		status = put_besides(commit, job, head->tenant_no);
		if (is_own_fault(status))
			status = STATUS_INTERNAL; /* would leave the record without its answer */
	}
	if (status != STATUS_OK)
		return status;
	head->seq++;
	memcpy(head->digest, digest, sizeof(head->digest));
	return STATUS_OK;
}

/* Each tenant's head row once, whatever the number of its records in the batch. */
static enum status put_heads(struct sqlite_commit *commit, const struct commit_job *jobs)
{
	sqlite3_stmt *stmt = commit->writer->stmt[PUT_HEAD];
	enum status status = STATUS_OK;

	commit->batch++;
	for (const struct commit_job *job = jobs; job != NULL && status == STATUS_OK; job = job->next) {
		struct chain_head *head;

		if (job->status != STATUS_OK)
			continue;
		head = chain_heads_find(&commit->heads, job->decision->tenant);
		if (head->batch == commit->batch)
			continue;
		head->batch = commit->batch;
		sqlite3_bind_int64(stmt, 1, head->tenant_no);
		sqlite3_bind_int64(stmt, 2, (int64_t)head->seq);
		sqlite_db_bind_blob(stmt, 3, head->digest, sizeof(head->digest));
		status = sqlite_db_run(commit->writer, stmt);
	}
	return status;
}

/* Someone removed or replaced the file under us: what we wrote there would be lost. */
static enum status check_file(const struct sqlite_commit *commit)
{
	struct stat info;

	if (stat(commit->path, &info) != 0 || info.st_ino != commit->inode || info.st_dev != commit->device)
		return STATUS_UNAVAILABLE;
	return STATUS_OK;
}

/* As long as anybody in the batch can wait, but never for good. */
static int64_t busy_until(const struct commit_job *jobs)
{
	int64_t until = 0, limit = sqlite_db_now_ns() + SQLITE_DB_BUSY_NS;

	for (const struct commit_job *job = jobs; job != NULL; job = job->next)
		if (job->deadline_ns > until)
			until = job->deadline_ns;
	return until < limit ? until : limit;
}

static enum status write_batch(struct sqlite_commit *commit, struct commit_job *jobs)
{
	enum status status = open_writer(commit);

	if (status == STATUS_OK)
		status = check_file(commit);
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_UNAVAILABLE : status;
	commit->writer->busy_until_ns = busy_until(jobs);
	status = sqlite_db_run(commit->writer, commit->writer->stmt[BEGIN]);
	if (status != STATUS_OK)
		return status;
	check_heads(commit);
	for (struct commit_job *job = jobs; job != NULL; job = job->next) {
		job->status = put_job(commit, job);
		if (job->status != STATUS_OK && !is_own_fault(job->status))
			return job->status;
	}
	status = put_heads(commit, jobs);
	if (status == STATUS_OK)
		status = sqlite_db_run(commit->writer, commit->writer->stmt[COMMIT]);
	if (status == STATUS_OK)
		commit->data_version = data_version(commit);
	return status;
}

/* After a failure nothing is known any more: a new connection finds out. */
static void drop_writer(struct sqlite_commit *commit)
{
	if (commit->writer == NULL)
		return;
	sqlite_db_rollback(commit->writer);
	sqlite_db_close(commit->writer);
	commit->writer = NULL;
}

static void commit_batch(struct sqlite_commit *commit, struct commit_job *jobs)
{
	int64_t began_ns = sqlite_db_now_ns();
	enum status status = write_batch(commit, jobs);
	uint64_t stored = 0, failed = 0;

	if (status != STATUS_OK)
		drop_writer(commit);
	for (struct commit_job *job = jobs; job != NULL; job = job->next) {
		if (status != STATUS_OK)
			job->status = status;
		if (job->status == STATUS_OK)
			stored++;
		else
			failed++;
	}
	atomic_fetch_add_explicit(&commit->commits, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&commit->decisions, stored, memory_order_relaxed);
	atomic_fetch_add_explicit(&commit->failures, failed, memory_order_relaxed);
	atomic_fetch_add_explicit(&commit->commit_ns, (uint64_t)(sqlite_db_now_ns() - began_ns), memory_order_relaxed);
}

/* ---- the queue ---- */

static void wake_waiter(void *ctx, enum status status)
{
	struct waiter *waiter = ctx;

	waiter->status = status;
	atomic_store_explicit(&waiter->told, 1, memory_order_release);
	/* its memory may be gone by now; a futex's address is only looked up */
	syscall(SYS_futex, &waiter->told, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Until told; false when the deadline came first. */
static bool wait_until_told(struct waiter *waiter, struct deadline deadline)
{
	struct timespec until = {deadline.at_ns / 1000000000, deadline.at_ns % 1000000000};
	struct timespec *limit = deadline.at_ns == INT64_MAX ? NULL : &until;

	while (!atomic_load_explicit(&waiter->told, memory_order_acquire)) {
		if (limit != NULL && sqlite_db_now_ns() >= deadline.at_ns)
			return false;
		/* an absolute time on CLOCK_MONOTONIC */
		syscall(SYS_futex, &waiter->told, FUTEX_WAIT_BITSET_PRIVATE, 0, limit, NULL, FUTEX_BITSET_MATCH_ANY);
	}
	return true;
}

static void enqueue(struct sqlite_commit *commit, struct commit_job *job)
{
	pthread_mutex_lock(&commit->lock);
	if (commit->last != NULL)
		commit->last->next = job;
	else
		commit->first = job;
	commit->last = job;
	pthread_cond_signal(&commit->queued);
	pthread_mutex_unlock(&commit->lock);
}

/* Takes jobs back that are in no batch yet: this one, or without it all those nobody waits for that are too late. */
static struct commit_job *withdraw(struct sqlite_commit *commit, const struct commit_job *only, int64_t now_ns)
{
	struct commit_job **link = &commit->first, *taken = NULL, **end = &taken;

	pthread_mutex_lock(&commit->lock);
	commit->last = NULL;
	while (*link != NULL) {
		struct commit_job *job = *link;

		if (only != NULL ? job == only : !job->waited_for && job->deadline_ns <= now_ns) {
			*link = job->next;
			job->next = NULL;
			*end = job;
			end = &job->next;
		} else {
			commit->last = job;
			link = &job->next;
		}
	}
	pthread_mutex_unlock(&commit->lock);
	return taken;
}

/* Waits for one; NULL when it is to stop and nothing is left to do. */
static struct commit_job *take_batch(struct sqlite_commit *commit)
{
	struct commit_job *jobs, *last;

	pthread_mutex_lock(&commit->lock);
	while (commit->first == NULL && !commit->stop)
		pthread_cond_wait(&commit->queued, &commit->lock);
	jobs = last = commit->first;
	for (unsigned count = 1; count < MAX_BATCH && last != NULL && last->next != NULL; count++)
		last = last->next;
	commit->first = last != NULL ? last->next : NULL;
	if (commit->first == NULL)
		commit->last = NULL;
	if (last != NULL)
		last->next = NULL;
	pthread_mutex_unlock(&commit->lock);
	return jobs;
}

static void tell(struct commit_job *jobs)
{
	struct commit_job *next;

	for (; jobs != NULL; jobs = next) {
		next = jobs->next; /* the memory of one that was told is gone */
		jobs->done.tell(jobs->done.ctx, jobs->status);
	}
}

static void *run(void *ctx)
{
	struct sqlite_commit *commit = ctx;
	struct commit_job *jobs;

	while ((jobs = take_batch(commit)) != NULL) {
		commit_batch(commit, jobs);
		tell(jobs);
	}
	return NULL;
}

/* All that needs no order among jobs is done here, in the caller's thread. */
static enum status prepare_job(const struct sqlite_commit *commit, struct commit_job *job,
                               const struct store_decision *decision, struct deadline deadline)
{
	const struct crypto_port *crypto = &commit->crypto;

	if (decision->record.len > MAX_RECORD || decision->answer.len > MAX_ANSWER ||
	    decision->tenant.len > MAX_TENANT_ID || decision->idempotency_key.len > MAX_STORED_KEY)
		return STATUS_TOO_LARGE;
	job->next = NULL;
	job->decision = decision;
	job->status = STATUS_INTERNAL;
	job->deadline_ns = deadline.at_ns;
	if (decision->idempotency_key.ptr != NULL)
		job->answer_hash = sqlite_commit_answer_hash(crypto, decision->tenant, decision->idempotency_key);
	buf_init(&job->text, job->bytes, sizeof(job->bytes));
	buf_slice(&job->text, decision->record);
	crypto->vtable->sha256_start(crypto->self, &job->hash);
	crypto->vtable->sha256_add(crypto->self, &job->hash, decision->record);
	return STATUS_OK;
}

enum status sqlite_commit_init(struct sqlite_commit *commit, const char *path, struct crypto_port crypto)
{
	enum status status;

	memset(commit, 0, sizeof(*commit));
	commit->crypto = crypto;
	commit->path = path;
	pthread_mutex_init(&commit->lock, NULL);
	pthread_cond_init(&commit->queued, NULL);
	status = open_writer(commit);
	if (status != STATUS_OK)
		return status;
	commit->started = pthread_create(&commit->thread, NULL, run, commit) == 0;
	return commit->started ? STATUS_OK : STATUS_NO_MEMORY;
}

void sqlite_commit_finish(struct sqlite_commit *commit)
{
	if (commit->started) {
		pthread_mutex_lock(&commit->lock);
		commit->stop = true;
		pthread_cond_signal(&commit->queued);
		pthread_mutex_unlock(&commit->lock);
		pthread_join(commit->thread, NULL);
	}
	sqlite_db_close(commit->writer);
	commit->writer = NULL;
	pthread_cond_destroy(&commit->queued);
	pthread_mutex_destroy(&commit->lock);
}

enum status sqlite_commit_append(struct sqlite_commit *commit, const struct store_decision *decision,
                                 struct deadline deadline)
{
	struct waiter waiter;
	enum status status = prepare_job(commit, &waiter.job, decision, deadline);

	if (status != STATUS_OK)
		return status;
	atomic_init(&waiter.told, 0);
	waiter.job.done = (struct store_done){wake_waiter, &waiter};
	waiter.job.waited_for = true;
	enqueue(commit, &waiter.job);
	if (!wait_until_told(&waiter, deadline)) {
		if (withdraw(commit, &waiter.job, 0) != NULL)
			return STATUS_UNAVAILABLE;
		/* in a transaction already: its end decides */
		(void)wait_until_told(&waiter, DEADLINE_NEVER);
	}
	return waiter.status;
}

void sqlite_commit_begin(struct sqlite_commit *commit, const struct store_decision *decision, struct deadline deadline,
                         struct arena *arena, struct store_done done)
{
	struct commit_job *job = arena_bytes(arena, sizeof(*job));
	enum status status = job != NULL ? prepare_job(commit, job, decision, deadline) : STATUS_NO_MEMORY;

	if (status != STATUS_OK) {
		done.tell(done.ctx, status);
		return;
	}
	job->done = done;
	job->waited_for = false;
	enqueue(commit, job);
}

void sqlite_commit_expire(struct sqlite_commit *commit)
{
	struct commit_job *late = withdraw(commit, NULL, sqlite_db_now_ns());

	for (struct commit_job *job = late; job != NULL; job = job->next)
		job->status = STATUS_UNAVAILABLE;
	tell(late);
}

int64_t sqlite_commit_answer_hash(const struct crypto_port *crypto, struct slice tenant, struct slice key)
{
	struct crypto_sha256 state;
	uint8_t digest[32];
	uint64_t hash = 0;

	crypto->vtable->sha256_start(crypto->self, &state);
	crypto->vtable->sha256_add(crypto->self, &state, tenant);
	crypto->vtable->sha256_add(crypto->self, &state, (struct slice){"", 1});
	crypto->vtable->sha256_add(crypto->self, &state, key);
	crypto->vtable->sha256_finish(crypto->self, &state, digest);
	memcpy(&hash, digest, sizeof(hash));
	return (int64_t)(hash >> 2); /* 62 bits: never negative, also fits a lock's offset */
}
