/* SPDX-License-Identifier: MIT */
/* What the group commit promises to those who begin an append and do not wait. */
#include <criterion/criterion.h>
#include <semaphore.h>
#include <stdatomic.h>
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

/* One append that was begun. */
struct begun {
	_Alignas(16) char mem[65536];
	struct store_decision decision;
	_Atomic int end; /* enum status; UNTOLD */
	sem_t told, go_on;
};

enum { UNTOLD = -1 };

static void tell(void *ctx, enum status status)
{
	struct begun *begun = ctx;

	begun->end = (int)status;
	sem_post(&begun->told);
}

/* Who is told holds up the commit that tells. */
static void tell_slowly(void *ctx, enum status status)
{
	struct begun *begun = ctx;

	tell(ctx, status);
	sem_wait(&begun->go_on);
}

static void begin(struct store_stage *stage, struct begun *begun, const char *tag, struct deadline deadline,
                  void (*teller)(void *ctx, enum status status))
{
	struct store_decision like = store_stage_decision("shop", tag);
	struct slice answer = begun->decision.answer;
	struct arena arena;

	arena_init(&arena, begun->mem, sizeof(begun->mem));
	begun->decision = like;
	begun->decision.decision_id = arena_copy(&arena, like.decision_id);
	begun->decision.record = arena_copy(&arena, like.record);
	if (answer.ptr != NULL) {
		begun->decision.idempotency_key = arena_copy(&arena, slice_cstr(tag));
		begun->decision.answer = answer;
	}
	begun->end = UNTOLD;
	sem_init(&begun->told, 0, 0);
	sem_init(&begun->go_on, 0, 0);
	stage->port.vtable->begin_append(stage->port.self, &begun->decision, deadline, &arena,
	                                 (struct store_done){teller, begun});
}

Test(sqlite_commit, tells_those_who_waited_too_long_behind_another_commit)
{
	static struct begun first, late, patient;
	struct store_stage stage;

	store_stage_sqlite(&stage);
	begin(&stage, &first, "first", DEADLINE_NEVER, tell_slowly);
	sem_wait(&first.told);
	begin(&stage, &late, "second", (struct deadline){1}, tell);
	cr_expect_eq(late.end, UNTOLD);
	stage.port.vtable->expire(stage.port.self);
	cr_expect_eq(late.end, (int)STATUS_UNAVAILABLE);
	begin(&stage, &patient, "third", DEADLINE_NEVER, tell);
	stage.port.vtable->expire(stage.port.self);
	cr_expect_eq(patient.end, UNTOLD);
	sem_post(&first.go_on);
	sem_wait(&patient.told);
	cr_expect_eq(first.end, (int)STATUS_OK);
	cr_expect_eq(patient.end, (int)STATUS_OK);
	cr_expect_eq(verify(&stage, "shop").records, 2);
	store_stage_finish(&stage);
}

Test(sqlite_commit, who_waits_behind_another_commit_does_so_until_the_deadline, .timeout = 20)
{
	static struct begun first;
	struct store_stage stage;
	struct store_decision decision = store_stage_decision("shop", "second");

	store_stage_sqlite(&stage);
	begin(&stage, &first, "first", DEADLINE_NEVER, tell_slowly);
	sem_wait(&first.told);
	cr_expect_eq(stage.port.vtable->append(stage.port.self, &decision, (struct deadline){1}), STATUS_UNAVAILABLE);
	sem_post(&first.go_on);
	store_stage_reopen(&stage);
	cr_expect_eq(verify(&stage, "shop").records, 1);
	store_stage_finish(&stage);
}

Test(sqlite_commit, writes_what_is_queued_before_it_closes)
{
	enum { JOBS = 40 };
	static struct begun first, queued[JOBS];
	struct store_stage stage;
	char tag[16];

	store_stage_sqlite(&stage);
	begin(&stage, &first, "first", DEADLINE_NEVER, tell_slowly);
	sem_wait(&first.told);
	for (int i = 0; i < JOBS; i++) {
		snprintf(tag, sizeof(tag), "%d", i);
		begin(&stage, &queued[i], tag, DEADLINE_NEVER, tell);
	}
	sem_post(&first.go_on);
	store_stage_reopen(&stage);
	for (int i = 0; i < JOBS; i++)
		cr_expect_eq(queued[i].end, (int)STATUS_OK);
	cr_expect_eq(verify(&stage, "shop").records, JOBS + 1);
	store_stage_finish(&stage);
}

/* SQLite keeps 17 bits of a write's length: a log written in one piece would lose what is beyond them. */
Test(sqlite_commit, a_commit_of_half_a_megabyte_is_whole)
{
	enum { JOBS = 12 };
	static char answer[MAX_ANSWER];
	_Alignas(16) static char mem[2 * MAX_ANSWER];
	static struct begun first, jobs[JOBS];
	static char tags[JOBS][2];
	struct store_stage stage;
	struct arena arena;

	store_stage_sqlite(&stage);
	arena_init(&arena, mem, sizeof(mem));
	memset(answer, 'a', sizeof(answer));
	begin(&stage, &first, "first", DEADLINE_NEVER, tell_slowly);
	sem_wait(&first.told);
	for (int i = 0; i < JOBS; i++) {
		snprintf(tags[i], sizeof(tags[i]), "%c", 'a' + i);
		jobs[i].decision.answer = (struct slice){answer, sizeof(answer)};
		begin(&stage, &jobs[i], tags[i], DEADLINE_NEVER, tell);
	}
	sem_post(&first.go_on);
	for (int i = 0; i < JOBS; i++) {
		sem_wait(&jobs[i].told);
		cr_expect_eq(jobs[i].end, (int)STATUS_OK);
	}
	store_stage_reopen(&stage);
	cr_expect_eq(verify(&stage, "shop").records, JOBS + 1);
	for (int i = 0; i < JOBS; i++) {
		static const uint8_t no_digest[32];
		struct slice stored;
		int claim;

		arena_reset(&arena);
		cr_expect_eq(stage.port.vtable->claim(stage.port.self, SLICE_LIT("shop"), slice_cstr(tags[i]),
		                                      no_digest, jobs[i].decision.at_ms, &arena, &stored, &claim),
		             STATUS_OK);
		cr_expect_eq(stored.len, sizeof(answer));
	}
	store_stage_finish(&stage);
}
