/* SPDX-License-Identifier: MIT */
#include "wire/bureau_in.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/bureau.h"

static char memory[1 << 20] __attribute__((aligned(16)));

static enum status parse(const char *text, struct bureau_table *table, struct load_error *error)
{
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	return bureau_in_parse(slice_cstr(text), &arena, table, error);
}

static void load(const char *path, struct bureau_table *table)
{
	static char text[65536];
	struct load_error error = {{0}, {0}};
	FILE *file = fopen(path, "r");

	cr_assert_not_null(file, "%s", path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	cr_assert_eq(parse(text, table, &error), STATUS_OK, "%s: %s %s", path, error.pointer, error.detail);
}

struct value_case {
	const char *text;
	enum bureau_result result;
	int32_t ppm;
};

/* The published points, what lies between, and what is no index. */
Test(bureau, creditreform_as_it_was_sent)
{
	static const struct value_case CASES[] = {
	        {"100", BUREAU_PD, 500},    {"150", BUREAU_PD, 900},           {"200", BUREAU_PD, 2500},
	        {"250", BUREAU_PD, 8600},   {" 300 ", BUREAU_PD, 30800},       {"450", BUREAU_PD, 271600},
	        {"187", BUREAU_PD, 1917},   {"500", BUREAU_DEFAULT, 753600},   {"600", BUREAU_DEFAULT, 949600},
	        {"99", BUREAU_INVALID, 0},  {"475", BUREAU_INVALID, 0},        {"700", BUREAU_INVALID, 0},
	        {"", BUREAU_UNKNOWN, 0},    {"KEIN INDEX", BUREAU_UNKNOWN, 0}, {"-", BUREAU_UNKNOWN, 0},
	        {"1e2", BUREAU_INVALID, 0}, {"-100", BUREAU_INVALID, 0},       {"99999999999999999", BUREAU_INVALID, 0},
	};
	struct bureau_table table;

	load("src/data/bureaus/creditreform-2016-09-30.json", &table);
	cr_assert_not(table.expert);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int32_t ppm = 0;
		cr_assert_eq(bureau_pd(&table, slice_cstr(CASES[i].text), &ppm), CASES[i].result, "%s", CASES[i].text);
		cr_assert(ppm >= CASES[i].ppm - 1 && ppm <= CASES[i].ppm + 1, "%s: %d", CASES[i].text, ppm);
	}
}

/* A better value never has the higher PD, on any shipped scale, at any step. */
Test(bureau, every_shipped_scale_runs_one_way)
{
	static const struct {
		const char *path;
		int from;
		int to;
		int sign;
	} SCALES[] = {{"src/data/bureaus/creditreform-2016-09-30.json", 100, 450, 1},
	              {"src/data/bureaus/creditsafe-2026-11.json", 0, 100, -1},
	              {"src/data/bureaus/paydex-2026-11.json", 0, 100, -1},
	              {"src/data/bureaus/boniversum-2026-11.json", 1, 1079, -1}};
	struct bureau_table table;

	for (size_t i = 0; i < sizeof(SCALES) / sizeof(SCALES[0]); i++) {
		int32_t last = -1;
		load(SCALES[i].path, &table);
		for (int value = SCALES[i].from; value <= SCALES[i].to; value++) {
			char text[16];
			int32_t ppm = 0;
			snprintf(text, sizeof(text), "%d", value);
			cr_assert_eq(bureau_pd(&table, slice_cstr(text), &ppm), BUREAU_PD, "%s %d", SCALES[i].path,
			             value);
			cr_assert(last < 0 || SCALES[i].sign * (ppm - last) >= 0, "%s %d", SCALES[i].path, value);
			last = ppm;
		}
	}
}

Test(bureau, broken_tables_are_refused_with_the_member)
{
	static const struct {
		const char *text;
		const char *pointer;
	} CASES[] = {
	        {"{}", "/format"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\"}", "/version"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\"}", "/points"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"points\": [[1, 0.1], [1, "
	         "0.2]]}",
	         "/points"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"points\": [[1, 0.1], [2, "
	         "0.2], [3, "
	         "0.15]]}",
	         "/points"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"points\": [[1, 0.1], [2, "
	         "1]]}",
	         "/points/1"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"points\": [[1.5, 0.1], [2, "
	         "0.2]]}",
	         "/points/0"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"words\": {\"A\": 0}}",
	         "/words/A"},
	        {"{\"format\": \"bonigate-bureau/1\", \"id\": \"x\", \"version\": \"1\", \"more\": 1}", "/more"},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct bureau_table table;
		struct load_error error = {{0}, {0}};
		cr_assert_eq(parse(CASES[i].text, &table, &error), STATUS_INVALID, "%s", CASES[i].text);
		cr_assert_str_eq(error.pointer, CASES[i].pointer, "%s: %s", CASES[i].text, error.detail);
	}
}
