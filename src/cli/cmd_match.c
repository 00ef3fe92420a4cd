/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "command.h"
#include "input.h"
#include "progress.h"
#include "register_feed.h"
#include "state.h"

static const char usage[] =
        "usage: bonigate match --register FILE --in QUERIES --out HITS [--limit 1..24]\n"
        "FILE is an index (bonigate index) or a register file, which is indexed first. QUERIES is CSV or TSV with\n"
        "any of query_id,name,street,postal_code,city,country,vat_id,lei,register_court,register_type,\n"
        "register_number; HITS gets query_id,rank,company_id,name,probability,verdict. A query nobody fits has one\n"
        "line with rank 0. Verdicts: exact, fuzzy (safe to use), ambiguous (a person must choose), none.\n";

enum column {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_STREET,
	COLUMN_POSTAL_CODE,
	COLUMN_CITY,
	COLUMN_COUNTRY,
	COLUMN_VAT_ID,
	COLUMN_LEI,
	COLUMN_COURT,
	COLUMN_TYPE,
	COLUMN_NUMBER,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
        "query_id", "name", "street",         "postal_code",   "city",           "country",
        "vat_id",   "lei",  "register_court", "register_type", "register_number"};

static const char *const verdict_names[] = {"none", "ambiguous", "fuzzy", "exact"};

struct arguments {
	const char *reg;
	const char *in;
	const char *out;
	uint64_t limit;
};

struct matching {
	const struct arguments *arguments;
	struct match_index *index;
	struct match_scratch *scratch;
	struct input *input;
	struct csv csv;
	void *block;
	FILE *out;
	char separator;
	int columns[COLUMN_COUNT];
	uint32_t *times; /* nanoseconds a query */
	size_t time_count;
	size_t time_cap;
	uint64_t verdicts[4];
	uint64_t refused;
	struct progress progress;
};

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option options[] = {
	        {"register", required_argument, NULL, 'r'}, {"in", required_argument, NULL, 'i'},
	        {"out", required_argument, NULL, 'o'},      {"limit", required_argument, NULL, 'l'},
	        {"help", no_argument, NULL, 'h'},           {0},
	};
	bool numbers = true;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'r') {
			arguments->reg = optarg;
		} else if (c == 'i') {
			arguments->in = optarg;
		} else if (c == 'o') {
			arguments->out = optarg;
		} else if (c == 'l') {
			numbers &= slice_to_u64(slice_cstr(optarg), &arguments->limit);
		} else {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
	}
	if (numbers && arguments->reg && arguments->in && arguments->out && arguments->limit >= 1 &&
	    arguments->limit <= MATCH_HITS && optind == argc)
		return true;
	fputs(usage, stderr);
	*ret_code = EXIT_USAGE;
	return false;
}

/* ---- the register ---- */

static bool add_company(void *ctx, const struct match_build_record *record)
{
	enum status status = match_build_add(ctx, record);

	if (status == STATUS_OK || status == STATUS_INVALID)
		return true;
	state_complain("match", "a company", status);
	return false;
}

static bool build_index(const char *reg, const char *path)
{
	struct match_build *build;
	struct register_feed feed = {.command = "match", .label = "indexing", .company = add_company};
	bool good = false;

	if (match_build_create(&build) != STATUS_OK) {
		fputs("bonigate match: out of memory\n", stderr);
		return false;
	}
	feed.ctx = build;
	if (register_feed_read(&feed, reg)) {
		enum status status = match_build_write(build, path, (struct match_build_progress){NULL, NULL});
		good = status == STATUS_OK;
		if (!good)
			state_complain("match", path, status);
	}
	match_build_destroy(build);
	return good;
}

/* Indexed into a folder of its own that is gone again as soon as the index is open. */
static bool open_register_file(struct matching *matching, const char *reg)
{
	const char *base = getenv("TMPDIR");
	char folder[4096];
	char path[4200];
	bool good = false;

	(void)snprintf(folder, sizeof(folder), "%s/bonigate-match-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(folder)) {
		fprintf(stderr, "bonigate match: %s: %s\n", folder, strerror(errno));
		return false;
	}
	(void)snprintf(path, sizeof(path), "%s/index", folder);
	if (build_index(reg, path)) {
		enum status status = match_index_open(path, &matching->index);
		good = status == STATUS_OK;
		if (!good)
			state_complain("match", path, status);
	}
	(void)unlink(path);
	(void)rmdir(folder);
	return good;
}

static bool is_index(const char *path)
{
	char magic[8] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool is = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) &&
	          memcmp(magic, MATCH_IMAGE_MAGIC, sizeof(magic)) == 0;
	close(fd);
	return is;
}

static bool open_register(struct matching *matching, const char *reg)
{
	if (!is_index(reg))
		return open_register_file(matching, reg);
	enum status status = match_index_open(reg, &matching->index);
	if (status == STATUS_MISMATCH)
		fprintf(stderr, "bonigate match: %s: an index of another version; build it again\n", reg);
	else if (status != STATUS_OK)
		state_complain("match", reg, status);
	return status == STATUS_OK;
}

/* ---- one query ---- */

static struct slice field(const struct matching *matching, enum column column)
{
	return csv_field(&matching->csv, matching->columns[column]);
}

/* Capitals without blanks, as identifiers are stored. */
static struct slice identifier(struct slice text, char *mem, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len && n < cap; i++) {
		char c = text.ptr[i];
		if (c != ' ' && c != '-' && c != '.')
			mem[n++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	return (struct slice){mem, n};
}

static void take_number(const struct matching *matching, struct register_number *number, struct match_query *query)
{
	struct slice text = field(matching, COLUMN_NUMBER);

	*number = (struct register_number){.type = register_type_parse(slice_trim(field(matching, COLUMN_TYPE)))};
	if (slice_is_blank(text) || register_number_parse(text, number) != STATUS_OK || number->type == REGISTER_NONE)
		return;
	query->type = number->type;
	query->number = number->number;
	query->suffix = slice_cstr(number->suffix);
	query->court = slice_trim(field(matching, COLUMN_COURT));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The register is German: a company of another country is not in it, whatever its name. */
static bool is_foreign(struct slice country)
{
	country = slice_trim(country);
	return country.len > 0 && !slice_eq_nocase(country, SLICE_LIT("DE")) &&
	       !slice_eq_nocase(country, SLICE_LIT("DEU")) && !slice_eq_nocase(country, SLICE_LIT("Deutschland")) &&
	       !slice_eq_nocase(country, SLICE_LIT("Germany"));
}

static bool note_time(struct matching *matching, uint64_t ns)
{
	if (matching->time_count == matching->time_cap) {
		size_t cap = matching->time_cap ? matching->time_cap * 2 : 65536;
		uint32_t *times = realloc(matching->times, cap * sizeof(*times));
		if (!times)
			return false;
		matching->times = times;
		matching->time_cap = cap;
	}
	matching->times[matching->time_count++] = (uint32_t)(ns < UINT32_MAX ? ns : UINT32_MAX);
	return true;
}

/* Quoted when it must be; what a spreadsheet would run as a formula gets an apostrophe. */
static void put_text(const struct matching *matching, struct slice text)
{
	bool quote = text.len > 0 && strchr("=+-@\t\r", text.ptr[0]) != NULL;
	bool formula = quote;

	for (size_t i = 0; i < text.len; i++)
		quote |= text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r' ||
		         text.ptr[i] == matching->separator;
	if (quote)
		fputc('"', matching->out);
	if (formula)
		fputc('\'', matching->out);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			fputc('"', matching->out);
		fputc(text.ptr[i], matching->out);
	}
	if (quote)
		fputc('"', matching->out);
}

static void put_row(const struct matching *matching, unsigned rank, const struct match_hit *hit, const char *verdict)
{
	const struct match_set *set = match_index_hold(matching->index);
	char id[MATCH_ID_BYTES];
	char name[4096];
	size_t name_len = 0;
	size_t len = 0;

	if (hit) {
		len = match_image_id(&set->part[hit->part], hit->company, id, sizeof(id));
		name_len = match_image_name(&set->part[hit->part], hit->company, name, sizeof(name));
	}
	put_text(matching, field(matching, COLUMN_ID));
	fprintf(matching->out, "%c%u%c", matching->separator, rank, matching->separator);
	put_text(matching, (struct slice){id, len});
	fputc(matching->separator, matching->out);
	put_text(matching, (struct slice){name, name_len});
	fprintf(matching->out, "%c0.%06u%c%s\n", matching->separator, hit ? hit->ppm : 0, matching->separator, verdict);
	match_index_release(matching->index, set);
}

static bool match_one(struct matching *matching)
{
	struct register_number number;
	struct match_result result = {.count = 0};
	char vat_id[32];
	char lei[32];
	struct match_query query = {.name = field(matching, COLUMN_NAME),
	                            .street = field(matching, COLUMN_STREET),
	                            .postal_code = field(matching, COLUMN_POSTAL_CODE),
	                            .city = field(matching, COLUMN_CITY),
	                            .vat_id = identifier(field(matching, COLUMN_VAT_ID), vat_id, sizeof(vat_id)),
	                            .lei = identifier(field(matching, COLUMN_LEI), lei, sizeof(lei))};

	take_number(matching, &number, &query);
	uint64_t start = now_ns();
	if (!is_foreign(field(matching, COLUMN_COUNTRY))) {
		const struct match_set *set = match_index_hold(matching->index);
		match_search(set, &query, matching->scratch, &result);
		match_index_release(matching->index, set);
	}
	if (!note_time(matching, now_ns() - start))
		return false;
	matching->verdicts[result.verdict]++;
	size_t count = result.count < matching->arguments->limit ? result.count : matching->arguments->limit;
	for (size_t i = 0; i < count; i++)
		put_row(matching, (unsigned)i + 1, &result.hits[i], verdict_names[result.verdict]);
	if (count == 0)
		put_row(matching, 0, NULL, verdict_names[result.verdict]);
	return true;
}

/* ---- the file ---- */

static bool match_all(struct matching *matching)
{
	const struct arguments *arguments = matching->arguments;

	progress_start(&matching->progress, "matching", input_size(matching->input));
	for (;;) {
		enum csv_result result = csv_next(&matching->csv);
		if (result == CSV_END)
			return true;
		if (result == CSV_READ_FAILED || (result == CSV_ROW && !match_one(matching))) {
			progress_finish(&matching->progress);
			fprintf(stderr, "bonigate match: %s: %s\n", arguments->in,
			        result == CSV_ROW ? "out of memory" : input_error(matching->input));
			return false;
		}
		if (result == CSV_FAULT) {
			matching->refused++;
			progress_finish(&matching->progress);
			fprintf(stderr, "%s:%" PRIu64 ": %s\n", arguments->in, matching->csv.line, matching->csv.fault);
		}
		progress_update(&matching->progress, input_taken(matching->input));
	}
}

static bool open_queries(struct matching *matching)
{
	const struct arguments *arguments = matching->arguments;
	size_t len = strlen(arguments->out);

	matching->input = input_open(arguments->in);
	if (!matching->input) {
		fprintf(stderr, "bonigate match: %s: %s\n", arguments->in, strerror(errno));
		return false;
	}
	csv_init(&matching->csv, input_source(matching->input), (struct csv_options){0}, matching->block, CSV_BLOCK);
	if (csv_header(&matching->csv) != STATUS_OK) {
		fprintf(stderr, "bonigate match: %s: no usable header: %s\n", arguments->in,
		        matching->csv.fault ? matching->csv.fault : "reading failed");
		return false;
	}
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		matching->columns[i] = csv_column(&matching->csv, slice_cstr(column_names[i]));
	if (matching->columns[COLUMN_ID] < 0) {
		fprintf(stderr, "bonigate match: %s: no column \"query_id\"\n", arguments->in);
		return false;
	}
	matching->separator = len > 4 && strcmp(arguments->out + len - 4, ".tsv") == 0 ? '\t' : ',';
	matching->out = strcmp(arguments->out, "-") == 0 ? stdout : fopen(arguments->out, "we");
	if (!matching->out) {
		fprintf(stderr, "bonigate match: %s: %s\n", arguments->out, strerror(errno));
		return false;
	}
	fprintf(matching->out, "query_id%1$crank%1$ccompany_id%1$cname%1$cprobability%1$cverdict\n",
	        matching->separator);
	return true;
}

static int compare_times(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void summarise(struct matching *matching)
{
	size_t n = matching->time_count;

	progress_finish(&matching->progress);
	qsort(matching->times, n, sizeof(*matching->times), compare_times);
	fprintf(stderr, "%zu queries: %" PRIu64 " exact, %" PRIu64 " fuzzy, %" PRIu64 " ambiguous, %" PRIu64 " none\n",
	        n, matching->verdicts[MATCH_VERDICT_EXACT], matching->verdicts[MATCH_VERDICT_FUZZY],
	        matching->verdicts[MATCH_VERDICT_AMBIGUOUS], matching->verdicts[MATCH_VERDICT_NONE]);
	if (n == 0)
		return;
	size_t places[] = {n / 2, n - 1 - n / 20, n - 1 - n / 100, n - 1};
	double ms[4];
	for (size_t i = 0; i < 4; i++)
		ms[i] = matching->times[places[i]] / 1e6;
	fprintf(stderr, "latency: p50 %.3f ms, p95 %.3f ms, p99 %.3f ms, max %.3f ms\n", ms[0], ms[1], ms[2], ms[3]);
}

static int run(struct matching *matching)
{
	void *memory = malloc(match_scratch_size());
	bool good = false;

	matching->block = malloc(CSV_BLOCK);
	if (!memory || !matching->block) {
		fputs("bonigate match: out of memory\n", stderr);
	} else {
		matching->scratch = match_scratch_init(memory);
		good = open_register(matching, matching->arguments->reg) && open_queries(matching) &&
		       match_all(matching);
	}
	if (good)
		summarise(matching);
	if (matching->out && matching->out != stdout && fclose(matching->out) != 0) {
		fprintf(stderr, "bonigate match: %s: %s\n", matching->arguments->out, strerror(errno));
		good = false;
	}
	input_close(matching->input);
	match_index_close(matching->index);
	free(matching->times);
	free(matching->block);
	free(memory);
	return good && matching->refused == 0 ? EXIT_FINE : EXIT_FAILED;
}

int cmd_match(int argc, char **argv)
{
	struct arguments arguments = {.limit = 5};
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	struct matching *matching = calloc(1, sizeof(*matching));
	if (!matching) {
		fputs("bonigate match: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	matching->arguments = &arguments;
	code = run(matching);
	free(matching);
	return code;
}
