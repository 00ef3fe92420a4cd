/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "command.h"
#include "input.h"
#include "lab/match_fit.h"
#include "progress.h"
#include "register_feed.h"
#include "state.h"

static const char usage[] =
        "usage: bonigate match-fit --register TSV --out TABLE [--queries TSV] [--samples N] [--trees N] [--seed N]\n"
        "Fits the table of src/core/match_model.c on queries drawn from a register (register TSV; columns as for\n"
        "bonigate index, and addr_src). --queries are labelled ones that set the scale of the probabilities: TSV\n"
        "with qid name street postcode city reg_no truth_ids. Defaults: 200000 samples, 400 trees, seed 1.\n";

#define BLOCK      (1u << 24)
#define MAX_BLOCKS 4096

struct arguments {
	const char *reg;
	const char *queries;
	const char *out;
	uint64_t samples;
	uint64_t trees;
	uint64_t seed;
};

/* Texts that live until the end. */
struct texts {
	char *blocks[MAX_BLOCKS];
	size_t count;
	size_t used; /* of the last block */
};

struct entry {
	struct slice id;
	struct match_fit_company company;
};

struct fitting {
	const struct arguments *arguments;
	struct texts texts;
	struct match_build *build;
	struct entry *entries;
	size_t count;
	size_t cap;
	struct match_index *index;
	struct match_fit_company *companies;
	struct match_fit_query *queries;
	size_t query_count;
	struct progress progress;
};

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option options[] = {
	        {"register", required_argument, NULL, 'r'}, {"queries", required_argument, NULL, 'q'},
	        {"out", required_argument, NULL, 'o'},      {"samples", required_argument, NULL, 'n'},
	        {"trees", required_argument, NULL, 't'},    {"seed", required_argument, NULL, 's'},
	        {"help", no_argument, NULL, 'h'},           {0},
	};
	bool help = false;
	bool wrong = false;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'r')
			arguments->reg = optarg;
		else if (c == 'q')
			arguments->queries = optarg;
		else if (c == 'o')
			arguments->out = optarg;
		else if (c == 'n')
			wrong |= !slice_to_u64(slice_cstr(optarg), &arguments->samples);
		else if (c == 't')
			wrong |= !slice_to_u64(slice_cstr(optarg), &arguments->trees);
		else if (c == 's')
			wrong |= !slice_to_u64(slice_cstr(optarg), &arguments->seed);
		else
			*(c == 'h' ? &help : &wrong) = true;
	}
	wrong |= !arguments->reg || !arguments->out || arguments->samples == 0 || arguments->samples > 10000000 ||
	         arguments->trees == 0 || arguments->trees > 10000 || optind != argc;
	if (!help && !wrong)
		return true;
	fputs(usage, help ? stdout : stderr);
	*ret_code = help ? EXIT_FINE : EXIT_USAGE;
	return false;
}

static struct slice keep(struct texts *texts, struct slice text)
{
	if (texts->count == 0 || text.len > BLOCK - texts->used) {
		if (texts->count == MAX_BLOCKS || text.len > BLOCK)
			return SLICE_NONE;
		texts->blocks[texts->count] = malloc(BLOCK);
		if (!texts->blocks[texts->count])
			return SLICE_NONE;
		texts->count++;
		texts->used = 0;
	}
	char *at = texts->blocks[texts->count - 1] + texts->used;
	if (text.len > 0)
		memcpy(at, text.ptr, text.len);
	texts->used += text.len;
	return (struct slice){at, text.len};
}

/* Earlier names as one text again. */
static struct slice keep_previous(struct texts *texts, const struct match_build_record *record)
{
	char text[8192];
	size_t len = 0;

	for (size_t i = 1; i < record->name_count; i++) {
		if (len + record->names[i].len + 1 > sizeof(text))
			break;
		if (len > 0)
			text[len++] = '|';
		memcpy(text + len, record->names[i].ptr, record->names[i].len);
		len += record->names[i].len;
	}
	return keep(texts, (struct slice){text, len});
}

static bool take_company(void *ctx, const struct match_build_record *record)
{
	struct fitting *fitting = ctx;
	struct texts *texts = &fitting->texts;

	if (fitting->count == fitting->cap) {
		size_t cap = fitting->cap ? fitting->cap * 2 : 65536;
		struct entry *entries = realloc(fitting->entries, cap * sizeof(*entries));
		if (!entries)
			return false;
		fitting->entries = entries;
		fitting->cap = cap;
	}
	fitting->entries[fitting->count++] = (struct entry){
	        .id = keep(texts, record->id),
	        .company = {.name = keep(texts, record->names[0]),
	                    .street = keep(texts, record->street),
	                    .postal_code = keep(texts, record->postal_code),
	                    .city = keep(texts, record->city),
	                    .previous = keep_previous(texts, record),
	                    .type = record->type,
	                    .number = record->number,
	                    .suffix = keep(texts, record->suffix),
	                    .real_address = !record->address_guessed},
	};
	return match_build_add(fitting->build, record) == STATUS_OK;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;
	size_t len = x->id.len < y->id.len ? x->id.len : y->id.len;
	int order = len > 0 ? memcmp(x->id.ptr, y->id.ptr, len) : 0;
	return order != 0 ? order : (x->id.len > y->id.len) - (x->id.len < y->id.len);
}

/* What was read, in the order of the index. */
static bool order_companies(struct fitting *fitting, const struct match_image *image)
{
	fitting->companies = calloc((size_t)image->companies + 1, sizeof(*fitting->companies));
	if (!fitting->companies)
		return false;
	qsort(fitting->entries, fitting->count, sizeof(*fitting->entries), compare_entries);
	for (uint32_t i = 0; i < image->companies; i++) {
		char id[MATCH_ID_BYTES];
		struct entry key = {.id = {id, match_image_id(image, i, id, sizeof(id))}};
		const struct entry *entry = bsearch(&key, fitting->entries, fitting->count, sizeof(*fitting->entries),
		                                    compare_entries);
		if (!entry)
			return false;
		fitting->companies[i] = entry->company;
	}
	return true;
}

static bool read_register(struct fitting *fitting)
{
	char path[4096];
	struct register_feed feed = {
	        .command = "match-fit", .label = "reading", .company = take_company, .ctx = fitting};

	(void)snprintf(path, sizeof(path), "%s.index", fitting->arguments->out);
	if (match_build_create(&fitting->build) != STATUS_OK || !register_feed_read(&feed, fitting->arguments->reg)) {
		fputs("bonigate match-fit: the register cannot be read\n", stderr);
		return false;
	}
	enum status status = match_build_write(fitting->build, path, (struct match_build_progress){NULL, NULL});
	if (status == STATUS_OK)
		status = match_index_open(path, &fitting->index);
	(void)unlink(path);
	if (status != STATUS_OK)
		state_complain("match-fit", path, status);
	return status == STATUS_OK;
}

static void take_query(struct fitting *fitting, const struct csv *csv, const int *columns)
{
	struct match_fit_query *query = &fitting->queries[fitting->query_count++];
	struct register_number number = {.type = REGISTER_NONE};
	struct slice text = csv_field(csv, columns[4]);

	*query = (struct match_fit_query){.query = {.name = keep(&fitting->texts, csv_field(csv, columns[0])),
	                                            .street = keep(&fitting->texts, csv_field(csv, columns[1])),
	                                            .postal_code = keep(&fitting->texts, csv_field(csv, columns[2])),
	                                            .city = keep(&fitting->texts, csv_field(csv, columns[3]))},
	                                  .meant = keep(&fitting->texts, csv_field(csv, columns[5]))};
	if (slice_is_blank(text) || register_number_parse(text, &number) != STATUS_OK)
		return;
	query->query.type = number.type;
	query->query.number = number.number;
	query->query.suffix = keep(&fitting->texts, slice_cstr(number.suffix));
}

static bool read_queries(struct fitting *fitting)
{
	static const char *const names[6] = {"name", "street", "postcode", "city", "reg_no", "truth_ids"};
	static struct csv csv;
	int columns[6];
	struct input *input = input_open(fitting->arguments->queries);
	void *block = malloc(CSV_BLOCK);
	bool good = false;
	const size_t MOST = 100000;

	fitting->queries = calloc(MOST, sizeof(*fitting->queries));
	if (input && block && fitting->queries) {
		csv_init(&csv, input_source(input), (struct csv_options){.separator = '\t'}, block, CSV_BLOCK);
		good = csv_header(&csv) == STATUS_OK;
	}
	for (size_t i = 0; good && i < 6; i++)
		columns[i] = csv_column(&csv, slice_cstr(names[i]));
	while (good && fitting->query_count < MOST) {
		enum csv_result result = csv_next(&csv);
		if (result == CSV_END)
			break;
		if (result == CSV_ROW)
			take_query(fitting, &csv, columns);
		good = result != CSV_READ_FAILED;
	}
	if (!good)
		fprintf(stderr, "bonigate match-fit: %s: cannot be read\n", fitting->arguments->queries);
	input_close(input);
	free(block);
	return good;
}

static void report(void *ctx, const char *what, double done)
{
	struct fitting *fitting = ctx;

	fitting->progress.label = what;
	progress_update(&fitting->progress, (uint64_t)(done * 1000));
}

static bool fit(struct fitting *fitting)
{
	const struct match_set *set = match_index_hold(fitting->index);
	struct match_fit_options options = {.samples = fitting->arguments->samples,
	                                    .trees = (unsigned)fitting->arguments->trees,
	                                    .seed = fitting->arguments->seed,
	                                    .queries = fitting->queries,
	                                    .query_count = fitting->query_count,
	                                    .report = report,
	                                    .ctx = fitting};
	FILE *out = fopen(fitting->arguments->out, "we");
	enum status status = STATUS_UNAVAILABLE;

	progress_start(&fitting->progress, "drawing", 1000);
	if (!out)
		fprintf(stderr, "bonigate match-fit: %s: %s\n", fitting->arguments->out, strerror(errno));
	else if (!order_companies(fitting, &set->part[0]))
		status = STATUS_NO_MEMORY;
	else
		status = match_fit(&set->part[0], fitting->companies, &options, out);
	progress_finish(&fitting->progress);
	if (out && fclose(out) != 0)
		status = STATUS_UNAVAILABLE;
	if (status != STATUS_OK)
		state_complain("match-fit", fitting->arguments->out, status);
	match_index_release(fitting->index, set);
	return status == STATUS_OK;
}

int cmd_match_fit(int argc, char **argv)
{
	struct arguments arguments = {.samples = 200000, .trees = 400, .seed = 1};
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	struct fitting *fitting = calloc(1, sizeof(*fitting));
	if (!fitting)
		return EXIT_FAILED;
	fitting->arguments = &arguments;
	bool good = read_register(fitting) && (!arguments.queries || read_queries(fitting)) && fit(fitting);
	match_build_destroy(fitting->build);
	match_index_close(fitting->index);
	for (size_t i = 0; i < fitting->texts.count; i++)
		free(fitting->texts.blocks[i]);
	free(fitting->entries);
	free(fitting->companies);
	free(fitting->queries);
	free(fitting);
	return good ? EXIT_FINE : EXIT_FAILED;
}
