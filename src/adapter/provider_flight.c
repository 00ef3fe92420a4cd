/* SPDX-License-Identifier: MIT */
#include "provider_flight.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "byte_lock.h"
#include "cache_entry.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  (1000 * NS_PER_MS)

#define BUCKETS 1024

/* A claim held elsewhere is looked at again after this share of its age: soon when answers come soon. */
#define LOOK_SHARE      16
#define LOOK_LEAST_NS   (2 * NS_PER_MS)
#define LOOK_MOST_NS    (100 * NS_PER_MS)
/* An answer that nobody else can read by then never will be. */
#define SETTLE_MOST_NS  NS_PER_S
#define SETTLE_LOOK_NS  NS_PER_MS
#define LOCK_OFFSET_MAX (UINT64_MAX >> 2)

struct flights {
	struct flights_config config;
	pthread_mutex_t lock;
	pthread_cond_t landed;
	struct flight *buckets[BUCKETS]; /* those under way */
	size_t under_way;
	unsigned waiting;
	int file; /* -1: not shared with other processes */
	/* The watcher looks after claims that are held elsewhere and those of answers that are not readable yet. */
	pthread_t watcher;
	pthread_cond_t woken;
	struct flight *watched;
	bool watching, stopped;
};

static int64_t now_ns(const struct flights *flights)
{
	return flights->config.clock.vtable->monotonic_ns(flights->config.clock.self);
}

static uint64_t hash(const struct panel_key *key)
{
	return cache_entry_hash((struct slice){key->bytes, key->len});
}

static int64_t lock_offset(const struct flight *flight)
{
	return (int64_t)(hash(&flight->key) & LOCK_OFFSET_MAX);
}

/* With the lock held. */
static void release(struct flight *flight)
{
	if (--flight->refs > 0)
		return;
	free(flight->subject);
	free(flight);
}

static void wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t at_ns, int *ret_fault)
{
	struct timespec end = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S};

	*ret_fault = pthread_cond_timedwait(condition, lock, &end);
}

/* With the lock held. */
static void watch(struct flight *flight, int64_t look_ns)
{
	struct flights *flights = flight->flights;

	flight->look_ns = look_ns;
	flight->next_watched = flights->watched;
	flights->watched = flight;
	pthread_cond_signal(&flights->woken);
}

/* With the lock held: those to be looked after now; *ret_next_ns is when the first of the others is. */
static struct flight *take_due(struct flights *flights, int64_t *ret_next_ns)
{
	int64_t now = now_ns(flights);
	struct flight *due = NULL, *all = flights->watched;

	flights->watched = NULL;
	*ret_next_ns = INT64_MAX;
	while (all) {
		struct flight *flight = all;
		struct flight **list = flight->look_ns <= now ? &due : &flights->watched;

		all = flight->next_watched;
		if (list == &flights->watched && flight->look_ns < *ret_next_ns)
			*ret_next_ns = flight->look_ns;
		flight->next_watched = *list;
		*list = flight;
	}
	return due;
}

/* The claim is given once others can read the answer, so that whoever gets it next finds it. */
static void see_settled(struct flight *flight)
{
	struct flights *flights = flight->flights;
	int64_t now = now_ns(flights);
	bool settled = now - flight->since_ns > SETTLE_MOST_NS ||
	               flights->config.settled(flights->config.ctx, &flight->key);

	if (settled)
		byte_lock_give(flights->file, lock_offset(flight));
	pthread_mutex_lock(&flights->lock);
	if (settled)
		release(flight);
	else
		watch(flight, now + SETTLE_LOOK_NS);
	pthread_mutex_unlock(&flights->lock);
}

static int64_t next_look_ns(const struct flight *flight, int64_t now)
{
	int64_t wait = (now - flight->since_ns) / LOOK_SHARE;

	if (wait < LOOK_LEAST_NS)
		wait = LOOK_LEAST_NS;
	return now + (wait < LOOK_MOST_NS ? wait : LOOK_MOST_NS);
}

static void see_claim(struct flight *flight)
{
	struct flights *flights = flight->flights;
	enum status status = byte_lock_take(flights->file, lock_offset(flight));
	struct subject *subject = flight->subject;

	if (status == STATUS_RUNNING) {
		pthread_mutex_lock(&flights->lock);
		watch(flight, next_look_ns(flight, now_ns(flights)));
		pthread_mutex_unlock(&flights->lock);
		return;
	}
	flight->subject = NULL;
	flight->claimed = status == STATUS_OK;
	flights->config.resume(flights->config.ctx, flight, subject);
	free(subject);
}

static void *work(void *ctx)
{
	struct flights *flights = ctx;
	int64_t next_ns;
	int fault;

	pthread_mutex_lock(&flights->lock);
	while (!flights->stopped) {
		struct flight *due = take_due(flights, &next_ns);

		if (!due && next_ns == INT64_MAX) {
			pthread_cond_wait(&flights->woken, &flights->lock);
			continue;
		}
		if (!due) {
			wait_until(&flights->woken, &flights->lock, next_ns, &fault);
			continue;
		}
		pthread_mutex_unlock(&flights->lock);
		while (due) {
			struct flight *flight = due;

			due = flight->next_watched;
			if (flight->done)
				see_settled(flight);
			else
				see_claim(flight);
		}
		pthread_mutex_lock(&flights->lock);
	}
	pthread_mutex_unlock(&flights->lock);
	return NULL;
}

/* With the lock held. Most processes of a small shop never need it. */
static bool has_watcher(struct flights *flights)
{
	if (!flights->watching && !flights->stopped)
		flights->watching = pthread_create(&flights->watcher, NULL, work, flights) == 0;
	return flights->watching && !flights->stopped;
}

/* With the lock held. */
static struct flight **find(struct flights *flights, const struct panel_key *key)
{
	struct flight **at = &flights->buckets[hash(key) % BUCKETS];

	while (*at && !panel_memory_same(&(*at)->key, key))
		at = &(*at)->next;
	return at;
}

enum status flights_open(const struct flights_config *config, struct flights **ret_flights)
{
	struct flights *flights = calloc(1, sizeof(*flights));
	enum status status = STATUS_OK;
	pthread_condattr_t monotonic;

	if (!flights)
		return STATUS_NO_MEMORY;
	flights->config = *config;
	flights->file = -1;
	if (config->lock_file)
		status = byte_lock_open(config->lock_file, &flights->file);
	if (status != STATUS_OK) {
		free(flights);
		return status;
	}
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&flights->lock, NULL);
	pthread_cond_init(&flights->landed, &monotonic);
	pthread_cond_init(&flights->woken, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret_flights = flights;
	return STATUS_OK;
}

void flights_stop(struct flights *flights)
{
	bool watching;

	pthread_mutex_lock(&flights->lock);
	watching = flights->watching;
	flights->watching = false;
	flights->stopped = true;
	pthread_cond_signal(&flights->woken);
	pthread_mutex_unlock(&flights->lock);
	if (watching)
		pthread_join(flights->watcher, NULL);
}

void flights_close(struct flights *flights)
{
	if (!flights)
		return;
	flights_stop(flights);
	while (flights->watched) {
		struct flight *flight = flights->watched;

		flights->watched = flight->next_watched;
		release(flight);
	}
	if (flights->file >= 0)
		close(flights->file);
	pthread_cond_destroy(&flights->landed);
	pthread_cond_destroy(&flights->woken);
	pthread_mutex_destroy(&flights->lock);
	free(flights);
}

struct flight *flights_board(struct flights *flights, size_t provider, const struct panel_key *key, bool *ret_new)
{
	struct flight *fresh = calloc(1, sizeof(*fresh));
	struct flight *flight, **at;

	if (!fresh)
		return NULL;
	fresh->flights = flights;
	fresh->ctx = flights->config.ctx;
	fresh->provider = provider;
	fresh->key = *key;
	fresh->refs = 1;
	fresh->since_ns = now_ns(flights);
	pthread_mutex_lock(&flights->lock);
	at = find(flights, key);
	*ret_new = !*at;
	if (!*at) {
		*at = fresh;
		fresh = NULL;
		flights->under_way++;
	}
	flight = *at;
	flight->refs++;
	pthread_mutex_unlock(&flights->lock);
	free(fresh);
	return flight;
}

bool flight_claim(struct flight *flight, const struct subject *subject)
{
	struct flights *flights = flight->flights;
	enum status status = flights->file < 0 ? STATUS_UNAVAILABLE
	                                       : byte_lock_take(flights->file, lock_offset(flight));
	bool watching = false;

	flight->claimed = status == STATUS_OK;
	if (status == STATUS_RUNNING)
		flight->subject = malloc(sizeof(*subject));
	if (flight->subject) {
		*flight->subject = *subject;
		pthread_mutex_lock(&flights->lock);
		watching = has_watcher(flights);
		if (watching)
			watch(flight, flight->since_ns + LOOK_LEAST_NS);
		pthread_mutex_unlock(&flights->lock);
	}
	/* What cannot be watched is asked here: a call too many is better than none. */
	return !watching;
}

bool flight_land(struct flight *flight, const struct facts *facts)
{
	struct flights *flights = flight->flights;
	struct flight **at;
	bool held, settling;

	pthread_mutex_lock(&flights->lock);
	at = find(flights, &flight->key);
	if (*at == flight)
		*at = flight->next;
	flight->facts = *facts;
	flight->done = true;
	flights->under_way--;
	held = flight->refs > 1;
	flight->since_ns = now_ns(flights);
	settling = flight->claimed && has_watcher(flights);
	if (settling)
		watch(flight, flight->since_ns);
	else if (flight->claimed)
		byte_lock_give(flights->file, lock_offset(flight));
	pthread_cond_broadcast(&flights->landed);
	if (!settling)
		release(flight);
	pthread_mutex_unlock(&flights->lock);
	return held;
}

void flight_leave(struct flight *flight)
{
	struct flights *flights = flight->flights;

	pthread_mutex_lock(&flights->lock);
	release(flight);
	pthread_mutex_unlock(&flights->lock);
}

/* With the lock held. */
static bool all_landed(struct flight *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] && !list[i]->done)
			return false;
	}
	return true;
}

void flights_wait(struct flights *flights, struct flight *const list[], size_t count, struct deadline deadline)
{
	int fault = 0;

	pthread_mutex_lock(&flights->lock);
	if (flights->waiting < flights->config.waiters) {
		flights->waiting++;
		while (!fault && !all_landed(list, count))
			wait_until(&flights->landed, &flights->lock, deadline.at_ns, &fault);
		flights->waiting--;
	}
	pthread_mutex_unlock(&flights->lock);
}

size_t flights_under_way(struct flights *flights)
{
	size_t under_way;

	pthread_mutex_lock(&flights->lock);
	under_way = flights->under_way;
	pthread_mutex_unlock(&flights->lock);
	return under_way;
}

const struct facts *flight_facts(struct flight *flight)
{
	bool done;

	pthread_mutex_lock(&flight->flights->lock);
	done = flight->done;
	pthread_mutex_unlock(&flight->flights->lock);
	return done ? &flight->facts : NULL;
}
