/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_events.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "store_stage.h"

#define NOW   INT64_C(1790000000000) /* of the stage's decisions */
#define LEASE 60000
#define CAP   8

static struct store_stage stage;
static struct sqlite_events *events;
static struct event_port port;
static struct recheck_port list;
static char memory[1 << 20] __attribute__((aligned(16)));

static void set_up_sqlite(void)
{
	store_stage_sqlite(&stage);
	cr_assert_eq(sqlite_events_open(temp_dir_path(&stage.dir, "store.db"), &events), STATUS_OK);
	port = sqlite_events_port(events);
	list = sqlite_rechecks_port(events);
}

static void set_up_fake(void)
{
	store_stage_fake(&stage);
	port = fake_events_port(fake_store_events(stage.fake));
	list = fake_events_rechecks(fake_store_events(stage.fake));
}

static void tear_down(void)
{
	sqlite_events_close(events);
	store_stage_finish(&stage);
}

TestSuite(sqlite_events, .init = set_up_sqlite, .fini = tear_down);
TestSuite(fake_events, .init = set_up_fake, .fini = tear_down);

/* What port/event.h and port/store.h promise, kept by the real store and by the fake alike. */
#define CONTRACT(name)            \
	static void name(void);   \
	Test(sqlite_events, name) \
	{                         \
		name();           \
	}                         \
	Test(fake_events, name)   \
	{                         \
		name();           \
	}                         \
	static void name(void)

static struct event make_event(const char *id, bool livemode)
{
	return (struct event){slice_cstr(id), SLICE_LIT("decision.recheck_differs"), livemode, NOW,
	                      SLICE_LIT("{\"a\":1}")};
}

/* Whom the decisions appended are about. */
static const char *company = "reg:R1101:HRB:12345";

static enum status append(const char *tenant, const char *tag, const char *recheck_of, const struct event *event)
{
	struct store_decision decision = store_stage_decision(tenant, tag);

	decision.recheck = !recheck_of;
	decision.recheck_of = slice_cstr(recheck_of);
	decision.event = event;
	decision.company_key = slice_cstr(company);
	return stage.port.vtable->append(stage.port.self, &decision, DEADLINE_NEVER);
}

static const char *take(int64_t now_ms, struct recheck *ret_recheck)
{
	enum status status = list.vtable->take_due(list.self, now_ms, LEASE, ret_recheck);

	cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND, "%s", status_name(status));
	return status == STATUS_OK ? ret_recheck->decision_id : "";
}

/* The ids behind this one, as "a b c". */
static const char *ids(const char *tenant, bool livemode, const char *after, size_t cap)
{
	static char text[256];
	struct event found[CAP];
	size_t count = 0, len = 0;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	text[0] = '\0';
	cr_assert_eq(port.vtable->list(port.self, slice_cstr(tenant), livemode, slice_cstr(after), cap, &arena, found,
	                               &count),
	             STATUS_OK);
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", i ? " " : "", (int)found[i].id.len,
		                        found[i].id.ptr);
	return text;
}

CONTRACT(a_decision_under_outage_is_listed_with_its_record)
{
	struct recheck recheck;
	int64_t due_ms;

	cr_expect_eq(list.vtable->next_due(list.self, &due_ms), STATUS_NOT_FOUND);
	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_assert_eq(list.vtable->next_due(list.self, &due_ms), STATUS_OK);
	cr_expect_eq(due_ms, NOW);
	cr_expect_str_eq(take(NOW, &recheck), "dec_one");
	cr_expect_str_eq(recheck.tenant, "shop");
	cr_expect_eq(recheck.at_ms, NOW);
	cr_expect_eq(recheck.tries, 0);
}

CONTRACT(a_lease_ends_and_a_pause_counts)
{
	struct recheck recheck;

	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_expect_str_eq(take(NOW, &recheck), "dec_one");
	cr_expect_str_eq(take(NOW + LEASE - 1, &recheck), "");
	cr_expect_str_eq(take(NOW + LEASE, &recheck), "dec_one");
	cr_assert_eq(list.vtable->put_off(list.self, &recheck, NOW + 5), STATUS_OK);
	cr_expect_str_eq(take(NOW + 4, &recheck), "");
	cr_expect_str_eq(take(NOW + 5, &recheck), "dec_one");
	cr_expect_eq(recheck.tries, 1);
}

static bool count_record(void *ctx, const struct store_record *record)
{
	++*(size_t *)ctx;
	return record->seq == *(size_t *)ctx;
}

CONTRACT(the_second_record_takes_it_off_the_list_once)
{
	struct event event = make_event("evt_1", true), late = make_event("evt_2", true);
	struct recheck recheck;
	size_t records = 0;

	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_expect_eq(append("shop", "again", "dec_one", &event), STATUS_OK);
	cr_expect_eq(append("shop", "late", "dec_one", &late), STATUS_NOT_FOUND, "another worker was quicker");
	cr_expect_str_eq(take(INT64_MAX / 2, &recheck), "");
	cr_expect_str_eq(ids("shop", true, NULL, CAP), "evt_1");
	cr_assert_eq(stage.port.vtable->each_decision(stage.port.self, SLICE_LIT("shop"), 1, count_record, &records),
	             STATUS_OK);
	cr_expect_eq(records, 2);
}

/* A record that cannot be stored leaves no trace: neither on the list nor among the events. */
CONTRACT(all_or_nothing)
{
	struct event event = make_event("evt_1", true), same = make_event("evt_1", true);
	struct recheck recheck;

	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_assert_eq(append("shop", "two", NULL, NULL), STATUS_OK);
	cr_assert_eq(append("shop", "again", "dec_one", &event), STATUS_OK);
	cr_expect_neq(append("shop", "other", "dec_two", &same), STATUS_OK, "an event's id is there once");
	cr_expect_neq(append("shop", "again", "dec_two", NULL), STATUS_OK, "so is a decision's");
	cr_expect_str_eq(take(NOW, &recheck), "dec_two");
	cr_expect_str_eq(ids("shop", true, NULL, CAP), "evt_1");
	cr_expect_eq(append("shop", "other", "dec_two", NULL), STATUS_OK);
}

CONTRACT(giving_up_leaves_an_event)
{
	struct event event = make_event("evt_1", false);
	struct recheck recheck;

	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_expect_str_eq(take(NOW, &recheck), "dec_one");
	cr_expect_eq(list.vtable->give_up(list.self, &recheck, &event), STATUS_OK);
	event.id = SLICE_LIT("evt_2");
	cr_expect_eq(list.vtable->give_up(list.self, &recheck, &event), STATUS_NOT_FOUND);
	cr_expect_eq(list.vtable->put_off(list.self, &recheck, NOW), STATUS_NOT_FOUND);
	cr_expect_str_eq(ids("shop", false, NULL, CAP), "evt_1");
}

CONTRACT(tenants_and_modes_are_apart_and_pages_follow_each_other)
{
	static const struct {
		const char *tenant, *id;
		bool livemode;
	} EVENTS[] = {{"shop", "evt_c", true},
	              {"other", "evt_x", true},
	              {"shop", "evt_t", false},
	              {"shop", "evt_a", true},
	              {"shop", "evt_b", true}};
	struct arena arena;
	struct event found;
	size_t count;

	for (size_t i = 0; i < 5; i++) {
		struct event event = make_event(EVENTS[i].id, EVENTS[i].livemode);
		char first[8], again[8], decision[16];

		snprintf(first, sizeof(first), "f%zu", i);
		snprintf(again, sizeof(again), "a%zu", i);
		snprintf(decision, sizeof(decision), "dec_%s", first);
		cr_assert_eq(append(EVENTS[i].tenant, first, NULL, NULL), STATUS_OK);
		cr_assert_eq(append(EVENTS[i].tenant, again, decision, &event), STATUS_OK);
	}
	cr_expect_str_eq(ids("shop", true, NULL, CAP), "evt_c evt_a evt_b", "in the order in which they were stored");
	cr_expect_str_eq(ids("shop", true, NULL, 2), "evt_c evt_a");
	cr_expect_str_eq(ids("shop", true, "evt_a", CAP), "evt_b");
	cr_expect_str_eq(ids("shop", true, "evt_b", CAP), "");
	cr_expect_str_eq(ids("shop", false, NULL, CAP), "evt_t");
	cr_expect_str_eq(ids("other", true, NULL, CAP), "evt_x");
	arena_init(&arena, memory, sizeof(memory));
	for (size_t i = 0; i < 3; i++) {
		static const char *const FOREIGN[] = {"evt_x", "evt_t", "evt_none"};

		cr_expect_eq(port.vtable->list(port.self, SLICE_LIT("shop"), true, slice_cstr(FOREIGN[i]), 1, &arena,
		                               &found, &count),
		             STATUS_NOT_FOUND);
	}
}

static void *take_all(void *ctx)
{
	struct recheck recheck;
	uintptr_t count = 0;

	(void)ctx;
	while (list.vtable->take_due(list.self, NOW, LEASE, &recheck) == STATUS_OK)
		count++;
	return (void *)count;
}

CONTRACT(they_are_counted)
{
	uint64_t count = 7;
	int64_t oldest_ms = 7;

	cr_assert_eq(list.vtable->count(list.self, &count, &oldest_ms), STATUS_OK);
	cr_expect_eq(count, 0);
	cr_expect_eq(oldest_ms, 0);
	cr_assert_eq(append("shop", "one", NULL, NULL), STATUS_OK);
	cr_assert_eq(append("shop", "two", NULL, NULL), STATUS_OK);
	cr_assert_eq(list.vtable->count(list.self, &count, &oldest_ms), STATUS_OK);
	cr_expect_eq(count, 2);
	cr_expect_eq(oldest_ms, NOW);
}

CONTRACT(those_on_one_company_are_due_at_once_when_they_are_hastened)
{
	static const char *const TAGS[] = {"one", "two", "other"};
	struct recheck recheck;
	int64_t due_ms = 0;

	for (size_t i = 0; i < 3; i++) {
		company = i < 2 ? "name:de:schmidt" : "name:de:schmidtke";
		cr_assert_eq(append("shop", TAGS[i], NULL, NULL), STATUS_OK);
		(void)take(NOW, &recheck);
		cr_assert_eq(list.vtable->put_off(list.self, &recheck, NOW + 1000 + (int64_t)i), STATUS_OK);
	}
	cr_expect_eq(list.vtable->hasten(list.self, SLICE_LIT("name:de:schm"), NOW + 5), STATUS_OK);
	cr_expect_str_eq(take(NOW + 999, &recheck), "");
	cr_expect_eq(list.vtable->hasten(list.self, slice_cstr("name:de:schmidt"), NOW + 5), STATUS_OK);
	cr_assert_eq(list.vtable->next_due(list.self, &due_ms), STATUS_OK);
	cr_expect_eq(due_ms, NOW + 5);
	cr_expect_eq(list.vtable->hasten(list.self, slice_cstr("name:de:schmidt"), NOW + 9), STATUS_OK);
	for (int i = 0; i < 2; i++) {
		cr_expect_str_neq(take(NOW + 5, &recheck), "", "what is due already is not put off");
		cr_expect_str_neq(recheck.decision_id, "dec_other");
		cr_expect_eq(recheck.tries, 1);
	}
	cr_expect_str_eq(take(NOW + 999, &recheck), "");
}

CONTRACT(nobody_gets_what_another_one_has)
{
	pthread_t threads[4];
	uintptr_t sum = 0;

	for (char c = 'a'; c < 'm'; c++)
		cr_assert_eq(append("shop", (char[]){c, 0}, NULL, NULL), STATUS_OK);
	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, take_all, NULL);
	for (size_t i = 0; i < 4; i++) {
		void *count;

		pthread_join(threads[i], &count);
		sum += (uintptr_t)count;
	}
	cr_expect_eq(sum, 12);
}

Test(sqlite_events, a_file_that_is_no_store_is_told)
{
	struct sqlite_events *none = NULL;

	cr_expect_neq(sqlite_events_open(temp_dir_path(&stage.dir, "none.db"), &none), STATUS_OK);
	cr_expect_null(none);
}
