/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/provider_panel.h"
#include "adapter/sodium_crypto.h"
#include "adapter/system_clock.h"
#include "fake_cache.h"
#include "provider_world.h"
#include "temp_dir.h"

#define PATIENT_NS INT64_C(20000000000)
#define SHORT_NS   INT64_C(20000000)
#define THREADS    64
#define SECOND_MS  INT64_C(1000)
#define DAY_MS     (86400 * SECOND_MS)

/* A provider that answers when the test says so, or at once. */
struct scripted {
	pthread_mutex_t lock;
	pthread_cond_t asked;
	unsigned calls;
	bool at_once;
	enum source_state outcome;
	enum http_end end;
	int64_t index; /* 0 = 187 */
	struct provider_done held[THREADS];
	unsigned held_count;
};

static void answer(const struct scripted *scripted, struct provider_done done)
{
	static _Thread_local struct provider_answer told;

	memset(&told, 0, sizeof(told));
	told.outcome = scripted->outcome;
	told.end = scripted->end;
	told.detail = "scripted";
	facts_init(&told.facts);
	(void)facts_source(&told.facts, "bureau", scripted->outcome, 20000);
	if (scripted->outcome == SOURCE_ANSWER) {
		told.facts.match = MATCH_EXACT;
		facts_set(&told.facts, FACT_BUREAU_INDEX, scripted->index ? scripted->index : 187, 20000, 0);
	}
	done.tell(done.ctx, &told);
}

static void begin(void *self, const struct subject *subject, const struct provider_step *from, struct deadline deadline,
                  struct provider_done done)
{
	struct scripted *scripted = self;
	bool at_once;

	(void)subject;
	(void)from;
	(void)deadline;
	pthread_mutex_lock(&scripted->lock);
	scripted->calls++;
	at_once = scripted->at_once;
	if (!at_once)
		scripted->held[scripted->held_count++] = done;
	pthread_cond_broadcast(&scripted->asked);
	pthread_mutex_unlock(&scripted->lock);
	if (at_once)
		answer(scripted, done);
}

static void no_stats(void *self, struct http_stats *ret_stats)
{
	(void)self;
	memset(ret_stats, 0, sizeof(*ret_stats));
}

static const struct provider_vtable scripted_vtable = {.begin = begin, .stats = no_stats};

static struct scripted scripted = {.lock = PTHREAD_MUTEX_INITIALIZER, .asked = PTHREAD_COND_INITIALIZER};
static struct sodium_crypto *crypto;
static struct fake_cache *cache;
static struct provider_panel *panel;
static struct subject schmidt;
static char lock_file[512];
static struct source_rules rules;
static int64_t not_before_ms;
static _Thread_local struct panel_reply reply;
static int64_t skipped_ms;

/* The system's clock, set forward by what the test skips. */
static int64_t today_ms(void *self)
{
	struct clock_port clock = system_clock();

	(void)self;
	return clock.vtable->now_ms(clock.self) + skipped_ms;
}

static int64_t monotonic_ns(void *self)
{
	struct clock_port clock = system_clock();

	(void)self;
	return clock.vtable->monotonic_ns(clock.self);
}

static const struct clock_vtable skipping = {.now_ms = today_ms, .monotonic_ns = monotonic_ns};

static struct provider_panel *make_panel(unsigned waiters, struct cache_port port)
{
	struct panel_config config = {.clock = {&skipping, NULL},
	                              .crypto = sodium_crypto_port(crypto),
	                              .cache = port,
	                              .waiters = waiters,
	                              .lock_file = *lock_file ? lock_file : NULL};
	struct provider_panel *made;

	cr_assert_eq(provider_panel_open(&config, &made), STATUS_OK);
	cr_assert_eq(provider_panel_add(made, "bureau", (struct provider_port){&scripted_vtable, &scripted}),
	             STATUS_OK);
	return made;
}

static void open_panel(unsigned waiters, bool with_cache)
{
	cr_assert_eq(sodium_crypto_open(NULL, &crypto), STATUS_OK);
	cache = fake_cache_create();
	schmidt = provider_world_schmidt();
	panel = make_panel(waiters, with_cache ? fake_cache_port(cache) : (struct cache_port){NULL, NULL});
	source_rules_defaults(&rules);
}

static void close_panel(void)
{
	provider_panel_close(panel);
	fake_cache_destroy(cache);
	sodium_crypto_close(crypto);
}

/* The index the facts hold afterwards; -1 = unknown. */
static int64_t consult_at(struct provider_panel *asked, int64_t wait_ns, struct facts *facts)
{
	struct panel_port port = provider_panel_port(asked);
	struct clock_port clock = system_clock();
	void *mem = malloc(1 << 20);
	struct arena arena;
	int64_t value = -1;
	struct panel_question question = {.subject = &schmidt, .rules = &rules, .not_before_ms = not_before_ms};

	arena_init(&arena, mem, 1 << 20);
	facts_init(facts);
	port.vtable->consult(port.self, &question, (struct deadline){clock.vtable->monotonic_ns(clock.self) + wait_ns},
	                     &arena, facts, &reply);
	free(mem);
	(void)facts_get(facts, FACT_BUREAU_INDEX, &value);
	cr_expect_eq(reply.proven, value >= 0);
	return value;
}

static int64_t consult(int64_t wait_ns, struct facts *facts)
{
	return consult_at(panel, wait_ns, facts);
}

static struct panel_stats stats_at(struct provider_panel *asked)
{
	struct panel_port port = provider_panel_port(asked);
	struct panel_stats stats;

	cr_assert(port.vtable->stats(port.self, 0, &stats));
	cr_assert_not(port.vtable->stats(port.self, 1, &(struct panel_stats){0}));
	return stats;
}

static struct panel_stats stats_of(void)
{
	return stats_at(panel);
}

Test(provider_panel, merges_what_arrives_and_remembers_it)
{
	struct facts facts;

	open_panel(4, true);
	scripted.at_once = true;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(facts.sources[0].state, SOURCE_ANSWER);
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 1);
	cr_expect_eq(stats_of().cached, 1);
	cr_expect_eq(stats_of().outcomes[SOURCE_ANSWER], 1);
	close_panel();
}

Test(provider_panel, remembers_every_outcome)
{
	for (unsigned outcome = SOURCE_ANSWER; outcome <= SOURCE_UNAVAILABLE; outcome++) {
		struct facts facts;

		open_panel(4, true);
		scripted.at_once = true;
		scripted.calls = 0;
		scripted.outcome = (enum source_state)outcome;
		for (int i = 0; i < 3; i++) {
			consult(PATIENT_NS, &facts);
			cr_expect_eq(facts.source_count, 1);
			cr_expect_eq(facts.sources[0].state, outcome);
		}
		cr_expect_eq(scripted.calls, 1, "%s", source_state_name((enum source_state)outcome));
		close_panel();
	}
}

Test(provider_panel, goes_on_behind_what_did_not_arrive)
{
	struct facts facts;

	open_panel(4, true);
	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(facts.sources[0].state, SOURCE_UNAVAILABLE);
	/* Another who asks meanwhile does not call again. */
	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(scripted.calls, 1);
	answer(&scripted, scripted.held[0]);
	cr_expect_eq(stats_of().late, 1);
	cr_expect_eq(consult(0, &facts), 187);
	cr_expect_eq(scripted.calls, 1);
	close_panel();
}

Test(provider_panel, lets_only_so_many_wait)
{
	struct facts facts;

	open_panel(0, true);
	/* Would wait for 20 s if it did. */
	cr_expect_eq(consult(PATIENT_NS, &facts), -1);
	cr_expect_eq(scripted.calls, 1);
	answer(&scripted, scripted.held[0]);
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	close_panel();
}

static void *ask_once(void *ctx)
{
	struct facts facts;

	(void)ctx;
	return consult(PATIENT_NS, &facts) == 187 ? &scripted : NULL;
}

static void await_question(unsigned number)
{
	pthread_mutex_lock(&scripted.lock);
	while (scripted.held_count < number)
		pthread_cond_wait(&scripted.asked, &scripted.lock);
	pthread_mutex_unlock(&scripted.lock);
}

static void *answer_held(void *ctx)
{
	(void)ctx;
	await_question(1);
	answer(&scripted, scripted.held[0]);
	return NULL;
}

Test(provider_panel, shares_one_call_among_all_who_ask_the_same)
{
	pthread_t threads[THREADS], answering;

	open_panel(THREADS, true);
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, ask_once, NULL);
	pthread_create(&answering, NULL, answer_held, NULL);
	for (size_t i = 0; i < THREADS; i++) {
		void *got;

		pthread_join(threads[i], &got);
		cr_expect_eq(got, &scripted);
	}
	pthread_join(answering, NULL);
	cr_expect_eq(scripted.calls, 1);
	cr_expect_eq(stats_of().joined + stats_of().cached, THREADS - 1);
	close_panel();
}

Test(provider_panel, works_without_a_cache)
{
	struct facts facts;

	open_panel(4, false);
	scripted.at_once = true;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 2);
	close_panel();
}

Test(provider_panel, tells_questions_apart)
{
	struct facts facts;

	open_panel(4, true);
	scripted.at_once = true;
	consult(PATIENT_NS, &facts);
	memcpy(schmidt.vat_id, "DE811907980", 12);
	consult(PATIENT_NS, &facts);
	schmidt.reg.number++;
	consult(PATIENT_NS, &facts);
	cr_expect_eq(scripted.calls, 3);
	close_panel();
}

/* Two panels with one lock file are what two processes are: each has an opening of its own. */
static struct provider_panel *open_two(const struct temp_dir *dir)
{
	(void)snprintf(lock_file, sizeof(lock_file), "%s", temp_dir_path(dir, "lock"));
	open_panel(4, true);
	return make_panel(4, fake_cache_port(cache));
}

Test(provider_panel, takes_the_answer_to_a_question_of_another_process)
{
	struct temp_dir dir = temp_dir_make();
	struct provider_panel *other = open_two(&dir);
	struct facts facts;

	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(consult_at(other, SHORT_NS, &facts), -1);
	cr_expect_eq(facts.sources[0].state, SOURCE_UNAVAILABLE);
	cr_expect_eq(scripted.calls, 1);
	answer(&scripted, scripted.held[0]);
	cr_expect_eq(consult_at(other, PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 1);
	/* The memory was asked first; who waited gets it by way of the claim. */
	while (stats_at(other).shared == 0)
		sched_yield();
	provider_panel_close(other);
	close_panel();
	temp_dir_remove(&dir);
}

Test(provider_panel, asks_itself_when_the_other_process_left_nothing)
{
	struct temp_dir dir = temp_dir_make();
	struct provider_panel *other = open_two(&dir);
	struct facts facts;

	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(consult_at(other, SHORT_NS, &facts), -1);
	scripted.outcome = SOURCE_UNAVAILABLE;
	scripted.end = HTTP_STOPPED;
	answer(&scripted, scripted.held[0]);
	await_question(2);
	scripted.outcome = SOURCE_ANSWER;
	scripted.end = HTTP_ANSWERED;
	answer(&scripted, scripted.held[1]);
	cr_expect_eq(consult_at(other, PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 2);
	cr_expect_eq(stats_at(other).shared, 0);
	provider_panel_close(other);
	close_panel();
	temp_dir_remove(&dir);
}

Test(provider_panel, a_stranger_on_the_same_byte_costs_time_only)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct temp_dir dir = temp_dir_make();
	struct facts facts;
	int stranger;

	(void)snprintf(lock_file, sizeof(lock_file), "%s", temp_dir_path(&dir, "lock"));
	open_panel(4, true);
	stranger = open(lock_file, O_RDWR | O_CLOEXEC);
	cr_assert_eq(fcntl(stranger, F_OFD_SETLK, &all), 0);
	scripted.at_once = true;
	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(scripted.calls, 0);
	close(stranger);
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 1);
	close_panel();
	temp_dir_remove(&dir);
}

Test(provider_panel, closes_while_another_process_is_still_asking)
{
	struct temp_dir dir = temp_dir_make();
	struct provider_panel *other = open_two(&dir);
	struct facts facts;

	cr_expect_eq(consult(SHORT_NS, &facts), -1);
	cr_expect_eq(consult_at(other, SHORT_NS, &facts), -1);
	provider_panel_stop(other);
	provider_panel_close(other);
	answer(&scripted, scripted.held[0]);
	cr_expect_eq(scripted.calls, 1);
	close_panel();
	temp_dir_remove(&dir);
}

/* What is remembered is judged by whoever asks: of two tenants the stricter one has it asked again. */
Test(provider_panel, judges_age_by_the_terms_of_who_asks)
{
	struct facts facts;

	open_panel(4, true);
	scripted.at_once = true;
	consult(PATIENT_NS, &facts);
	skipped_ms += DAY_MS / 2;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_not(reply.stale);
	cr_expect_eq(scripted.calls, 1);
	rules.others.fresh_hours = 1;
	scripted.index = 200;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187, "used, and asked again behind");
	cr_expect(reply.stale);
	cr_expect_eq(scripted.calls, 2);
	cr_expect_eq(consult(PATIENT_NS, &facts), 200);
	cr_expect_not(reply.stale);
	skipped_ms += DAY_MS / 2;
	rules.others.fresh_hours = 0;
	rules.others.stale_days = 0;
	scripted.index = 201;
	cr_expect_eq(consult(PATIENT_NS, &facts), 201, "too old for this tenant");
	cr_expect_eq(scripted.calls, 3);
	close_panel();
}

Test(provider_panel, uses_the_last_word_of_a_provider_that_is_down)
{
	struct facts facts;

	open_panel(4, true);
	rules.others.required = true;
	scripted.at_once = true;
	consult(PATIENT_NS, &facts);
	skipped_ms += 2 * DAY_MS;
	scripted.outcome = SOURCE_UNAVAILABLE;
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(consult(PATIENT_NS, &facts), 187);
		cr_expect(reply.stale);
		cr_expect_not(reply.lacking);
		cr_expect_eq(facts.sources[0].state, SOURCE_ANSWER);
	}
	cr_expect_eq(scripted.calls, 2, "left alone after it failed");
	skipped_ms += 16 * SECOND_MS;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187);
	cr_expect_eq(scripted.calls, 3);
	skipped_ms += 30 * DAY_MS;
	cr_expect_eq(consult(PATIENT_NS, &facts), -1);
	cr_expect_eq(facts.sources[0].state, SOURCE_UNAVAILABLE);
	cr_expect(reply.lacking);
	close_panel();
}

Test(provider_panel, asks_anew_what_is_wanted_newer_and_falls_back_on_what_it_has)
{
	struct facts facts;

	open_panel(4, true);
	scripted.at_once = true;
	consult(PATIENT_NS, &facts);
	skipped_ms += 60 * SECOND_MS;
	not_before_ms = today_ms(NULL);
	scripted.at_once = false;
	cr_expect_eq(consult(SHORT_NS, &facts), 187);
	cr_expect(reply.stale);
	cr_expect_eq(scripted.calls, 2);
	scripted.index = 250;
	answer(&scripted, scripted.held[0]);
	cr_expect_eq(consult(SHORT_NS, &facts), 250, "what came late is new enough");
	cr_expect_not(reply.stale);
	skipped_ms += SECOND_MS;
	not_before_ms = today_ms(NULL);
	scripted.at_once = true;
	scripted.index = 251;
	cr_expect_eq(consult(PATIENT_NS, &facts), 251);
	cr_expect_not(reply.stale);
	skipped_ms += SECOND_MS;
	not_before_ms = today_ms(NULL);
	scripted.outcome = SOURCE_UNAVAILABLE;
	cr_expect_eq(consult(PATIENT_NS, &facts), 251, "a failure is no newer word");
	cr_expect(reply.stale);
	close_panel();
}

Test(provider_panel, neither_asks_nor_uses_whom_the_tenant_does_not_want)
{
	struct facts facts;

	open_panel(4, true);
	scripted.at_once = true;
	consult(PATIENT_NS, &facts);
	rules.others.ask = false;
	cr_expect_eq(consult(PATIENT_NS, &facts), -1);
	cr_expect_eq(facts.source_count, 0);
	cr_expect_eq(scripted.calls, 1);
	close_panel();
}

Test(provider_panel, tells_when_one_that_is_required_is_lacking)
{
	static const struct {
		bool required, at_once, lacking;
		enum source_state outcome;
	} cases[] = {
	        {true, true, false, SOURCE_ANSWER},        {true, true, false, SOURCE_NO_DATA},
	        {true, true, false, SOURCE_INVALID_INPUT}, {true, true, true, SOURCE_UNAVAILABLE},
	        {false, true, false, SOURCE_UNAVAILABLE},  {true, false, true, SOURCE_ANSWER},
	        {false, false, false, SOURCE_ANSWER},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts facts;

		open_panel(4, true);
		rules.others.required = cases[i].required;
		scripted.at_once = cases[i].at_once;
		scripted.outcome = cases[i].outcome;
		scripted.held_count = 0;
		consult(SHORT_NS, &facts);
		cr_expect_eq(reply.lacking, cases[i].lacking, "row %zu", i);
		if (scripted.held_count)
			answer(&scripted, scripted.held[0]);
		close_panel();
	}
}

static enum status prefetch(struct panel_source *ret_source)
{
	struct panel_port port = provider_panel_port(panel);
	struct panel_question question = {.subject = &schmidt, .rules = &rules, .not_before_ms = not_before_ms};
	struct panel_source sources[PANEL_PROVIDERS] = {{{0}, PANEL_DOWN}};
	void *mem = malloc(1 << 20);
	struct arena arena;
	size_t count = 0;
	enum status status;

	arena_init(&arena, mem, 1 << 20);
	status = port.vtable->prefetch(port.self, &question, &(struct facts){.match = MATCH_NONE}, &arena, sources,
	                               &count);
	free(mem);
	cr_expect_eq(count, status == STATUS_OK);
	*ret_source = sources[0];
	return status;
}

Test(provider_panel, makes_ready_without_waiting)
{
	struct panel_source source;
	struct facts facts;

	open_panel(4, true);
	cr_assert_eq(prefetch(&source), STATUS_OK);
	cr_expect(source.standing == PANEL_ASKED && strcmp(source.id, "bureau") == 0);
	cr_assert_eq(prefetch(&source), STATUS_OK);
	cr_expect_eq(source.standing, PANEL_ASKED);
	cr_expect_eq(scripted.calls, 1, "shared");
	answer(&scripted, scripted.held[0]);
	cr_assert_eq(prefetch(&source), STATUS_OK);
	cr_expect_eq(source.standing, PANEL_FRESH);
	cr_expect_eq(consult(0, &facts), 187);
	schmidt.reg.number++;
	scripted.at_once = true;
	scripted.outcome = SOURCE_UNAVAILABLE;
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(prefetch(&source), STATUS_OK);
		cr_expect_eq(source.standing, PANEL_DOWN);
	}
	cr_expect_eq(scripted.calls, 2);
	close_panel();
}

Test(provider_panel, leaves_the_questions_of_buyers_room)
{
	struct panel_source source;
	struct facts facts;

	open_panel(4, true);
	for (unsigned i = 0; i < THREADS; i++) {
		schmidt.reg.number++;
		cr_assert_eq(prefetch(&source), STATUS_OK, "%u", i);
	}
	schmidt.reg.number++;
	cr_expect_eq(prefetch(&source), STATUS_FULL);
	cr_expect_eq(scripted.calls, THREADS, "nobody was asked");
	scripted.at_once = true;
	cr_expect_eq(consult(PATIENT_NS, &facts), 187, "a buyer is answered all the same");
	for (unsigned i = 0; i < THREADS; i++)
		answer(&scripted, scripted.held[i]);
	schmidt.reg.number++;
	cr_expect_eq(prefetch(&source), STATUS_OK);
	close_panel();
}
