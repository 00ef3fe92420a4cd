/* SPDX-License-Identifier: MIT */
/* bench_score MODEL.json ROWS: rows a second of a card over columns that are parsed already, one core. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../src/lab/random.h"
#include "base/slice.h"
#include "lab/apply.h"
#include "lab/cohort.h"
#include "wire/model_in.h"

#define ARENA_CAP (4u << 20)
#define FILE_CAP  (1u << 20)

static char text[FILE_CAP];
static char memory[ARENA_CAP] __attribute__((aligned(16)));

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int load(const char *path, struct model *model)
{
	FILE *file = fopen(path, "r");
	struct load_error error;
	struct arena arena;

	if (!file)
		return 0;
	size_t len = fread(text, 1, sizeof(text), file);
	fclose(file);
	arena_init(&arena, memory, sizeof(memory));
	return model_in_parse((struct slice){text, len}, &arena, model, &error) == STATUS_OK;
}

/* Values around the borders of each input, one in twenty unknown. */
static void fill(const struct model *model, int64_t *values, size_t rows)
{
	struct random random = {1};
	size_t n = 0;

	for (size_t row = 0; row < rows; row++)
		for (int i = 0; i < model->characteristic_count; i++) {
			const struct characteristic *c = &model->characteristics[i];
			uint32_t bin = random_below(&random, c->bin_count);
			int64_t value = c->by_code || bin + 1u == c->bin_count ? (int64_t)random_below(&random, 100)
			                                                       : c->bins[bin].below;
			values[n++] = random_below(&random, 20) == 0 ? COHORT_UNKNOWN : value;
		}
}

int main(int argc, char **argv)
{
	static struct model model;
	struct apply apply;
	size_t rows = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (rows == 0 || !load(argv[1], &model) || apply_init(&apply, &model, 0) != STATUS_OK)
		return 1;
	int64_t *values = malloc(rows * (size_t)model.characteristic_count * sizeof(*values));
	if (!values)
		return 1;
	fill(&model, values, rows);
	double began = seconds();
	int64_t sum = 0;
	for (size_t row = 0; row < rows; row++) {
		int32_t points = apply_points(&apply, values + row * model.characteristic_count);
		sum += apply_grade(&apply, points).score;
	}
	double took = seconds() - began;
	printf("%d %.0f %lld\n", model.characteristic_count, (double)rows / took, (long long)sum);
	apply_finish(&apply);
	free(values);
	return 0;
}
