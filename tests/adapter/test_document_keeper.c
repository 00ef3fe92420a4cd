/* SPDX-License-Identifier: MIT */
#include "adapter/document_keeper.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "adapter/sodium_crypto.h"
#include "fake_clock.h"
#include "temp_dir.h"

#define NOW INT64_C(1795262400000)
#define DAY INT64_C(86400000)

static struct temp_dir dir;
static struct fake_clock now;
static struct sodium_crypto *crypto;
static struct sqlite_documents *documents;
static struct document_keeper *keeper;

/* What the keeper told last, under a lock as it has threads. */
static struct {
	pthread_mutex_t lock;
	unsigned count;
	char provider[MAX_SOURCE_ID + 1];
	enum status status;
} fault = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void take_fault(void *ctx, const char *provider, enum status status)
{
	(void)ctx;
	pthread_mutex_lock(&fault.lock);
	fault.count++;
	(void)slice_copy(slice_cstr(provider), fault.provider, sizeof(fault.provider));
	fault.status = status;
	pthread_mutex_unlock(&fault.lock);
}

static void start(void)
{
	struct document_keeper_config config = {.clock = fake_clock_port(&now),
	                                        .crypto = sodium_crypto_port(crypto),
	                                        .documents = documents,
	                                        .fault = take_fault};

	cr_assert_eq(document_keeper_open(&config, &keeper), STATUS_OK);
}

static void set_up(void)
{
	dir = temp_dir_make();
	now = (struct fake_clock){.now_ms = NOW};
	cr_assert_eq(sodium_crypto_open(NULL, &crypto), STATUS_OK);
	cr_assert_eq(sqlite_documents_open(temp_dir_path(&dir, "documents.db"), &documents), STATUS_OK);
	start();
}

static void tear_down(void)
{
	document_keeper_close(keeper);
	sqlite_documents_close(documents);
	sodium_crypto_close(crypto);
	temp_dir_remove(&dir);
}

TestSuite(document_keeper, .init = set_up, .fini = tear_down);

/* All that was handed over is on the disk, or told. */
static struct document_stats settle(void)
{
	struct document_port port = document_keeper_port(keeper);
	struct document_stats stats;

	document_keeper_close(keeper);
	start();
	port = document_keeper_port(keeper);
	port.vtable->stats(port.self, &stats);
	return stats;
}

static void keep(const char *tenant, struct slice bytes, const char *type, enum source_state outcome)
{
	struct document_port port = document_keeper_port(keeper);
	struct provider_answer *answer = calloc(1, sizeof(*answer));
	struct document_owner owner = {.company = {"vat:DE1"}};

	(void)slice_copy(slice_cstr(tenant), owner.tenant, sizeof(owner.tenant));
	facts_init(&answer->facts);
	(void)facts_source(&answer->facts, "creditreform", outcome, 20000);
	answer->outcome = outcome;
	answer->attachment = bytes;
	answer->attachment_type = slice_cstr(type);
	memset(answer->raw_sha256, 7, sizeof(answer->raw_sha256));
	(void)slice_copy(SLICE_LIT("40200001"), answer->reference, sizeof(answer->reference));
	port.vtable->keep(port.self, &owner, answer);
	free(answer);
}

static bool take_document(void *ctx, const struct document *document)
{
	*(struct document *)ctx = *document;
	return true;
}

static struct document kept_of(const char *tenant)
{
	struct document document = {.number = 0};

	cr_assert_eq(sqlite_documents_each(documents, &(struct document_query){.tenant = slice_cstr(tenant)},
	                                   take_document, &document),
	             STATUS_OK);
	return document;
}

static struct document_stats counters(void)
{
	struct document_port port = document_keeper_port(keeper);
	struct document_stats stats;

	port.vtable->stats(port.self, &stats);
	return stats;
}

Test(document_keeper, keeps_what_came_with_all_that_leads_to_it)
{
	struct slice pdf = SLICE_LIT("%PDF-1.4\n%%EOF");
	static char mem[1 << 16] __attribute__((aligned(16)));
	struct document document;
	struct arena arena;
	struct slice bytes;
	uint8_t digest[32];

	keep("shop", pdf, "application/pdf", SOURCE_ANSWER);
	(void)settle();
	document = kept_of("shop");
	sodium_crypto_port(crypto).vtable->sha256(sodium_crypto_port(crypto).self, pdf, digest);
	cr_expect_str_eq(document.provider, "creditreform");
	cr_expect_str_eq(document.owner.company.text, "vat:DE1");
	cr_expect_str_eq(document.type, "application/pdf");
	cr_expect_str_eq(document.reference, "40200001");
	cr_expect_eq(document.received_ms, NOW);
	cr_expect_eq(document.answer_sha256[31], 7);
	cr_expect_arr_eq(document.sha256, digest, 32);
	arena_init(&arena, mem, sizeof(mem));
	cr_assert_eq(sqlite_documents_read(documents, SLICE_LIT("shop"), document.number, &arena, &document, &bytes),
	             STATUS_OK);
	cr_expect(slice_eq(bytes, pdf));
	cr_expect_eq(fault.count, 0);
}

Test(document_keeper, keeps_nothing_that_is_nobodys_or_no_answers)
{
	struct slice pdf = SLICE_LIT("%PDF-1.4\n%%EOF");

	keep("", pdf, "application/pdf", SOURCE_ANSWER);
	keep("shop", pdf, "application/pdf", SOURCE_NO_DATA);
	keep("shop", pdf, "application/pdf", SOURCE_UNAVAILABLE);
	keep("shop", SLICE_NONE, "application/pdf", SOURCE_ANSWER);
	cr_expect_eq(counters().refused + counters().lost, 0);
	(void)settle();
	cr_expect_eq(kept_of("shop").number, 0);
	cr_expect_eq(kept_of("").number, 0);
	cr_expect_eq(fault.count, 0);
}

Test(document_keeper, refuses_what_is_no_document)
{
	static const struct {
		struct slice bytes;
		const char *type;
	} BAD[] = {
	        {SLICE_LIT(""), "application/pdf"},
	        {SLICE_LIT("<html>"), "application/pdf"},
	        {SLICE_LIT("%PDF"), "application/pdf"},
	        {SLICE_LIT(" %PDF-1.4"), "application/pdf"},
	        {SLICE_LIT("%PDF-1.4"), ""},
	        {SLICE_LIT("%PDF-1.4"), "pdf"},
	        {SLICE_LIT("%PDF-1.4"), "/pdf"},
	        {SLICE_LIT("%PDF-1.4"), "application/"},
	        {SLICE_LIT("%PDF-1.4"), "application/x/y"},
	        {SLICE_LIT("%PDF-1.4"), "application/pdf; name=\"x\""},
	        {SLICE_LIT("%PDF-1.4"), "application/pdf\r\nX: y"},
	        {SLICE_LIT("%PDF-1.4"), "application/0123456789012345678901234567890123456789012345678901234567890"},
	};
	size_t count = sizeof(BAD) / sizeof(BAD[0]);

	for (size_t i = 0; i < count; i++) {
		keep("shop", BAD[i].bytes, BAD[i].type, SOURCE_ANSWER);
		cr_expect_eq(fault.count, i + 1, "case %zu", i);
		cr_expect_eq(fault.status, STATUS_INVALID, "case %zu", i);
		cr_expect_str_eq(fault.provider, "creditreform");
	}
	cr_expect_eq(counters().refused, count);
	(void)settle();
	cr_expect_eq(kept_of("shop").number, 0);
}

Test(document_keeper, refuses_what_is_larger_than_the_maximum)
{
	char *text = calloc(1, MAX_DOCUMENT + 1);

	memcpy(text, "%PDF-", 5);
	keep("shop", (struct slice){text, MAX_DOCUMENT + 1}, "application/pdf", SOURCE_ANSWER);
	cr_expect_eq(fault.status, STATUS_TOO_LARGE);
	cr_expect_eq(counters().refused, 1);
	keep("shop", (struct slice){text, MAX_DOCUMENT}, "application/pdf", SOURCE_ANSWER);
	free(text);
	(void)settle();
	cr_expect_eq(kept_of("shop").size, MAX_DOCUMENT);
}

Test(document_keeper, other_kinds_are_kept_as_they_say_they_are)
{
	keep("shop", SLICE_LIT("<report/>"), "application/vnd.bureau+xml", SOURCE_ANSWER);
	(void)settle();
	cr_expect_str_eq(kept_of("shop").type, "application/vnd.bureau+xml");
}

/* The limit stands for the disk, though SQLite takes it for an I/O error. */
Test(document_keeper, a_full_disk_costs_the_document_and_is_told)
{
	static char text[300000] = "%PDF-";
	struct rlimit before, full;

	signal(SIGXFSZ, SIG_IGN);
	keep("shop", SLICE_LIT("%PDF-small"), "application/pdf", SOURCE_ANSWER);
	(void)settle();
	getrlimit(RLIMIT_FSIZE, &before);
	full = (struct rlimit){200000, before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &full);
	keep("other", (struct slice){text, sizeof(text)}, "application/pdf", SOURCE_ANSWER);
	(void)settle();
	cr_expect_eq(fault.count, 1);
	cr_expect(fault.status == STATUS_FULL || fault.status == STATUS_UNAVAILABLE);
	cr_expect_eq(kept_of("other").number, 0);
	setrlimit(RLIMIT_FSIZE, &before);
	keep("other", (struct slice){text, sizeof(text)}, "application/pdf", SOURCE_ANSWER);
	(void)settle();
	cr_expect_eq(kept_of("other").size, sizeof(text));
	cr_expect_neq(kept_of("shop").number, 0);
}

/* Another process holds the file: what waits takes memory, and no more than a few reports may. */
Test(document_keeper, keeps_what_waited_and_loses_what_is_too_much)
{
	char *text = calloc(1, MAX_DOCUMENT), tenant[2] = "a";
	struct document_stats stats;
	unsigned kept = 0;
	sqlite3 *handle;

	(void)settle(); /* the file is there */
	memcpy(text, "%PDF-", 5);
	cr_assert_eq(sqlite3_open(temp_dir_path(&dir, "documents.db"), &handle), SQLITE_OK);
	sqlite3_busy_timeout(handle, 60000); /* the keeper has just started, and deletes what is old */
	cr_assert_eq(sqlite3_exec(handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	for (; tenant[0] < 'h'; tenant[0]++)
		keep(tenant, (struct slice){text, MAX_DOCUMENT}, "application/pdf", SOURCE_ANSWER);
	stats = counters();
	cr_expect_geq(stats.lost, 1);
	cr_expect_eq(fault.count, stats.lost);
	cr_expect_eq(fault.status, STATUS_NO_MEMORY);
	cr_assert_eq(sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
	(void)settle();
	for (tenant[0] = 'a'; tenant[0] < 'h'; tenant[0]++)
		kept += kept_of(tenant).number != 0;
	cr_expect_eq(kept + stats.lost, 7);
	cr_expect_geq(kept, 4);
	free(text);
}

static void *store_many(void *ctx)
{
	char text[64];

	for (int i = 0; i < 20; i++) {
		int len = snprintf(text, sizeof(text), "%%PDF-%d", i);

		keep(ctx, (struct slice){text, (size_t)len}, "application/pdf", SOURCE_ANSWER);
	}
	return NULL;
}

Test(document_keeper, many_threads_hand_over_at_once)
{
	static char tenants[4][8] = {"a", "b", "c", "d"};
	pthread_t threads[4];

	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, store_many, tenants[i]), 0);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	(void)settle();
	cr_expect_eq(fault.count, 0);
	for (size_t i = 0; i < 4; i++)
		cr_expect_eq(kept_of(tenants[i]).size, strlen("%PDF-19"));
}

Test(document_keeper, deletes_what_is_old_when_it_starts)
{
	keep("shop", SLICE_LIT("%PDF-1.4"), "application/pdf", SOURCE_ANSWER);
	now.now_ms = NOW + DOCUMENT_DAYS * DAY;
	(void)settle();
	cr_expect_neq(kept_of("shop").number, 0);
	now.now_ms++;
	(void)settle();
	document_keeper_close(keeper);
	keeper = NULL;
	cr_expect_eq(kept_of("shop").number, 0);
}
