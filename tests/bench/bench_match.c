/* SPDX-License-Identifier: MIT */
/*
 * Latency and memory of searches in one index, on one thread:
 *
 *   bench_match INDEX QUERIES.tsv [rounds]
 *
 * QUERIES has the columns name street postcode city somewhere in its header.
 * Cold: the page cache is emptied of the file first. Warm: the same queries
 * again and again, the last round counts. Typed: the first letters of their
 * names, one to TYPED of them and then all, as a search box sends them. Exact: a register number with its
 * court, of companies drawn from the index, the first time ("touch", when
 * most of its pages were never asked for) and again. Wall time is what a buyer waits;
 * on a busy machine the thread's own time is what the search costs.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapter/match_index.h"

#define MAX_QUERIES 100000
#define COLD        300
#define EXACT       20000
#define TYPED       12

enum column { NAME, STREET, POSTCODE, CITY, COLUMNS };

struct times {
	double wall[MAX_QUERIES];
	double own[MAX_QUERIES];
	size_t count;
};

static struct match_query queries[MAX_QUERIES];
static size_t query_count;
static struct times times;
static struct match_scratch *scratch;

static double clock_ms(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print_times(const char *what)
{
	double *lists[2] = {times.wall, times.own};
	static const char *const NAMES[2] = {"wall", "own"};
	size_t n = times.count;
	for (size_t i = 0; i < 2 && n > 0; i++) {
		double *t = lists[i];
		qsort(t, n, sizeof(*t), compare);
		printf("%s %s_ms p50 %.4f p95 %.4f p99 %.4f max %.4f n %zu\n", what, NAMES[i], t[n / 2],
		       t[n - 1 - n / 20], t[n - 1 - n / 100], t[n - 1], n);
	}
}

static struct slice read_all(const char *path)
{
	struct stat info;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &info) != 0)
		return SLICE_NONE;
	char *text = malloc((size_t)info.st_size + 1);
	ssize_t got = text ? read(fd, text, (size_t)info.st_size) : -1;
	close(fd);
	return got == info.st_size ? (struct slice){text, (size_t)got} : SLICE_NONE;
}

static bool read_queries(const char *path)
{
	static const char *const NAMES[COLUMNS] = {"name", "street", "postcode", "city"};
	int at[32];
	int columns = 0;
	struct slice text = read_all(path);
	struct slice header = text.ptr ? slice_cut(&text, '\n') : SLICE_NONE;
	for (; header.ptr && columns < 32; columns++) {
		struct slice name = slice_cut(&header, '\t');
		at[columns] = -1;
		for (int k = 0; k < COLUMNS; k++)
			at[columns] = slice_eq_cstr(name, NAMES[k]) ? k : at[columns];
	}
	while (text.ptr && text.len > 0 && query_count < MAX_QUERIES) {
		struct slice line = slice_cut(&text, '\n');
		struct slice fields[COLUMNS] = {{NULL, 0}};
		for (int i = 0; line.ptr && i < columns; i++) {
			struct slice field = slice_cut(&line, '\t');
			if (at[i] >= 0)
				fields[at[i]] = field;
		}
		queries[query_count++] = (struct match_query){.name = fields[NAME],
		                                              .street = fields[STREET],
		                                              .postal_code = fields[POSTCODE],
		                                              .city = fields[CITY]};
	}
	return query_count > 0;
}

static void time_search(struct match_index *index, const struct match_query *query)
{
	struct match_result result;
	double wall = clock_ms(CLOCK_MONOTONIC);
	double own = clock_ms(CLOCK_THREAD_CPUTIME_ID);
	const struct match_set *set = match_index_hold(index);
	match_search(set, query, scratch, &result);
	match_index_release(index, set);
	times.own[times.count] = clock_ms(CLOCK_THREAD_CPUTIME_ID) - own;
	times.wall[times.count++] = clock_ms(CLOCK_MONOTONIC) - wall;
}

/* No letter is cut in half. */
static struct slice begin_of(struct slice name, size_t letters)
{
	size_t len = 0;
	while (len < name.len && letters-- > 0) {
		len++;
		while (len < name.len && ((unsigned char)name.ptr[len] & 0xc0) == 0x80)
			len++;
	}
	return (struct slice){name.ptr, len};
}

static void time_typed(struct match_index *index)
{
	for (size_t letters = 1; letters <= TYPED + 1; letters++) {
		char what[16] = "typed_all";
		size_t most = letters <= TYPED ? letters : SIZE_MAX;
		times.count = 0;
		for (size_t i = 0; i < query_count; i++) {
			struct match_query query = {.name = begin_of(queries[i].name, most), .unfinished = true};
			time_search(index, &query);
		}
		if (letters <= TYPED)
			(void)snprintf(what, sizeof(what), "typed_%zu", letters);
		print_times(what);
	}
}

/* Numbers all over the index. */
static void time_exact(struct match_index *index, const char *what)
{
	const struct match_set *set = match_index_hold(index);
	const struct match_image *image = &set->part[0];
	uint64_t state = 1;
	times.count = 0;
	for (size_t i = 0; i < EXACT && image->companies > 0; i++) {
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		struct match_company c = match_image_company(image, (uint32_t)((state >> 33) % image->companies));
		struct match_query query = {.type = (enum register_type)c.type,
		                            .number = c.number,
		                            .court = match_image_affix(image, c.court),
		                            .suffix = match_image_affix(image, c.suffix)};
		time_search(index, &query);
	}
	match_index_release(index, set);
	print_times(what);
}

static void print_memory(void)
{
	char line[256];
	FILE *status = fopen("/proc/self/status", "r");
	while (status && fgets(line, sizeof(line), status)) {
		if (strncmp(line, "RssAnon", 7) == 0 || strncmp(line, "RssFile", 7) == 0)
			fputs(line, stdout);
	}
	if (status)
		fclose(status);
}

/* Opening reads the whole file: its pages go from the mapping, then from the page cache. */
static bool drop_pages(const char *path, struct match_index *index)
{
	const struct match_set *set = match_index_hold(index);
	struct stat info;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &info) != 0)
		return false;
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)set->part[0].section[MATCH_SECTION_SIGNATURES].ptr & ~(page - 1);
	(void)madvise((void *)start, (size_t)info.st_size, MADV_DONTNEED);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
	match_index_release(index, set);
	return true;
}

int main(int argc, char **argv)
{
	struct match_index *index;
	int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 3;
	if (argc < 3 || !read_queries(argv[2])) {
		fputs("usage: bench_match INDEX QUERIES.tsv [rounds]\n", stderr);
		return 2;
	}
	scratch = match_scratch_init(malloc(match_scratch_size()));
	double start = clock_ms(CLOCK_MONOTONIC);
	if (match_index_open(argv[1], &index) != STATUS_OK) {
		fprintf(stderr, "bench_match: %s: no usable index\n", argv[1]);
		return 1;
	}
	printf("open_ms %.1f\n", clock_ms(CLOCK_MONOTONIC) - start);
	match_index_close(index);
	if (match_index_open(argv[1], &index) != STATUS_OK || !drop_pages(argv[1], index))
		return 1;
	for (size_t i = 0; i < query_count && i < COLD; i++)
		time_search(index, &queries[i * (query_count / COLD ? query_count / COLD : 1)]);
	print_times("cold");
	for (int round = 0; round < rounds; round++) {
		times.count = 0;
		for (size_t i = 0; i < query_count; i++)
			time_search(index, &queries[i]);
	}
	print_times("fuzzy");
	time_typed(index);
	time_exact(index, "touch");
	time_exact(index, "exact");
	print_memory();
	match_index_close(index);
	free(scratch);
	return 0;
}
