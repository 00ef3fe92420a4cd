/* SPDX-License-Identifier: MIT */
/* The contract of port/store.h, kept by the real store and by the fake alike. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/record.h"
#include "store_stage.h"

#define CONTRACT(name)                               \
	static void name(struct store_stage *stage); \
	Test(store_sqlite, name)                     \
	{                                            \
		struct store_stage stage;            \
		store_stage_sqlite(&stage);          \
		name(&stage);                        \
		store_stage_finish(&stage);          \
	}                                            \
	Test(store_fake, name)                       \
	{                                            \
		struct store_stage stage;            \
		store_stage_fake(&stage);            \
		name(&stage);                        \
		store_stage_finish(&stage);          \
	}                                            \
	static void name(struct store_stage *stage)

static _Thread_local char memory[1 << 17] __attribute__((aligned(16)));
static _Thread_local struct arena arena;

static struct arena *fresh_arena(void)
{
	arena_init(&arena, memory, sizeof(memory));
	return &arena;
}

#define TEXT_A "bg_live_0123456789ABCDEFGHJKMNPQRSTV"
#define TEXT_B "bg_test_0123456789ABCDEFGHJKMNPQRSTV"

static enum status find_key(struct store_stage *stage, const char *text, struct api_key *ret_key)
{
	struct crypto_port crypto = store_stage_crypto(stage);
	uint8_t digest[32];

	crypto.vtable->sha256(crypto.self, slice_cstr(text), digest);
	return stage->port.vtable->find_key(stage->port.self, digest, ret_key);
}

CONTRACT(finds_a_key_by_its_digest)
{
	struct api_key key;

	cr_assert_eq(find_key(stage, TEXT_A, &key), STATUS_NOT_FOUND);
	store_stage_add_key(stage, TEXT_A, "shop", true, SCOPE_CHECKOUT | SCOPE_READ);
	store_stage_add_key(stage, TEXT_B, "other", false, SCOPE_LEAD);
	cr_assert_eq(find_key(stage, TEXT_A, &key), STATUS_OK);
	cr_expect_str_eq(key.tenant, "shop");
	cr_expect(key.livemode);
	cr_expect_eq(key.scopes, SCOPE_CHECKOUT | SCOPE_READ);
	cr_expect_eq(key.expires_ms, 0);
	cr_assert_eq(find_key(stage, TEXT_B, &key), STATUS_OK);
	cr_expect_str_eq(key.tenant, "other");
	cr_expect_not(key.livemode);
	cr_expect_eq(find_key(stage, "bg_live_0123456789ABCDEFGHJKMNPQRSTW", &key), STATUS_NOT_FOUND);
}

CONTRACT(the_newest_policy_is_in_force)
{
	struct store_port *port = &stage->port;
	struct slice json;

	cr_assert_eq(port->vtable->find_policy(port->self, SLICE_LIT("shop"), fresh_arena(), &json), STATUS_NOT_FOUND);
	store_stage_put_policy(stage, "shop", "{\"version\":\"1\"}");
	store_stage_put_policy(stage, "other", "{\"version\":\"9\"}");
	store_stage_put_policy(stage, "shop", "{\"version\":\"2\"}");
	cr_assert_eq(port->vtable->find_policy(port->self, SLICE_LIT("shop"), fresh_arena(), &json), STATUS_OK);
	cr_expect(slice_eq_cstr(json, "{\"version\":\"2\"}"));
	cr_expect_eq(port->vtable->find_policy(port->self, SLICE_LIT("nobody"), fresh_arena(), &json),
	             STATUS_NOT_FOUND);
}

CONTRACT(generation_grows_with_keys_and_policies_only)
{
	struct store_port *port = &stage->port;
	uint64_t first, second, third;

	cr_assert_eq(port->vtable->generation(port->self, &first), STATUS_OK);
	store_stage_add_key(stage, TEXT_A, "shop", true, SCOPE_CHECKOUT);
	cr_assert_eq(port->vtable->generation(port->self, &second), STATUS_OK);
	cr_expect_gt(second, first);
	store_stage_put_policy(stage, "shop", "{}");
	cr_assert_eq(port->vtable->generation(port->self, &third), STATUS_OK);
	cr_expect_gt(third, second);
	cr_assert_eq(store_stage_append(stage, "shop", "1"), STATUS_OK);
	cr_assert_eq(port->vtable->generation(port->self, &first), STATUS_OK);
	cr_expect_eq(first, third);
}

/* Follows a chain as an auditor would, with nothing but the texts. */
struct chain {
	struct crypto_port crypto;
	uint64_t count;
	uint8_t prev[32];
	char last_id[64];
};

static bool follow(void *ctx, const struct store_record *record)
{
	struct chain *chain = ctx;
	char mem[RECORD_CLOSE];
	struct buf tail;
	uint8_t digest[32];

	chain->count++;
	cr_assert_eq(record->seq, chain->count);
	buf_init(&tail, mem, sizeof(mem));
	record_close(&tail, record->seq, chain->prev);
	cr_assert(record->text.len > tail.len);
	cr_assert_eq(memcmp(record->text.ptr + record->text.len - tail.len, tail.ptr, tail.len), 0);
	chain->crypto.vtable->sha256(chain->crypto.self, record->text, digest);
	cr_assert_eq(memcmp(digest, record->digest, 32), 0);
	memcpy(chain->prev, digest, 32);
	slice_copy(record->decision_id, chain->last_id, sizeof(chain->last_id));
	return true;
}

static uint64_t chain_length(struct store_stage *stage, const char *tenant)
{
	struct chain chain = {.crypto = store_stage_crypto(stage)};

	cr_assert_eq(stage->port.vtable->each_decision(stage->port.self, slice_cstr(tenant), 0, follow, &chain),
	             STATUS_OK);
	return chain.count;
}

CONTRACT(records_of_a_tenant_form_one_chain)
{
	cr_expect_eq(chain_length(stage, "shop"), 0);
	cr_assert_eq(store_stage_append(stage, "shop", "1"), STATUS_OK);
	cr_assert_eq(store_stage_append(stage, "other", "2"), STATUS_OK);
	cr_assert_eq(store_stage_append(stage, "shop", "3"), STATUS_OK);
	cr_assert_eq(store_stage_append(stage, "shop", "4"), STATUS_OK);
	cr_expect_eq(chain_length(stage, "shop"), 3);
	cr_expect_eq(chain_length(stage, "other"), 1);
}

/* How begun appends ended; told on any thread. */
struct told {
	pthread_mutex_t lock;
	pthread_cond_t again;
	int times;
	struct {
		int times;
		enum status status;
	} by[3];
};

struct teller {
	struct told *told;
	int which;
};

static void tell(void *ctx, enum status status)
{
	const struct teller *teller = ctx;
	struct told *told = teller->told;

	pthread_mutex_lock(&told->lock);
	told->by[teller->which].times++;
	told->by[teller->which].status = status;
	told->times++;
	pthread_cond_signal(&told->again);
	pthread_mutex_unlock(&told->lock);
}

CONTRACT(a_begun_append_is_told_its_end_once)
{
	struct store_decision decision = store_stage_decision("shop", "1"), large = decision;
	const struct store_decision *begun[] = {&decision, &decision, &large};
	struct told told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, {{0}}};
	struct teller tellers[3];
	static char mem[3 * 65536];
	struct arena lent;

	arena_init(&lent, mem, sizeof(mem));
	large.record.len = MAX_RECORD + 1;
	for (int i = 0; i < 3; i++) {
		tellers[i] = (struct teller){&told, i};
		stage->port.vtable->begin_append(stage->port.self, begun[i], DEADLINE_NEVER, &lent,
		                                 (struct store_done){tell, &tellers[i]});
	}
	stage->port.vtable->expire(stage->port.self);
	pthread_mutex_lock(&told.lock);
	while (told.times < 3)
		pthread_cond_wait(&told.again, &told.lock);
	pthread_mutex_unlock(&told.lock);
	cr_expect_eq(told.by[0].status, STATUS_OK);
	cr_expect_eq(told.by[1].status, STATUS_MISMATCH, "the id is taken");
	cr_expect_eq(told.by[2].status, STATUS_TOO_LARGE);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(told.by[i].times, 1);
	cr_expect_eq(chain_length(stage, "shop"), 1);
}

CONTRACT(a_refused_record_leaves_the_chain_whole)
{
	struct store_decision decision = store_stage_decision("shop", "big");
	static char big[MAX_RECORD + 1];

	cr_assert_eq(store_stage_append(stage, "shop", "1"), STATUS_OK);
	cr_expect_eq(store_stage_append(stage, "nobody", "2"), STATUS_NOT_FOUND);
	cr_expect_eq(store_stage_append(stage, "shop", "1"), STATUS_MISMATCH, "the id is taken");
	memset(big, 'x', sizeof(big));
	decision.record = (struct slice){big, sizeof(big)};
	cr_expect_eq(stage->port.vtable->append(stage->port.self, &decision, DEADLINE_NEVER), STATUS_TOO_LARGE);
	decision.record.len = MAX_RECORD;
	cr_expect_eq(stage->port.vtable->append(stage->port.self, &decision, DEADLINE_NEVER), STATUS_OK);
	cr_expect_eq(chain_length(stage, "shop"), 2);
}

CONTRACT(finds_a_tenants_own_decision_only)
{
	struct store_port *port = &stage->port;
	struct store_record record;

	cr_assert_eq(store_stage_append(stage, "shop", "1"), STATUS_OK);
	cr_assert_eq(store_stage_append(stage, "shop", "2"), STATUS_OK);
	cr_assert_eq(
	        port->vtable->find_decision(port->self, SLICE_LIT("shop"), SLICE_LIT("dec_2"), fresh_arena(), &record),
	        STATUS_OK);
	cr_expect_eq(record.seq, 2);
	cr_expect(slice_eq_cstr(record.decision_id, "dec_2"));
	cr_expect(slice_starts(record.text, SLICE_LIT("{\"id\":\"dec_2\",\"tenant\":\"shop\",\"text\":\"Müller")));
	cr_expect_eq(
	        port->vtable->find_decision(port->self, SLICE_LIT("other"), SLICE_LIT("dec_2"), fresh_arena(), &record),
	        STATUS_NOT_FOUND);
	cr_expect_eq(
	        port->vtable->find_decision(port->self, SLICE_LIT("shop"), SLICE_LIT("dec_9"), fresh_arena(), &record),
	        STATUS_NOT_FOUND);
}

struct window {
	uint64_t first, last, wanted;
};

static bool look_through(void *ctx, const struct store_record *record)
{
	struct window *window = ctx;

	if (window->first == 0)
		window->first = record->seq;
	window->last = record->seq;
	return --window->wanted > 0;
}

CONTRACT(walks_from_a_sequence_until_told_to_stop)
{
	struct store_port *port = &stage->port;
	struct window window = {.wanted = 3};
	char tag[16];

	for (int i = 1; i <= 9; i++) {
		snprintf(tag, sizeof(tag), "%d", i);
		cr_assert_eq(store_stage_append(stage, "shop", tag), STATUS_OK);
	}
	cr_assert_eq(port->vtable->each_decision(port->self, SLICE_LIT("shop"), 4, look_through, &window), STATUS_OK);
	cr_expect_eq(window.first, 4);
	cr_expect_eq(window.last, 6);
	window = (struct window){.wanted = 100};
	cr_assert_eq(port->vtable->each_decision(port->self, SLICE_LIT("shop"), 100, look_through, &window), STATUS_OK);
	cr_expect_eq(window.first, 0);
	cr_expect_eq(port->vtable->each_decision(port->self, SLICE_LIT("nobody"), 0, look_through, &window),
	             STATUS_NOT_FOUND);
}

/* ---- idempotency ---- */

static const uint8_t body_1[32] = {1}, body_2[32] = {2};

struct claimed {
	enum status status;
	struct slice answer;
	int claim;
};

static struct claimed claim(struct store_stage *stage, const char *tenant, const char *key, const uint8_t body[32])
{
	struct claimed result = {.claim = -7};

	result.status = stage->port.vtable->claim(stage->port.self, slice_cstr(tenant), slice_cstr(key), body,
	                                          stage->clock.now_ms, fresh_arena(), &result.answer, &result.claim);
	return result;
}

static void answer_with(struct store_stage *stage, const char *tag, const char *key, const uint8_t body[32])
{
	struct store_decision decision = store_stage_decision("shop", tag);

	decision.idempotency_key = slice_cstr(key);
	decision.answer = SLICE_LIT("{\"outcome\":\"approve\"}");
	decision.at_ms = stage->clock.now_ms;
	memcpy(decision.body_digest, body, 32);
	cr_assert_eq(stage->port.vtable->append(stage->port.self, &decision, DEADLINE_NEVER), STATUS_OK);
}

CONTRACT(a_claimed_key_is_running_for_everybody_else)
{
	struct claimed first = claim(stage, "shop", "key-1", body_1), again, elsewhere;

	cr_assert_eq(first.status, STATUS_OK);
	cr_assert_null(first.answer.ptr);
	cr_assert_geq(first.claim, 0);
	cr_expect_eq(claim(stage, "shop", "key-1", body_1).status, STATUS_RUNNING);
	cr_expect_eq(claim(stage, "shop", "key-1", body_2).status, STATUS_RUNNING);
	elsewhere = claim(stage, "other", "key-1", body_1);
	cr_expect_eq(elsewhere.status, STATUS_OK, "another tenant's key of the same text is another key");
	stage->port.vtable->release(stage->port.self, first.claim);
	again = claim(stage, "shop", "key-1", body_1);
	cr_expect_eq(again.status, STATUS_OK, "released without an answer: as if never asked");
	stage->port.vtable->release(stage->port.self, again.claim);
	stage->port.vtable->release(stage->port.self, elsewhere.claim);
}

CONTRACT(an_answered_key_is_replayed_or_refused)
{
	struct claimed first = claim(stage, "shop", "key-1", body_1), second;

	answer_with(stage, "1", "key-1", body_1);
	stage->port.vtable->release(stage->port.self, first.claim);
	second = claim(stage, "shop", "key-1", body_1);
	cr_assert_eq(second.status, STATUS_OK);
	cr_expect(slice_eq_cstr(second.answer, "{\"outcome\":\"approve\"}"));
	cr_expect_eq(second.claim, -1);
	cr_expect_eq(claim(stage, "shop", "key-1", body_2).status, STATUS_MISMATCH);
	cr_expect_eq(claim(stage, "shop", "key-1", body_1).status, STATUS_OK, "a replay holds nothing");
	cr_expect_eq(chain_length(stage, "shop"), 1);
}

CONTRACT(a_key_is_free_again_after_a_day)
{
	struct claimed late;

	answer_with(stage, "1", "key-1", body_1);
	fake_clock_advance_ms(&stage->clock, SQLITE_STORE_REPLAY_MS - 1);
	cr_expect_eq(claim(stage, "shop", "key-1", body_2).status, STATUS_MISMATCH);
	fake_clock_advance_ms(&stage->clock, 1);
	late = claim(stage, "shop", "key-1", body_2);
	cr_expect_eq(late.status, STATUS_OK);
	cr_expect_null(late.answer.ptr);
	answer_with(stage, "2", "key-1", body_2);
	stage->port.vtable->release(stage->port.self, late.claim);
	cr_expect_eq(claim(stage, "shop", "key-1", body_1).status, STATUS_MISMATCH, "the newer answer counts");
}

CONTRACT(keys_and_answers_have_their_maxima)
{
	static char long_key[MAX_STORED_KEY + 2];
	struct store_decision decision = store_stage_decision("shop", "1");
	static char answer[MAX_ANSWER + 1];
	struct claimed longest;

	memset(long_key, 'k', MAX_STORED_KEY + 1);
	cr_expect_eq(claim(stage, "shop", long_key, body_1).status, STATUS_TOO_LARGE);
	long_key[MAX_STORED_KEY] = '\0';
	longest = claim(stage, "shop", long_key, body_1);
	cr_expect_eq(longest.status, STATUS_OK);
	stage->port.vtable->release(stage->port.self, longest.claim);
	decision.idempotency_key = slice_cstr(long_key);
	memset(answer, 'a', sizeof(answer));
	decision.answer = (struct slice){answer, sizeof(answer)};
	cr_expect_eq(stage->port.vtable->append(stage->port.self, &decision, DEADLINE_NEVER), STATUS_TOO_LARGE);
	cr_expect_eq(chain_length(stage, "shop"), 0);
}

/* ---- many threads ---- */

#define THREADS 8
#define APPENDS 60

struct worker {
	struct store_stage *stage;
	int number;
	int failed;
};

static void *append_many(void *ctx)
{
	struct worker *worker = ctx;
	char tag[24];

	for (int i = 0; i < APPENDS; i++) {
		snprintf(tag, sizeof(tag), "%d-%d", worker->number, i);
		if (store_stage_append(worker->stage, i % 3 == 0 ? "other" : "shop", tag) != STATUS_OK)
			worker->failed++;
	}
	return NULL;
}

CONTRACT(threads_append_to_one_chain)
{
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	struct store_stats stats;

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){stage, i, 0};
		cr_assert_eq(pthread_create(&threads[i], NULL, append_many, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		cr_expect_eq(workers[i].failed, 0);
	}
	cr_expect_eq(chain_length(stage, "shop"), THREADS * APPENDS * 2 / 3);
	cr_expect_eq(chain_length(stage, "other"), THREADS * APPENDS / 3);
	stage->port.vtable->stats(stage->port.self, &stats);
	cr_expect_eq(stats.decisions, THREADS * APPENDS);
	cr_expect_leq(stats.commits, stats.decisions);
	cr_expect_eq(stats.failures, 0);
}

struct racer {
	struct store_stage *stage;
	enum status status;
	bool replayed;
};

static void *race(void *ctx)
{
	struct racer *racer = ctx;
	struct claimed mine = claim(racer->stage, "shop", "one-key", body_1);

	racer->status = mine.status;
	racer->replayed = mine.answer.ptr != NULL;
	if (mine.status == STATUS_OK && mine.claim >= 0) {
		answer_with(racer->stage, "winner", "one-key", body_1);
		racer->stage->port.vtable->release(racer->stage->port.self, mine.claim);
	}
	return NULL;
}

CONTRACT(of_equal_requests_at_a_time_one_decides)
{
	struct racer racers[THREADS];
	pthread_t threads[THREADS];
	int decided = 0;

	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){.stage = stage};
		cr_assert_eq(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		cr_expect(racers[i].status == STATUS_OK || racers[i].status == STATUS_RUNNING);
		decided += racers[i].status == STATUS_OK && !racers[i].replayed;
	}
	cr_expect_eq(decided, 1);
	cr_expect_eq(chain_length(stage, "shop"), 1);
}
