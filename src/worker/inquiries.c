/* SPDX-License-Identifier: MIT */
#include "inquiries.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Opened once, closed once. lint: allow calloc, lint: allow free */
#define AT_ONCE   16 /* the providers' own limits are lower */
#define ASK_NS    INT64_C(60000000000)
#define LEASE_MS  INT64_C(120000) /* longer than a question may take */
#define FAULT_MS  INT64_C(10000)  /* the list cannot be read: look again after this */
#define ABSENT_MS INT64_C(600000) /* its provider is not configured: perhaps it is later */

struct slot {
	struct inquiries *all;
	bool used;
	bool done;
	struct inquiry inquiry;
	char key[MAX_CACHE_KEY];
	size_t key_len;
	struct panel_resumed resumed;
};

struct inquiries {
	const struct background *background;
	struct clock_port clock;
	struct inquiry_port list;
	struct recheck_port rechecks;
	struct panel_port panel;
	void (*wake)(void *ctx);
	void *ctx;
	struct inquiry_figures figures; /* but the backlog */
	pthread_mutex_t lock;           /* of "done" */
	struct slot slots[AT_ONCE];
};

static int64_t now_ms(const struct inquiries *all)
{
	return all->clock.vtable->now_ms(all->clock.self);
}

static void take_resumed(void *ctx, const struct panel_resumed *resumed)
{
	struct slot *slot = ctx;
	struct inquiries *all = slot->all;

	pthread_mutex_lock(&all->lock);
	slot->resumed = *resumed;
	slot->done = true;
	pthread_mutex_unlock(&all->lock);
	all->wake(all->ctx);
}

/* One that is closed with an answer was counted when that came. */
static void count_end(struct inquiry_figures *figures, const struct panel_resumed *resumed)
{
	if (resumed->state == PANEL_ANSWERED ||
	    (resumed->state == PANEL_CLOSED && resumed->outcome == SOURCE_UNAVAILABLE))
		figures->ended[resumed->outcome]++;
}

/* Decisions that lacked this word need not wait for the end of their pause. */
static void hasten_rechecks(const struct inquiries *all, const struct slot *slot)
{
	const struct recheck_port *rechecks = &all->rechecks;
	struct slice company = slice_cstr(slot->inquiry.owner.company.text);
	enum status status = STATUS_OK;

	if (slot->resumed.state == PANEL_ANSWERED && company.len)
		status = rechecks->vtable->hasten(rechecks->self, company, now_ms(all));
	if (status != STATUS_OK)
		background_log_fault(all->background, "what waits for a report is not hastened", status);
}

static void tell(struct inquiries *all, const struct slot *slot)
{
	static const char *const RESULTS[] = {
	        [PANEL_WAITS] = "waits", [PANEL_ANSWERED] = "answered", [PANEL_CLOSED] = "closed"};
	const struct panel_resumed *resumed = &slot->resumed;
	struct background_job job = {.job = "inquiry",
	                             .result = RESULTS[resumed->state],
	                             .provider = slot->inquiry.provider,
	                             .outcome = source_state_name(resumed->outcome),
	                             .detail = resumed->detail,
	                             .tries = resumed->polls};

	background_log_job(all->background, &job);
	count_end(&all->figures, resumed);
	if (resumed->stored != STATUS_OK)
		background_log_fault(all->background, "an inquiry's state is not stored", resumed->stored);
}

static void reap(struct inquiries *all)
{
	for (size_t i = 0; i < AT_ONCE; i++) {
		struct slot *slot = &all->slots[i];
		bool done;

		pthread_mutex_lock(&all->lock);
		done = slot->done;
		slot->done = false;
		pthread_mutex_unlock(&all->lock);
		if (done) {
			all->figures.polls += slot->resumed.polls > slot->inquiry.polls;
			tell(all, slot);
			hasten_rechecks(all, slot);
			slot->used = false;
		}
	}
}

static struct slot *free_slot(struct inquiries *all)
{
	for (size_t i = 0; i < AT_ONCE; i++) {
		if (!all->slots[i].used)
			return &all->slots[i];
	}
	return NULL;
}

/* A provider whose file is being changed may be back soon; one that is gone for good leaves nothing behind. */
static void put_off(struct inquiries *all, struct slot *slot)
{
	const struct inquiry_port *list = &all->list;
	struct slice key = {slot->key, slot->key_len};

	slot->resumed = (struct panel_resumed){.outcome = SOURCE_UNAVAILABLE,
	                                       .detail = "this installation has no such provider",
	                                       .polls = slot->inquiry.polls};
	if (now_ms(all) - slot->inquiry.begun_ms >= INQUIRY_MAX_AGE_MS) {
		slot->resumed.state = PANEL_CLOSED;
		slot->resumed.stored = list->vtable->remove(list->self, key);
	} else {
		slot->inquiry.due_ms = now_ms(all) + ABSENT_MS;
		slot->resumed.stored = list->vtable->put(list->self, key, &slot->inquiry);
	}
	tell(all, slot);
}

static void take_up(struct inquiries *all, struct slot *slot)
{
	const struct panel_port *panel = &all->panel;
	struct deadline deadline = {all->clock.vtable->monotonic_ns(all->clock.self) + ASK_NS};
	struct slice key = {slot->key, slot->key_len};
	enum status status = STATUS_NOT_FOUND;

	slot->all = all;
	slot->used = true;
	if (panel->vtable)
		status = panel->vtable->resume(panel->self, key, &slot->inquiry, deadline,
		                               (struct panel_resumed_done){take_resumed, slot});
	if (status == STATUS_OK)
		return;
	put_off(all, slot);
	slot->used = false;
}

struct inquiries *inquiries_create(const struct background *background, void (*wake)(void *ctx), void *ctx)
{
	const struct checkout_ports *ports = background_ports(background, true);
	struct inquiries *all = calloc(1, sizeof(*all));

	if (!all)
		return NULL;
	all->background = background;
	all->clock = ports->clock;
	all->panel = ports->panel;
	all->list = background_inquiries(background);
	all->rechecks = background_rechecks(background);
	all->wake = wake;
	all->ctx = ctx;
	pthread_mutex_init(&all->lock, NULL);
	return all;
}

void inquiries_destroy(struct inquiries *inquiries)
{
	if (!inquiries)
		return;
	pthread_mutex_destroy(&inquiries->lock);
	free(inquiries);
}

int64_t inquiries_step(struct inquiries *inquiries)
{
	const struct inquiry_port *list = &inquiries->list;
	enum status status = STATUS_OK;
	struct slot *slot;
	int64_t next_ms;

	reap(inquiries);
	while ((slot = free_slot(inquiries))) {
		status = list->vtable->take_due(list->self, now_ms(inquiries), LEASE_MS, slot->key, &slot->key_len,
		                                &slot->inquiry);
		if (status == STATUS_CORRUPT)
			background_log_fault(inquiries->background, "an inquiry cannot be read", status);
		else if (status == STATUS_OK)
			take_up(inquiries, slot);
		else
			break;
	}
	if (!slot)
		return INT64_MAX; /* one that ends wakes us */
	if (status == STATUS_NOT_FOUND)
		status = list->vtable->next_due(list->self, &next_ms);
	if (status == STATUS_OK)
		return next_ms;
	if (status == STATUS_NOT_FOUND)
		return INT64_MAX;
	background_log_fault(inquiries->background, "the inquiries cannot be read", status);
	return now_ms(inquiries) + FAULT_MS;
}

bool inquiries_busy(const struct inquiries *inquiries)
{
	for (size_t i = 0; i < AT_ONCE; i++) {
		if (inquiries->slots[i].used)
			return true;
	}
	return false;
}

void inquiries_read_figures(const struct inquiries *inquiries, struct inquiry_figures *ret_figures)
{
	const struct inquiry_port *list = &inquiries->list;
	struct backlog backlog = {.known = false};

	backlog.known = list->vtable->count(list->self, &backlog.waiting, &backlog.oldest_ms) == STATUS_OK;
	*ret_figures = inquiries->figures;
	ret_figures->backlog = backlog;
}

bool inquiries_finish(struct inquiries *inquiries)
{
	reap(inquiries);
	return inquiries_busy(inquiries);
}
