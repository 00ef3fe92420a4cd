/* SPDX-License-Identifier: MIT */
#include "adapter/provider_panel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "provider_flight.h"

#define SCRATCH (4 * MAX_CACHE_VALUE)

struct member {
	const char *id;
	struct provider_port port;
	struct panel_stats stats;
};

struct provider_panel {
	struct panel_config config;
	struct panel_memory memory;
	struct flights *flights;
	struct member members[PANEL_PROVIDERS];
	size_t count;
	pthread_mutex_t lock;  /* of the counters */
	char scratch[SCRATCH]; /* of the flights' own thread */
	struct facts scratch_facts;
};

static void count(struct provider_panel *panel, uint64_t *counter)
{
	pthread_mutex_lock(&panel->lock);
	(*counter)++;
	pthread_mutex_unlock(&panel->lock);
}

static void take_answer(void *ctx, const struct provider_answer *answer)
{
	struct flight *flight = ctx;
	struct provider_panel *panel = flight->ctx;
	struct panel_stats *stats = &panel->members[flight->provider].stats;

	/* That this process ends says nothing about the provider: the others ask on. */
	if (answer->end != HTTP_STOPPED)
		panel_memory_put(&panel->memory, &flight->key, answer);
	count(panel, &stats->outcomes[answer->outcome]);
	if (!flight_land(flight, &answer->facts))
		count(panel, &stats->late);
}

/* True: the answer landed, here or elsewhere, between the look into the memory and the claim. */
static bool take_or_ask(struct provider_panel *panel, struct flight *flight, const struct subject *subject,
                        struct arena *arena, struct facts *scratch)
{
	const struct member *member = &panel->members[flight->provider];

	if (panel_memory_get(&panel->memory, &flight->key, arena, scratch) == CACHE_FRESH) {
		(void)flight_land(flight, scratch);
		return true;
	}
	member->port.vtable->begin(member->port.self, subject, NULL, DEADLINE_NEVER,
	                           (struct provider_done){take_answer, flight});
	return false;
}

static void resume(void *ctx, struct flight *flight, const struct subject *subject)
{
	struct provider_panel *panel = ctx;
	struct panel_stats *stats = &panel->members[flight->provider].stats;
	struct arena arena;

	arena_init(&arena, panel->scratch, sizeof(panel->scratch));
	if (take_or_ask(panel, flight, subject, &arena, &panel->scratch_facts))
		count(panel, &stats->shared);
}

static bool settled(void *ctx, const struct panel_key *key)
{
	const struct provider_panel *panel = ctx;

	return panel_memory_settled(&panel->memory, key);
}

/* What one consultation comes to. */
struct outcome {
	struct arena *arena;
	struct facts *facts;
	bool proven;
};

static bool has_fact(const struct facts *facts)
{
	for (int i = 0; i < FACT_FIRST_DERIVED; i++) {
		if (facts->items[i].known)
			return true;
	}
	return false;
}

static void merge(struct outcome *outcome, const struct facts *answered)
{
	facts_merge(outcome->facts, answered);
	outcome->proven |= answered->match == MATCH_EXACT && has_fact(answered);
}

/* Takes what the cache has, and sees to it that what it has not is asked. The flight to wait for, or NULL. */
static struct flight *set_out(struct provider_panel *panel, size_t provider, const struct subject *subject,
                              const struct panel_key *key, struct outcome *outcome)
{
	struct panel_stats *stats = &panel->members[provider].stats;
	struct facts *cached = arena_bytes(outcome->arena, sizeof(*cached));
	enum cache_state state = CACHE_MISS;
	struct flight *flight;
	bool is_new;

	if (cached)
		state = panel_memory_get(&panel->memory, key, outcome->arena, cached);
	if (state != CACHE_MISS) {
		merge(outcome, cached);
		count(panel, &stats->cached);
	}
	if (!cached || state == CACHE_FRESH)
		return NULL;
	flight = flights_board(panel->flights, provider, key, &is_new);
	if (!flight)
		return NULL;
	if (!is_new)
		count(panel, &stats->joined);
	else if (flight_claim(flight, subject) && take_or_ask(panel, flight, subject, outcome->arena, cached))
		count(panel, &stats->cached);
	if (state == CACHE_MISS)
		return flight;
	flight_leave(flight);
	return NULL;
}

static void take_landed(const struct provider_panel *panel, struct flight *const flights[], struct outcome *outcome)
{
	for (size_t i = 0; i < panel->count; i++) {
		const struct facts *landed = flights[i] ? flight_facts(flights[i]) : NULL;

		if (landed)
			merge(outcome, landed);
		else if (flights[i])
			(void)facts_source(outcome->facts, panel->members[i].id, SOURCE_UNAVAILABLE, DATE_NONE);
		if (flights[i])
			flight_leave(flights[i]);
	}
}

static void consult(void *self, const struct subject *subject, struct deadline deadline, struct arena *arena,
                    struct facts *facts, bool *ret_proven)
{
	struct provider_panel *panel = self;
	struct flight *flights[PANEL_PROVIDERS] = {0};
	struct outcome outcome = {arena, facts, false};
	uint8_t digest[CRYPTO_SHA256_LEN];

	panel_memory_digest(&panel->config.crypto, subject, digest);
	for (size_t i = 0; i < panel->count; i++) {
		struct panel_key key;

		panel_memory_key(panel->members[i].id, digest, &key);
		flights[i] = set_out(panel, i, subject, &key, &outcome);
	}
	flights_wait(panel->flights, flights, panel->count, deadline);
	take_landed(panel, flights, &outcome);
	*ret_proven = outcome.proven;
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
	struct flights_config flights = {
	        .clock = config->clock,
	        /* Without a memory there is nothing that other processes could leave behind. */
	        .lock_file = config->cache.vtable ? config->lock_file : NULL,
	        .waiters = config->waiters,
	        .ctx = panel,
	        .resume = resume,
	        .settled = settled,
	};
	enum status status;

	if (!panel)
		return STATUS_NO_MEMORY;
	panel->config = *config;
	panel->memory = (struct panel_memory){config->clock, config->cache};
	status = flights_open(&flights, &panel->flights);
	if (status != STATUS_OK) {
		free(panel);
		return status;
	}
	pthread_mutex_init(&panel->lock, NULL);
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

void provider_panel_stop(struct provider_panel *panel)
{
	if (panel)
		flights_stop(panel->flights);
}

void provider_panel_close(struct provider_panel *panel)
{
	if (!panel)
		return;
	flights_close(panel->flights);
	pthread_mutex_destroy(&panel->lock);
	free(panel);
}

struct panel_port provider_panel_port(struct provider_panel *panel)
{
	return (struct panel_port){&vtable, panel};
}
