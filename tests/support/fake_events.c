/* SPDX-License-Identifier: MIT */
#include "fake_events.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 1024 /* of each kind */

struct event_row {
	char tenant[MAX_TENANT_ID + 1];
	struct event event; /* with texts of its own */
};

struct recheck_row {
	struct recheck recheck; /* no decision: the row is free */
	char company_key[MAX_COMPANY_KEY + 1];
	int64_t due_ms;
};

struct fake_events {
	pthread_mutex_t lock;
	struct event_row events[ROWS];
	size_t event_count;
	struct recheck_row rechecks[ROWS];
};

static struct slice copy_text(struct slice text)
{
	char *copy = malloc(text.len + 1);

	if (!copy)
		abort();
	(void)slice_copy(text, copy, text.len + 1);
	return (struct slice){copy, text.len};
}

static void free_text(struct slice text)
{
	free((void *)(uintptr_t)text.ptr);
}

static const struct event_row *find_event(const struct fake_events *events, struct slice id)
{
	for (size_t i = 0; i < events->event_count; i++) {
		if (slice_eq(events->events[i].event.id, id))
			return &events->events[i];
	}
	return NULL;
}

static void add_event(struct fake_events *events, struct slice tenant, const struct event *event)
{
	struct event_row *row = &events->events[events->event_count];

	if (events->event_count++ == ROWS)
		abort();
	(void)slice_copy(tenant, row->tenant, sizeof(row->tenant));
	row->event = *event;
	row->event.id = copy_text(event->id);
	row->event.type = copy_text(event->type);
	row->event.data = copy_text(event->data);
}

/* The absent slice finds a free row. */
static struct recheck_row *find_recheck(struct fake_events *events, struct slice decision_id)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (slice_eq_cstr(decision_id, events->rechecks[i].recheck.decision_id))
			return &events->rechecks[i];
	}
	return NULL;
}

static void add_recheck(struct fake_events *events, const struct store_decision *decision)
{
	struct recheck_row *row = find_recheck(events, SLICE_LIT(""));

	if (!row)
		abort();
	*row = (struct recheck_row){.recheck = {.at_ms = decision->at_ms}, .due_ms = decision->at_ms};
	(void)slice_copy(decision->tenant, row->recheck.tenant, sizeof(row->recheck.tenant));
	(void)slice_copy(decision->decision_id, row->recheck.decision_id, sizeof(row->recheck.decision_id));
	(void)slice_copy(decision->company_key, row->company_key, sizeof(row->company_key));
}

enum status fake_events_append(struct fake_events *events, const struct store_decision *decision)
{
	struct recheck_row *row = NULL;
	enum status status = STATUS_OK;

	pthread_mutex_lock(&events->lock);
	if (decision->recheck_of.ptr)
		row = find_recheck(events, decision->recheck_of);
	if (decision->recheck_of.ptr && !row)
		status = STATUS_NOT_FOUND;
	else if (decision->event && find_event(events, decision->event->id))
		status = STATUS_MISMATCH;
	if (status == STATUS_OK) {
		if (row)
			memset(row, 0, sizeof(*row));
		if (decision->recheck)
			add_recheck(events, decision);
		if (decision->event)
			add_event(events, decision->tenant, decision->event);
	}
	pthread_mutex_unlock(&events->lock);
	return status;
}

/* --- Rechecks --------------------------------------------------------------------------------------- */

static struct recheck_row *first_due(struct fake_events *events)
{
	struct recheck_row *first = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		struct recheck_row *row = &events->rechecks[i];

		if (row->recheck.decision_id[0] && (!first || row->due_ms < first->due_ms))
			first = row;
	}
	return first;
}

static enum status take_due(void *self, int64_t now_ms, int64_t lease_ms, struct recheck *ret_recheck)
{
	struct fake_events *events = self;
	struct recheck_row *row;
	bool due;

	pthread_mutex_lock(&events->lock);
	row = first_due(events);
	due = row && row->due_ms <= now_ms;
	if (due) {
		*ret_recheck = row->recheck;
		row->due_ms = now_ms + lease_ms;
	}
	pthread_mutex_unlock(&events->lock);
	return due ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status next_due(void *self, int64_t *ret_due_ms)
{
	struct fake_events *events = self;
	const struct recheck_row *row;

	pthread_mutex_lock(&events->lock);
	row = first_due(events);
	if (row)
		*ret_due_ms = row->due_ms;
	pthread_mutex_unlock(&events->lock);
	return row ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status count(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms)
{
	struct fake_events *events = self;
	uint64_t found = 0;
	int64_t oldest_ms = 0;

	pthread_mutex_lock(&events->lock);
	for (size_t i = 0; i < ROWS; i++) {
		const struct recheck *recheck = &events->rechecks[i].recheck;

		if (recheck->decision_id[0] && (!found++ || recheck->at_ms < oldest_ms))
			oldest_ms = recheck->at_ms;
	}
	pthread_mutex_unlock(&events->lock);
	*ret_count = found;
	*ret_oldest_ms = oldest_ms;
	return STATUS_OK;
}

static enum status hasten(void *self, struct slice company_key, int64_t now_ms)
{
	struct fake_events *events = self;

	pthread_mutex_lock(&events->lock);
	for (size_t i = 0; i < ROWS; i++) {
		struct recheck_row *row = &events->rechecks[i];

		if (row->recheck.decision_id[0] && slice_eq_cstr(company_key, row->company_key) && row->due_ms > now_ms)
			row->due_ms = now_ms;
	}
	pthread_mutex_unlock(&events->lock);
	return STATUS_OK;
}

static enum status put_off(void *self, const struct recheck *recheck, int64_t due_ms)
{
	struct fake_events *events = self;
	struct recheck_row *row;

	pthread_mutex_lock(&events->lock);
	row = find_recheck(events, slice_cstr(recheck->decision_id));
	if (row) {
		row->due_ms = due_ms;
		row->recheck.tries++;
	}
	pthread_mutex_unlock(&events->lock);
	return row ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status give_up(void *self, const struct recheck *recheck, const struct event *event)
{
	struct store_decision decision = {
	        .tenant = slice_cstr(recheck->tenant), .recheck_of = slice_cstr(recheck->decision_id), .event = event};

	return fake_events_append(self, &decision);
}

static const struct recheck_vtable recheck_vtable = {.take_due = take_due,
                                                     .next_due = next_due,
                                                     .count = count,
                                                     .hasten = hasten,
                                                     .put_off = put_off,
                                                     .give_up = give_up};

/* --- Events ----------------------------------------------------------------------------------------- */

static bool is_of(const struct event_row *row, struct slice tenant, bool livemode)
{
	return slice_eq_cstr(tenant, row->tenant) && row->event.livemode == livemode;
}

static enum status copy_event(const struct event *event, struct arena *arena, struct event *ret_event)
{
	*ret_event = *event;
	ret_event->id = arena_copy(arena, event->id);
	ret_event->type = arena_copy(arena, event->type);
	ret_event->data = arena_copy(arena, event->data);
	return ret_event->id.ptr && ret_event->type.ptr && ret_event->data.ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status list(void *self, struct slice tenant, bool livemode, struct slice after, size_t cap,
                        struct arena *arena, struct event *ret_events, size_t *ret_count)
{
	struct fake_events *events = self;
	const struct event_row *row;
	enum status status = STATUS_OK;
	size_t count = 0;

	pthread_mutex_lock(&events->lock);
	row = after.ptr ? find_event(events, after) : NULL;
	if (after.ptr && (!row || !is_of(row, tenant, livemode)))
		status = STATUS_NOT_FOUND;
	row = row ? row + 1 : events->events;
	for (; status == STATUS_OK && count < cap && row < events->events + events->event_count; row++) {
		if (is_of(row, tenant, livemode))
			status = copy_event(&row->event, arena, &ret_events[count++]);
	}
	pthread_mutex_unlock(&events->lock);
	if (status == STATUS_OK)
		*ret_count = count;
	return status;
}

static const struct event_vtable event_vtable = {.list = list};

struct fake_events *fake_events_create(void)
{
	struct fake_events *events = calloc(1, sizeof(*events));

	if (!events)
		abort();
	pthread_mutex_init(&events->lock, NULL);
	return events;
}

void fake_events_destroy(struct fake_events *events)
{
	for (size_t i = 0; i < events->event_count; i++) {
		free_text(events->events[i].event.id);
		free_text(events->events[i].event.type);
		free_text(events->events[i].event.data);
	}
	pthread_mutex_destroy(&events->lock);
	free(events);
}

struct event_port fake_events_port(struct fake_events *events)
{
	return (struct event_port){&event_vtable, events};
}

struct recheck_port fake_events_rechecks(struct fake_events *events)
{
	return (struct recheck_port){&recheck_vtable, events};
}
