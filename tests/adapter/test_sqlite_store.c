/* SPDX-License-Identifier: MIT */
/* What the SQLite store promises beyond the port: it survives, and it tells when somebody touched it. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/state_dir.h"
#include "base/maxima.h"
#include "store_stage.h"

static void append_tags(struct store_stage *stage, const char *tenant, int first, int last)
{
	char tag[16];

	for (int i = first; i <= last; i++) {
		snprintf(tag, sizeof(tag), "%s-%d", tenant, i);
		cr_assert_eq(store_stage_append(stage, tenant, tag), STATUS_OK);
	}
}

static struct audit_result verify(struct store_stage *stage, const char *tenant)
{
	struct audit_result result;

	cr_assert_eq(sqlite_store_verify(stage->store, slice_cstr(tenant), &result), STATUS_OK);
	return result;
}

static void execute(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static int64_t number(const char *path, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *db = NULL;
	int64_t value;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

Test(sqlite_store, goes_on_where_it_ended)
{
	struct store_stage stage;

	store_stage_sqlite(&stage);
	append_tags(&stage, "shop", 1, 5);
	store_stage_reopen(&stage);
	append_tags(&stage, "shop", 6, 9);
	cr_expect_eq(verify(&stage, "shop").records, 9);
	cr_expect_eq(verify(&stage, "shop").fault, AUDIT_SOUND);
	cr_expect_eq(verify(&stage, "other").records, 0);
	store_stage_finish(&stage);
}

Test(sqlite_store, opens_its_own_files_only)
{
	struct store_stage stage;
	struct sqlite_store *store;
	struct temp_dir dir = temp_dir_make();
	struct clock_port clock;
	FILE *file;

	store_stage_sqlite(&stage);
	clock = fake_clock_port(&stage.clock);
	cr_expect_eq(sqlite_store_open(dir.path, store_stage_crypto(&stage), clock, &store), STATUS_NOT_FOUND);
	execute(temp_dir_path(&dir, STATE_STORE), "CREATE TABLE holiday (day TEXT); PRAGMA user_version=1");
	cr_expect_eq(sqlite_store_open(dir.path, store_stage_crypto(&stage), clock, &store), STATUS_CORRUPT);
	unlink(temp_dir_path(&dir, STATE_STORE));
	cr_assert_eq(sqlite_admin_init(dir.path), STATUS_OK);
	execute(temp_dir_path(&dir, STATE_STORE), "PRAGMA user_version=1000");
	cr_expect_eq(sqlite_store_open(dir.path, store_stage_crypto(&stage), clock, &store), STATUS_INVALID);
	file = fopen(temp_dir_path(&dir, STATE_STORE), "w");
	fputs("this is no database, but long enough to have a header that could be one. Or is it? No, it is not.",
	      file);
	fclose(file);
	cr_expect_eq(sqlite_store_open(dir.path, store_stage_crypto(&stage), clock, &store), STATUS_CORRUPT);
	temp_dir_remove(&dir);
	store_stage_finish(&stage);
}

/* ---- tampering ---- */

struct tamper {
	const char *sql;
	enum audit_fault fault;
	uint64_t seq, records;
	const char *decision_id;
};

#define AT(seq) "(SELECT no * 1099511627776 FROM tenant WHERE id = 'shop') + " #seq

static const struct tamper tampers[] = {
        {"UPDATE decision SET record = replace(record, 'ller', 'LLER') WHERE pos = " AT(4), AUDIT_DIGEST, 4, 3,
         "dec_shop-4"},
        {"UPDATE decision SET digest = zeroblob(32) WHERE pos = " AT(1), AUDIT_DIGEST, 1, 0, "dec_shop-1"},
        {"UPDATE decision SET digest = x'00' WHERE pos = " AT(10), AUDIT_DIGEST, 10, 9, "dec_shop-10"},
        {"DELETE FROM decision WHERE pos = " AT(3), AUDIT_GAP, 4, 2, "dec_shop-4"},
        {"DELETE FROM decision WHERE pos <= " AT(2), AUDIT_GAP, 3, 0, "dec_shop-3"},
        {"DELETE FROM decision WHERE pos BETWEEN " AT(9) " AND " AT(99), AUDIT_TRUNCATED, 9, 8, ""},
        {"DELETE FROM decision WHERE pos BETWEEN " AT(1) " AND " AT(99), AUDIT_TRUNCATED, 1, 0, ""},
        {"UPDATE decision SET id = 'dec_shop-77' WHERE pos = " AT(7), AUDIT_ID, 7, 6, "dec_shop-77"},
        {"UPDATE decision SET id = 'dec_shop' WHERE pos = " AT(7), AUDIT_ID, 7, 6, "dec_shop"},
        {"UPDATE decision SET id = 'shop' WHERE pos = " AT(7), AUDIT_ID, 7, 6, "shop"},
        {"UPDATE decision SET id = '' WHERE pos = " AT(7), AUDIT_ID, 7, 6, ""},
        {"UPDATE decision SET id = hex(zeroblob(200)) WHERE pos = " AT(7), AUDIT_ID, 7, 6,
         "00000000000000000000000000000000"},
        {"DELETE FROM decision WHERE pos = " AT(5) "; UPDATE decision SET pos = " AT(5) " WHERE pos = " AT(
                 6) "; UPDATE decision SET pos = " AT(6) " WHERE pos = " AT(7),
         AUDIT_PREV, 5, 4, "dec_shop-6"},
        {"UPDATE chain_head SET digest = zeroblob(32) WHERE tenant_no = (SELECT no FROM tenant WHERE id = 'shop')",
         AUDIT_FORK, 10, 10, ""},
        {"DELETE FROM chain_head WHERE tenant_no = (SELECT no FROM tenant WHERE id = 'shop')", AUDIT_FORK, 1, 0, ""},
        {"UPDATE chain_head SET seq = 8, digest = (SELECT digest FROM decision WHERE pos = " AT(
                 8) ") WHERE tenant_no = (SELECT no FROM tenant WHERE id = 'shop')",
         AUDIT_FORK, 9, 8, ""},
};

Test(sqlite_store, names_the_first_broken_record)
{
	for (size_t i = 0; i < sizeof(tampers) / sizeof(*tampers); i++) {
		struct store_stage stage;
		struct audit_result result;

		store_stage_sqlite(&stage);
		append_tags(&stage, "shop", 1, 10);
		append_tags(&stage, "other", 1, 3);
		execute(temp_dir_path(&stage.dir, STATE_STORE), tampers[i].sql);
		result = verify(&stage, "shop");
		cr_expect_eq(result.fault, tampers[i].fault, "%s: %s", tampers[i].sql, audit_fault_text(result.fault));
		cr_expect_eq(result.seq, tampers[i].seq, "%s: %lu", tampers[i].sql, (unsigned long)result.seq);
		cr_expect_eq(result.records, tampers[i].records, "%s: %lu", tampers[i].sql,
		             (unsigned long)result.records);
		cr_expect_str_eq(result.decision_id, tampers[i].decision_id, "%s", tampers[i].sql);
		cr_expect_eq(verify(&stage, "other").fault, AUDIT_SOUND);
		cr_expect_eq(verify(&stage, "other").records, 3);
		store_stage_finish(&stage);
	}
}

Test(sqlite_store, a_chain_is_nobody_elses)
{
	struct store_stage stage;

	store_stage_sqlite(&stage);
	append_tags(&stage, "shop", 1, 2);
	append_tags(&stage, "other", 1, 3);
	execute(temp_dir_path(&stage.dir, STATE_STORE),
	        "UPDATE tenant SET id = 'third' WHERE id = 'shop'; UPDATE tenant SET id = 'shop' WHERE id = 'other';"
	        "UPDATE tenant SET id = 'other' WHERE id = 'third'");
	cr_expect_eq(verify(&stage, "shop").fault, AUDIT_ID);
	cr_expect_str_eq(verify(&stage, "shop").decision_id, "dec_other-1");
	cr_expect_eq(verify(&stage, "other").fault, AUDIT_ID);
	cr_expect_str_eq(verify(&stage, "other").decision_id, "dec_shop-1");
	store_stage_finish(&stage);
}

Test(sqlite_store, audits_known_tenants_only)
{
	struct audit_result result;
	struct store_stage stage;

	store_stage_sqlite(&stage);
	cr_expect_eq(sqlite_store_verify(stage.store, SLICE_LIT("nobody"), &result), STATUS_NOT_FOUND);
	store_stage_finish(&stage);
}

/* ---- processes ---- */

#define MAX_ACKS 100000

/* What the children tell, whatever becomes of them. */
struct acks {
	_Atomic int count;
	_Atomic int failures;
	_Atomic int ready;
	int numbers[MAX_ACKS];
};

static struct acks *share_acks(void)
{
	void *shared = mmap(NULL, sizeof(struct acks), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(shared, MAP_FAILED);
	return shared;
}

struct writer {
	struct store_port port;
	struct acks *acks;
	int first, step, limit;
};

/* Appends first, first + step, ... and notes each one only after it was acknowledged. */
static void *write_on(void *ctx)
{
	struct writer *writer = ctx;
	char tag[24];

	for (int i = writer->first; i < writer->limit; i += writer->step) {
		struct store_decision decision;

		snprintf(tag, sizeof(tag), "%d", i);
		decision = store_stage_decision("shop", tag);
		if (writer->port.vtable->append(writer->port.self, &decision, DEADLINE_NEVER) == STATUS_OK)
			writer->acks->numbers[atomic_fetch_add(&writer->acks->count, 1)] = i;
		else
			atomic_fetch_add(&writer->acks->failures, 1);
	}
	return NULL;
}

static void run_child(const char *dir, struct acks *acks, int first, int step, int limit)
{
	struct fake_clock clock = {.now_ms = 1};
	struct sodium_crypto *crypto;
	struct sqlite_store *store;
	struct writer writers[4];
	pthread_t threads[4];

	if (sodium_crypto_open(NULL, &crypto) != STATUS_OK ||
	    sqlite_store_open(dir, sodium_crypto_port(crypto), fake_clock_port(&clock), &store) != STATUS_OK)
		_exit(1);
	atomic_fetch_add(&acks->ready, 1);
	for (int i = 0; i < 4; i++) {
		writers[i] = (struct writer){sqlite_store_port(store), acks, first + i * step, 4 * step, limit};
		pthread_create(&threads[i], NULL, write_on, &writers[i]);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	sqlite_store_close(store);
	sodium_crypto_close(crypto);
	_exit(0);
}

struct seen {
	bool *numbers;
};

static bool note(void *ctx, const struct store_record *record)
{
	struct seen *seen = ctx;
	int value = 0;

	for (size_t i = 4; i < record->decision_id.len; i++)
		value = value * 10 + (record->decision_id.ptr[i] - '0');
	seen->numbers[value] = true;
	return true;
}

static void expect_all_there(struct store_stage *stage, const struct acks *acks)
{
	static bool numbers[MAX_ACKS];
	struct seen seen = {numbers};
	struct audit_result result = verify(stage, "shop");
	int count = atomic_load(&acks->count);

	cr_expect_eq(result.fault, AUDIT_SOUND, "%s at %lu", audit_fault_text(result.fault), (unsigned long)result.seq);
	cr_expect_geq(result.records, (uint64_t)count);
	cr_assert_eq(stage->port.vtable->each_decision(stage->port.self, SLICE_LIT("shop"), 0, note, &seen), STATUS_OK);
	for (int i = 0; i < count; i++)
		cr_expect(numbers[acks->numbers[i]], "acknowledged and lost: %d", acks->numbers[i]);
}

Test(sqlite_store, processes_share_one_chain)
{
	struct acks *acks = share_acks();
	struct store_stage stage;
	pid_t children[3];
	int outcome;

	store_stage_sqlite(&stage);
	store_stage_close(&stage);
	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i] == 0)
			run_child(stage.dir.path, acks, i, 3, 600);
	}
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(waitpid(children[i], &outcome, 0), children[i]);
		cr_expect_eq(outcome, 0);
	}
	store_stage_open(&stage);
	cr_expect_eq(acks->failures, 0);
	cr_expect_eq(acks->count, 600);
	expect_all_there(&stage, acks);
	cr_expect_eq(verify(&stage, "shop").records, 600);
	store_stage_finish(&stage);
}

Test(sqlite_store, a_killed_process_loses_nothing_acknowledged)
{
	struct acks *acks = share_acks();
	struct store_stage stage;

	store_stage_sqlite(&stage);
	for (int round = 0; round < 5; round++) {
		int begun = atomic_load(&acks->count);
		pid_t child;

		store_stage_close(&stage);
		child = fork();
		if (child == 0)
			run_child(stage.dir.path, acks, round, 5, MAX_ACKS);
		while (atomic_load(&acks->count) < begun + 100 + 50 * round && waitpid(child, NULL, WNOHANG) == 0)
			sched_yield();
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		store_stage_open(&stage);
		expect_all_there(&stage, acks);
	}
	append_tags(&stage, "shop", 1, 3);
	cr_expect_eq(verify(&stage, "shop").fault, AUDIT_SOUND);
	store_stage_finish(&stage);
}

Test(sqlite_store, a_claim_dies_with_its_process)
{
	struct acks *acks = share_acks();
	struct store_stage stage;
	static char memory[4096] __attribute__((aligned(16)));
	static const uint8_t body[32] = {7};
	struct arena arena;
	struct slice answer;
	int claim;
	pid_t child;

	store_stage_sqlite(&stage);
	arena_init(&arena, memory, sizeof(memory));
	store_stage_close(&stage);
	child = fork();
	if (child == 0) {
		struct sqlite_store *store;

		if (sqlite_store_open(stage.dir.path, store_stage_crypto(&stage), fake_clock_port(&stage.clock),
		                      &store) != STATUS_OK ||
		    sqlite_store_port(store).vtable->claim(store, SLICE_LIT("shop"), SLICE_LIT("k"), body, 0, &arena,
		                                           &answer, &claim) != STATUS_OK)
			_exit(1);
		atomic_store(&acks->ready, 1);
		for (;;)
			pause();
	}
	while (atomic_load(&acks->ready) == 0 && waitpid(child, NULL, WNOHANG) == 0)
		sched_yield();
	store_stage_open(&stage);
	cr_expect_eq(stage.port.vtable->claim(stage.port.self, SLICE_LIT("shop"), SLICE_LIT("k"), body, 0, &arena,
	                                      &answer, &claim),
	             STATUS_RUNNING);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	cr_assert_eq(stage.port.vtable->claim(stage.port.self, SLICE_LIT("shop"), SLICE_LIT("k"), body, 0, &arena,
	                                      &answer, &claim),
	             STATUS_OK);
	stage.port.vtable->release(stage.port.self, claim);
	store_stage_finish(&stage);
}

/* ---- a disk that fails ---- */

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

Test(sqlite_store, a_full_disk_is_told_and_survived)
{
	struct store_stage stage;
	struct rlimit before;
	struct stat log;
	char tag[24];
	int stored = 0;
	enum status status = STATUS_OK;

	signal(SIGXFSZ, SIG_IGN);
	store_stage_sqlite(&stage);
	append_tags(&stage, "shop", 1, 1);
	getrlimit(RLIMIT_FSIZE, &before);
	cr_assert_eq(stat(temp_dir_path(&stage.dir, "store.db-wal"), &log), 0);
	limit_files((rlim_t)log.st_size + 100000);
	while (stored < 10000 && status == STATUS_OK) {
		snprintf(tag, sizeof(tag), "full-%d", stored);
		status = store_stage_append(&stage, "shop", tag);
		stored += status == STATUS_OK;
	}
	cr_expect_eq(status, STATUS_FULL, "%s", status_name(status));
	cr_expect_gt(stored, 3);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(store_stage_append(&stage, "shop", tag), STATUS_FULL);
	cr_expect_eq(verify(&stage, "shop").records, (uint64_t)stored + 1, "readers go on");
	limit_files(before.rlim_cur);
	cr_expect_eq(store_stage_append(&stage, "shop", tag), STATUS_OK, "room again: nothing else is needed");
	cr_expect_eq(verify(&stage, "shop").records, (uint64_t)stored + 2);
	cr_expect_eq(verify(&stage, "shop").fault, AUDIT_SOUND);
	store_stage_finish(&stage);
}

Test(sqlite_store, acknowledges_nothing_into_a_file_that_is_gone)
{
	struct store_stage stage;

	store_stage_sqlite(&stage);
	append_tags(&stage, "shop", 1, 1);
	rename(temp_dir_path(&stage.dir, STATE_STORE), temp_dir_path(&stage.dir, "elsewhere"));
	cr_expect_eq(store_stage_append(&stage, "shop", "2"), STATUS_UNAVAILABLE);
	cr_expect_eq(store_stage_append(&stage, "shop", "2"), STATUS_UNAVAILABLE);
	rename(temp_dir_path(&stage.dir, "elsewhere"), temp_dir_path(&stage.dir, STATE_STORE));
	cr_expect_eq(store_stage_append(&stage, "shop", "2"), STATUS_OK);
	cr_expect_eq(verify(&stage, "shop").records, 2);
	store_stage_finish(&stage);
}

Test(sqlite_store, waits_for_another_writer_until_the_deadline)
{
	struct store_stage stage;
	struct store_decision decision = store_stage_decision("shop", "1");
	sqlite3 *db = NULL;

	store_stage_sqlite(&stage);
	cr_assert_eq(sqlite3_open(temp_dir_path(&stage.dir, STATE_STORE), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000); /* upkeep begins with a transaction of its own */
	cr_assert_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	cr_expect_eq(stage.port.vtable->append(stage.port.self, &decision, (struct deadline){1}), STATUS_UNAVAILABLE);
	cr_assert_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	cr_expect_eq(verify(&stage, "shop").records, 0);
	cr_expect_eq(stage.port.vtable->append(stage.port.self, &decision, DEADLINE_NEVER), STATUS_OK);
	store_stage_finish(&stage);
}

/* ---- upkeep ---- */

Test(sqlite_store, forgets_answers_that_expired)
{
	struct store_stage stage;
	struct store_decision decision = store_stage_decision("shop", "1");
	const char *count = "SELECT count(*) FROM answer";

	store_stage_sqlite(&stage);
	decision.idempotency_key = SLICE_LIT("k");
	decision.answer = SLICE_LIT("{}");
	cr_assert_eq(stage.port.vtable->append(stage.port.self, &decision, DEADLINE_NEVER), STATUS_OK);
	store_stage_reopen(&stage);
	store_stage_reopen(&stage); /* closing ends the first round of upkeep */
	cr_expect_eq(number(temp_dir_path(&stage.dir, STATE_STORE), count), 1);
	fake_clock_advance_ms(&stage.clock, SQLITE_STORE_REPLAY_MS);
	store_stage_reopen(&stage);
	store_stage_reopen(&stage);
	cr_expect_eq(number(temp_dir_path(&stage.dir, STATE_STORE), count), 0);
	cr_expect_eq(verify(&stage, "shop").records, 1);
	store_stage_finish(&stage);
}

/* How often the log began anew: a number in its header, big-endian (SQLite's file format, 4.1). */
static unsigned log_restarts(struct store_stage *stage)
{
	unsigned char header[16] = {0};
	FILE *file = fopen(temp_dir_path(&stage->dir, "store.db-wal"), "r");

	if (file == NULL)
		return 0;
	cr_assert_eq(fread(header, 1, sizeof(header), file), sizeof(header));
	fclose(file);
	return (unsigned)header[12] << 24 | (unsigned)header[13] << 16 | (unsigned)header[14] << 8 | header[15];
}

Test(sqlite_store, begins_the_log_anew_while_serving)
{
	static char big[MAX_RECORD];
	struct store_stage stage;
	unsigned begun;
	int appends = 0;
	char tag[24];

	store_stage_sqlite(&stage);
	memset(big, 'x', sizeof(big));
	append_tags(&stage, "shop", 1, 1);
	begun = log_restarts(&stage);
	while (log_restarts(&stage) == begun && appends < 20000) {
		struct store_decision decision;

		snprintf(tag, sizeof(tag), "big-%d", appends++);
		decision = store_stage_decision("shop", tag);
		memcpy(big, decision.record.ptr, decision.record.len);
		decision.record = (struct slice){big, sizeof(big)};
		cr_assert_eq(stage.port.vtable->append(stage.port.self, &decision, DEADLINE_NEVER), STATUS_OK);
	}
	cr_expect_lt(appends, 20000);
	store_stage_reopen(&stage);
	cr_expect_eq(verify(&stage, "shop").fault, AUDIT_SOUND);
	cr_expect_eq(verify(&stage, "shop").records, (uint64_t)appends + 1);
	store_stage_finish(&stage);
}
