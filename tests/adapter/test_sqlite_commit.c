/* SPDX-License-Identifier: MIT */
/* What the group commit promises to those who share one without a thread that waits. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "base/maxima.h"
#include "store_stage.h"

static struct audit_result verify(struct store_stage *stage, const char *tenant)
{
	struct audit_result result;

	cr_assert_eq(sqlite_store_verify(stage->store, slice_cstr(tenant), &result), STATUS_OK);
	return result;
}

/* Who is told holds up the commit that tells. */
struct holdup {
	struct store_stage *stage;
	sem_t reached, go_on;
	enum status status;
};

static void tell_slowly(void *ctx, enum status status)
{
	struct holdup *holdup = ctx;

	holdup->status = status;
	sem_post(&holdup->reached);
	sem_wait(&holdup->go_on);
}

static void *append_slowly(void *ctx)
{
	static char mem[65536];
	struct holdup *holdup = ctx;
	struct store_decision decision = store_stage_decision("shop", "first");
	struct arena arena;

	arena_init(&arena, mem, sizeof(mem));
	holdup->stage->port.vtable->begin_append(holdup->stage->port.self, &decision, DEADLINE_NEVER, &arena,
	                                         (struct store_done){tell_slowly, holdup});
	return NULL;
}

static void tell(void *ctx, enum status status)
{
	*(int *)ctx = (int)status;
}

Test(sqlite_commit, tells_those_who_waited_too_long_behind_another_commit)
{
	static char mem[2 * 65536];
	const int untold = -1;
	struct store_stage stage;
	struct holdup holdup = {.stage = &stage};
	struct store_decision late, patient;
	struct arena arena;
	int late_end = untold, patient_end = untold;
	pthread_t thread;

	store_stage_sqlite(&stage);
	sem_init(&holdup.reached, 0, 0);
	sem_init(&holdup.go_on, 0, 0);
	arena_init(&arena, mem, sizeof(mem));
	cr_assert_eq(pthread_create(&thread, NULL, append_slowly, &holdup), 0);
	sem_wait(&holdup.reached);
	late = store_stage_decision("shop", "second");
	stage.port.vtable->begin_append(stage.port.self, &late, (struct deadline){1}, &arena,
	                                (struct store_done){tell, &late_end});
	cr_expect_eq(late_end, untold);
	stage.port.vtable->expire(stage.port.self);
	cr_expect_eq(late_end, (int)STATUS_UNAVAILABLE);
	patient = store_stage_decision("shop", "third");
	stage.port.vtable->begin_append(stage.port.self, &patient, DEADLINE_NEVER, &arena,
	                                (struct store_done){tell, &patient_end});
	stage.port.vtable->expire(stage.port.self);
	cr_expect_eq(patient_end, untold);
	sem_post(&holdup.go_on);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	cr_expect_eq(holdup.status, STATUS_OK);
	cr_expect_eq(patient_end, (int)STATUS_OK, "by the one that led");
	cr_expect_eq(verify(&stage, "shop").records, 2);
	store_stage_finish(&stage);
}

/* SQLite keeps 17 bits of a write's length: a log written in one piece would lose what is beyond them. */
Test(sqlite_commit, a_commit_of_half_a_megabyte_is_whole)
{
	enum { JOBS = 12 };
	static char mem[JOBS * 65536], answer[MAX_ANSWER];
	static struct store_decision decisions[JOBS];
	static char tags[JOBS][2];
	struct store_stage stage;
	struct holdup holdup = {.stage = &stage};
	struct arena arena;
	int ends[JOBS];
	pthread_t thread;

	store_stage_sqlite(&stage);
	sem_init(&holdup.reached, 0, 0);
	sem_init(&holdup.go_on, 0, 0);
	arena_init(&arena, mem, sizeof(mem));
	memset(answer, 'a', sizeof(answer));
	cr_assert_eq(pthread_create(&thread, NULL, append_slowly, &holdup), 0);
	sem_wait(&holdup.reached);
	for (int i = 0; i < JOBS; i++) {
		snprintf(tags[i], sizeof(tags[i]), "%c", 'a' + i);
		decisions[i] = store_stage_decision("shop", tags[i]);
		decisions[i].decision_id = arena_copy(&arena, decisions[i].decision_id);
		decisions[i].record = arena_copy(&arena, decisions[i].record);
		decisions[i].idempotency_key = slice_cstr(tags[i]);
		decisions[i].answer = (struct slice){answer, sizeof(answer)};
		ends[i] = -1;
		stage.port.vtable->begin_append(stage.port.self, &decisions[i], DEADLINE_NEVER, &arena,
		                                (struct store_done){tell, &ends[i]});
	}
	sem_post(&holdup.go_on);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	for (int i = 0; i < JOBS; i++)
		cr_expect_eq(ends[i], (int)STATUS_OK);
	store_stage_reopen(&stage);
	cr_expect_eq(verify(&stage, "shop").records, JOBS + 1);
	for (int i = 0; i < JOBS; i++) {
		static const uint8_t no_digest[32];
		struct slice stored;
		int claim;

		arena_reset(&arena);
		cr_expect_eq(stage.port.vtable->claim(stage.port.self, SLICE_LIT("shop"), slice_cstr(tags[i]),
		                                      no_digest, decisions[i].at_ms, &arena, &stored, &claim),
		             STATUS_OK);
		cr_expect_eq(stored.len, sizeof(answer));
	}
	store_stage_finish(&stage);
}
