/* SPDX-License-Identifier: MIT */
#include "adapter/match_index.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "match_world.h"
#include "temp_dir.h"

static struct temp_dir dir;
static char path[128];
static struct match_index *index_;
static struct match_scratch *scratch;
static struct match_result result;

static void make_index(void)
{
	dir = temp_dir_make();
	(void)snprintf(path, sizeof(path), "%s", temp_dir_path(&dir, "index"));
	scratch = match_scratch_init(malloc(match_scratch_size()));
	cr_assert_eq(match_world_write(path), STATUS_OK);
	cr_assert_eq(match_index_open(path, &index_), STATUS_OK);
}

static void drop_index(void)
{
	match_index_close(index_);
	free(scratch);
	temp_dir_remove(&dir);
}

static void search(const struct match_query *query)
{
	const struct match_set *set = match_index_hold(index_);
	match_search(set, query, scratch, &result);
	match_index_release(index_, set);
}

static const char *hit_id(size_t i)
{
	static char id[MATCH_ID_BYTES + 1];
	const struct match_set *set = match_index_hold(index_);
	size_t len = i < result.count ? match_image_id(&set->part[result.hits[i].part], result.hits[i].company, id,
	                                               sizeof(id) - 1)
	                              : 0;
	id[len] = 0;
	match_index_release(index_, set);
	return id;
}

static struct match_query whole_query(const struct match_world_company *c)
{
	return (struct match_query){.name = slice_cstr(c->name),
	                            .street = slice_cstr(c->street),
	                            .postal_code = slice_cstr(c->postal_code),
	                            .city = slice_cstr(c->city)};
}

TestSuite(match_index, .init = make_index, .fini = drop_index);

Test(match_index, every_company_finds_itself)
{
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES; i++) {
		struct match_world_company c = match_world_company(i);
		struct match_query query = whole_query(&c);
		search(&query);
		cr_expect_str_eq(hit_id(0), c.id, "%s: %s", c.name, hit_id(0));
		cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY, "%s: %u", c.name, result.hits[0].ppm);
	}
}

Test(match_index, an_earlier_name_finds_the_company)
{
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES; i += 9) {
		struct match_world_company c = match_world_company(i);
		struct match_query query = whole_query(&c);
		query.name = slice_cstr(c.previous);
		search(&query);
		cr_expect_str_eq(hit_id(0), c.id, "%s", c.previous);
	}
}

Test(match_index, the_register_number_decides_without_a_name)
{
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES; i++) {
		struct match_world_company c = match_world_company(i);
		struct match_query query = {.type = REGISTER_HRB, .number = c.number, .court = SLICE_LIT("Hamburg")};
		search(&query);
		cr_expect_str_eq(hit_id(0), c.id);
		cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	}
}

Test(match_index, a_vat_id_decides_and_a_contradicting_name_is_a_conflict)
{
	struct match_world_company c = match_world_company(25);
	struct match_query query = {.vat_id = slice_cstr(c.vat_id)};

	search(&query);
	cr_expect_str_eq(hit_id(0), c.id);
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	query.name = slice_cstr(c.name);
	search(&query);
	cr_expect_eq(result.verdict, MATCH_VERDICT_EXACT);
	query.name = SLICE_LIT("Ganz Anderer Fischhandel OHG");
	search(&query);
	cr_expect_str_eq(hit_id(0), c.id);
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
	query.vat_id = SLICE_LIT("DE999999999");
	search(&query);
	cr_expect_eq(result.verdict, MATCH_VERDICT_NONE);
}

Test(match_index, identifiers_of_two_companies_are_a_conflict)
{
	struct match_world_company one = match_world_company(25);
	struct match_world_company other = match_world_company(30);
	struct match_query query = {.vat_id = slice_cstr(one.vat_id),
	                            .type = REGISTER_HRB,
	                            .number = other.number,
	                            .court = SLICE_LIT("K1101R")};

	search(&query);
	cr_expect_eq(result.verdict, MATCH_VERDICT_AMBIGUOUS);
}

Test(match_index, misspelt_and_misplaced_is_still_found)
{
	static const struct match_query QUERIES[] = {
	        {.name = SLICE_LIT("schmidthuberan metalbau gmbh"),
	         .street = SLICE_LIT("Hafenstr. 1"),
	         .city = SLICE_LIT("Duesseldorf")},
	        {.name = SLICE_LIT("SchmidthuberanMetallbau"),
	         .postal_code = SLICE_LIT("42013"),
	         .city = SLICE_LIT("Düsseldorf")},
	};

	for (size_t i = 0; i < 2; i++) {
		search(&QUERIES[i]);
		cr_expect_gt(result.count, 0);
		cr_expect_eq(strncmp(hit_id(0), "K1101R_HRB10", 12), 0, "%s", hit_id(0));
	}
}

Test(match_index, nonsense_is_bounded_and_nobody)
{
	static char bytes[10000];
	static const char *const QUERIES[] = {
	        "",
	        "x",
	        "GmbH",
	        "& Co. KG",
	        "der die das",
	        "'; DROP TABLE company; --",
	        "\"a\" OR NEAR(b)*",
	        "\u202e\u200b\u200d",
	        "\xff\xfe\xfd",
	        "1234567890",
	        "%%%%____",
	        "ΔΙΕΘΝΗΣ ΕΤΑΙΡΕΙΑ",
	};

	for (size_t i = 0; i < sizeof(QUERIES) / sizeof(QUERIES[0]); i++) {
		struct match_query query = {.name = slice_cstr(QUERIES[i]), .city = slice_cstr(QUERIES[i])};
		search(&query);
		cr_expect_leq((int)result.verdict, (int)MATCH_VERDICT_AMBIGUOUS, "%s", QUERIES[i]);
	}
	for (int c = 1; c < 256; c += 5) {
		memset(bytes, c, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes); i += (size_t)c)
			bytes[i] = ' ';
		struct match_query query = {.name = {bytes, sizeof(bytes)},
		                            .street = {bytes, sizeof(bytes)},
		                            .postal_code = {bytes, sizeof(bytes)},
		                            .city = {bytes, sizeof(bytes)}};
		search(&query);
		cr_expect_leq((int)result.verdict, (int)MATCH_VERDICT_AMBIGUOUS);
	}
}

Test(match_index, the_same_input_gives_the_same_bytes)
{
	char other[160];
	struct stat a, b;
	(void)snprintf(other, sizeof(other), "%s2", path);
	cr_assert_eq(match_world_write(other), STATUS_OK);
	cr_assert_eq(stat(path, &a) | stat(other, &b), 0);
	cr_expect_eq(a.st_size, b.st_size);
}

/* ---- files ---- */

static void damage(size_t at, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY);
	cr_assert_geq(fd, 0);
	cr_assert_eq(pwrite(fd, bytes, len, (off_t)at), (ssize_t)len);
	close(fd);
}

static enum status open_again(void)
{
	struct match_index *again = NULL;
	enum status status = match_index_open(path, &again);
	match_index_close(again);
	return status;
}

Test(match_index, a_missing_file_is_not_found)
{
	struct match_index *none = NULL;
	cr_expect_eq(match_index_open(temp_dir_path(&dir, "nothing"), &none), STATUS_NOT_FOUND);
	cr_expect_null(none);
}

Test(match_index, a_changed_byte_anywhere_is_noticed)
{
	struct stat info;
	cr_assert_eq(stat(path, &info), 0);
	for (off_t at = 16; at < info.st_size; at += info.st_size / 97 + 1) {
		char byte, flipped;
		int fd = open(path, O_RDONLY);
		cr_assert_eq(pread(fd, &byte, 1, at), 1);
		close(fd);
		flipped = (char)(byte ^ 0x10);
		damage((size_t)at, &flipped, 1);
		cr_expect_eq(open_again(), STATUS_CORRUPT, "at %ld", (long)at);
		damage((size_t)at, &byte, 1);
	}
	cr_expect_eq(open_again(), STATUS_OK);
}

Test(match_index, a_cut_file_is_corrupt_at_any_length)
{
	char copy[160];
	struct stat info;
	(void)snprintf(copy, sizeof(copy), "%s", path);
	cr_assert_eq(stat(path, &info), 0);
	match_index_close(index_); /* a mapped file must not be cut */
	index_ = NULL;
	for (off_t size = info.st_size - 1; size > 0; size = size * 2 / 3) {
		cr_assert_eq(truncate(copy, size), 0);
		cr_expect_eq(open_again(), STATUS_CORRUPT, "%ld bytes", (long)size);
	}
}

Test(match_index, another_version_is_told_apart)
{
	damage(8, "\x63\0\0\0", 4);
	cr_expect_eq(open_again(), STATUS_MISMATCH);
}

static void write_one(const char *to, const char *name)
{
	struct match_build *build;
	struct match_world_company c = match_world_company(7);
	(void)snprintf(c.name, sizeof(c.name), "%s", name);
	cr_assert_eq(match_build_create(&build), STATUS_OK);
	cr_assert_eq(match_world_add(build, &c), STATUS_OK);
	cr_assert_eq(match_build_write(build, to, (struct match_build_progress){NULL, NULL}), STATUS_OK);
	match_build_destroy(build);
}

Test(match_index, a_new_file_is_taken_over_while_the_old_one_is_held)
{
	struct match_world_company c = match_world_company(7);
	const struct match_set *old = match_index_hold(index_);
	uint32_t companies = old->part[0].companies;

	write_one(path, "Neuling Kranbau GmbH");
	cr_expect_eq(match_index_refresh(index_), STATUS_OK);
	const struct match_set *new = match_index_hold(index_);
	cr_expect_eq(new->part[0].companies, 1);
	cr_expect_eq(old->part[0].companies, companies);
	struct match_query query = whole_query(&c);
	match_search(old, &query, scratch, &result);
	cr_expect_gt(result.count, 0);
	match_index_release(index_, new);
	match_index_release(index_, old);
	query.name = SLICE_LIT("Neuling Kranbau GmbH");
	search(&query);
	cr_expect_str_eq(hit_id(0), c.id);
}

Test(match_index, a_broken_new_file_leaves_the_old_one_in_use)
{
	struct match_world_company c = match_world_company(7);
	struct match_query query = whole_query(&c);
	const char *fresh = temp_dir_path(&dir, "fresh");
	int fd = open(fresh, O_WRONLY | O_CREAT, 0600);
	cr_assert_eq(write(fd, "no index", 8), 8);
	close(fd);

	cr_assert_eq(rename(fresh, path), 0);
	cr_expect_eq(match_index_refresh(index_), STATUS_CORRUPT);
	cr_expect_eq(match_index_state(index_), STATUS_CORRUPT);
	search(&query);
	cr_expect_str_eq(hit_id(0), c.id);
	cr_assert_eq(unlink(path), 0);
	cr_expect_eq(match_index_refresh(index_), STATUS_NOT_FOUND);
	search(&query);
	cr_expect_str_eq(hit_id(0), c.id);
}

static atomic_bool stop;

static void *search_on(void *arg)
{
	struct match_scratch *own = match_scratch_init(malloc(match_scratch_size()));
	struct match_world_company c = match_world_company(7);
	struct match_query query = whole_query(&c);
	struct match_result found;
	size_t *empty = arg;

	while (!atomic_load(&stop)) {
		const struct match_set *set = match_index_hold(index_);
		match_search(set, &query, own, &found);
		match_index_release(index_, set);
		*empty += found.count == 0;
	}
	free(own);
	return NULL;
}

Test(match_index, searches_go_on_while_files_change)
{
	pthread_t threads[2];
	size_t empty[2] = {0, 0};
	struct match_world_company c = match_world_company(7);

	atomic_store(&stop, false);
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, search_on, &empty[i]), 0);
	for (int round = 0; round < 10; round++) {
		if (round % 2)
			cr_assert_eq(match_world_write(path), STATUS_OK);
		else
			write_one(path, c.name);
		cr_expect_eq(match_index_refresh(index_), STATUS_OK);
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		cr_expect_eq(empty[i], 0);
	}
}

/* ---- updates ---- */

static enum status write_update(const struct match_world_company *changed, size_t count, const struct slice *gone,
                                size_t gone_count)
{
	char update_path[160];
	struct match_build *build;
	const struct match_set *set = match_index_hold(index_);
	struct match_build_update update = {&set->part[0], gone, gone_count};

	(void)snprintf(update_path, sizeof(update_path), "%s" MATCH_INDEX_UPDATE, path);
	cr_assert_eq(match_build_create(&build), STATUS_OK);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(match_world_add(build, &changed[i]), STATUS_OK);
	enum status status = match_build_write_update(build, &update, update_path,
	                                              (struct match_build_progress){NULL, NULL});
	match_build_destroy(build);
	match_index_release(index_, set);
	return status;
}

Test(match_index, an_update_adds_changes_and_removes)
{
	struct match_world_company changed[2] = {match_world_company(11), match_world_company(3)};
	struct match_world_company before = changed[0];
	struct match_world_company gone = match_world_company(42);
	struct slice gone_id = slice_cstr(gone.id);

	(void)snprintf(changed[0].name, sizeof(changed[0].name), "Umbenannte Holzwerke AG");
	(void)snprintf(changed[1].id, sizeof(changed[1].id), "K1101R_HRB777777");
	(void)snprintf(changed[1].name, sizeof(changed[1].name), "Nagelneue Weberei KG");
	changed[1].number = 777777;
	cr_assert_eq(write_update(changed, 2, &gone_id, 1), STATUS_OK);
	cr_assert_eq(match_index_refresh(index_), STATUS_OK);
	for (size_t i = 0; i < 2; i++) {
		struct match_query query = whole_query(&changed[i]);
		search(&query);
		cr_expect_str_eq(hit_id(0), changed[i].id);
		cr_expect_geq((int)result.verdict, (int)MATCH_VERDICT_FUZZY, "%s %u", changed[i].name,
		              result.hits[0].ppm);
	}
	struct match_query query = whole_query(&before);
	search(&query);
	for (size_t i = 0; i < result.count; i++)
		cr_expect(result.hits[i].part == 1 || strcmp(hit_id(i), before.id) != 0, "the old name is still found");
	query = whole_query(&gone);
	search(&query);
	for (size_t i = 0; i < result.count; i++)
		cr_expect_str_neq(hit_id(i), gone.id);
	query = (struct match_query){.type = REGISTER_HRB, .number = gone.number, .court = SLICE_LIT("K1101R")};
	search(&query);
	cr_expect_eq(result.count, 0);
}

Test(match_index, an_update_of_another_index_is_left_out)
{
	struct match_world_company changed = match_world_company(11);

	(void)snprintf(changed.name, sizeof(changed.name), "Umbenannte Holzwerke AG");
	cr_assert_eq(write_update(&changed, 1, NULL, 0), STATUS_OK);
	write_one(path, "Neuling Kranbau GmbH");
	cr_expect_eq(match_index_refresh(index_), STATUS_OK);
	const struct match_set *set = match_index_hold(index_);
	cr_expect_eq(set->count, 1);
	match_index_release(index_, set);
}

Test(match_index, a_company_added_twice_counts_once_as_last_told)
{
	struct match_build *build;
	struct match_world_company c = match_world_company(11);
	struct match_query query;

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	cr_assert_eq(match_world_add(build, &c), STATUS_OK);
	(void)snprintf(c.name, sizeof(c.name), "Umbenannte Holzwerke AG");
	cr_assert_eq(match_world_add(build, &c), STATUS_OK);
	cr_assert_eq(match_build_write(build, path, (struct match_build_progress){NULL, NULL}), STATUS_OK);
	match_build_destroy(build);
	cr_assert_eq(match_index_refresh(index_), STATUS_OK);
	query = whole_query(&c);
	search(&query);
	cr_expect_eq(result.count, 1);
	cr_expect_str_eq(hit_id(0), c.id);
}

Test(match_index, an_empty_register_is_an_index_too)
{
	struct match_build *build;
	struct match_query query = {.name = SLICE_LIT("Schmidt GmbH"), .postal_code = SLICE_LIT("40213")};

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	cr_assert_eq(match_build_write(build, path, (struct match_build_progress){NULL, NULL}), STATUS_OK);
	match_build_destroy(build);
	cr_assert_eq(match_index_refresh(index_), STATUS_OK);
	search(&query);
	cr_expect_eq(result.count, 0);
	cr_expect_eq(result.verdict, MATCH_VERDICT_NONE);
}

Test(match_index, what_an_interrupted_build_left_is_in_nobodys_way)
{
	char temp[160];
	(void)snprintf(temp, sizeof(temp), "%s.new", path);
	int fd = open(temp, O_RDWR | O_CREAT, 0600);
	cr_assert_eq(write(fd, "half an index", 13), 13);
	close(fd);
	cr_expect_eq(match_world_write(path), STATUS_OK);
	cr_expect_eq(access(temp, F_OK), -1);
	cr_expect_eq(match_index_refresh(index_), STATUS_OK);
}

Test(match_index, a_second_build_of_the_same_file_is_told_so)
{
	char temp[160];
	(void)snprintf(temp, sizeof(temp), "%s.new", path);
	int fd = open(temp, O_RDWR | O_CREAT, 0600);
	cr_assert_eq(flock(fd, LOCK_EX), 0);
	cr_expect_eq(match_world_write(path), STATUS_RUNNING);
	close(fd);
	cr_expect_eq(match_world_write(path), STATUS_OK);
}
