/* SPDX-License-Identifier: MIT */
#include "sqlite_commit.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "adapter/sqlite_store.h"
#include "base/buf.h"
#include "core/record.h"
#include "sqlite_log_vfs.h"
#include "sqlite_schema.h"

enum job_state { JOB_QUEUED, JOB_LEADS, JOB_DONE };

/* One append, on its caller's stack. */
struct commit_job {
	struct commit_job *next;
	const struct store_decision *decision;
	int64_t deadline_ns;
	enum status status; /* valid when done */
	_Atomic uint32_t state;
	int64_t answer_hash;
	struct crypto_sha256 hash; /* of the open text */
	struct buf text;
	char bytes[MAX_RECORD + RECORD_CLOSE];
};

enum statement { BEGIN, COMMIT, FIND_HEAD, PUT_DECISION, PUT_ANSWER, PUT_HEAD };

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

/* ---- the transaction, run by the leader ---- */

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
	record_close(&job->text, head->seq + 1, head->digest);
	if (job->text.overflow)
		return STATUS_INTERNAL;
	crypto->vtable->sha256_add(crypto->self, &job->hash,
	                           (struct slice){job->text.ptr + open_len, job->text.len - open_len});
	crypto->vtable->sha256_finish(crypto->self, &job->hash, digest);
	status = put_decision(commit, job, head->tenant_no << SQLITE_SEQ_BITS | (int64_t)(head->seq + 1), digest);
	if (status == STATUS_OK && job->decision->idempotency_key.ptr != NULL) {
		status = put_answer(commit, job);
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

static void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Until the state changes; false when the deadline came first. */
static bool futex_wait(_Atomic uint32_t *word, struct deadline deadline)
{
	struct timespec until = {deadline.at_ns / 1000000000, deadline.at_ns % 1000000000};
	struct timespec *limit = deadline.at_ns == INT64_MAX ? NULL : &until;

	while (atomic_load_explicit(word, memory_order_acquire) == JOB_QUEUED) {
		if (limit != NULL && sqlite_db_now_ns() >= deadline.at_ns)
			return false;
		/* an absolute time on CLOCK_MONOTONIC */
		syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, JOB_QUEUED, limit, NULL, FUTEX_BITSET_MATCH_ANY);
	}
	return true;
}

/* True when the caller leads now. */
static bool enqueue(struct sqlite_commit *commit, struct commit_job *job)
{
	bool lead;

	pthread_mutex_lock(&commit->lock);
	if (commit->last != NULL)
		commit->last->next = job;
	else
		commit->first = job;
	commit->last = job;
	lead = !commit->leading;
	commit->leading = true;
	pthread_mutex_unlock(&commit->lock);
	return lead;
}

/* Takes a job back that no leader has seen. */
static bool withdraw(struct sqlite_commit *commit, struct commit_job *job)
{
	struct commit_job **link = &commit->first, *before = NULL;
	bool found = false;

	pthread_mutex_lock(&commit->lock);
	while (*link != NULL && *link != job) {
		before = *link;
		link = &before->next;
	}
	if (*link == job && atomic_load(&job->state) == JOB_QUEUED) {
		*link = job->next;
		if (commit->last == job)
			commit->last = before;
		found = true;
	}
	pthread_mutex_unlock(&commit->lock);
	return found;
}

static struct commit_job *take_batch(struct sqlite_commit *commit)
{
	struct commit_job *jobs, *last;

	pthread_mutex_lock(&commit->lock);
	jobs = last = commit->first;
	for (unsigned count = 1; count < MAX_BATCH && last->next != NULL; count++)
		last = last->next;
	commit->first = last->next;
	if (commit->first == NULL)
		commit->last = NULL;
	last->next = NULL;
	pthread_mutex_unlock(&commit->lock);
	return jobs;
}

/* Before the finished batch is woken, so that the next commit is under way meanwhile. */
static void pass_lead(struct sqlite_commit *commit)
{
	struct commit_job *next;

	pthread_mutex_lock(&commit->lock);
	next = commit->first;
	if (next != NULL)
		atomic_store_explicit(&next->state, JOB_LEADS, memory_order_release);
	else
		commit->leading = false;
	pthread_mutex_unlock(&commit->lock);
	if (next != NULL)
		futex_wake(&next->state);
}

static void lead(struct sqlite_commit *commit, const struct commit_job *own)
{
	struct commit_job *jobs, *next;

	/* Whoever is about to append does so first: on busy processors the batch doubles, on idle ones nothing waits.
	 */
	sched_yield();
	jobs = take_batch(commit);
	commit_batch(commit, jobs);
	pass_lead(commit);
	for (; jobs != NULL; jobs = next) {
		next = jobs->next; /* a woken job's memory is gone */
		if (jobs == own)
			continue;
		atomic_store_explicit(&jobs->state, JOB_DONE, memory_order_release);
		futex_wake(&jobs->state);
	}
}

/* All that needs no order among jobs is done here, in the caller's thread. */
static enum status prepare_job(const struct sqlite_commit *commit, struct commit_job *job,
                               const struct store_decision *decision)
{
	const struct crypto_port *crypto = &commit->crypto;

	if (decision->record.len > MAX_RECORD || decision->answer.len > MAX_ANSWER ||
	    decision->tenant.len > MAX_TENANT_ID || decision->idempotency_key.len > MAX_STORED_KEY)
		return STATUS_TOO_LARGE;
	job->next = NULL;
	job->decision = decision;
	job->status = STATUS_INTERNAL;
	atomic_init(&job->state, JOB_QUEUED);
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
	memset(commit, 0, sizeof(*commit));
	commit->crypto = crypto;
	commit->path = path;
	pthread_mutex_init(&commit->lock, NULL);
	return open_writer(commit);
}

void sqlite_commit_finish(struct sqlite_commit *commit)
{
	sqlite_db_close(commit->writer);
	commit->writer = NULL;
	pthread_mutex_destroy(&commit->lock);
}

enum status sqlite_commit_append(struct sqlite_commit *commit, const struct store_decision *decision,
                                 struct deadline deadline)
{
	struct commit_job job;
	enum status status = prepare_job(commit, &job, decision);

	if (status != STATUS_OK)
		return status;
	job.deadline_ns = deadline.at_ns;
	if (!enqueue(commit, &job)) {
		if (!futex_wait(&job.state, deadline)) {
			if (withdraw(commit, &job))
				return STATUS_UNAVAILABLE;
			/* in a transaction already: its end decides */
			(void)futex_wait(&job.state, DEADLINE_NEVER);
		}
		if (atomic_load_explicit(&job.state, memory_order_acquire) == JOB_DONE)
			return job.status;
	}
	lead(commit, &job);
	return job.status;
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
