/* SPDX-License-Identifier: MIT */
/* What the register file promises beyond the port: imports resume, updates merge, files come and go. */
#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/sqlite_register.h"
#include "temp_dir.h"

static char memory[1 << 18] __attribute__((aligned(16)));
static struct arena arena;
static struct temp_dir dir;
static const char *file;

static void set_up(void)
{
	static char path[128];

	arena_init(&arena, memory, sizeof(memory));
	dir = temp_dir_make();
	snprintf(path, sizeof(path), "%s", temp_dir_path(&dir, "register.db"));
	file = path;
}

static void tear_down(void)
{
	temp_dir_remove(&dir);
}

TestSuite(sqlite_register, .init = set_up, .fini = tear_down);

static struct identity_norm normalise(const struct identity *raw)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	size_t count = 0;

	cr_assert_eq(identity_normalise(raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK);
	return norm;
}

/* Company number n, Düsseldorf HRB n; name NULL: without one. */
static struct identity_norm company_norm(int n, const char *name, const char *postal_code)
{
	char *number = arena_alloc(&arena, 16);
	struct identity raw = {
	        .name = slice_cstr(name),
	        .postal_code = slice_cstr(postal_code),
	        .country = SLICE_LIT("DE"),
	        .court = SLICE_LIT("Düsseldorf"),
	        .register_type = SLICE_LIT("HRB"),
	};

	snprintf(number, 16, "%d", n);
	raw.register_number = slice_cstr(number);
	return normalise(&raw);
}

static struct facts one_fact(const char *source, enum fact_id id, int64_t value, int32_t as_of)
{
	struct facts facts;

	facts_init(&facts);
	facts_set(&facts, id, value, as_of, (uint8_t)facts_source(&facts, source, SOURCE_ANSWER, as_of));
	return facts;
}

static enum status write_company(struct register_writer *writer, int n, const char *name, const char *postal_code)
{
	struct identity_norm norm = company_norm(n, name, postal_code);
	struct facts facts = one_fact("register", FACT_EMPLOYEES, n, 100);
	struct register_company company = {&norm, NULL, 0, &facts};

	slice_copy(slice_cstr(name), facts.name, sizeof(facts.name));
	return register_writer_company(writer, &company);
}

static struct facts find_norm(struct sqlite_register *reg, const struct identity_norm *norm)
{
	struct register_port port = sqlite_register_port(reg);
	struct facts facts;

	cr_assert_eq(port.vtable->find(port.self, norm, DEADLINE_NEVER, &facts), STATUS_OK);
	return facts;
}

static struct facts find(struct sqlite_register *reg, int n)
{
	struct identity_norm norm = company_norm(n, NULL, NULL);

	return find_norm(reg, &norm);
}

static struct facts find_once(int n)
{
	struct sqlite_register *reg;
	struct facts facts;

	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	facts = find(reg, n);
	sqlite_register_close(reg);
	return facts;
}

static int64_t value_of(const struct facts *facts, enum fact_id id)
{
	int64_t value = -1;

	(void)facts_get(facts, id, &value);
	return value;
}

/* ---- imports ---- */

Test(sqlite_register, an_import_resumes_where_it_was_committed)
{
	struct register_writer *writer;
	uint64_t position = 99, count;

	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_expect_eq(register_writer_progress(writer, SLICE_LIT("a.tsv"), &position), STATUS_NOT_FOUND);
	cr_assert_eq(write_company(writer, 1, "Eins GmbH", "40213"), STATUS_OK);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("a.tsv"), 1), STATUS_OK);
	cr_assert_eq(write_company(writer, 2, "Zwei GmbH", "40213"), STATUS_OK);
	register_writer_close(writer); /* as if it was cut off: the second one was not committed */
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(register_writer_progress(writer, SLICE_LIT("a.tsv"), &position), STATUS_OK);
	cr_expect_eq(position, 1);
	cr_expect_eq(register_writer_progress(writer, SLICE_LIT("b.tsv"), &position), STATUS_NOT_FOUND);
	cr_assert_eq(register_writer_count(writer, &count), STATUS_OK);
	cr_expect_eq(count, 1);
	cr_assert_eq(write_company(writer, 2, "Zwei GmbH", "40213"), STATUS_OK);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("a.tsv"), 2), STATUS_OK);
	register_writer_close(writer);
	cr_expect_eq(find_once(1).match, MATCH_EXACT);
	cr_expect_eq(find_once(2).match, MATCH_EXACT);
}

Test(sqlite_register, one_writer_at_a_time)
{
	struct register_writer *first, *second;

	cr_assert_eq(register_writer_open(file, &first), STATUS_OK);
	cr_expect_eq(register_writer_open(file, &second), STATUS_UNAVAILABLE);
	register_writer_close(first);
	cr_assert_eq(register_writer_open(file, &second), STATUS_OK);
	register_writer_close(second);
}

Test(sqlite_register, a_company_that_names_nothing_is_refused)
{
	struct identity_norm norm = {.country = "DE"};
	struct facts facts = one_fact("register", FACT_EMPLOYEES, 1, 1);
	struct register_company company = {&norm, NULL, 0, &facts};
	struct register_writer *writer;
	uint64_t count;

	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_expect_eq(register_writer_company(writer, &company), STATUS_INVALID);
	cr_assert_eq(write_company(writer, 1, "Eins GmbH", "40213"), STATUS_OK, "the batch goes on");
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 2), STATUS_OK);
	cr_assert_eq(register_writer_count(writer, &count), STATUS_OK);
	cr_expect_eq(count, 1);
	register_writer_close(writer);
}

Test(sqlite_register, an_update_keeps_what_is_no_longer_told)
{
	struct identity old_name = {
	        .name = SLICE_LIT("Alt GmbH"), .postal_code = SLICE_LIT("40213"), .country = SLICE_LIT("DE")};
	struct identity new_name = {
	        .name = SLICE_LIT("Neu GmbH"), .postal_code = SLICE_LIT("50667"), .country = SLICE_LIT("DE")};
	struct identity moved_old = {
	        .name = SLICE_LIT("Alt GmbH"), .postal_code = SLICE_LIT("50667"), .country = SLICE_LIT("DE")};
	struct identity_norm asked;
	struct register_writer *writer;
	struct sqlite_register *reg;
	struct facts facts;
	uint64_t count;

	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(write_company(writer, 1, "Alt GmbH", "40213"), STATUS_OK);
	cr_assert_eq(write_company(writer, 1, "Neu GmbH", "50667"), STATUS_OK, "in the same batch");
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 1), STATUS_OK);
	cr_assert_eq(write_company(writer, 1, NULL, NULL), STATUS_OK, "in a later batch, telling less");
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 2), STATUS_OK);
	cr_assert_eq(register_writer_count(writer, &count), STATUS_OK);
	cr_expect_eq(count, 1);
	register_writer_close(writer);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	asked = normalise(&new_name);
	facts = find_norm(reg, &asked);
	cr_expect_eq(facts.match, MATCH_EXACT);
	cr_expect_eq(facts.match_probability, REGISTER_BY_NAME);
	cr_expect_str_eq(facts.name, "Neu GmbH");
	asked = normalise(&moved_old);
	cr_expect_eq(find_norm(reg, &asked).match_probability, REGISTER_BY_PREVIOUS_NAME);
	asked = normalise(&old_name);
	cr_expect_eq(find_norm(reg, &asked).match, MATCH_NONE, "nobody of that name is there any more");
	sqlite_register_close(reg);
}

Test(sqlite_register, facts_merge_by_their_day)
{
	struct facts older = one_fact("accounts", FACT_REVENUE, 100, 50),
	             newer = one_fact("accounts", FACT_REVENUE, 300, 70);
	struct facts event = one_fact("insolvency", FACT_INSOLVENCY_STATUS, 2, 60);
	struct identity_norm norm = company_norm(1, NULL, NULL);
	struct register_writer *writer;
	struct company_key key, unknown = {"reg:R1101:HRB:4711"};
	struct facts facts;

	cr_assert_eq(identity_key(&norm, &key), STATUS_OK);
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(write_company(writer, 1, "Eins GmbH", "40213"), STATUS_OK);
	cr_assert_eq(register_writer_facts(writer, &key, &newer), STATUS_OK);
	cr_assert_eq(register_writer_facts(writer, &key, &older), STATUS_OK);
	cr_assert_eq(register_writer_facts(writer, &key, &event), STATUS_OK);
	cr_expect_eq(register_writer_facts(writer, &unknown, &event), STATUS_NOT_FOUND);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 1), STATUS_OK);
	register_writer_close(writer);
	facts = find_once(1);
	cr_expect_eq(value_of(&facts, FACT_REVENUE), 300);
	cr_expect_eq(facts.items[FACT_REVENUE].as_of, 70);
	cr_expect_str_eq(facts.sources[facts.items[FACT_REVENUE].source].id, "accounts");
	cr_expect_eq(value_of(&facts, FACT_INSOLVENCY_STATUS), 2);
	cr_expect_str_eq(facts.sources[facts.items[FACT_INSOLVENCY_STATUS].source].id, "insolvency");
	cr_expect_eq(value_of(&facts, FACT_EMPLOYEES), 1);
	cr_expect_eq(facts.source_count, 3);
}

Test(sqlite_register, derived_facts_are_not_stored)
{
	struct identity_norm norm = company_norm(1, NULL, NULL);
	struct facts facts = one_fact("register", FACT_FOUNDED, 1000, 2000);
	struct register_company company = {&norm, NULL, 0, &facts};
	struct register_writer *writer;

	facts_derive(&facts, 20000);
	cr_assert_neq(value_of(&facts, FACT_AGE), -1);
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(register_writer_company(writer, &company), STATUS_OK);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 1), STATUS_OK);
	register_writer_close(writer);
	facts = find_once(1);
	cr_expect_eq(value_of(&facts, FACT_FOUNDED), 1000);
	cr_expect_eq(value_of(&facts, FACT_AGE), -1);
}

Test(sqlite_register, many_companies_in_batches_are_all_found)
{
	struct register_writer *writer;
	struct sqlite_register *reg;
	char name[40];

	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	for (int n = 1; n <= 6000; n++) {
		arena_reset(&arena);
		snprintf(name, sizeof(name), "Firma %d GmbH", n);
		cr_assert_eq(write_company(writer, n, name, "40213"), STATUS_OK);
		if (n % 2500 == 0)
			cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), (uint64_t)n), STATUS_OK);
	}
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 6000), STATUS_OK);
	register_writer_close(writer);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	for (int n = 1; n <= 6000; n += 7) {
		struct facts facts;
		struct identity_norm norm;

		arena_reset(&arena);
		facts = find(reg, n);
		cr_assert_eq(value_of(&facts, FACT_EMPLOYEES), n);
		snprintf(name, sizeof(name), "Firma %d GmbH", n);
		norm = company_norm(n, name, "40213");
		norm.reg.type = REGISTER_NONE;
		facts = find_norm(reg, &norm);
		cr_assert_eq(value_of(&facts, FACT_EMPLOYEES), n, "by name: %s", name);
	}
	sqlite_register_close(reg);
}

/* ---- while serving ---- */

static enum status try_find(struct sqlite_register *reg, int n)
{
	struct register_port port = sqlite_register_port(reg);
	struct identity_norm norm = company_norm(n, NULL, NULL);
	struct facts facts;

	return port.vtable->find(port.self, &norm, DEADLINE_NEVER, &facts);
}

static void import_range(const char *path, int first, int last)
{
	struct register_writer *writer;
	char name[40];

	cr_assert_eq(register_writer_open(path, &writer), STATUS_OK);
	for (int n = first; n <= last; n++) {
		arena_reset(&arena);
		snprintf(name, sizeof(name), "Firma %d GmbH", n);
		cr_assert_eq(write_company(writer, n, name, "40213"), STATUS_OK);
	}
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 1), STATUS_OK);
	register_writer_close(writer);
}

static void import_one(const char *path, int n)
{
	import_range(path, n, n);
}

Test(sqlite_register, a_missing_file_says_nothing_about_the_company)
{
	struct sqlite_register *reg;
	struct register_port port;

	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	port = sqlite_register_port(reg);
	cr_expect_eq(try_find(reg, 1), STATUS_UNAVAILABLE);
	cr_expect_eq(port.vtable->revision(port.self), 0);
	import_one(file, 1);
	cr_expect_eq(try_find(reg, 1), STATUS_OK, "an import into a new file shows at once");
	cr_expect_neq(port.vtable->revision(port.self), 0);
	sqlite_register_close(reg);
}

Test(sqlite_register, a_commit_shows_at_once)
{
	struct register_writer *writer;
	struct sqlite_register *reg;

	import_one(file, 1);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	cr_expect_eq(find(reg, 2).match, MATCH_NONE);
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(write_company(writer, 2, "Zwei GmbH", "40213"), STATUS_OK);
	cr_expect_eq(find(reg, 2).match, MATCH_NONE, "not before it");
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("x"), 2), STATUS_OK);
	cr_expect_eq(find(reg, 2).match, MATCH_EXACT);
	register_writer_close(writer);
	cr_expect_eq(find(reg, 2).match, MATCH_EXACT);
	sqlite_register_close(reg);
}

/* Looks again and again: a file replaced without a hint is noticed within a second. */
static bool eventually_found(struct sqlite_register *reg, int n)
{
	for (long i = 0; i < 100000000; i++) {
		arena_reset(&arena);
		if (try_find(reg, n) == STATUS_OK && find(reg, n).match == MATCH_EXACT)
			return true;
	}
	return false;
}

static void expect_followed(int first, int last, int other_first, int other_last)
{
	struct sqlite_register *reg;
	char other[128];

	snprintf(other, sizeof(other), "%s", temp_dir_path(&dir, "other.db"));
	import_range(file, first, last);
	import_range(other, other_first, other_last);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	cr_expect_eq(find(reg, first).match, MATCH_EXACT);
	cr_assert_eq(rename(other, file), 0);
	cr_expect(eventually_found(reg, other_last));
	cr_expect_eq(find(reg, other_first).match, MATCH_EXACT);
	cr_expect_eq(find(reg, first).match, MATCH_NONE);
	import_one(file, 99999);
	cr_expect_eq(find(reg, 99999).match, MATCH_EXACT, "and goes on being a register");
	sqlite_register_close(reg);
}

Test(sqlite_register, a_larger_file_renamed_into_place_is_followed)
{
	expect_followed(1, 10, 11, 3000);
}

Test(sqlite_register, a_smaller_file_renamed_into_place_is_followed)
{
	expect_followed(1, 3000, 3001, 3010);
}

Test(sqlite_register, a_foreign_file_is_unavailable)
{
	struct sqlite_register *reg;
	struct register_writer *writer;
	sqlite3 *db = NULL;

	cr_assert_eq(sqlite3_open(file, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, "CREATE TABLE company (id INTEGER)", NULL, NULL, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, "PRAGMA user_version=3", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	cr_expect_eq(try_find(reg, 1), STATUS_UNAVAILABLE);
	cr_expect_eq(register_writer_open(file, &writer), STATUS_CORRUPT);
	sqlite_register_close(reg);
}

Test(sqlite_register, a_passed_deadline_ends_the_question)
{
	struct identity_norm norm = company_norm(1, NULL, NULL);
	struct sqlite_register *reg;
	struct register_port port;
	struct facts facts;

	import_one(file, 1);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	port = sqlite_register_port(reg);
	cr_expect_eq(port.vtable->find(port.self, &norm, (struct deadline){1}, &facts), STATUS_TIMEOUT);
	sqlite_register_close(reg);
}
