/* SPDX-License-Identifier: MIT */
#include "panel_inquiry.h"

#include <stdlib.h>
#include <string.h>

/*
 * A provider that fails when asked for its report is asked again after this,
 * twice as long each time. What it answered is looked for in the memory after the same
 * time: a cache may lose it, and the report that was paid for is still there.
 */
#define PAUSE_FIRST_MS INT64_C(15000)
#define PAUSE_MOST_MS  INT64_C(600000)

#define HTTP_NOT_FOUND 404
#define HTTP_GONE      410

#define SCRATCH (4 * MAX_CACHE_VALUE)

/* A resumption under way. */
struct errand {
	struct panel_resumption what;
	struct inquiry inquiry;
	char key[MAX_CACHE_KEY];
	struct panel_resumed resumed; /* once it is known */
	struct panel_word word;
	_Alignas(16) char scratch[SCRATCH];
};

static int64_t now_ms(const struct panel_inquiries *inquiries)
{
	return inquiries->clock.vtable->now_ms(inquiries->clock.self);
}

bool panel_inquiry_pending(const struct panel_inquiries *inquiries, const struct panel_key *key)
{
	int64_t begun_ms = 0;
	enum status status;

	if (!inquiries->list)
		return false;
	status = inquiry_writer_find(inquiries->list, (struct slice){key->bytes, key->len}, &begun_ms);
	if (status == STATUS_OK)
		return now_ms(inquiries) - begun_ms < INQUIRY_MAX_AGE_MS;
	return status != STATUS_NOT_FOUND;
}

bool panel_inquiry_keep(const struct panel_inquiries *inquiries, const struct panel_order *order,
                        const struct provider_answer *answer, struct inquiry_written written)
{
	int64_t now = now_ms(inquiries);
	struct inquiry inquiry = {
	        .begun_ms = now, .due_ms = now + answer->wait_ms, .step = answer->next, .owner = *order->owner};

	if (!inquiries->list || !answer->subject ||
	    !slice_copy(slice_cstr(order->provider), inquiry.provider, MAX_SOURCE_ID + 1))
		return false;
	inquiry.subject = *answer->subject;
	inquiry_writer_add(inquiries->list, (struct slice){order->key->bytes, order->key->len}, &inquiry, written);
	return true;
}

void panel_inquiry_keep_document(const struct panel_inquiries *inquiries, const struct document_owner *owner,
                                 const struct provider_answer *answer)
{
	const struct document_port *documents = &inquiries->documents;

	if (documents->vtable)
		documents->vtable->keep(documents->self, owner, answer);
}

static int64_t pause_ms(uint32_t polls)
{
	int64_t pause = PAUSE_FIRST_MS;

	for (uint32_t i = 1; i < polls && pause < PAUSE_MOST_MS; i++)
		pause *= 2;
	return pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
}

/* What is not understood today may be an error page; a report the provider no longer has never comes. */
static bool may_come(const struct provider_answer *answer)
{
	if (answer->turn == PROVIDER_WAITS)
		return true;
	return answer->outcome == SOURCE_UNAVAILABLE && answer->http_code != HTTP_NOT_FOUND &&
	       answer->http_code != HTTP_GONE;
}

/* The end of it, when the list has what came of it. */
static void tell_resumed(void *ctx, enum status stored)
{
	struct errand *errand = ctx;
	struct panel_resumed_done done = errand->what.done;
	struct panel_resumed resumed = errand->resumed;

	/* Who is to be removed and is not there is removed. */
	resumed.stored = resumed.state == PANEL_CLOSED && stored == STATUS_NOT_FOUND ? STATUS_OK : stored;
	resumed.polls = errand->inquiry.polls;
	atomic_fetch_sub(&errand->what.inquiries->resumed, 1); /* the panel may be gone from here on */
	free(errand);
	done.tell(done.ctx, &resumed);
}

/* Not yet: the list says where to go on, and when. */
static void wait_on(struct errand *errand, const struct provider_answer *answer)
{
	struct inquiry *inquiry = &errand->inquiry;
	int64_t wait_ms = pause_ms(inquiry->polls);

	if (answer->turn == PROVIDER_WAITS) {
		inquiry->step = answer->next;
		wait_ms = answer->wait_ms;
	}
	inquiry->due_ms = now_ms(errand->what.inquiries) + wait_ms;
	inquiry_writer_put(errand->what.inquiries->list, errand->what.key, inquiry,
	                   (struct inquiry_written){tell_resumed, errand});
}

static void close_inquiry(struct errand *errand)
{
	errand->resumed.state = PANEL_CLOSED;
	inquiry_writer_remove(errand->what.inquiries->list, errand->what.key,
	                      (struct inquiry_written){tell_resumed, errand});
}

/* Other processes may see the answer in the memory a little later: until then the list keeps them from asking. */
static void conclude(struct errand *errand, const struct provider_answer *answer)
{
	panel_memory_put(errand->what.memory, &errand->what.remembered, answer);
	if (answer->outcome == SOURCE_UNAVAILABLE) {
		close_inquiry(errand);
		return;
	}
	errand->resumed.state = PANEL_ANSWERED;
	wait_on(errand, answer);
}

static bool is_remembered(struct errand *errand)
{
	struct arena arena;

	arena_init(&arena, errand->scratch, sizeof(errand->scratch));
	return panel_memory_get(errand->what.memory, &errand->what.remembered, &arena, &errand->word) &&
	       errand->word.memory.outcome != SOURCE_UNAVAILABLE &&
	       errand->word.memory.at_ms >= errand->inquiry.begun_ms;
}

static void take_resumed(void *ctx, const struct provider_answer *answer)
{
	struct errand *errand = ctx;
	bool old = now_ms(errand->what.inquiries) - errand->inquiry.begun_ms >= INQUIRY_MAX_AGE_MS;

	errand->resumed = (struct panel_resumed){
	        .state = PANEL_WAITS, .outcome = answer->outcome, .detail = answer->detail};
	errand->inquiry.polls++;
	panel_inquiry_keep_document(errand->what.inquiries, &errand->inquiry.owner, answer);
	if (answer->end == HTTP_STOPPED)
		tell_resumed(errand, STATUS_OK); /* this process ends, and then its lease */
	else if (may_come(answer) && !old)
		wait_on(errand, answer);
	else
		conclude(errand, answer);
}

static struct errand *set_out(const struct panel_resumption *resumption)
{
	struct errand *errand = resumption->key.len <= MAX_CACHE_KEY ? calloc(1, sizeof(*errand)) : NULL;

	if (!errand)
		return NULL;
	errand->what = *resumption;
	errand->inquiry = *resumption->inquiry;
	memcpy(errand->key, resumption->key.ptr, resumption->key.len);
	errand->what.key = (struct slice){errand->key, resumption->key.len};
	return errand;
}

void panel_inquiry_resume(const struct panel_resumption *resumption)
{
	struct panel_resumed poor = {
	        .outcome = SOURCE_UNAVAILABLE, .detail = "there was no memory", .polls = resumption->inquiry->polls};
	struct errand *errand = set_out(resumption);

	if (!errand) {
		resumption->done.tell(resumption->done.ctx, &poor);
		return;
	}
	atomic_fetch_add(&resumption->inquiries->resumed, 1);
	if (is_remembered(errand)) {
		errand->resumed = (struct panel_resumed){.outcome = errand->word.memory.outcome,
		                                         .detail = "is remembered"};
		close_inquiry(errand);
	} else {
		resumption->provider.vtable->begin(resumption->provider.self, &errand->inquiry.subject,
		                                   &errand->inquiry.step, resumption->deadline,
		                                   (struct provider_done){take_resumed, errand});
	}
}
