/* SPDX-License-Identifier: MIT */
/* The register with an index beside it: who is found by name and address, and who is not. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/match_sqlite.h"
#include "adapter/sqlite_register.h"
#include "temp_dir.h"

#define PATIENCE_MS 30000

static char memory[1 << 20] __attribute__((aligned(16)));
static struct arena arena;
static struct temp_dir dir;
static char file[128];
static char index_file[160];
static struct sqlite_register *reg;

static const struct entry {
	const char *number;
	const char *name;
	const char *street;
	const char *postal_code;
	const char *city;
	const char *vat_id;
	const char *country;
} ENTRIES[] = {
        {"1", "Quendt Industrie GmbH", "Hafenstraße 12", "40213", "Düsseldorf", "DE136695976", "DE"},
        {"2", "Quendt Industrie Verwaltungs-GmbH", "Hafenstraße 12", "40213", "Düsseldorf", "", "DE"},
        {"3", "Nordwind Elektrotechnik AG", "Am Sportplatz 20", "40210", "Düsseldorf", "", "DE"},
        {"4", "Zwilling Kranbau GmbH", "Ring 1", "40211", "Düsseldorf", "", "DE"},
        {"5", "Zwilling Kranbau GmbH", "Ring 1", "40211", "Düsseldorf", "", "DE"},
        {"6", "Donaublick Weinhandel KG", "Kai 9", "40212", "Düsseldorf", "", "DE"},
};

static struct identity identity_of(const struct entry *entry, bool numbered)
{
	struct identity raw = {.name = slice_cstr(entry->name),
	                       .street = slice_cstr(entry->street),
	                       .postal_code = slice_cstr(entry->postal_code),
	                       .city = slice_cstr(entry->city),
	                       .vat_id = entry->vat_id[0] ? slice_cstr(entry->vat_id) : SLICE_NONE,
	                       .country = slice_cstr(entry->country)};
	if (numbered) {
		raw.court = SLICE_LIT("Düsseldorf");
		raw.register_type = SLICE_LIT("HRB");
		raw.register_number = slice_cstr(entry->number);
	}
	return raw;
}

static struct identity_norm normalise(const struct identity *raw)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	size_t count = 0;

	cr_assert_eq(identity_normalise(raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK);
	return norm;
}

static void store(struct register_writer *writer, const struct entry *entry)
{
	struct identity raw = identity_of(entry, true);
	struct identity_norm norm = normalise(&raw);
	struct facts facts;

	facts_init(&facts);
	facts_set(&facts, FACT_EMPLOYEES, 7, 100, (uint8_t)facts_source(&facts, "register", SOURCE_ANSWER, 100));
	(void)slice_copy(raw.name, facts.name, sizeof(facts.name));
	(void)slice_copy(raw.street, facts.street, sizeof(facts.street));
	(void)slice_copy(raw.postal_code, facts.postal_code, sizeof(facts.postal_code));
	(void)slice_copy(raw.city, facts.city, sizeof(facts.city));
	(void)slice_copy(raw.country, facts.country, sizeof(facts.country));
	cr_assert_eq(register_writer_company(writer, &(struct register_company){&norm, NULL, 0, &facts}), STATUS_OK);
}

static void write_register(size_t count)
{
	struct register_writer *writer;

	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	for (size_t i = 0; i < count; i++)
		store(writer, &ENTRIES[i]);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("a.tsv"), 1), STATUS_OK);
	register_writer_close(writer);
}

static enum status take(void *build, const struct match_build_record *record)
{
	return match_build_add(build, record);
}

static void write_index(void)
{
	struct match_build *build;

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	cr_assert_eq(match_sqlite_read(file, (struct match_sqlite_reader){take, build}), STATUS_OK);
	cr_assert_eq(match_build_write(build, index_file, (struct match_build_progress){NULL, NULL}), STATUS_OK);
	match_build_destroy(build);
}

static void set_up(void)
{
	arena_init(&arena, memory, sizeof(memory));
	dir = temp_dir_make();
	(void)snprintf(file, sizeof(file), "%s", temp_dir_path(&dir, "register.db"));
	(void)snprintf(index_file, sizeof(index_file), "%s" SQLITE_REGISTER_INDEX, file);
	write_register(sizeof(ENTRIES) / sizeof(ENTRIES[0]));
	write_index();
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
}

static void tear_down(void)
{
	sqlite_register_close(reg);
	temp_dir_remove(&dir);
}

TestSuite(match_service, .init = set_up, .fini = tear_down);

static struct facts find(const struct identity *raw)
{
	struct register_port port = sqlite_register_port(reg);
	struct identity_norm norm = normalise(raw);
	struct facts facts;

	cr_assert_eq(port.vtable->find(port.self, &norm, DEADLINE_NEVER, &facts), STATUS_OK);
	return facts;
}

static struct identity typed(const char *name, const char *street, const char *postal_code, const char *city)
{
	return identity_of(&(struct entry){"", name, street, postal_code, city, "", "DE"}, false);
}

Test(match_service, a_misspelt_company_is_found_with_its_facts)
{
	struct identity raw = typed("Nordwint Elektrotechnik AG", "Am Sportpl. 20", "40210", "Duesseldorf");
	struct facts facts = find(&raw);
	int64_t employees;

	cr_expect_eq(facts.match, MATCH_FUZZY);
	cr_expect_geq(facts.match_probability, 990000);
	cr_expect_str_eq(facts.name, "Nordwind Elektrotechnik AG");
	cr_expect_str_eq(facts.key.text, "reg:R1101:HRB:3");
	cr_expect(facts_get(&facts, FACT_EMPLOYEES, &employees) && employees == 7);
}

/* No facts at all: a stranger's credit is never given away. */
static void expect_nobody(const struct identity *raw, enum match_kind kind)
{
	struct facts facts = find(raw);
	int64_t employees;

	cr_expect_eq(facts.match, kind, "%.*s: %d", (int)raw->name.len, raw->name.ptr, facts.match);
	cr_expect_not(facts_get(&facts, FACT_EMPLOYEES, &employees));
	cr_expect_str_eq(facts.name, "");
	cr_expect_str_eq(facts.key.text, "");
}

static void rename_company(const struct entry *entry, const char *previous)
{
	struct register_writer *writer;
	struct identity raw = identity_of(entry, true);
	struct identity old = {.name = slice_cstr(previous), .country = SLICE_LIT("DE")};
	struct identity_norm norm = normalise(&raw);
	struct identity_norm before = normalise(&old);
	struct facts facts;

	facts_init(&facts);
	(void)slice_copy(raw.name, facts.name, sizeof(facts.name));
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	cr_assert_eq(register_writer_company(writer, &(struct register_company){&norm, &before, 1, &facts}), STATUS_OK);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("c.tsv"), 1), STATUS_OK);
	register_writer_close(writer);
}

/* A name that was given up may be another company's by now: the index must find the same one. */
Test(match_service, an_earlier_name_decides_only_together_with_the_index)
{
	struct identity raw = typed("Vormals Weinkontor KG", "Kai 9", "40212", "Düsseldorf");

	rename_company(&ENTRIES[5], "Vormals Weinkontor KG");
	expect_nobody(&raw, MATCH_AMBIGUOUS);
	write_index();
	sqlite_register_close(reg);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	cr_expect_eq(find(&raw).match, MATCH_EXACT);
	cr_expect_str_eq(find(&raw).name, "Donaublick Weinhandel KG");
	cr_expect_eq(find(&raw).match_probability, REGISTER_BY_PREVIOUS_NAME);
}

Test(match_service, what_is_exact_stays_exact)
{
	struct identity raw = identity_of(&ENTRIES[0], true);

	cr_expect_eq(find(&raw).match, MATCH_EXACT);
	raw = typed("Quendt Industrie GmbH", "", "40213", "");
	cr_expect_eq(find(&raw).match, MATCH_EXACT);
	cr_expect_eq(find(&raw).match_probability, REGISTER_BY_NAME);
}

Test(match_service, who_is_not_certain_is_nobody)
{
	struct identity raw = typed("Völlig Unbekanntes Werk GmbH", "Hafenstraße 12", "40213", "Düsseldorf");

	expect_nobody(&raw, MATCH_NONE);
	raw = typed("Quend Industrie", "", "", "");
	expect_nobody(&raw, MATCH_AMBIGUOUS);
	raw = typed("Zwilling Kranbau GmbH", "Ring 1", "40211", "Düsseldorf");
	expect_nobody(&raw, MATCH_AMBIGUOUS);
	raw = typed("Zwiling Kranbau GmbH", "Ring 1", "40211", "Düsseldorf");
	expect_nobody(&raw, MATCH_AMBIGUOUS);
}

Test(match_service, a_contradicting_identifier_makes_a_safe_match_ambiguous)
{
	struct identity raw = typed("Quendt Industri GmbH", "Hafenstraße 12", "40213", "Düsseldorf");

	cr_expect_eq(find(&raw).match, MATCH_FUZZY);
	raw.vat_id = SLICE_LIT("DE811569869");
	expect_nobody(&raw, MATCH_AMBIGUOUS);
}

Test(match_service, another_country_is_another_company)
{
	struct identity raw = typed("Donaublick Weinhandel", "Kai 9", "1010", "Wien");

	raw.country = SLICE_LIT("AT");
	expect_nobody(&raw, MATCH_NONE);
}

Test(match_service, a_company_the_file_no_longer_has_is_not_given)
{
	struct identity raw = typed("Nordwint Elektrotechnik AG", "Am Sportplatz 20", "40210", "Düsseldorf");

	cr_expect_eq(find(&raw).match, MATCH_FUZZY);
	sqlite_register_close(reg);
	cr_assert_eq(unlink(file), 0);
	write_register(2);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	expect_nobody(&raw, MATCH_NONE);
}

Test(match_service, without_an_index_all_is_as_it_was)
{
	struct register_port port = sqlite_register_port(reg);
	struct match_query query = {.name = SLICE_LIT("Nordwind")};
	struct identity raw = typed("Nordwint Elektrotechnik AG", "Am Sportplatz 20", "40210", "Düsseldorf");
	struct register_hits hits;
	uint64_t with_index = port.vtable->revision(port.self);

	sqlite_register_close(reg);
	cr_assert_eq(unlink(index_file), 0);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	port = sqlite_register_port(reg);
	expect_nobody(&raw, MATCH_NONE);
	raw = identity_of(&ENTRIES[3], false);
	expect_nobody(&raw, MATCH_AMBIGUOUS);
	cr_expect_eq(port.vtable->search(port.self, &query, DEADLINE_NEVER, &arena, &hits), STATUS_NOT_FOUND);
	cr_expect_neq(port.vtable->revision(port.self), 0);
	cr_expect_neq(port.vtable->revision(port.self), with_index, "what was cached with it does not count");
}

/* Nobody decides anything meanwhile: searches alone notice the index. */
Test(match_service, a_search_finds_an_index_that_came_later)
{
	struct match_query query = {.name = SLICE_LIT("Nordwind")};
	struct register_port port;
	struct register_hits hits;
	enum status status = STATUS_NOT_FOUND;

	sqlite_register_close(reg);
	cr_assert_eq(unlink(index_file), 0);
	cr_assert_eq(sqlite_register_open(file, &reg), STATUS_OK);
	port = sqlite_register_port(reg);
	cr_assert_eq(port.vtable->search(port.self, &query, DEADLINE_NEVER, &arena, &hits), STATUS_NOT_FOUND);
	write_index();
	for (int waited_ms = 0; status == STATUS_NOT_FOUND && waited_ms < PATIENCE_MS; waited_ms++) {
		usleep(1000);
		arena_reset(&arena);
		status = port.vtable->search(port.self, &query, DEADLINE_NEVER, &arena, &hits);
	}
	cr_assert_eq(status, STATUS_OK);
	cr_expect_str_eq(hits.hits[0].name, "Nordwind Elektrotechnik AG");
}

Test(match_service, a_search_shows_the_companies_as_the_register_does)
{
	struct register_port port = sqlite_register_port(reg);
	struct match_query query = {.name = SLICE_LIT("quendt industrie"), .city = SLICE_LIT("Düsseldorf")};
	struct register_hits hits;

	cr_assert_eq(port.vtable->search(port.self, &query, DEADLINE_NEVER, &arena, &hits), STATUS_OK);
	cr_assert_geq(hits.count, 2);
	cr_expect_str_eq(hits.hits[0].name, "Quendt Industrie GmbH");
	cr_expect_str_eq(hits.hits[0].street, "Hafenstraße 12");
	cr_expect_str_eq(hits.hits[0].city, "Düsseldorf");
	cr_expect_str_eq(hits.hits[0].country, "DE");
	cr_expect_str_eq(hits.hits[0].key.text, "reg:R1101:HRB:1");
	cr_expect_eq(hits.hits[0].evidence[MATCH_FIELD_CITY], MATCH_FIELD_EQUAL);
	cr_expect_geq(hits.hits[0].probability, hits.hits[1].probability);
}

/* A connection that has searched sees what is written afterwards. */
Test(match_service, what_is_imported_later_is_seen)
{
	struct identity raw = typed("Nordwint Elektrotechnik AG", "Am Sportplatz 20", "40210", "Düsseldorf");
	struct entry late = {"7", "Spätling Uhren GmbH", "Ring 2", "40215", "Düsseldorf", "", "DE"};
	struct register_port port = sqlite_register_port(reg);
	struct match_query query = {.name = SLICE_LIT("Nordwint"), .city = SLICE_LIT("Düsseldorf")};
	struct register_writer *writer;
	struct register_hits hits;

	cr_expect_eq(find(&raw).match, MATCH_FUZZY);
	cr_assert_eq(port.vtable->search(port.self, &query, DEADLINE_NEVER, &arena, &hits), STATUS_OK);
	cr_assert_eq(register_writer_open(file, &writer), STATUS_OK);
	store(writer, &late);
	cr_assert_eq(register_writer_commit(writer, SLICE_LIT("b.tsv"), 1), STATUS_OK);
	register_writer_close(writer);
	raw = identity_of(&late, true);
	cr_expect_eq(find(&raw).match, MATCH_EXACT);
}

/* More threads than scratches: they wait for each other, nobody is refused. */
static void *search_many(void *failures)
{
	static char mem[16][1 << 18] __attribute__((aligned(16)));
	static atomic_uint next;
	struct arena own;
	struct register_port port = sqlite_register_port(reg);
	struct match_query query = {.name = SLICE_LIT("Nordwint"), .city = SLICE_LIT("Düsseldorf")};
	struct register_hits hits;

	unsigned place = atomic_fetch_add(&next, 1);
	arena_init(&own, mem[place], sizeof(mem[place]));
	for (int i = 0; i < 50; i++) {
		arena_reset(&own);
		if (port.vtable->search(port.self, &query, DEADLINE_NEVER, &own, &hits) != STATUS_OK || hits.count == 0)
			atomic_fetch_add((atomic_uint *)failures, 1);
	}
	return NULL;
}

Test(match_service, many_threads_share_a_few_scratches)
{
	pthread_t threads[16];
	atomic_uint failures = 0;

	for (size_t i = 0; i < 16; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, search_many, &failures), 0);
	for (size_t i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
	cr_expect_eq(atomic_load(&failures), 0);
}
