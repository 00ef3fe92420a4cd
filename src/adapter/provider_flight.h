/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_PROVIDER_FLIGHT_H
#define SRC_ADAPTER_PROVIDER_FLIGHT_H

#include "base/deadline.h"
#include "core/facts.h"
#include "core/subject.h"
#include "panel_memory.h"
#include "port/clock.h"
#include "port/document.h"

/*
 * The questions under way. Equal ones share one call: within the process one
 * flight, across the processes of an installation one claim, a locked byte
 * of a file that all of them open. A claim is held until the answer can be
 * read by the others, and ends with its process. Which byte it is follows
 * from the key alone, so two questions on one byte wait for each other; each
 * then looks for its own answer.
 */
struct flights;

/* One question to one provider. Whoever boards holds it until flight_leave(). */
struct flight {
	struct flights *flights;
	void *ctx; /* as configured */
	size_t provider;
	struct panel_key key;
	struct document_owner owner; /* whoever boarded first sets it before the claim */
	/* the module's own */
	struct flight *next;
	struct flight *next_watched;
	struct subject *subject; /* while another process has the claim */
	int64_t since_ns;        /* under way, or landed once done */
	int64_t look_ns;
	unsigned refs;
	bool claimed, done;
	struct facts facts;
};

struct flights_config {
	struct clock_port clock;
	const char *lock_file; /* NULL: shared within this process only */
	unsigned waiters;      /* threads that may wait at the same time */
	void *ctx;
	/* Another process had the claim and now this one has it: take the answer it left, or ask. */
	void (*resume)(void *ctx, struct flight *flight, const struct subject *subject);
	/* Whether other processes can read what was remembered under the key. */
	bool (*settled)(void *ctx, const struct panel_key *key);
};

/* STATUS_NO_MEMORY, STATUS_UNAVAILABLE: the lock file cannot be opened. */
enum status flights_open(const struct flights_config *config, struct flights **ret_flights) MUST_CHECK;
/* When it returns, resume() runs no more. */
void flights_stop(struct flights *flights);
/* When every call has landed. NULL is fine. */
void flights_close(struct flights *flights);

/* The question under way, or a new one (*ret_new), which the caller claims. NULL without memory. */
struct flight *flights_board(struct flights *flights, size_t provider, const struct panel_key *key, bool *ret_new);
/* True: the caller sees to the answer and lands it. False: it is under way elsewhere, and resume() follows. */
bool flight_claim(struct flight *flight, const struct subject *subject);
/* The answer is there and remembered. Returns whether anybody still holds the flight. */
bool flight_land(struct flight *flight, const struct facts *facts);
void flight_leave(struct flight *flight);
/* Until all have landed (NULLs count as landed), the deadline, or at once when too many wait. */
void flights_wait(struct flights *flights, struct flight *const list[], size_t count, struct deadline deadline);
/* How many questions have not landed. */
size_t flights_under_way(struct flights *flights);
/* NULL while it is under way; valid until flight_leave(). */
const struct facts *flight_facts(struct flight *flight);

#endif
