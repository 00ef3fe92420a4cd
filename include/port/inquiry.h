/* SPDX-License-Identifier: MIT */
#ifndef PORT_INQUIRY_H
#define PORT_INQUIRY_H

#include <stdint.h>

#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/subject.h"
#include "port/document.h"
#include "port/provider.h"

/*
 * Reports that were ordered and are being prepared: what must not be ordered,
 * and paid, a second time, whatever happens to the process that ordered it.
 * Every slot is callable from any thread of any process of the installation.
 * STATUS_FULL (disk), STATUS_UNAVAILABLE (busy, I/O error), STATUS_CORRUPT:
 * nothing was changed.
 */
struct inquiry_port {
	const struct inquiry_vtable *vtable;
	void *self;
};

/*
 * A report that has not come within this time does not come: the inquiry ends
 * as unavailable and the company may be asked about anew. Bureaus need
 * seconds to minutes; this also covers an outage of theirs meanwhile.
 */
#define INQUIRY_MAX_AGE_MS (INT64_C(6) * 3600 * 1000)

struct inquiry {
	char provider[MAX_SOURCE_ID + 1];
	struct subject subject;
	struct provider_step step;   /* to go on from */
	struct document_owner owner; /* of the report */
	int64_t begun_ms;            /* wall clock, as all times here */
	int64_t due_ms;              /* not to be asked for before */
	uint32_t polls;
};

struct inquiry_vtable {
	/*
	 * Durable on STATUS_OK; replaces the one of this key, of at most
	 * MAX_CACHE_KEY bytes. It takes one small write to the disk, and may wait
	 * for other writers before: not for a thread that must not block.
	 */
	enum status (*put)(void *self, struct slice key, const struct inquiry *inquiry) MUST_CHECK;
	/* STATUS_NOT_FOUND: none is pending, so that the provider may be asked. */
	enum status (*find)(void *self, struct slice key, int64_t *ret_begun_ms) MUST_CHECK;
	/*
	 * The one due longest, and nobody else's until lease_ms from now: whoever
	 * took it puts it with its next time or removes it. A lease that
	 * ends makes it due again, so the inquiry of a process that was killed is not lost.
	 * ret_key has MAX_CACHE_KEY bytes. STATUS_NOT_FOUND: none is due. STATUS_CORRUPT:
	 * one that cannot be read was removed, and there may be others.
	 */
	enum status (*take_due)(void *self, int64_t now_ms, int64_t lease_ms, char *ret_key, size_t *ret_key_len,
	                        struct inquiry *ret_inquiry) MUST_CHECK;
	/* When the next one is due. STATUS_NOT_FOUND: there is none. */
	enum status (*next_due)(void *self, int64_t *ret_due_ms) MUST_CHECK;
	/* How many are on the list, and when the oldest of them was begun (0 = none is). */
	enum status (*count)(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms) MUST_CHECK;
	/* STATUS_NOT_FOUND. */
	enum status (*remove)(void *self, struct slice key) MUST_CHECK;
};

#endif
