/* SPDX-License-Identifier: MIT */
#include "wire/model_in.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/legal_form.h"

#define ARENA_SIZE (4 * 1024 * 1024)

static struct arena arena;
static char *memory;
static struct model model;
static struct load_error error;

static void init(void)
{
	memory = malloc(ARENA_SIZE);
	cr_assert_not_null(memory);
	arena_init(&arena, memory, ARENA_SIZE);
	memset(&model, 0xa5, sizeof(model));
	memset(&error, 0, sizeof(error));
}

static void fini(void)
{
	free(memory);
}

TestSuite(model_in, .init = init, .fini = fini);

static enum status parse(const char *json)
{
	arena_reset(&arena);
	return model_in_parse(slice_cstr(json), &arena, &model, &error);
}

/* A sound file, in parts that a case may replace. */
enum part { HEAD, BASE, CHARACTERISTICS, PD, SCORE, PART_COUNT };

static const char *const SOUND[PART_COUNT] = {
        "\"format\": \"bonigate-model/1\", \"id\": \"m\", \"version\": \"1\", \"description\": \"d\", \"attribution\": "
        "[\"a\"]",
        "\"base_points\": 600",
        "\"characteristics\": [{\"fact\": \"equity_ratio\", \"good\": \"EQUITY_RATIO_STRONG\", \"bad\": "
        "\"EQUITY_RATIO_WEAK\", \"bins\": [{\"below\": 0.1, \"points\": -20}, {\"points\": 25}]}]",
        "\"points_to_pd\": [[400, 0.9], [600, 0.02], [800, 0.00002]]",
        "\"pd_to_score\": [[0.0005, 100], [0.015, 70], [1, 0]]",
};

static enum status parse_with(enum part part, const char *text)
{
	static char json[8192];
	size_t len = 0;

	for (int i = 0; i < PART_COUNT; i++) {
		const char *piece = i == (int)part ? text : SOUND[i];

		if (piece[0] != '\0')
			len += (size_t)snprintf(json + len, sizeof(json) - len, "%s%s", len ? ", " : "{", piece);
	}
	cr_assert_lt(len + 1, sizeof(json));
	json[len] = '}';
	json[len + 1] = '\0';
	return parse(json);
}

Test(model_in, a_sound_file_becomes_a_prepared_model)
{
	cr_assert_eq(parse_with(HEAD, SOUND[HEAD]), STATUS_OK, "%s %s", error.pointer, error.detail);
	cr_expect_str_eq(model.id, "m");
	cr_expect_str_eq(model.version, "1");
	cr_expect_eq(model.base_points, 600);
	cr_expect_eq(model.characteristic_count, 1);
	cr_expect_eq(model.characteristics[0].fact, FACT_EQUITY_RATIO);
	cr_expect_eq(model.characteristics[0].bins[0].below, 100000);
	cr_expect_eq(model.characteristics[0].bins[1].below, INT64_MAX);
	cr_expect_eq(model.characteristics[0].best, 25);
	cr_expect_eq(model.characteristics[0].worst, -20);
	cr_expect_eq(model.pd[2].to, 20);
	cr_expect_eq(model.score[2].from, 1000000);
	cr_expect_eq(model.score_up_to[70], 15000);
}

/* One characteristic on this fact with a first border written like this, and what becomes of it. */
Test(model_in, borders_are_read_in_the_unit_of_their_fact)
{
	static const struct {
		const char *fact, *below;
		int64_t border;
	} CASES[] = {
	        {"equity_ratio", "-0.05", -50000},
	        {"equity_ratio", "0.123456", 123456},
	        {"equity_ratio", "0.000001", 1},
	        {"equity_ratio", "1e-6", 1},
	        {"equity_ratio", "123456.654321", 123456654321},
	        {"equity_ratio", "2", 2000000},
	        {"cl_days", "30", 30000000},
	        {"total_assets", "25000", 2500000},
	        {"total_assets", "-1", -100},
	        {"employees", "10", 10},
	        {"age", "2", 2},
	        {"filing_delay", "90", 90},
	        {"founded", "-3653", -3653},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char text[400];

		snprintf(text, sizeof(text),
		         "\"characteristics\": [{\"fact\": \"%s\", \"good\": \"AGE_ESTABLISHED\", \"bad\": "
		         "\"AGE_YOUNG\", "
		         "\"missing_points\": -3, \"bins\": [{\"below\": %s, \"points\": -20}, {\"points\": 25}]}]",
		         CASES[i].fact, CASES[i].below);
		cr_assert_eq(parse_with(CHARACTERISTICS, text), STATUS_OK, "%s: %s %s", text, error.pointer,
		             error.detail);
		cr_expect_eq(model.characteristics[0].bins[0].below, CASES[i].border, "%s", text);
		cr_expect_eq(model.characteristics[0].missing_points, -3);
	}
}

Test(model_in, codes_are_read_by_name)
{
	cr_assert_eq(
	        parse_with(CHARACTERISTICS,
	                   "\"characteristics\": [{\"fact\": \"legal_form\", \"good\": \"LEGAL_FORM_FAVOURABLE\", "
	                   "\"bad\": \"LEGAL_FORM_UNFAVOURABLE\", \"bins\": [{\"in\": [\"UG (haftungsbeschränkt)\", "
	                   "\"GbR\"], \"points\": -20}, {\"points\": 0}]}, {\"fact\": \"branch\", \"good\": "
	                   "\"BRANCH_FAVOURABLE\", \"bad\": \"BRANCH_UNFAVOURABLE\", \"bins\": [{\"in\": [\"41\", "
	                   "\"99\"], \"points\": -9}, {\"points\": 0}]}, {\"fact\": \"register_status\", \"good\": "
	                   "\"REGISTER_ACTIVE\", \"bad\": \"REGISTER_DELETED\", \"bins\": [{\"in\": [\"active\"], "
	                   "\"points\": 1}, {\"points\": 0}]}]"),
	        STATUS_OK, "%s %s", error.pointer, error.detail);
	cr_expect_eq(model.characteristics[0].bins[0].codes[0],
	             UINT64_C(1) << LEGAL_FORM_UG | UINT64_C(1) << LEGAL_FORM_GBR);
	cr_expect_eq(model.characteristics[1].bins[0].codes[0], UINT64_C(1) << 41);
	cr_expect_eq(model.characteristics[1].bins[0].codes[1], UINT64_C(1) << (99 - 64));
	cr_expect_eq(model.characteristics[2].bins[0].codes[0], UINT64_C(1) << REGISTER_STATUS_ACTIVE);
}

#define HEAD_OF(members) "\"format\": \"bonigate-model/1\"" members
#define ONE(members)     "\"characteristics\": [{" members "}]"
#define EQUITY           "\"fact\": \"equity_ratio\", \"good\": \"EQUITY_RATIO_STRONG\", \"bad\": \"EQUITY_RATIO_WEAK\", "
#define FORM             "\"fact\": \"legal_form\", \"good\": \"EQUITY_RATIO_STRONG\", \"bad\": \"EQUITY_RATIO_WEAK\", "
#define SECTOR           "\"fact\": \"branch\", \"good\": \"EQUITY_RATIO_STRONG\", \"bad\": \"EQUITY_RATIO_WEAK\", "
#define BINS(bins)       "\"bins\": [" bins "]"

static const struct {
	enum part part;
	const char *text, *pointer;
} REFUSED[] = {
        {HEAD, "", "/format"},
        {HEAD, "\"format\": \"bonigate-model/2\", \"id\": \"m\", \"version\": \"1\"", "/format"},
        {HEAD, "\"format\": 1, \"id\": \"m\", \"version\": \"1\"", "/format"},
        {HEAD, HEAD_OF(", \"version\": \"1\""), "/id"},
        {HEAD, HEAD_OF(", \"id\": \"\", \"version\": \"1\""), "/id"},
        {HEAD, HEAD_OF(", \"id\": 7, \"version\": \"1\""), "/id"},
        {HEAD, HEAD_OF(", \"id\": \"a234567890123456789012345678901234567890123456789\", \"version\": \"1\""), "/id"},
        {HEAD, HEAD_OF(", \"id\": \"m\""), "/version"},
        {HEAD, HEAD_OF(", \"id\": \"m\", \"version\": \"1\", \"extra\": 1"), "/extra"},
        {HEAD, HEAD_OF(", \"id\": \"m\", \"id\": \"m\", \"version\": \"1\""), "/id"},
        {HEAD, HEAD_OF(", \"id\": \"m\", \"version\": \"1\", \"description\": 5"), "/description"},
        {HEAD, HEAD_OF(", \"id\": \"m\", \"version\": \"1\", \"attribution\": \"a\""), "/attribution"},
        {HEAD, HEAD_OF(", \"id\": \"m\", \"version\": \"1\", \"attribution\": [\"a\", 2]"), "/attribution/1"},
        {BASE, "", "/base_points"},
        {BASE, "\"base_points\": 600.5", "/base_points"},
        {BASE, "\"base_points\": \"600\"", "/base_points"},
        {BASE, "\"base_points\": 100001", "/base_points"},
        {BASE, "\"base_points\": 5000000000", "/base_points"},
        {CHARACTERISTICS, "", "/characteristics"},
        {CHARACTERISTICS, "\"characteristics\": {}", "/characteristics"},
        {CHARACTERISTICS, "\"characteristics\": []", "/characteristics"},
        {CHARACTERISTICS, "\"characteristics\": [5]", "/characteristics/0"},
        {CHARACTERISTICS, ONE("\"good\": \"AGE_YOUNG\""), "/characteristics/0/fact"},
        {CHARACTERISTICS, ONE("\"fact\": \"wealth\""), "/characteristics/0/fact"},
        {CHARACTERISTICS, ONE("\"fact\": 3"), "/characteristics/0/fact"},
        {CHARACTERISTICS, ONE("\"fact\": \"age\", \"extra\": 3"), "/characteristics/0/extra"},
        {CHARACTERISTICS, ONE("\"fact\": \"age\", \"bad\": \"AGE_YOUNG\""), "/characteristics/0/good"},
        {CHARACTERISTICS, ONE("\"fact\": \"age\", \"good\": \"AGE_YOUNG\", \"bad\": \"AGED\""),
         "/characteristics/0/bad"},
        {CHARACTERISTICS, ONE("\"fact\": \"age\", \"good\": null"), "/characteristics/0/good"},
        {CHARACTERISTICS, ONE(EQUITY "\"missing_points\": 0.5, " BINS("{\"points\": 1}")),
         "/characteristics/0/missing_points"},
        {CHARACTERISTICS, ONE(EQUITY "\"missing_points\": 200000, " BINS("{\"points\": 1}")),
         "/characteristics/0/missing_points"},
        {CHARACTERISTICS, ONE(EQUITY "\"missing_points\": 0"), "/characteristics/0/bins"},
        {CHARACTERISTICS, ONE(EQUITY BINS("")), "/characteristics/0/bins"},
        {CHARACTERISTICS, ONE(EQUITY BINS("7")), "/characteristics/0/bins/0"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{}")), "/characteristics/0/bins/0/points"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"points\": 1.5}")), "/characteristics/0/bins/0/points"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"points\": 1}, {\"points\": 1}")), "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"below\": 0.1234567, \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"below\": \"0.1\", \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"below\": 1e300, \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS,
         ONE(EQUITY BINS("{\"below\": 0.2, \"points\": 1}, {\"below\": 0.2, \"points\": 1}, "
                         "{\"points\": 2}")),
         "/characteristics/0/bins/1/below"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"below\": 0.2, \"points\": 1}")), "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(EQUITY BINS("{\"in\": [\"GbR\"], \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/in"},
        {CHARACTERISTICS,
         ONE("\"fact\": \"age\", \"good\": \"AGE_YOUNG\", \"bad\": \"AGE_YOUNG\", " BINS(
                 "{\"below\": 0.5, \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS,
         ONE("\"fact\": \"revenue\", \"good\": \"AGE_YOUNG\", \"bad\": \"AGE_YOUNG\", " BINS(
                 "{\"below\": 9223372036854775807, \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"in\": [], \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/in"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"in\": \"GbR\", \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/in"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"in\": [\"GbR\", \"Ltd & Co\"], \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/in/1"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"in\": [\"GbR\", \"GbR\"], \"points\": 1}, {\"points\": 1}")),
         "/characteristics/0/bins/0/in/1"},
        {CHARACTERISTICS,
         ONE(FORM BINS("{\"in\": [\"GbR\"], \"points\": 1}, {\"in\": [\"GbR\"], \"points\": 1}, {\"points\": 2}")),
         "/characteristics/0/bins/1/in"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"in\": [\"GbR\"], \"points\": 1}")), "/characteristics/0/bins/0/in"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"points\": 1}, {\"points\": 2}")), "/characteristics/0/bins/0/in"},
        {CHARACTERISTICS, ONE(FORM BINS("{\"below\": 3, \"points\": 1}, {\"points\": 2}")),
         "/characteristics/0/bins/0/below"},
        {CHARACTERISTICS, ONE(SECTOR BINS("{\"in\": [\"100\"], \"points\": 1}, {\"points\": 2}")),
         "/characteristics/0/bins/0/in/0"},
        {CHARACTERISTICS, ONE(SECTOR BINS("{\"in\": [\"0\"], \"points\": 1}, {\"points\": 2}")),
         "/characteristics/0/bins/0/in/0"},
        {CHARACTERISTICS, ONE(SECTOR BINS("{\"in\": [41], \"points\": 1}, {\"points\": 2}")),
         "/characteristics/0/bins/0/in/0"},
        {CHARACTERISTICS,
         "\"characteristics\": [{\"fact\": \"insolvency_status\", \"good\": \"AGE_YOUNG\", \"bad\": "
         "\"AGE_YOUNG\", \"bins\": [{\"points\": 1}]}]",
         "/characteristics/0/fact"},
        {PD, "", "/points_to_pd"},
        {PD, "\"points_to_pd\": 3", "/points_to_pd"},
        {PD, "\"points_to_pd\": [[400, 0.5]]", "/points_to_pd"},
        {PD, "\"points_to_pd\": [[400, 0.5], 3]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500]]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500, 0.1, 0]]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400.5, 0.5], [500, 0.1]]", "/points_to_pd/0/0"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500, \"0.1\"]]", "/points_to_pd/1/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500, 0.1234567]]", "/points_to_pd/1/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500, 0]]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400, 1.5], [500, 0.1]]", "/points_to_pd/0/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [500, 0.5]]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [400, 0.4]]", "/points_to_pd/1"},
        {PD, "\"points_to_pd\": [[400, 0.5], [5000000000, 0.4]]", "/points_to_pd/1/0"},
        {SCORE, "", "/pd_to_score"},
        {SCORE, "\"pd_to_score\": [[0.1, 100], [1, 0.5]]", "/pd_to_score/1/1"},
        {SCORE, "\"pd_to_score\": [[0.1, 101], [1, 0]]", "/pd_to_score/0"},
        {SCORE, "\"pd_to_score\": [[0.1, 100], [0.05, 0]]", "/pd_to_score/1"},
};

Test(model_in, every_fault_is_refused_at_its_place_with_a_sentence)
{
	for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++) {
		error.detail[0] = '\0';
		cr_expect_eq(parse_with(REFUSED[i].part, REFUSED[i].text), STATUS_INVALID, "%s", REFUSED[i].text);
		cr_expect_str_eq(error.pointer, REFUSED[i].pointer, "%s: %s %s", REFUSED[i].text, error.pointer,
		                 error.detail);
		cr_expect_gt(strlen(error.detail), 8, "%s", REFUSED[i].text);
	}
}

Test(model_in, what_is_no_json_object_is_refused)
{
	static const char *const TEXTS[] = {"",    "[]",   "5", "{", "{\"id\": \"\\u0000\"}", "{\"id\": \"\xff\"}",
	                                    "nul", "{} {}"};

	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		error.detail[0] = '\0';
		cr_expect_eq(parse(TEXTS[i]), STATUS_INVALID, "%s", TEXTS[i]);
		cr_expect_gt(strlen(error.detail), 8, "%s", TEXTS[i]);
	}
}

Test(model_in, nothing_is_written_when_refused)
{
	struct model before = model;

	cr_expect_eq(parse_with(BASE, "\"base_points\": 100001"), STATUS_INVALID);
	cr_expect_arr_eq(&model, &before, sizeof(model));
}

Test(model_in, a_file_over_the_maximum_is_not_read)
{
	char *text = malloc(MAX_MODEL_FILE + 2);

	cr_assert_not_null(text);
	memset(text, ' ', MAX_MODEL_FILE + 1);
	text[MAX_MODEL_FILE + 1] = '\0';
	cr_expect_eq(parse(text), STATUS_TOO_LARGE);
	free(text);
}

Test(model_in, every_arena_too_small_is_told)
{
	enum status status = STATUS_NO_MEMORY;
	size_t cap = 0;

	for (; cap < ARENA_SIZE && status != STATUS_OK; cap += 16) {
		arena_init(&arena, memory, cap);
		status = parse_with(HEAD, SOUND[HEAD]);
		cr_assert(status == STATUS_OK || status == STATUS_NO_MEMORY, "%zu bytes: %s %s", cap, error.pointer,
		          error.detail);
	}
	cr_expect_eq(status, STATUS_OK);
}

/* The shipped file, read from the tree the tests run in. */
static void parse_shipped(void)
{
	FILE *file = fopen("src/data/models/de-base.json", "r");
	static char json[65536];
	size_t len;

	cr_assert_not_null(file);
	len = fread(json, 1, sizeof(json) - 1, file);
	(void)fclose(file);
	json[len] = '\0';
	cr_assert_eq(parse(json), STATUS_OK, "%s %s", error.pointer, error.detail);
}

Test(model_in, the_shipped_model_doubles_the_odds_every_twenty_points)
{
	static const struct event_rules RULES = {{0}, {0}};
	struct facts facts;
	struct score score;

	parse_shipped();
	facts_init(&facts);
	for (int steps = -8; steps <= 8; steps++) {
		double odds = steps < 0 ? 50.0 / (1 << -steps) : 50.0 * (1 << steps);
		double ppm = 1e6 / (1 + odds);

		model.base_points = 600 + 20 * steps;
		scorecard_eval(&model, &RULES, &facts, 20000, &score);
		cr_expect_float_eq(score.pd_ppm, ppm, ppm * 0.01 + 1, "%d points: %d ppm", score.points, score.pd_ppm);
	}
}

Test(model_in, the_shipped_model_puts_the_risk_classes_where_the_design_says)
{
	static const int32_t CLASSES[][2] = {{500, 100},  {3000, 88},  {7000, 79},   {15000, 70},
	                                     {30000, 58}, {80000, 40}, {200000, 20}, {1000000, 0}};

	parse_shipped();
	for (size_t i = 0; i < sizeof(CLASSES) / sizeof(CLASSES[0]); i++)
		cr_expect_eq(model.score_up_to[CLASSES[i][1]], CLASSES[i][0], "%d", CLASSES[i][1]);
}

/* Better never earns less: for ratios where more is better the points rise from bin to bin, for the others they fall.
 */
Test(model_in, the_shipped_model_never_punishes_the_better_value)
{
	parse_shipped();
	for (int i = 0; i < model.characteristic_count; i++) {
		const struct characteristic *c = &model.characteristics[i];
		bool rises = c->bins[c->bin_count - 1].points > c->bins[0].points;

		cr_expect_eq(c->missing_points, 0, "%s", fact_name(c->fact));
		for (int k = 1; !c->by_code && k < c->bin_count; k++)
			cr_expect(rises ? c->bins[k].points > c->bins[k - 1].points
			                : c->bins[k].points < c->bins[k - 1].points,
			          "%s bin %d", fact_name(c->fact), k);
	}
}
