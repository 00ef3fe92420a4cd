/* SPDX-License-Identifier: MIT */
#include "adapter/demo_bureau.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adapter/memory_cache.h"
#include "adapter/provider_panel.h"
#include "base/date.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  (1000 * NS_PER_MS)

/* Longer than any checkout waits, shorter than a curious developer does. */
#define SLOW_NS   (2 * NS_PER_S)
/* Different ways to ask for the two companies that are remembered at a time, and for how long. */
#define MEMORY    64
#define MEMORY_MS INT64_C(60000)

/* By the name that the demo register has. */
static const struct behaviour {
	const char *name;
	enum source_state outcome;
	int64_t delay_ns;
	int64_t index; /* 100 is best, 600 worst */
} BEHAVIOURS[] = {
        {"Schneckenpost Versand GmbH", SOURCE_ANSWER, SLOW_NS, 187},
        {"Funkstille Systeme GmbH", SOURCE_UNAVAILABLE, 0, 0},
};

/* Whoever else might be asked about. */
static const struct behaviour SILENT = {"", SOURCE_UNAVAILABLE, 0, 0};

/* An answer that is to be told later. */
struct errand {
	struct errand *next;
	const struct behaviour *behaviour;
	struct provider_done done;
	int64_t at_ns;
};

struct demo_bureau {
	struct clock_port clock;
	struct memory_cache *cache;
	struct provider_panel *panel;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct errand *first; /* in the order they fall due: all take the same time */
	bool running, stopping;
};

static const struct behaviour *behaviour_of(const char *name)
{
	for (size_t i = 0; i < sizeof(BEHAVIOURS) / sizeof(BEHAVIOURS[0]); i++) {
		if (strcmp(BEHAVIOURS[i].name, name) == 0)
			return &BEHAVIOURS[i];
	}
	return NULL;
}

static void tell(const struct demo_bureau *bureau, const struct behaviour *behaviour, struct provider_done done,
                 bool stopped)
{
	struct provider_answer *answer = calloc(1, sizeof(*answer));
	int32_t today = date_of_instant(bureau->clock.vtable->now_ms(bureau->clock.self));
	static const struct provider_answer POOR = {.outcome = SOURCE_UNAVAILABLE, .detail = "there was no memory"};

	if (!answer) {
		done.tell(done.ctx, &POOR);
		return;
	}
	answer->outcome = stopped ? SOURCE_UNAVAILABLE : behaviour->outcome;
	answer->end = stopped ? HTTP_STOPPED : behaviour->outcome == SOURCE_ANSWER ? HTTP_ANSWERED : HTTP_NO_CONNECTION;
	answer->detail = "made up for the demo";
	answer->as_of = answer->outcome == SOURCE_ANSWER ? today : DATE_NONE;
	facts_init(&answer->facts);
	(void)facts_source(&answer->facts, SOURCE_DEMO, answer->outcome, answer->as_of);
	if (answer->outcome == SOURCE_ANSWER) {
		answer->facts.match = MATCH_EXACT;
		facts_set(&answer->facts, FACT_BUREAU_INDEX, behaviour->index, today, 0);
	}
	done.tell(done.ctx, answer);
	free(answer);
}

/* With the lock held, which is given back meanwhile. */
static void run_first(struct demo_bureau *bureau, bool stopped)
{
	struct errand *errand = bureau->first;

	bureau->first = errand->next;
	pthread_mutex_unlock(&bureau->lock);
	tell(bureau, errand->behaviour, errand->done, stopped);
	free(errand);
	pthread_mutex_lock(&bureau->lock);
}

static void *work(void *ctx)
{
	struct demo_bureau *bureau = ctx;

	pthread_mutex_lock(&bureau->lock);
	while (!bureau->stopping) {
		struct timespec due;

		if (!bureau->first) {
			pthread_cond_wait(&bureau->changed, &bureau->lock);
		} else if (bureau->first->at_ns <= bureau->clock.vtable->monotonic_ns(bureau->clock.self)) {
			run_first(bureau, false);
		} else {
			due = (struct timespec){bureau->first->at_ns / NS_PER_S, bureau->first->at_ns % NS_PER_S};
			(void)pthread_cond_timedwait(&bureau->changed, &bureau->lock, &due);
		}
	}
	while (bureau->first)
		run_first(bureau, true);
	pthread_mutex_unlock(&bureau->lock);
	return NULL;
}

/* The thread is there from the first question that takes its time. False: nothing will be told. */
static bool tell_later(struct demo_bureau *bureau, const struct behaviour *behaviour, struct provider_done done)
{
	struct errand *errand = calloc(1, sizeof(*errand));
	struct errand **at = &bureau->first;
	bool running;

	if (!errand)
		return false;
	errand->behaviour = behaviour;
	errand->done = done;
	errand->at_ns = bureau->clock.vtable->monotonic_ns(bureau->clock.self) + behaviour->delay_ns;
	pthread_mutex_lock(&bureau->lock);
	if (!bureau->running)
		bureau->running = pthread_create(&bureau->thread, NULL, work, bureau) == 0;
	running = bureau->running;
	while (*at)
		at = &(*at)->next;
	if (running) {
		*at = errand;
		errand = NULL;
		pthread_cond_signal(&bureau->changed);
	}
	pthread_mutex_unlock(&bureau->lock);
	free(errand);
	return running;
}

static void begin(void *self, const struct subject *subject, const struct provider_step *from, struct deadline deadline,
                  struct provider_done done)
{
	struct demo_bureau *bureau = self;
	const struct behaviour *behaviour = behaviour_of(subject->typed_name);

	(void)from;
	(void)deadline;
	if (!behaviour)
		behaviour = &SILENT;
	if (!behaviour->delay_ns)
		tell(bureau, behaviour, done, false);
	else if (!tell_later(bureau, behaviour, done))
		tell(bureau, behaviour, done, true);
}

static void provider_stats(void *self, struct http_stats *ret_stats)
{
	(void)self;
	memset(ret_stats, 0, sizeof(*ret_stats));
}

static const struct provider_vtable provider_vtable = {.begin = begin, .stats = provider_stats};

/*
 * Whom the register found counts, not what was typed: companies are asked for by their VAT id alone, too. NULL: it
 * has nothing to say of this one.
 */
static const struct subject *name_found(const struct panel_question *question, const struct facts *facts,
                                        struct arena *arena)
{
	struct subject *subject = behaviour_of(facts->name) ? arena_bytes(arena, sizeof(*subject)) : NULL;

	if (!subject)
		return NULL;
	*subject = *question->subject;
	(void)slice_copy(slice_cstr(facts->name), subject->typed_name, sizeof(subject->typed_name));
	return subject;
}

/* Any age will do: it repeats itself soon enough. */
static struct panel_question about(const struct panel_question *question, const struct subject *subject)
{
	return (struct panel_question){.subject = subject, .rules = question->rules};
}

static void consult(void *self, const struct panel_question *question, struct deadline deadline, struct arena *arena,
                    struct facts *facts, struct panel_reply *ret_reply)
{
	const struct demo_bureau *bureau = self;
	struct panel_port panel = provider_panel_port(bureau->panel);
	const struct subject *subject = name_found(question, facts, arena);
	struct panel_question named = about(question, subject);

	*ret_reply = (struct panel_reply){.proven = false};
	if (subject)
		panel.vtable->consult(panel.self, &named, deadline, arena, facts, ret_reply);
}

static enum status prefetch(void *self, const struct panel_question *question, const struct facts *facts,
                            struct arena *arena, struct panel_source ret_sources[PANEL_PROVIDERS], size_t *ret_count)
{
	const struct demo_bureau *bureau = self;
	struct panel_port panel = provider_panel_port(bureau->panel);
	const struct subject *subject = name_found(question, facts, arena);
	struct panel_question named = about(question, subject);

	*ret_count = 0;
	return subject ? panel.vtable->prefetch(panel.self, &named, facts, arena, ret_sources, ret_count) : STATUS_OK;
}

static enum status resume(void *self, struct slice key, const struct inquiry *inquiry, struct deadline deadline,
                          struct panel_resumed_done done)
{
	(void)self;
	(void)key;
	(void)inquiry;
	(void)deadline;
	(void)done;
	return STATUS_NOT_FOUND;
}

static bool concerns(void *self, const struct facts *facts)
{
	(void)self;
	return behaviour_of(facts->name);
}

static bool stats(void *self, size_t index, struct panel_stats *ret_stats)
{
	(void)self;
	(void)index;
	(void)ret_stats;
	return false;
}

static const struct panel_vtable panel_vtable = {
        .consult = consult, .prefetch = prefetch, .resume = resume, .concerns = concerns, .stats = stats};

enum status demo_bureau_open(struct clock_port clock, struct crypto_port crypto, unsigned waiters,
                             struct demo_bureau **ret_bureau)
{
	struct demo_bureau *bureau = calloc(1, sizeof(*bureau));
	struct panel_config config = {.clock = clock, .crypto = crypto, .waiters = waiters};
	pthread_condattr_t monotonic;
	enum status status;

	if (!bureau)
		return STATUS_NO_MEMORY;
	bureau->clock = clock;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&bureau->lock, NULL);
	pthread_cond_init(&bureau->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	status = memory_cache_open(clock, MEMORY, MEMORY_MS, &bureau->cache);
	if (status == STATUS_OK) {
		config.cache = memory_cache_port(bureau->cache);
		status = provider_panel_open(&config, &bureau->panel);
	}
	if (status == STATUS_OK)
		status = provider_panel_add(bureau->panel, SOURCE_DEMO,
		                            (struct provider_port){&provider_vtable, bureau});
	if (status != STATUS_OK) {
		demo_bureau_close(bureau);
		return status;
	}
	*ret_bureau = bureau;
	return STATUS_OK;
}

void demo_bureau_close(struct demo_bureau *bureau)
{
	if (!bureau)
		return;
	provider_panel_stop(bureau->panel);
	pthread_mutex_lock(&bureau->lock);
	bureau->stopping = true;
	pthread_cond_signal(&bureau->changed);
	pthread_mutex_unlock(&bureau->lock);
	if (bureau->running)
		pthread_join(bureau->thread, NULL);
	provider_panel_close(bureau->panel);
	memory_cache_close(bureau->cache);
	pthread_cond_destroy(&bureau->changed);
	pthread_mutex_destroy(&bureau->lock);
	free(bureau);
}

struct panel_port demo_bureau_panel(struct demo_bureau *bureau)
{
	return (struct panel_port){&panel_vtable, bureau};
}
