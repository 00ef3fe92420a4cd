/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <semaphore.h>
#include <string.h>

#include "adapter/provider_panel.h"
#include "adapter/sodium_crypto.h"
#include "fake_cache.h"
#include "fake_clock.h"
#include "fake_inquiries.h"
#include "provider_world.h"

#define NOW      INT64_C(1795262400000)
#define WAIT_MS  5000
#define LEASE_MS 60000
#define MINUTE   INT64_C(60000)

/* A bureau that takes its time: what it says next is what the test sets. */
static struct {
	enum provider_turn turn;
	enum source_state outcome;
	enum http_end end;
	int code;
	unsigned calls;
	struct provider_step from; /* of the last call */
	bool silent;               /* says nothing before the test calls say() */
	struct provider_done done;
} bureau;

static struct fake_clock now;
static struct sodium_crypto *crypto;
static struct fake_cache *cache;
static struct fake_inquiries *list;
static struct inquiry_writer *writer;
static struct provider_panel *panel;
static struct panel_port port;
static struct subject schmidt;
static const struct document_owner shop = {.tenant = "shop", .company = {"vat:DE136695976"}};

/* What came to be kept last. */
static struct {
	unsigned count;
	struct document_owner owner;
	char bytes[32];
} kept;

static void keep(void *self, const struct document_owner *owner, const struct provider_answer *answer)
{
	(void)self;
	if (!answer->attachment.ptr)
		return;
	kept.count++;
	kept.owner = *owner;
	(void)slice_copy(answer->attachment, kept.bytes, sizeof(kept.bytes));
}

static const struct document_vtable documents = {.keep = keep};

static struct provider_answer told;

static void begin(void *self, const struct subject *subject, const struct provider_step *from, struct deadline deadline,
                  struct provider_done done)
{
	(void)self;
	(void)deadline;
	bureau.calls++;
	bureau.from = from ? *from : (struct provider_step){.number = 0};
	memset(&told, 0, sizeof(told));
	told.outcome = bureau.turn == PROVIDER_ENDS ? bureau.outcome : SOURCE_UNAVAILABLE;
	told.detail = "scripted";
	told.end = bureau.end;
	told.http_code = bureau.code;
	told.turn = bureau.turn;
	told.next = (struct provider_step){.number = 1, .ref = "job-17"};
	told.wait_ms = WAIT_MS;
	told.subject = subject;
	facts_init(&told.facts);
	(void)facts_source(&told.facts, "bureau", told.outcome, 20000);
	if (told.outcome == SOURCE_ANSWER) {
		told.facts.match = MATCH_EXACT;
		facts_set(&told.facts, FACT_BUREAU_INDEX, 187, 20000, 0);
		told.attachment = SLICE_LIT("%PDF-1.4");
	}
	bureau.done = done;
	if (!bureau.silent)
		done.tell(done.ctx, &told);
}

static void no_stats(void *self, struct http_stats *ret_stats)
{
	(void)self;
	memset(ret_stats, 0, sizeof(*ret_stats));
}

static const struct provider_vtable vtable = {.begin = begin, .stats = no_stats};

static void set_up(void)
{
	struct panel_config config = {.waiters = 1};

	now = (struct fake_clock){.now_ms = NOW};
	cr_assert_eq(sodium_crypto_open(NULL, &crypto), STATUS_OK);
	cache = fake_cache_create();
	list = fake_inquiries_create();
	config.clock = fake_clock_port(&now);
	config.crypto = sodium_crypto_port(crypto);
	config.cache = fake_cache_port(cache);
	cr_assert_eq(inquiry_writer_open(fake_inquiries_port(list), &writer), STATUS_OK);
	config.inquiries = writer;
	config.documents.vtable = &documents;
	cr_assert_eq(provider_panel_open(&config, &panel), STATUS_OK);
	cr_assert_eq(provider_panel_add(panel, "bureau", (struct provider_port){&vtable, NULL}), STATUS_OK);
	port = provider_panel_port(panel);
	schmidt = provider_world_schmidt();
	bureau.turn = PROVIDER_WAITS;
	bureau.code = 200;
}

static void tear_down(void)
{
	provider_panel_close(panel);
	inquiry_writer_close(writer);
	fake_inquiries_destroy(list);
	fake_cache_destroy(cache);
	sodium_crypto_close(crypto);
}

TestSuite(panel_inquiry, .init = set_up, .fini = tear_down);

/* How the bureau stands in a decision on a company that is made by then. */
static enum source_state ask_about(const struct subject *subject, struct deadline deadline)
{
	static char mem[1 << 20] __attribute__((aligned(16)));
	struct source_rules rules;
	struct panel_question question = {.subject = subject, .rules = &rules, .owner = &shop};
	struct panel_reply reply;
	struct facts facts;
	struct arena arena;

	arena_init(&arena, mem, sizeof(mem));
	facts_init(&facts);
	source_rules_defaults(&rules);
	port.vtable->consult(port.self, &question, deadline, &arena, &facts, &reply);
	cr_assert_eq(facts.source_count, 1);
	return facts.sources[0].state;
}

/* In one that waits for all there is. */
static enum source_state ask(void)
{
	return ask_about(&schmidt, DEADLINE_NEVER);
}

struct resumption {
	struct panel_resumed resumed;
	sem_t told;
};

static void take_resumed(void *ctx, const struct panel_resumed *resumed)
{
	struct resumption *resumption = ctx;

	resumption->resumed = *resumed;
	sem_post(&resumption->told);
}

static bool take(char *ret_key, size_t *ret_len, struct inquiry *ret_inquiry)
{
	struct inquiry_port inquiries = fake_inquiries_port(list);

	return inquiries.vtable->take_due(inquiries.self, now.now_ms, LEASE_MS, ret_key, ret_len, ret_inquiry) ==
	       STATUS_OK;
}

/* What a worker does with the one that is due. */
static struct panel_resumed resume(void)
{
	struct resumption resumption = {.resumed = {.polls = UINT32_MAX}};
	char key[MAX_CACHE_KEY];
	struct inquiry inquiry;
	size_t len;

	cr_assert_eq(sem_init(&resumption.told, 0, 0), 0);
	cr_assert(take(key, &len, &inquiry));
	cr_assert_eq(port.vtable->resume(port.self, (struct slice){key, len}, &inquiry, DEADLINE_NEVER,
	                                 (struct panel_resumed_done){take_resumed, &resumption}),
	             STATUS_OK);
	cr_assert_eq(sem_wait(&resumption.told), 0);
	cr_assert_eq(resumption.resumed.stored, STATUS_OK);
	return resumption.resumed;
}

/* Until the next is due; INT64_MAX = nothing is on the list. */
static int64_t left_ms(void)
{
	struct inquiry_port inquiries = fake_inquiries_port(list);
	int64_t due_ms;

	return inquiries.vtable->next_due(inquiries.self, &due_ms) == STATUS_OK ? due_ms - now.now_ms : INT64_MAX;
}

Test(panel_inquiry, a_report_is_ordered_once_while_it_is_being_prepared)
{
	cr_expect_eq(left_ms(), INT64_MAX);
	for (int i = 0; i < 100; i++)
		cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	cr_expect_eq(bureau.calls, 1);
	cr_expect_eq(left_ms(), WAIT_MS);
	fake_clock_advance_ms(&now, 30 * MINUTE);
	cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	cr_expect_eq(bureau.calls, 1, "however late the worker is");
}

Test(panel_inquiry, goes_on_where_the_provider_said)
{
	(void)ask();
	cr_expect_eq(bureau.from.number, 0);
	for (uint32_t polls = 1; polls < 5; polls++) {
		fake_clock_advance_ms(&now, WAIT_MS);
		cr_expect_eq(resume().state, PANEL_WAITS);
		cr_expect_eq(bureau.from.number, 1);
		cr_expect_str_eq(bureau.from.ref, "job-17");
		cr_expect_eq(left_ms(), WAIT_MS);
	}
}

Test(panel_inquiry, the_answer_is_there_for_the_next_and_the_inquiry_closed_afterwards)
{
	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_ANSWER;
	cr_expect_eq(resume().state, PANEL_ANSWERED);
	cr_expect_eq(ask(), SOURCE_ANSWER);
	fake_clock_advance_ms(&now, left_ms());
	cr_expect_eq(resume().state, PANEL_CLOSED);
	cr_expect_eq(bureau.calls, 2, "the report was ordered, and fetched once");
	cr_expect_eq(left_ms(), INT64_MAX);
}

/* The cache may lose everything at any moment: the report that was paid for is fetched again. */
Test(panel_inquiry, an_answer_the_memory_lost_is_fetched_again)
{
	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_ANSWER;
	fake_cache_break(cache, true);
	(void)resume();
	fake_cache_break(cache, false);
	cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	fake_clock_advance_ms(&now, left_ms());
	cr_expect_eq(resume().state, PANEL_ANSWERED);
	cr_expect_eq(ask(), SOURCE_ANSWER);
	cr_expect_eq(bureau.calls, 3);
}

Test(panel_inquiry, a_provider_that_fails_is_asked_again_with_growing_pauses)
{
	static const struct {
		enum http_end end;
		int code;
	} FAILURES[] = {{HTTP_NO_CONNECTION, 0}, {HTTP_ANSWERED, 503}, {HTTP_ANSWERED, 401}, {HTTP_ANSWERED, 200}};
	int64_t before = 0;

	(void)ask();
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_UNAVAILABLE;
	for (size_t i = 0; i < 4; i++) {
		bureau.end = FAILURES[i].end;
		bureau.code = FAILURES[i].code;
		fake_clock_advance_ms(&now, left_ms());
		cr_expect_eq(resume().state, PANEL_WAITS);
		cr_expect_str_eq(bureau.from.ref, "job-17");
		cr_expect_gt(left_ms(), before);
		before = left_ms();
	}
	for (int i = 0; i < 20; i++) {
		fake_clock_advance_ms(&now, left_ms());
		(void)resume();
		cr_expect_leq(left_ms(), 10 * MINUTE);
	}
}

Test(panel_inquiry, a_report_the_provider_no_longer_has_ends)
{
	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_UNAVAILABLE;
	bureau.code = 404;
	cr_expect_eq(resume().state, PANEL_CLOSED);
	cr_expect_eq(left_ms(), INT64_MAX);
	cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
}

Test(panel_inquiry, ends_after_its_time_and_may_be_asked_anew)
{
	(void)ask();
	fake_clock_advance_ms(&now, INQUIRY_MAX_AGE_MS - 1);
	cr_expect_eq(resume().state, PANEL_WAITS);
	fake_clock_advance_ms(&now, WAIT_MS);
	cr_expect_eq(resume().state, PANEL_CLOSED);
	cr_expect_eq(left_ms(), INT64_MAX);
	cr_expect_eq(bureau.calls, 3);
	fake_clock_advance_ms(&now, MINUTE);
	cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	cr_expect_eq(bureau.calls, 4);
	cr_expect_eq(bureau.from.number, 0, "from its beginning");
}

/* Nobody runs the worker: then an old inquiry must not keep a company from ever being asked about. */
Test(panel_inquiry, one_that_nobody_goes_on_with_does_not_block_for_ever)
{
	(void)ask();
	fake_clock_advance_ms(&now, INQUIRY_MAX_AGE_MS);
	(void)ask();
	cr_expect_eq(bureau.calls, 2);
	cr_expect_eq(left_ms(), WAIT_MS);
}

Test(panel_inquiry, who_cannot_tell_whether_a_report_is_paid_for_orders_none)
{
	static const enum status FAULTS[] = {STATUS_CORRUPT, STATUS_UNAVAILABLE, STATUS_FULL};

	for (size_t i = 0; i < 3; i++) {
		fake_inquiries_fail(list, FAULTS[i]);
		cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	}
	cr_expect_eq(bureau.calls, 0);
	fake_inquiries_fail(list, STATUS_OK);
	(void)ask();
	cr_expect_eq(bureau.calls, 1);
}

Test(panel_inquiry, one_of_a_provider_that_is_gone_is_told)
{
	struct inquiry inquiry = {.provider = "former", .subject = schmidt, .begun_ms = NOW, .due_ms = NOW};
	struct resumption resumption;

	cr_expect_eq(port.vtable->resume(port.self, SLICE_LIT("k"), &inquiry, DEADLINE_NEVER,
	                                 (struct panel_resumed_done){take_resumed, &resumption}),
	             STATUS_NOT_FOUND);
	cr_expect_eq(bureau.calls, 0);
}

/* The process ends while it asks: whoever takes the inquiry next goes on. */
Test(panel_inquiry, what_this_process_could_not_finish_is_due_when_the_lease_ends)
{
	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_UNAVAILABLE;
	bureau.end = HTTP_STOPPED;
	cr_expect_eq(resume().state, PANEL_WAITS);
	cr_expect_eq(left_ms(), LEASE_MS);
}

/* The bureau of these tests answers on the caller's own thread, as the one thread of all calls would. */
Test(panel_inquiry, a_list_that_is_locked_holds_up_nobody)
{
	const struct deadline AT_ONCE = {0};
	struct subject other = schmidt;

	other.reg.number = 54321;
	fake_inquiries_hold(list, true);
	cr_expect_eq(ask_about(&schmidt, AT_ONCE), SOURCE_UNAVAILABLE);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_ANSWER;
	cr_expect_eq(ask_about(&other, DEADLINE_NEVER), SOURCE_ANSWER);
	cr_expect_eq(ask_about(&schmidt, AT_ONCE), SOURCE_UNAVAILABLE);
	cr_expect_eq(bureau.calls, 2, "what is not written yet is not ordered again");
	fake_inquiries_hold(list, false);
	cr_expect_eq(ask(), SOURCE_UNAVAILABLE);
	cr_expect_eq(left_ms(), WAIT_MS);
	cr_expect_eq(bureau.calls, 2);
}

Test(panel_inquiry, what_was_ordered_is_on_the_list_when_the_panel_is_closed)
{
	fake_inquiries_hold(list, true);
	(void)ask_about(&schmidt, (struct deadline){0});
	fake_inquiries_hold(list, false);
	provider_panel_close(panel);
	panel = NULL;
	cr_expect_eq(left_ms(), WAIT_MS);
}

/* Providers that were read anew end when nothing is under way at them. */
Test(panel_inquiry, is_under_way_until_it_is_told)
{
	struct resumption resumption;
	struct inquiry inquiry;
	char key[MAX_CACHE_KEY];
	size_t len;

	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	cr_assert(take(key, &len, &inquiry));
	cr_assert_eq(sem_init(&resumption.told, 0, 0), 0);
	cr_expect_eq(provider_panel_under_way(panel), 0);
	bureau.silent = true;
	cr_assert_eq(port.vtable->resume(port.self, (struct slice){key, len}, &inquiry, DEADLINE_NEVER,
	                                 (struct panel_resumed_done){take_resumed, &resumption}),
	             STATUS_OK);
	cr_expect_eq(provider_panel_under_way(panel), 1);
	fake_inquiries_hold(list, true);
	bureau.done.tell(bureau.done.ctx, &told);
	cr_expect_eq(provider_panel_under_way(panel), 1, "it is not on the list yet");
	fake_inquiries_hold(list, false);
	cr_assert_eq(sem_wait(&resumption.told), 0);
	cr_expect_eq(provider_panel_under_way(panel), 0);
}

Test(panel_inquiry, the_report_is_theirs_who_ordered_it_whoever_fetches_it)
{
	(void)ask();
	fake_clock_advance_ms(&now, WAIT_MS);
	cr_expect_eq(resume().state, PANEL_WAITS);
	cr_expect_eq(kept.count, 0);
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_ANSWER;
	fake_clock_advance_ms(&now, WAIT_MS);
	cr_expect_eq(resume().state, PANEL_ANSWERED);
	cr_expect_eq(kept.count, 1);
	cr_expect_str_eq(kept.owner.tenant, "shop");
	cr_expect_str_eq(kept.owner.company.text, "vat:DE136695976");
	cr_expect_str_eq(kept.bytes, "%PDF-1.4");
}

Test(panel_inquiry, a_report_that_comes_at_once_is_kept_once)
{
	bureau.turn = PROVIDER_ENDS;
	bureau.outcome = SOURCE_ANSWER;
	for (int i = 0; i < 3; i++)
		cr_expect_eq(ask(), SOURCE_ANSWER);
	cr_expect_eq(bureau.calls, 1);
	cr_expect_eq(kept.count, 1);
	cr_expect_str_eq(kept.owner.tenant, "shop");
}
