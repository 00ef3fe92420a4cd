/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_inquiries.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_inquiries.h"
#include "provider_world.h"
#include "temp_dir.h"

#define NOW   INT64_C(1795262400000)
#define LEASE 60000

/* What the contract says holds for both. */
enum kind { FAKE, SQLITE, KINDS };

static struct temp_dir dir;
static char file[128];
static struct sqlite_inquiries *stored;
static struct fake_inquiries *fake;
static struct inquiry_port port;

static void open_stored(void)
{
	cr_assert_eq(sqlite_inquiries_open(file, &stored), STATUS_OK);
	port = sqlite_inquiries_port(stored);
}

static void set_up(enum kind kind)
{
	dir = temp_dir_make();
	(void)snprintf(file, sizeof(file), "%s", temp_dir_path(&dir, "inquiries.db"));
	if (kind == FAKE) {
		fake = fake_inquiries_create();
		port = fake_inquiries_port(fake);
	} else {
		open_stored();
	}
}

static void tear_down(void)
{
	if (fake)
		fake_inquiries_destroy(fake);
	sqlite_inquiries_close(stored);
	fake = NULL;
	stored = NULL;
	temp_dir_remove(&dir);
}

static struct inquiry make(int64_t due_ms)
{
	struct inquiry inquiry = {
	        .provider = "bureau", .subject = provider_world_schmidt(), .begun_ms = NOW, .due_ms = due_ms};

	inquiry.step = (struct provider_step){.number = 2, .ref = "job-17"};
	return inquiry;
}

static void put(const char *key, int64_t due_ms)
{
	struct inquiry inquiry = make(due_ms);

	cr_assert_eq(port.vtable->put(port.self, slice_cstr(key), &inquiry), STATUS_OK);
}

/* The key of what was taken at this time; "" = nothing was due. */
static const char *take(int64_t now_ms, struct inquiry *ret_inquiry)
{
	static char key[MAX_CACHE_KEY + 1];
	size_t len = 0;
	enum status status = port.vtable->take_due(port.self, now_ms, LEASE, key, &len, ret_inquiry);

	cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND, "%s", status_name(status));
	key[status == STATUS_OK ? len : 0] = '\0';
	return key;
}

#define CONTRACT(name)                                     \
	static void check_##name(void);                    \
	Test(inquiry_contract, name)                       \
	{                                                  \
		for (int kind = 0; kind < KINDS; kind++) { \
			set_up((enum kind)kind);           \
			check_##name();                    \
			tear_down();                       \
		}                                          \
	}                                                  \
	static void check_##name(void)

CONTRACT(what_is_pending_is_found_until_it_is_removed)
{
	int64_t begun_ms = 0, due_ms = 0;

	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("a"), &begun_ms), STATUS_NOT_FOUND);
	cr_expect_eq(port.vtable->next_due(port.self, &due_ms), STATUS_NOT_FOUND);
	put("a", NOW + 5);
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("a"), &begun_ms), STATUS_OK);
	cr_expect_eq(begun_ms, NOW);
	cr_expect_eq(port.vtable->next_due(port.self, &due_ms), STATUS_OK);
	cr_expect_eq(due_ms, NOW + 5);
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("A"), &begun_ms), STATUS_NOT_FOUND);
	cr_expect_eq(port.vtable->remove(port.self, SLICE_LIT("a")), STATUS_OK);
	cr_expect_eq(port.vtable->remove(port.self, SLICE_LIT("a")), STATUS_NOT_FOUND);
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("a"), &begun_ms), STATUS_NOT_FOUND);
}

CONTRACT(they_are_counted)
{
	struct inquiry older = make(NOW + 5);
	uint64_t count = 7;
	int64_t oldest_ms = 7;

	cr_assert_eq(port.vtable->count(port.self, &count, &oldest_ms), STATUS_OK);
	cr_expect_eq(count, 0);
	cr_expect_eq(oldest_ms, 0);
	older.begun_ms = NOW - 9;
	put("a", NOW + 1);
	cr_assert_eq(port.vtable->put(port.self, SLICE_LIT("b"), &older), STATUS_OK);
	put("c", NOW);
	cr_assert_eq(port.vtable->count(port.self, &count, &oldest_ms), STATUS_OK);
	cr_expect_eq(count, 3);
	cr_expect_eq(oldest_ms, NOW - 9);
}

CONTRACT(a_key_is_any_bytes)
{
	char key[MAX_CACHE_KEY + 1] = "a\0b";
	int64_t begun_ms;
	struct inquiry inquiry = make(NOW);

	cr_assert_eq(port.vtable->put(port.self, (struct slice){key, MAX_CACHE_KEY}, &inquiry), STATUS_OK);
	cr_expect_eq(port.vtable->put(port.self, (struct slice){key, MAX_CACHE_KEY + 1}, &inquiry), STATUS_TOO_LARGE);
	cr_expect_eq(port.vtable->find(port.self, (struct slice){key, MAX_CACHE_KEY}, &begun_ms), STATUS_OK);
	key[2] = 'c';
	cr_expect_eq(port.vtable->find(port.self, (struct slice){key, MAX_CACHE_KEY}, &begun_ms), STATUS_NOT_FOUND);
}

CONTRACT(comes_back_as_it_was_put)
{
	struct inquiry told, inquiry = make(NOW - 1);

	inquiry.polls = 7;
	inquiry.owner = (struct document_owner){.tenant = "shop", .company = {"vat:DE136695976"}};
	cr_assert_eq(port.vtable->put(port.self, SLICE_LIT("a"), &inquiry), STATUS_OK);
	cr_expect_str_eq(take(NOW, &told), "a");
	cr_expect_str_eq(told.provider, "bureau");
	cr_expect_str_eq(told.subject.typed_name, inquiry.subject.typed_name);
	cr_expect(register_number_eq(&told.subject.reg, &inquiry.subject.reg));
	cr_expect_eq(told.step.number, 2);
	cr_expect_str_eq(told.step.ref, "job-17");
	cr_expect_eq(told.begun_ms, NOW);
	cr_expect_eq(told.polls, 7);
	cr_expect_str_eq(told.owner.tenant, "shop");
	cr_expect_str_eq(told.owner.company.text, "vat:DE136695976");
}

CONTRACT(the_one_due_longest_comes_first_and_none_before_its_time)
{
	struct inquiry told;

	put("late", NOW + 1);
	put("second", NOW - 5);
	put("first", NOW - 9);
	cr_expect_str_eq(take(NOW, &told), "first");
	cr_expect_str_eq(take(NOW, &told), "second");
	cr_expect_str_eq(take(NOW, &told), "");
	cr_expect_str_eq(take(NOW + 1, &told), "late");
}

/* A worker that was killed in between: its lease ends by itself. */
CONTRACT(what_was_taken_is_due_again_after_its_lease)
{
	struct inquiry told;

	put("a", NOW);
	cr_expect_str_eq(take(NOW, &told), "a");
	cr_expect_str_eq(take(NOW + LEASE - 1, &told), "");
	cr_expect_str_eq(take(NOW + LEASE, &told), "a");
	put("a", NOW + 5);
	cr_expect_str_eq(take(NOW + 5, &told), "a", "its own time ends a lease");
}

static void *take_all(void *ctx)
{
	char key[MAX_CACHE_KEY];
	struct inquiry *told = ctx;
	uintptr_t count = 0;
	size_t len;

	while (port.vtable->take_due(port.self, NOW, LEASE, key, &len, told) == STATUS_OK)
		count++;
	return (void *)count;
}

CONTRACT(nobody_gets_what_another_one_has)
{
	static struct inquiry room[4];
	pthread_t threads[4];
	uintptr_t sum = 0;

	for (char c = 'a'; c < 'm'; c++)
		put((char[]){c, 0}, NOW);
	for (size_t i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, take_all, &room[i]);
	for (size_t i = 0; i < 4; i++) {
		void *count;

		pthread_join(threads[i], &count);
		sum += (uintptr_t)count;
	}
	cr_expect_eq(sum, 12);
}

/* The process is killed the moment put returns: nothing is flushed, nothing closed. */
Test(sqlite_inquiries, outlive_a_killed_process)
{
	int64_t begun_ms;
	int how = 0;
	pid_t child;

	set_up(SQLITE);
	sqlite_inquiries_close(stored);
	child = fork();
	if (child == 0) {
		struct inquiry inquiry = make(NOW);

		open_stored();
		_exit(port.vtable->put(port.self, SLICE_LIT("a"), &inquiry) == STATUS_OK ? 0 : 1);
	}
	cr_assert_eq(waitpid(child, &how, 0), child);
	cr_assert_eq(how, 0);
	open_stored();
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("a"), &begun_ms), STATUS_OK);
	tear_down();
}

static void spoil(const char *sql)
{
	sqlite3 *handle;

	cr_assert_eq(sqlite3_open(file, &handle), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

/* One row that cannot be read must not hold up the others for ever. */
Test(sqlite_inquiries, what_cannot_be_read_is_told_once_and_gone)
{
	static const char *const spoils[] = {
	        "UPDATE inquiry SET subject = x'0000' WHERE key = CAST('a' AS BLOB)",
	        "UPDATE inquiry SET step = 256 WHERE key = CAST('a' AS BLOB)",
	        "UPDATE inquiry SET ref = hex(zeroblob(100)) WHERE key = CAST('a' AS BLOB)",
	};

	for (size_t i = 0; i < sizeof(spoils) / sizeof(*spoils); i++) {
		char key[MAX_CACHE_KEY];
		struct inquiry told;
		size_t len;

		set_up(SQLITE);
		put("a", NOW - 1);
		put("b", NOW);
		spoil(spoils[i]);
		cr_expect_eq(port.vtable->take_due(port.self, NOW, LEASE, key, &len, &told), STATUS_CORRUPT);
		cr_expect_str_eq(take(NOW, &told), "b");
		cr_expect_str_eq(take(NOW + LEASE, &told), "b");
		tear_down();
	}
}

Test(sqlite_inquiries, a_damaged_file_is_told)
{
	struct inquiry inquiry = make(NOW), told;
	char key[MAX_CACHE_KEY];
	int64_t begun_ms;
	size_t len;
	FILE *out;

	set_up(SQLITE);
	sqlite_inquiries_close(stored);
	out = fopen(file, "w");
	cr_assert_not_null(out);
	for (int i = 0; i < 1000; i++)
		(void)fputs("no database ", out);
	(void)fclose(out);
	open_stored();
	cr_expect_eq(port.vtable->put(port.self, SLICE_LIT("a"), &inquiry), STATUS_CORRUPT);
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("a"), &begun_ms), STATUS_CORRUPT);
	/* not one inquiry of several: nobody is to take the next one at once, for ever */
	cr_expect_eq(port.vtable->take_due(port.self, NOW, LEASE, key, &len, &told), STATUS_UNAVAILABLE);
	tear_down();
}

/* The limit stands for the disk: what was put before stays, and with room again nothing else is needed. */
Test(sqlite_inquiries, a_full_disk_is_told_and_survived)
{
	enum status status = STATUS_OK;
	struct inquiry inquiry = make(NOW);
	struct rlimit before, full;
	int64_t begun_ms;
	char key[2] = "a";

	signal(SIGXFSZ, SIG_IGN);
	set_up(SQLITE);
	put("kept", NOW);
	getrlimit(RLIMIT_FSIZE, &before);
	full = (struct rlimit){100000, before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &full);
	for (; status == STATUS_OK && key[0] < 'z'; key[0]++)
		status = port.vtable->put(port.self, slice_cstr(key), &inquiry);
	cr_expect_eq(status, STATUS_FULL, "%s", status_name(status));
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("kept"), &begun_ms), STATUS_OK);
	setrlimit(RLIMIT_FSIZE, &before);
	put("b", NOW);
	cr_expect_eq(port.vtable->find(port.self, SLICE_LIT("kept"), &begun_ms), STATUS_OK);
	tear_down();
}

Test(sqlite_inquiries, a_folder_that_is_not_there_is_told)
{
	struct sqlite_inquiries *none = NULL;

	set_up(FAKE);
	cr_expect_eq(sqlite_inquiries_open(temp_dir_path(&dir, "no/inquiries.db"), &none), STATUS_UNAVAILABLE);
	cr_expect_null(none);
	tear_down();
}

/* As versions before reports were kept left it. */
Test(sqlite_inquiries, an_order_of_an_earlier_version_is_nobodys_and_goes_on)
{
	struct inquiry told;
	sqlite3 *handle;

	set_up(SQLITE);
	put("a", NOW);
	sqlite_inquiries_close(stored);
	cr_assert_eq(sqlite3_open(file, &handle), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(handle,
	                          "ALTER TABLE inquiry DROP COLUMN tenant; ALTER TABLE inquiry DROP COLUMN company",
	                          NULL, NULL, NULL),
	             SQLITE_OK);
	sqlite3_close(handle);
	open_stored();
	put("b", NOW + 1);
	cr_expect_str_eq(take(NOW, &told), "a");
	cr_expect_str_eq(told.owner.tenant, "");
	cr_expect_str_eq(told.step.ref, "job-17");
	cr_expect_str_eq(take(NOW + 1, &told), "b");
	tear_down();
}
