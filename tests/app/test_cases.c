/* SPDX-License-Identifier: MIT */
/*
 * tests/cases/checkout/<name>/: a whole checkout from body to answer.
 *   request.json   the body
 *   world.json     match, name, country, livemode, register ("unavailable"), all optional
 *   facts.csv      what the register knows, in the import's signals format; optional
 *   policy.json    optional, else the demo policy
 *   expected.json  a part of the answer: members and list items must be there so
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakes.h"
#include "wire/checkout_in.h"
#include "wire/checkout_out.h"
#include "wire/import_in.h"
#include "wire/model_in.h"
#include "wire/policy_in.h"

#define CASES     "tests/cases/checkout"
#define NOW_MS    INT64_C(1795262400000) /* 2026-11-21T12:00:00Z */
#define MAX_CASES 200
#define MEMORY    (8u << 20)

static struct slice read_file(struct arena *arena, const char *folder, const char *name)
{
	char path[512];
	char *mem = arena_alloc(arena, MAX_POLICY_FILE);
	int fd;
	ssize_t len;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return SLICE_NONE;
	len = read(fd, mem, MAX_POLICY_FILE);
	close(fd);
	cr_assert_gt(len, 0, "%s", path);
	return (struct slice){mem, (size_t)len};
}

static long read_slice(void *ctx, void *mem, size_t cap)
{
	struct slice *rest = ctx;
	size_t n = rest->len < cap ? rest->len : cap;

	memcpy(mem, rest->ptr, n);
	rest->ptr += n;
	rest->len -= n;
	return (long)n;
}

static void load_facts(struct slice file, struct arena *arena, struct facts *facts)
{
	static struct csv csv;
	static struct import_row row;
	static char block[CSV_BLOCK];
	struct import_columns columns;
	struct import_fault fault = {0};

	if (!file.ptr)
		return;
	csv_init(&csv, (struct csv_source){read_slice, &file}, (struct csv_options){0}, block, sizeof(block));
	cr_assert_eq(csv_header(&csv), STATUS_OK);
	cr_assert_eq(import_columns_map(&csv, IMPORT_SIGNALS, date_of_instant(NOW_MS), 0, &columns, &fault), STATUS_OK);
	while (csv_next(&csv) == CSV_ROW) {
		char source[MAX_SOURCE_ID + 1];

		cr_assert_eq(import_csv_row(&columns, &csv, arena, &row, &fault), STATUS_OK, "line %d: %s %s",
		             (int)csv.line, fault.column, fault.why);
		cr_assert(slice_copy(row.source, source, sizeof(source)));
		facts_set(facts, row.facts[0].id, row.facts[0].value, row.as_of,
		          (uint8_t)facts_source(facts, source, SOURCE_ANSWER, row.as_of));
	}
}

static enum match_kind match_of(const char *name)
{
	for (int kind = MATCH_NONE; kind <= MATCH_EXACT; kind++)
		if (strcmp(name, match_kind_name((enum match_kind)kind)) == 0)
			return (enum match_kind)kind;
	cr_assert_fail("no match kind %s", name);
	return MATCH_NONE;
}

static bool load_world(struct slice file, struct fakes *fakes)
{
	json_t *world = file.ptr ? json_loadb(file.ptr, file.len, 0, NULL) : json_object();
	const char *match = "exact", *name = "Testfirma GmbH", *country = "DE", *state = "ok";
	int livemode = 1;
	double probability = 1;

	cr_assert_not_null(world);
	cr_assert_eq(json_unpack(world, "{s?s, s?s, s?s, s?s, s?b, s?F}", "match", &match, "name", &name, "country",
	                         &country, "register", &state, "livemode", &livemode, "probability", &probability),
	             0);
	fakes->found.match = match_of(match);
	fakes->found.match_probability = (int32_t)(probability * 1e6 + 0.5);
	(void)slice_copy(slice_cstr(name), fakes->found.name, sizeof(fakes->found.name));
	(void)slice_copy(slice_cstr(country), fakes->found.country, sizeof(fakes->found.country));
	(void)slice_copy(SLICE_LIT("reg:K1101:HRB:1"), fakes->found.key.text, sizeof(fakes->found.key.text));
	fakes->find_status = strcmp(state, "ok") == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
	json_decref(world);
	return livemode;
}

/* Writes where the two part into "path"; true when expected is a part of actual. */
static bool is_part(const json_t *expected, const json_t *actual, char *path, size_t cap)
{
	size_t len = strlen(path), i;
	const char *key;
	json_t *value;

	if (json_is_object(expected)) {
		json_object_foreach((json_t *)(uintptr_t)expected, key, value)
		{
			(void)snprintf(path + len, cap - len, "/%s", key);
			if (!is_part(value, json_object_get(actual, key), path, cap))
				return false;
			path[len] = '\0';
		}
		return json_is_object(actual);
	}
	if (!json_is_array(expected))
		return json_equal(expected, actual);
	if (json_array_size(expected) != json_array_size(actual))
		return false;
	json_array_foreach(expected, i, value)
	{
		(void)snprintf(path + len, cap - len, "/%zu", i);
		if (!is_part(value, json_array_get(actual, i), path, cap))
			return false;
		path[len] = '\0';
	}
	return true;
}

static void load_rules(struct arena *arena, const char *folder, struct model *model, struct policy *policy)
{
	struct load_error error;
	struct slice own = read_file(arena, folder, "policy.json");

	cr_assert_eq(model_in_parse(read_file(arena, "src/data/models", "de-base.json"), arena, model, &error),
	             STATUS_OK);
	cr_assert_eq(policy_in_parse(own.ptr ? own : read_file(arena, "src/data/policies", "demo.json"), arena, policy,
	                             &error),
	             STATUS_OK, "%s %s", error.pointer, error.detail);
	policy->token = true;
}

static void check_answer(struct arena *arena, const char *folder, struct slice answer)
{
	struct slice file = read_file(arena, folder, "expected.json");
	json_t *expected = json_loadb(file.ptr, file.len, 0, NULL);
	json_t *actual = json_loadb(answer.ptr, answer.len, JSON_REJECT_DUPLICATES, NULL);
	char path[256] = "";

	cr_assert_not_null(expected, "%s/expected.json", folder);
	cr_assert_not_null(actual);
	cr_expect(is_part(expected, actual, path, sizeof(path)), "%s: differs at %s in\n%.*s", folder, path,
	          (int)answer.len, answer.ptr);
	json_decref(expected);
	json_decref(actual);
}

static void run_case(const char *folder)
{
	static struct fakes fakes;
	static struct model model;
	static struct policy policy;
	struct caller caller = {
	        .tenant = SLICE_LIT("t"), .request_id = SLICE_LIT("r"), .policy = &policy, .model = &model};
	struct checkout_ports ports = fakes_ports(&fakes);
	struct checkout_req req;
	struct checkout_res res;
	struct field_errors errors;
	struct arena arena;
	char *memory = aligned_alloc(16, MEMORY), *mem;
	struct buf answer;

	arena_init(&arena, memory, MEMORY);
	fakes_init(&fakes, NOW_MS);
	load_rules(&arena, folder, &model, &policy);
	caller.livemode = load_world(read_file(&arena, folder, "world.json"), &fakes);
	load_facts(read_file(&arena, folder, "facts.csv"), &arena, &fakes.found);
	cr_assert_eq(checkout_in_parse(read_file(&arena, folder, "request.json"), &arena, &req, &errors), STATUS_OK);
	cr_assert_eq(checkout_decide(&ports, &caller, &req, DEADLINE_NEVER, &arena, &res), STATUS_OK, "%s", folder);
	mem = arena_alloc(&arena, MAX_ANSWER);
	buf_init(&answer, mem, MAX_ANSWER);
	checkout_out_put(&answer, &caller, &req, &res, LANG_DE);
	cr_assert_not(answer.overflow);
	check_answer(&arena, folder, buf_view(&answer));
	cr_assert_eq(checkout_record(&ports, &caller, &req, &res, NULL, DEADLINE_NEVER, &arena), STATUS_OK);
	cr_assert_eq(fakes.appends, 1);
	free(memory);
}

Test(cases, every_folder)
{
	DIR *dir = opendir(CASES);
	struct dirent *entry;
	unsigned count = 0;

	cr_assert_not_null(dir, CASES " is not there");
	while ((entry = readdir(dir))) {
		char folder[512];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(folder, sizeof(folder), "%s/%s", CASES, entry->d_name);
		run_case(folder);
		count++;
	}
	closedir(dir);
	cr_assert_geq(count, 15);
}
