/* SPDX-License-Identifier: MIT */
#include "adapter/sqlite_documents.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "temp_dir.h"

#define NOW  INT64_C(1795262400000)
#define DAY  INT64_C(86400000)
#define ROOM (1 << 20)
#define PDF  SLICE_LIT("%PDF-1.4\n%\0\xff and more\n%%EOF")

static struct temp_dir dir;
static char file[128];
static struct sqlite_documents *documents;
static struct arena arena;

static void set_up(void)
{
	static char mem[ROOM] __attribute__((aligned(16)));

	dir = temp_dir_make();
	(void)snprintf(file, sizeof(file), "%s", temp_dir_path(&dir, "documents.db"));
	arena_init(&arena, mem, sizeof(mem));
	cr_assert_eq(sqlite_documents_open(file, &documents), STATUS_OK);
}

static void tear_down(void)
{
	sqlite_documents_close(documents);
	temp_dir_remove(&dir);
}

TestSuite(sqlite_documents, .init = set_up, .fini = tear_down);

static struct document make(const char *tenant, const char *company, uint8_t answer)
{
	struct document document = {.provider = "creditreform", .type = "application/pdf", .received_ms = NOW};

	(void)slice_copy(slice_cstr(tenant), document.owner.tenant, sizeof(document.owner.tenant));
	(void)slice_copy(slice_cstr(company), document.owner.company.text, sizeof(document.owner.company.text));
	(void)slice_copy(SLICE_LIT("40200001"), document.reference, sizeof(document.reference));
	memset(document.answer_sha256, answer, sizeof(document.answer_sha256));
	memset(document.sha256, 0xaa, sizeof(document.sha256));
	return document;
}

static void put(const char *tenant, const char *company, uint8_t answer)
{
	struct document document = make(tenant, company, answer);

	cr_assert_eq(sqlite_documents_put(documents, &document, PDF), STATUS_OK);
}

/* What a query finds: the first answer bytes, in their order. */
struct found {
	struct document last;
	char answers[16];
	size_t count, most;
};

static bool visit(void *ctx, const struct document *document)
{
	struct found *found = ctx;

	found->last = *document;
	found->answers[found->count++] = (char)document->answer_sha256[0];
	return found->count < found->most;
}

static struct found list(struct document_query query)
{
	struct found found = {.most = sizeof(found.answers) - 1};

	cr_assert_eq(sqlite_documents_each(documents, &query, visit, &found), STATUS_OK);
	return found;
}

static struct found all_of(const char *tenant)
{
	return list((struct document_query){.tenant = slice_cstr(tenant)});
}

Test(sqlite_documents, comes_back_as_it_was_put)
{
	struct document told, put_in = make("shop", "reg:R1101:HRB:12345", 'a');
	char company_id[DOCUMENT_COMPANY];
	struct slice bytes;

	cr_assert_eq(sqlite_documents_put(documents, &put_in, PDF), STATUS_OK);
	identity_company_id(&put_in.owner.company, company_id);
	told = all_of("shop").last;
	cr_assert_eq(sqlite_documents_read(documents, SLICE_LIT("shop"), told.number, &arena, &told, &bytes),
	             STATUS_OK);
	cr_expect(slice_eq(bytes, PDF));
	cr_expect_eq(told.size, PDF.len);
	cr_expect_str_eq(told.owner.tenant, "shop");
	cr_expect_str_eq(told.owner.company.text, "reg:R1101:HRB:12345");
	cr_expect_str_eq(told.company_id, company_id);
	cr_expect_str_eq(told.provider, "creditreform");
	cr_expect_str_eq(told.type, "application/pdf");
	cr_expect_str_eq(told.reference, "40200001");
	cr_expect_eq(told.received_ms, NOW);
	cr_expect_arr_eq(told.answer_sha256, put_in.answer_sha256, 32);
	cr_expect_arr_eq(told.sha256, put_in.sha256, 32);
}

Test(sqlite_documents, one_as_large_as_any_comes_back)
{
	char *text = malloc(MAX_DOCUMENT), *mem = malloc(MAX_DOCUMENT + ROOM);
	struct document told, put_in = make("shop", "vat:DE1", 'a');
	struct slice bytes;

	for (size_t i = 0; i < MAX_DOCUMENT; i++)
		text[i] = (char)(i * 2654435761u >> 13);
	arena_init(&arena, mem, MAX_DOCUMENT + ROOM);
	cr_assert_eq(sqlite_documents_put(documents, &put_in, (struct slice){text, MAX_DOCUMENT}), STATUS_OK);
	cr_assert_eq(sqlite_documents_read(documents, SLICE_LIT("shop"), 1, &arena, &told, &bytes), STATUS_OK);
	cr_expect(slice_eq(bytes, (struct slice){text, MAX_DOCUMENT}));
	arena_init(&arena, mem, 1000);
	cr_expect_eq(sqlite_documents_read(documents, SLICE_LIT("shop"), 1, &arena, &told, &bytes), STATUS_NO_MEMORY);
	free(text);
	free(mem);
}

Test(sqlite_documents, a_tenant_sees_its_own_only)
{
	struct document told;
	struct slice bytes;
	uint64_t count = 99;
	int64_t number;

	put("shop", "vat:DE1", 'a');
	put("other", "vat:DE1", 'a');
	put("shop", "vat:DE2", 'b');
	cr_expect_str_eq(all_of("shop").answers, "ab");
	cr_expect_str_eq(all_of("other").answers, "a");
	cr_expect_str_eq(all_of("").answers, "");
	cr_expect_str_eq(all_of("Shop").answers, "");
	number = all_of("other").last.number;
	cr_expect_eq(sqlite_documents_read(documents, SLICE_LIT("shop"), number, &arena, &told, &bytes),
	             STATUS_NOT_FOUND);
	cr_expect_eq(sqlite_documents_delete(documents,
	                                     &(struct document_query){.tenant = SLICE_LIT("shop"), .number = number},
	                                     &count),
	             STATUS_OK);
	cr_expect_eq(count, 0);
	cr_expect_str_eq(all_of("other").answers, "a");
}

Test(sqlite_documents, is_found_by_company_and_by_the_raw_answer)
{
	struct company_key key = {"vat:DE1"};
	struct document_query query = {.tenant = SLICE_LIT("shop")};
	char company_id[DOCUMENT_COMPANY];
	uint8_t answer[32];

	put("shop", "vat:DE1", 'a');
	put("shop", "vat:DE2", 'a');
	put("shop", "vat:DE1", 'b');
	identity_company_id(&key, company_id);
	query.company_id = slice_cstr(company_id);
	cr_expect_str_eq(list(query).answers, "ab");
	memset(answer, 'a', sizeof(answer));
	query.answer_sha256 = answer;
	cr_expect_str_eq(list(query).answers, "a");
	query.company_id = SLICE_NONE;
	cr_expect_str_eq(list(query).answers, "aa");
	query.number = list(query).last.number;
	cr_expect_str_eq(list(query).answers, "a");
	cr_expect_str_eq(list(query).last.owner.company.text, "vat:DE2");
	answer[31] = 'b';
	cr_expect_str_eq(list(query).answers, "");
}

Test(sqlite_documents, a_list_ends_when_its_reader_has_enough)
{
	struct document_query query = {.tenant = SLICE_LIT("shop")};
	struct found found = {.most = 2};

	for (uint8_t i = 'a'; i < 'f'; i++)
		put("shop", "vat:DE1", i);
	cr_expect_eq(sqlite_documents_each(documents, &query, visit, &found), STATUS_OK);
	cr_expect_str_eq(found.answers, "ab");
	put("shop", "vat:DE1", 'f');
	cr_expect_str_eq(all_of("shop").answers, "abcdef");
}

Test(sqlite_documents, the_same_answer_is_kept_once)
{
	int64_t number;

	put("shop", "vat:DE1", 'a');
	number = all_of("shop").last.number;
	put("shop", "vat:DE1", 'a');
	cr_expect_str_eq(all_of("shop").answers, "a");
	cr_expect_gt(all_of("shop").last.number, number, "no number means two documents");
}

static size_t size_of_file(void)
{
	struct stat about;

	cr_assert_eq(stat(file, &about), 0);
	return (size_t)about.st_size;
}

static bool file_holds(struct slice needle)
{
	static char bytes[ROOM];
	FILE *in = fopen(file, "rb");
	size_t len = fread(bytes, 1, sizeof(bytes), in);

	(void)fclose(in);
	return memmem(bytes, len, needle.ptr, needle.len) != NULL;
}

Test(sqlite_documents, what_is_deleted_is_gone_from_the_file)
{
	struct document secret = make("shop", "name:DE:40213:0123", 'b');
	struct document_query query = {.tenant = SLICE_LIT("shop")};
	char company_id[DOCUMENT_COMPANY];
	static char text[100000];
	uint64_t count = 0;
	size_t before;

	put("shop", "vat:DE1", 'a');
	before = size_of_file();
	memset(text, 'x', sizeof(text));
	memcpy(text + 50000, "Erika Mustermann", 16);
	cr_assert_eq(sqlite_documents_put(documents, &secret, (struct slice){text, sizeof(text)}), STATUS_OK);
	cr_expect(file_holds(SLICE_LIT("Erika Mustermann")));
	identity_company_id(&secret.owner.company, company_id);
	query.company_id = slice_cstr(company_id);
	cr_assert_eq(sqlite_documents_delete(documents, &query, &count), STATUS_OK);
	cr_expect_eq(count, 1);
	cr_expect_str_eq(all_of("shop").answers, "a");
	cr_expect_not(file_holds(SLICE_LIT("Erika Mustermann")));
	cr_expect_not(file_holds(SLICE_LIT("name:DE:40213:0123")));
	cr_expect_eq(size_of_file(), before, "its room is given back");
	cr_expect_neq(access(temp_dir_path(&dir, "documents.db-journal"), F_OK), 0);
	cr_expect_neq(access(temp_dir_path(&dir, "documents.db-wal"), F_OK), 0);
}

Test(sqlite_documents, is_kept_for_its_days_and_no_longer)
{
	uint64_t count = 99;
	int64_t days;

	put("shop", "vat:DE1", 'a');
	put("other", "vat:DE1", 'b');
	put("third", "vat:DE1", 'c');
	cr_assert_eq(sqlite_documents_days(documents, SLICE_LIT("shop"), &days), STATUS_OK);
	cr_expect_eq(days, DOCUMENT_DAYS);
	cr_assert_eq(sqlite_documents_purge(documents, NOW + DOCUMENT_DAYS * DAY, &count), STATUS_OK);
	cr_expect_eq(count, 0);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_LIT("shop"), 10), STATUS_OK);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_NONE, 20), STATUS_OK);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_LIT("third"), 30), STATUS_OK);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_LIT("shop"), 11), STATUS_OK);

	const struct {
		int64_t after_ms;
		const char *shop, *other, *third;
	} STEPS[] = {
	        {11 * DAY, "a", "b", "c"},   {11 * DAY + 1, "", "b", "c"}, {20 * DAY, "", "b", "c"},
	        {20 * DAY + 1, "", "", "c"}, {30 * DAY + 1, "", "", ""},
	};

	for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		cr_assert_eq(sqlite_documents_purge(documents, NOW + STEPS[i].after_ms, &count), STATUS_OK);
		cr_expect_str_eq(all_of("shop").answers, STEPS[i].shop, "step %zu", i);
		cr_expect_str_eq(all_of("other").answers, STEPS[i].other, "step %zu", i);
		cr_expect_str_eq(all_of("third").answers, STEPS[i].third, "step %zu", i);
	}
}

Test(sqlite_documents, days_are_those_set_last_by_the_tenant_or_for_all)
{
	int64_t days;

	for (int64_t bad = -1; bad <= DOCUMENT_DAYS_MOST + 1; bad += DOCUMENT_DAYS_MOST + 2)
		cr_expect_eq(sqlite_documents_set_days(documents, SLICE_LIT("shop"), bad), STATUS_INVALID);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_NONE, 0), STATUS_OK);
	cr_assert_eq(sqlite_documents_set_days(documents, SLICE_LIT("shop"), DOCUMENT_DAYS_MOST), STATUS_OK);
	cr_assert_eq(sqlite_documents_days(documents, SLICE_LIT("shop"), &days), STATUS_OK);
	cr_expect_eq(days, DOCUMENT_DAYS_MOST);
	cr_assert_eq(sqlite_documents_days(documents, SLICE_LIT("other"), &days), STATUS_OK);
	cr_expect_eq(days, 0);
	cr_assert_eq(sqlite_documents_days(documents, SLICE_NONE, &days), STATUS_OK);
	cr_expect_eq(days, 0);
}

Test(sqlite_documents, is_the_operators_only_and_outlives_the_process)
{
	struct stat about;

	put("shop", "vat:DE1", 'a');
	cr_assert_eq(stat(file, &about), 0);
	cr_expect_eq(about.st_mode & 0777, 0600);
	sqlite_documents_close(documents);
	cr_assert_eq(sqlite_documents_open(file, &documents), STATUS_OK);
	cr_expect_str_eq(all_of("shop").answers, "a");
}

/*
 * The limit stands for the disk, though SQLite takes it for an I/O error where it tells a full disk as one: what
 * was there before stays, and with room again nothing else is needed.
 */
Test(sqlite_documents, a_full_disk_is_told_and_survived)
{
	struct document document = make("shop", "vat:DE1", 'b');
	static char text[300000];
	struct rlimit before, full;
	enum status status;

	signal(SIGXFSZ, SIG_IGN);
	put("shop", "vat:DE1", 'a');
	getrlimit(RLIMIT_FSIZE, &before);
	full = (struct rlimit){200000, before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &full);
	status = sqlite_documents_put(documents, &document, (struct slice){text, sizeof(text)});
	cr_expect(status == STATUS_FULL || status == STATUS_UNAVAILABLE, "%s", status_name(status));
	cr_expect_str_eq(all_of("shop").answers, "a");
	setrlimit(RLIMIT_FSIZE, &before);
	put("shop", "vat:DE1", 'c');
	cr_expect_str_eq(all_of("shop").answers, "ac");
}

Test(sqlite_documents, damage_is_told)
{
	FILE *out;
	struct found found = {.most = 1};
	struct document document = make("shop", "vat:DE1", 'b');

	put("shop", "vat:DE1", 'a');
	sqlite_documents_close(documents);
	out = fopen(file, "r+b");
	(void)fputs("no database", out);
	(void)fclose(out);
	cr_assert_eq(sqlite_documents_open(file, &documents), STATUS_OK);
	cr_expect_eq(sqlite_documents_put(documents, &document, PDF), STATUS_CORRUPT);
	cr_expect_eq(
	        sqlite_documents_each(documents, &(struct document_query){.tenant = SLICE_LIT("shop")}, visit, &found),
	        STATUS_CORRUPT);
}

Test(sqlite_documents, a_row_that_is_not_ours_is_damage)
{
	sqlite3 *handle;
	struct found found = {.most = 1};

	put("shop", "vat:DE1", 'a');
	cr_assert_eq(sqlite3_open(file, &handle), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(handle, "UPDATE document SET sha256 = x'00'", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
	cr_expect_eq(
	        sqlite_documents_each(documents, &(struct document_query){.tenant = SLICE_LIT("shop")}, visit, &found),
	        STATUS_CORRUPT);
	cr_expect_eq(found.count, 0);
}

Test(sqlite_documents, a_folder_that_is_not_there_is_told)
{
	struct sqlite_documents *none = NULL;

	cr_expect_eq(sqlite_documents_open(temp_dir_path(&dir, "no/documents.db"), &none), STATUS_UNAVAILABLE);
	cr_expect_null(none);
}
