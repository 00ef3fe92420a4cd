/* SPDX-License-Identifier: MIT */
#include "adapter/provider_panel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "panel_memory.h"

#define NS_PER_S INT64_C(1000000000)

/* One call under way, shared by all who ask the same. */
struct flight {
	struct flight *next;
	struct provider_panel *panel;
	size_t provider;
	struct panel_key key;
	unsigned refs; /* who waits, and the call itself */
	bool done;
	struct facts facts;
};

struct member {
	const char *id;
	struct provider_port port;
	struct panel_stats stats;
};

struct provider_panel {
	struct panel_config config;
	struct panel_memory memory;
	struct member members[PANEL_PROVIDERS];
	size_t count;
	pthread_mutex_t lock;
	pthread_cond_t landed;
	struct flight *flights; /* those not done */
	unsigned waiting;
};

/* One question to one provider. */
struct errand {
	struct panel_key key;
	struct flight *flight; /* NULL: nothing to wait for */
};

/* With the lock held. */
static void release(struct flight *flight)
{
	if (--flight->refs == 0)
		free(flight);
}

/* With the lock held: the answer is there, nobody can join any more. */
static void land(struct flight *flight, const struct facts *facts)
{
	struct provider_panel *panel = flight->panel;

	for (struct flight **at = &panel->flights; *at; at = &(*at)->next) {
		if (*at == flight) {
			*at = flight->next;
			break;
		}
	}
	flight->facts = *facts;
	flight->done = true;
	pthread_cond_broadcast(&panel->landed);
}

static void take_answer(void *ctx, const struct provider_answer *answer)
{
	struct flight *flight = ctx;
	struct provider_panel *panel = flight->panel;
	struct panel_stats *stats = &panel->members[flight->provider].stats;

	panel_memory_put(&panel->memory, &flight->key, answer);
	pthread_mutex_lock(&panel->lock);
	stats->outcomes[answer->outcome]++;
	stats->late += flight->refs == 1;
	land(flight, &answer->facts);
	release(flight);
	pthread_mutex_unlock(&panel->lock);
}

/* With the lock held. */
static struct flight *find_flight(const struct provider_panel *panel, const struct errand *errand)
{
	for (struct flight *each = panel->flights; each; each = each->next) {
		if (panel_memory_same(&each->key, &errand->key))
			return each;
	}
	return NULL;
}

/* Joins the call under way, or opens a new one: *ret_new. NULL without memory. */
static struct flight *board(struct provider_panel *panel, size_t provider, const struct errand *errand, bool *ret_new)
{
	struct flight *flight, *fresh = calloc(1, sizeof(*fresh));

	if (!fresh)
		return NULL;
	pthread_mutex_lock(&panel->lock);
	flight = find_flight(panel, errand);
	*ret_new = !flight;
	if (!flight) {
		flight = fresh;
		flight->panel = panel;
		flight->provider = provider;
		flight->key = errand->key;
		flight->refs = 1;
		flight->next = panel->flights;
		panel->flights = flight;
		fresh = NULL;
	} else {
		panel->members[provider].stats.joined++;
	}
	flight->refs++;
	pthread_mutex_unlock(&panel->lock);
	free(fresh);
	return flight;
}

static void disembark(struct provider_panel *panel, struct flight *flight)
{
	pthread_mutex_lock(&panel->lock);
	release(flight);
	pthread_mutex_unlock(&panel->lock);
}

/* Between the look into the cache and the new call another one may have landed: then its answer is taken. */
static bool landed_meanwhile(struct provider_panel *panel, struct flight *flight, struct arena *arena,
                             struct facts *scratch)
{
	if (panel_memory_get(&panel->memory, &flight->key, arena, scratch) != CACHE_FRESH)
		return false;
	pthread_mutex_lock(&panel->lock);
	panel->members[flight->provider].stats.cached++;
	land(flight, scratch);
	flight->refs--; /* of the call that is not made; the one who asks still holds the flight */
	pthread_mutex_unlock(&panel->lock);
	return true;
}

static bool has_fact(const struct facts *facts)
{
	for (int i = 0; i < FACT_FIRST_DERIVED; i++) {
		if (facts->items[i].known)
			return true;
	}
	return false;
}

static void merge(struct facts *facts, const struct facts *answered, bool *ret_proven)
{
	facts_merge(facts, answered);
	*ret_proven |= answered->match == MATCH_EXACT && has_fact(answered);
}

/* Takes what the cache has, and sees to it that what it has not is asked. */
static void set_out(struct provider_panel *panel, size_t provider, const struct subject *subject, struct errand *errand,
                    struct arena *arena, struct facts *facts, bool *ret_proven)
{
	struct member *member = &panel->members[provider];
	struct facts *cached = arena_bytes(arena, sizeof(*cached));
	enum cache_state state = CACHE_MISS;
	struct flight *flight;
	bool is_new;

	if (cached)
		state = panel_memory_get(&panel->memory, &errand->key, arena, cached);
	if (state != CACHE_MISS) {
		merge(facts, cached, ret_proven);
		pthread_mutex_lock(&panel->lock);
		member->stats.cached++;
		pthread_mutex_unlock(&panel->lock);
	}
	if (!cached || state == CACHE_FRESH)
		return;
	flight = board(panel, provider, errand, &is_new);
	if (!flight)
		return;
	if (is_new && !landed_meanwhile(panel, flight, arena, cached))
		member->port.vtable->begin(member->port.self, subject, NULL, DEADLINE_NEVER,
		                           (struct provider_done){take_answer, flight});
	if (state == CACHE_MISS)
		errand->flight = flight;
	else
		disembark(panel, flight);
}

static bool all_landed(const struct errand *errands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (errands[i].flight && !errands[i].flight->done)
			return false;
	}
	return true;
}

/* With the lock held. */
static void wait_for(struct provider_panel *panel, const struct errand *errands, struct deadline deadline)
{
	struct timespec end = {.tv_sec = deadline.at_ns / NS_PER_S, .tv_nsec = deadline.at_ns % NS_PER_S};
	int fault = 0;

	if (panel->waiting >= panel->config.waiters)
		return;
	panel->waiting++;
	while (!fault && !all_landed(errands, panel->count))
		fault = pthread_cond_timedwait(&panel->landed, &panel->lock, &end);
	panel->waiting--;
}

static void consult(void *self, const struct subject *subject, struct deadline deadline, struct arena *arena,
                    struct facts *facts, bool *ret_proven)
{
	struct provider_panel *panel = self;
	struct errand errands[PANEL_PROVIDERS] = {0};
	uint8_t digest[CRYPTO_SHA256_LEN];

	*ret_proven = false;
	panel_memory_digest(&panel->config.crypto, subject, digest);
	for (size_t i = 0; i < panel->count; i++) {
		panel_memory_key(panel->members[i].id, digest, &errands[i].key);
		set_out(panel, i, subject, &errands[i], arena, facts, ret_proven);
	}
	pthread_mutex_lock(&panel->lock);
	wait_for(panel, errands, deadline);
	for (size_t i = 0; i < panel->count; i++) {
		struct flight *flight = errands[i].flight;

		if (!flight)
			continue;
		if (flight->done)
			merge(facts, &flight->facts, ret_proven);
		else
			(void)facts_source(facts, panel->members[i].id, SOURCE_UNAVAILABLE, DATE_NONE);
		release(flight);
	}
	pthread_mutex_unlock(&panel->lock);
}

static bool stats(void *self, size_t index, struct panel_stats *ret_stats)
{
	struct provider_panel *panel = self;
	struct provider_port port;

	if (index >= panel->count)
		return false;
	pthread_mutex_lock(&panel->lock);
	*ret_stats = panel->members[index].stats;
	pthread_mutex_unlock(&panel->lock);
	port = panel->members[index].port;
	ret_stats->id = panel->members[index].id;
	port.vtable->stats(port.self, &ret_stats->http);
	return true;
}

static const struct panel_vtable vtable = {.consult = consult, .stats = stats};

enum status provider_panel_open(const struct panel_config *config, struct provider_panel **ret_panel)
{
	struct provider_panel *panel = calloc(1, sizeof(*panel));
	pthread_condattr_t monotonic;

	if (!panel)
		return STATUS_NO_MEMORY;
	panel->config = *config;
	panel->memory = (struct panel_memory){config->clock, config->cache};
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&panel->lock, NULL);
	pthread_cond_init(&panel->landed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret_panel = panel;
	return STATUS_OK;
}

enum status provider_panel_add(struct provider_panel *panel, const char *id, struct provider_port port)
{
	if (panel->count == PANEL_PROVIDERS)
		return STATUS_FULL;
	panel->members[panel->count++] = (struct member){.id = id, .port = port};
	return STATUS_OK;
}

void provider_panel_close(struct provider_panel *panel)
{
	if (!panel)
		return;
	pthread_cond_destroy(&panel->landed);
	pthread_mutex_destroy(&panel->lock);
	free(panel);
}

struct panel_port provider_panel_port(struct provider_panel *panel)
{
	return (struct panel_port){&vtable, panel};
}
