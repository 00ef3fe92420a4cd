/* SPDX-License-Identifier: MIT */
#include "adapter/provider_panel.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "panel_inquiry.h"
#include "provider_flight.h"

#define SCRATCH       (4 * MAX_CACHE_VALUE)
#define NS_PER_MS     1000000
/*
 * Questions under way at which nobody is asked beforehand any more: far below what a provider lets wait, so that
 * shops that warm many companies at once never make a buyer's own question fail.
 */
#define PREFETCH_MOST 64

struct member {
	const char *id;
	struct provider_port port;
	struct panel_stats stats;
};

struct provider_panel {
	struct panel_config config;
	struct panel_memory memory;
	struct panel_inquiries inquiries;
	struct flights *flights;
	struct member members[PANEL_PROVIDERS];
	size_t count;
	pthread_mutex_t lock;  /* of the counters */
	char scratch[SCRATCH]; /* of the flights' own thread */
	struct panel_word scratch_word;
};

/* One question to one provider. */
struct errand {
	struct flight *flight;      /* NULL: nothing to wait for */
	const struct facts *usable; /* counts unless something newer comes in time; NULL = none */
	bool asked;
};

/* What consult() hands down. */
struct tour {
	const struct panel_question *question;
	int64_t since_ms; /* what was said from here on is newer than all that was looked up */
	struct arena *arena;
	struct panel_word *scratch; /* NULL: there is no memory to ask anybody */
	struct facts *facts;
	struct panel_reply *reply;
};

static int64_t now_ms(const struct provider_panel *panel)
{
	return panel->config.clock.vtable->now_ms(panel->config.clock.self);
}

static void count(struct provider_panel *panel, uint64_t *counter)
{
	pthread_mutex_lock(&panel->lock);
	(*counter)++;
	pthread_mutex_unlock(&panel->lock);
}

/* Whether anybody still waits for it. */
static bool land_unavailable(const struct provider_panel *panel, struct flight *flight, struct facts *scratch)
{
	facts_init(scratch);
	(void)facts_source(scratch, panel->members[flight->provider].id, SOURCE_UNAVAILABLE, DATE_NONE);
	return flight_land(flight, scratch);
}

/* What was ordered is on the list, so that nobody who asks from now on orders it again. */
static void take_kept(void *ctx, enum status status)
{
	struct flight *flight = ctx;
	struct provider_panel *panel = flight->ctx;
	uint64_t *late = &panel->members[flight->provider].stats.late;
	struct facts facts;

	(void)status; /* there is nobody to tell: the answer is unavailable either way */
	if (!land_unavailable(panel, flight, &facts))
		count(panel, late);
}

static void take_answer(void *ctx, const struct provider_answer *answer)
{
	struct flight *flight = ctx;
	struct provider_panel *panel = flight->ctx;
	struct member *member = &panel->members[flight->provider];
	struct document_owner owner = flight->owner;
	struct panel_order order = {&flight->key, member->id, &owner};

	count(panel, &member->stats.outcomes[answer->outcome]);
	if (answer->turn == PROVIDER_WAITS &&
	    panel_inquiry_keep(&panel->inquiries, &order, answer, (struct inquiry_written){take_kept, flight}))
		return;
	/* That this process ends says nothing about the provider: the others ask on. */
	if (answer->turn != PROVIDER_WAITS && answer->end != HTTP_STOPPED)
		panel_memory_put(&panel->memory, &flight->key, answer);
	if (!flight_land(flight, &answer->facts))
		count(panel, &member->stats.late);
	/* When nobody waits any more. */
	panel_inquiry_keep_document(&panel->inquiries, &owner, answer);
}

/* Whether an answer, or a failure, has landed here or elsewhere since then; if so the flight has it. */
static bool has_landed(struct provider_panel *panel, struct flight *flight, int64_t since_ms, struct arena *arena,
                       struct panel_word *scratch)
{
	if (!panel_memory_get(&panel->memory, &flight->key, arena, scratch))
		return false;
	if (scratch->memory.failed_ms >= since_ms)
		(void)land_unavailable(panel, flight, &scratch->facts);
	else if (scratch->memory.at_ms >= since_ms)
		(void)flight_land(flight, &scratch->facts);
	else
		return false;
	return true;
}

/* A report that is being prepared already is not ordered once more. */
static void ask(const struct provider_panel *panel, struct flight *flight, const struct subject *subject,
                struct facts *scratch)
{
	const struct provider_port *port = &panel->members[flight->provider].port;

	if (panel_inquiry_pending(&panel->inquiries, &flight->key))
		(void)land_unavailable(panel, flight, scratch);
	else
		port->vtable->begin(port->self, subject, NULL, DEADLINE_NEVER,
		                    (struct provider_done){take_answer, flight});
}

static void resume(void *ctx, struct flight *flight, const struct subject *subject)
{
	struct provider_panel *panel = ctx;
	const struct clock_port *clock = &panel->config.clock;
	int64_t under_way_ms = (clock->vtable->monotonic_ns(clock->self) - flight->since_ns) / NS_PER_MS;
	struct arena arena;

	arena_init(&arena, panel->scratch, sizeof(panel->scratch));
	if (has_landed(panel, flight, now_ms(panel) - under_way_ms, &arena, &panel->scratch_word))
		count(panel, &panel->members[flight->provider].stats.shared);
	else
		ask(panel, flight, subject, &panel->scratch_word.facts);
}

static bool settled(void *ctx, const struct panel_key *key)
{
	const struct provider_panel *panel = ctx;

	return panel_memory_settled(&panel->memory, key) || panel_inquiry_pending(&panel->inquiries, key);
}

static bool has_fact(const struct facts *facts)
{
	for (int i = 0; i < FACT_FIRST_DERIVED; i++) {
		if (facts->items[i].known)
			return true;
	}
	return false;
}

static void merge(const struct tour *tour, const struct facts *answered)
{
	facts_merge(tour->facts, answered);
	tour->reply->proven |= answered->match == MATCH_EXACT && has_fact(answered);
}

static bool is_asked(const struct provider_panel *panel, size_t provider, const struct panel_question *question)
{
	return source_rules_of(question->rules, panel->members[provider].id)->ask;
}

/* What is remembered and still counts, and whether to ask for it anew. */
static enum source_asking recall(struct provider_panel *panel, size_t provider, const struct panel_key *key,
                                 const struct tour *tour, struct errand *errand)
{
	const struct source_terms *terms = source_rules_of(tour->question->rules, panel->members[provider].id);
	struct panel_word *word = arena_bytes(tour->arena, sizeof(*word));
	struct source_step step = {.asking = ASK_BESIDE};

	if (word && panel_memory_get(&panel->memory, key, tour->arena, word))
		step = source_rules_step(terms, &word->memory, tour->question->not_before_ms, tour->since_ms);
	if (step.use)
		errand->usable = &word->facts;
	if (step.asking == ASK_BESIDE)
		return step.asking;
	tour->reply->stale |= step.stale;
	count(panel, &panel->members[provider].stats.cached);
	return step.asking;
}

static bool claim(struct flight *flight, const struct panel_question *question)
{
	if (question->owner)
		flight->owner = *question->owner;
	return flight_claim(flight, question->subject);
}

/* Sees to it that a provider is asked if it has to be. */
static void set_out(struct provider_panel *panel, size_t provider, const struct panel_key *key, const struct tour *tour,
                    struct errand *errand)
{
	struct panel_stats *stats = &panel->members[provider].stats;
	enum source_asking asking = recall(panel, provider, key, tour, errand);
	struct flight *flight;
	bool is_new;

	if (asking == ASK_NOT || !tour->scratch)
		return;
	flight = flights_board(panel->flights, provider, key, &is_new);
	if (!flight)
		return;
	errand->asked = true;
	if (!is_new) {
		count(panel, &stats->joined);
	} else if (claim(flight, tour->question)) {
		/* Between the look into the memory and the claim another one may have landed. */
		if (has_landed(panel, flight, tour->since_ms, tour->arena, tour->scratch))
			count(panel, &stats->cached);
		else
			ask(panel, flight, tour->question->subject, &tour->scratch->facts);
	}
	if (asking == ASK_BESIDE)
		errand->flight = flight;
	else
		flight_leave(flight);
}

static bool is_word(const struct facts *answered)
{
	return answered->source_count > 0 && answered->sources[0].state != SOURCE_UNAVAILABLE;
}

/* What came of one question, when nobody waits any longer. */
static void bring_home(const struct member *member, const struct tour *tour, const struct errand *errand)
{
	const struct facts *landed = errand->flight ? flight_facts(errand->flight) : NULL;

	if (landed && is_word(landed)) {
		merge(tour, landed);
	} else if (errand->usable) {
		merge(tour, errand->usable);
		tour->reply->stale |= errand->flight != NULL;
	} else {
		(void)facts_source(tour->facts, member->id, SOURCE_UNAVAILABLE, DATE_NONE);
		tour->reply->lacking |= source_rules_of(tour->question->rules, member->id)->required;
	}
	if (errand->flight)
		flight_leave(errand->flight);
}

static void set_out_all(struct provider_panel *panel, const struct tour *tour, struct errand errands[PANEL_PROVIDERS])
{
	uint8_t digest[CRYPTO_SHA256_LEN];

	panel_memory_digest(&panel->config.crypto, tour->question->subject, digest);
	for (size_t i = 0; i < panel->count; i++) {
		struct panel_key key;

		panel_memory_key(panel->members[i].id, digest, &key);
		if (is_asked(panel, i, tour->question))
			set_out(panel, i, &key, tour, &errands[i]);
	}
}

static enum panel_standing standing_of(const struct errand *errand)
{
	const struct facts *landed = errand->flight ? flight_facts(errand->flight) : NULL;

	if (errand->asked && !landed)
		return PANEL_ASKED;
	return errand->usable || (landed && is_word(landed)) ? PANEL_FRESH : PANEL_DOWN;
}

static enum status prefetch(void *self, const struct panel_question *question, const struct facts *facts,
                            struct arena *arena, struct panel_source ret_sources[PANEL_PROVIDERS], size_t *ret_count)
{
	struct provider_panel *panel = self;
	struct errand errands[PANEL_PROVIDERS] = {0};
	struct panel_reply reply = {.proven = false};
	struct tour tour = {question, now_ms(panel), arena, arena_bytes(arena, sizeof(*tour.scratch)), NULL, &reply};
	size_t found = 0;

	(void)facts;
	if (!tour.scratch)
		return STATUS_NO_MEMORY;
	if (flights_under_way(panel->flights) >= PREFETCH_MOST)
		return STATUS_FULL;
	set_out_all(panel, &tour, errands);
	for (size_t i = 0; i < panel->count; i++) {
		if (is_asked(panel, i, question)) {
			(void)slice_copy(slice_cstr(panel->members[i].id), ret_sources[found].id,
			                 sizeof(ret_sources[found].id));
			ret_sources[found++].standing = standing_of(&errands[i]);
		}
		if (errands[i].flight)
			flight_leave(errands[i].flight);
	}
	*ret_count = found;
	return STATUS_OK;
}

static void consult(void *self, const struct panel_question *question, struct deadline deadline, struct arena *arena,
                    struct facts *facts, struct panel_reply *ret_reply)
{
	struct provider_panel *panel = self;
	struct errand errands[PANEL_PROVIDERS] = {0};
	struct flight *flights[PANEL_PROVIDERS];
	struct tour tour = {question, now_ms(panel), arena, arena_bytes(arena, sizeof(*tour.scratch)),
	                    facts,    ret_reply};

	*ret_reply = (struct panel_reply){.proven = false};
	set_out_all(panel, &tour, errands);
	for (size_t i = 0; i < panel->count; i++)
		flights[i] = errands[i].flight;
	flights_wait(panel->flights, flights, panel->count, deadline);
	for (size_t i = 0; i < panel->count; i++) {
		if (is_asked(panel, i, question))
			bring_home(&panel->members[i], &tour, &errands[i]);
	}
}

static enum status resume_inquiry(void *self, struct slice key, const struct inquiry *inquiry, struct deadline deadline,
                                  struct panel_resumed_done done)
{
	struct provider_panel *panel = self;
	struct panel_resumption resumption = {&panel->inquiries, &panel->memory, {NULL, NULL}, {{0}, 0}, key,
	                                      inquiry,           deadline,       done};
	uint8_t digest[CRYPTO_SHA256_LEN];

	for (size_t i = 0; i < panel->count; i++) {
		if (strcmp(panel->members[i].id, inquiry->provider) == 0)
			resumption.provider = panel->members[i].port;
	}
	if (!resumption.provider.vtable)
		return STATUS_NOT_FOUND;
	/* Made anew: an older version may have made the list's key in another way. */
	panel_memory_digest(&panel->config.crypto, &inquiry->subject, digest);
	panel_memory_key(inquiry->provider, digest, &resumption.remembered);
	panel_inquiry_resume(&resumption);
	return STATUS_OK;
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
	(void)slice_copy(slice_cstr(panel->members[index].id), ret_stats->id, sizeof(ret_stats->id));
	port.vtable->stats(port.self, &ret_stats->http);
	return true;
}

static const struct panel_vtable vtable = {
        .consult = consult, .prefetch = prefetch, .resume = resume_inquiry, .stats = stats};

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
	panel->inquiries.clock = config->clock;
	panel->inquiries.list = config->inquiries;
	panel->inquiries.documents = config->documents;
	atomic_init(&panel->inquiries.resumed, 0);
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

size_t provider_panel_under_way(struct provider_panel *panel)
{
	return flights_under_way(panel->flights) + atomic_load(&panel->inquiries.resumed);
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
	if (panel->inquiries.list)
		inquiry_writer_flush(panel->inquiries.list);
	flights_close(panel->flights);
	pthread_mutex_destroy(&panel->lock);
	free(panel);
}

struct panel_port provider_panel_port(struct provider_panel *panel)
{
	return (struct panel_port){&vtable, panel};
}
