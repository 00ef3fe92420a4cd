/* SPDX-License-Identifier: MIT */
#include "lab/match_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/match_feature.h"
#include "match_boost.h"
#include "match_sample.h"

#define LIST_MAX 16 /* candidates of a query that are learned from */
#define BASE     (-2.0)
#define RATE     0.08
#define PENALTY  8.0

/* Lists of candidates with the answers. */
struct lists {
	uint32_t *first;
	uint8_t *meant;
	int16_t *values;
	size_t count;
	size_t rows;
};

struct fit {
	const struct match_image *image;
	const struct match_fit_options *options;
	struct match_set set;
	struct match_scratch *scratch;
	struct lists drawn;
	struct lists asked;
	struct boost_tree *trees;
	unsigned tree_count;
	double scale;
	double shift;
};

static bool lists_init(struct lists *lists, size_t count)
{
	lists->first = calloc(count + 1, sizeof(*lists->first));
	lists->meant = malloc(count * LIST_MAX + 1);
	lists->values = malloc((count * LIST_MAX + 1) * MATCH_F_COUNT * sizeof(*lists->values));
	return lists->first && lists->meant && lists->values;
}

static void lists_finish(struct lists *lists)
{
	free(lists->first);
	free(lists->meant);
	free(lists->values);
}

static void lists_add(struct lists *lists, const struct match_candidate *c, bool meant)
{
	lists->meant[lists->rows] = meant;
	memcpy(lists->values + lists->rows * MATCH_F_COUNT, c->f, sizeof(c->f));
	lists->rows++;
}

static void lists_end(struct lists *lists)
{
	lists->first[++lists->count] = (uint32_t)lists->rows;
}

static void report(const struct fit *fit, const char *what, double done)
{
	if (fit->options->report)
		fit->options->report(fit->options->ctx, what, done);
}

/* The answers to drawn queries are known because they were drawn. */
static enum status draw_lists(struct fit *fit, const struct match_fit_company *companies)
{
	struct sample_source source;
	struct noise_random random = {.state = fit->options->seed};
	struct sample *sample = malloc(sizeof(*sample));
	enum status status = sample ? sample_source_init(&source, fit->image, companies) : STATUS_NO_MEMORY;
	if (status != STATUS_OK) {
		free(sample);
		return status;
	}
	for (size_t i = 0; i < fit->options->samples; i++) {
		struct match_candidate found[MATCH_FINALISTS];
		if (!sample_draw(&source, sample_kind_draw(&random), &random, sample))
			continue;
		struct match_rows excluded = {sample->excluded, sample->excluded_count};
		size_t count = match_candidates(&fit->set, &sample->query, excluded, fit->scratch, found);
		for (size_t k = 0; k < count && k < LIST_MAX; k++)
			lists_add(&fit->drawn, &found[k], sample_is_meant(&source, sample, &found[k]));
		lists_end(&fit->drawn);
		report(fit, "drawing", (double)i / (double)fit->options->samples);
	}
	sample_source_finish(&source);
	free(sample);
	return fit->drawn.rows > 0 ? STATUS_OK : STATUS_INVALID;
}

static bool is_listed(struct slice ids, struct slice id)
{
	while (ids.len > 0) {
		if (slice_eq(slice_cut(&ids, '|'), id))
			return true;
	}
	return false;
}

static void ask_lists(struct fit *fit)
{
	for (size_t i = 0; i < fit->options->query_count; i++) {
		const struct match_fit_query *query = &fit->options->queries[i];
		struct match_candidate found[MATCH_FINALISTS];
		size_t count = match_candidates(&fit->set, &query->query, (struct match_rows){NULL, 0}, fit->scratch,
		                                found);
		for (size_t k = 0; k < count && k < LIST_MAX; k++) {
			char id[MATCH_ID_BYTES];
			size_t len = match_image_id(fit->image, found[k].company, id, sizeof(id));
			lists_add(&fit->asked, &found[k], is_listed(query->meant, (struct slice){id, len}));
		}
		lists_end(&fit->asked);
	}
}

static bool report_tree(void *ctx, unsigned tree, double loss)
{
	const struct fit *fit = ctx;
	char text[64];
	(void)snprintf(text, sizeof(text), "fitting, loss %.5f", loss);
	report(fit, text, (double)tree / fit->options->trees);
	return true;
}

static double score_of(const struct fit *fit, const int16_t *values)
{
	double sum = BASE;
	for (unsigned t = 0; t < fit->tree_count; t++) {
		const struct boost_tree *tree = &fit->trees[t];
		unsigned leaf = 0;
		for (unsigned d = 0; d < BOOST_DEPTH; d++)
			leaf = leaf << 1 | (values[tree->feature[d]] >= tree->cut[d]);
		sum += tree->leaf[leaf];
	}
	return sum;
}

static double loss_at(const struct lists *lists, const double *scores, double scale, double shift)
{
	double loss = 0;
	for (size_t q = 0; q < lists->count; q++) {
		double sum = 1;
		double meant = 0;
		bool any = false;
		for (size_t i = lists->first[q]; i < lists->first[q + 1]; i++) {
			double weight = exp(fmin(scale * scores[i] + shift, 500));
			sum += weight;
			meant += lists->meant[i] ? weight : 0;
			any |= lists->meant[i] != 0;
		}
		loss -= log((any ? meant : 1) / sum + 1e-12);
	}
	return loss;
}

/* Two numbers from thousands of queries: walking downhill in ever smaller steps is enough. */
static enum status calibrate(struct fit *fit)
{
	double *scores = malloc((fit->asked.rows + 1) * sizeof(*scores));
	if (!scores)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < fit->asked.rows; i++)
		scores[i] = score_of(fit, fit->asked.values + i * MATCH_F_COUNT);
	double best = loss_at(&fit->asked, scores, fit->scale, fit->shift);
	for (double step = 0.5; step > 0.001;) {
		static const double WAYS[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
		bool better = false;
		for (size_t k = 0; k < 4; k++) {
			double scale = fit->scale + WAYS[k][0] * step / 2;
			double shift = fit->shift + WAYS[k][1] * step;
			double loss = scale > 0.1 ? loss_at(&fit->asked, scores, scale, shift) : INFINITY;
			if (loss < best) {
				best = loss;
				fit->scale = scale;
				fit->shift = shift;
				better = true;
			}
		}
		step = better ? step : step / 2;
	}
	free(scores);
	return STATUS_OK;
}

static long millionths(double value)
{
	return lround(value * 1e6);
}

static enum status write_table(const struct fit *fit, FILE *out)
{
	fprintf(out,
	        "/* SPDX-License-Identifier: MIT */\n"
	        "/* bonigate match-fit: %zu drawn queries, %u trees, seed %llu; calibrated on %zu queries. */\n"
	        "#define BASE  %ld\n#define SCALE %ld\n#define SHIFT %ld\n\nstatic const struct tree TREES[] = {\n",
	        fit->drawn.count, fit->tree_count, (unsigned long long)fit->options->seed, fit->asked.count,
	        millionths(BASE), millionths(fit->scale), millionths(fit->shift));
	for (unsigned t = 0; t < fit->tree_count; t++) {
		const struct boost_tree *tree = &fit->trees[t];
		fputs("\t{{", out);
		for (unsigned d = 0; d < BOOST_DEPTH; d++)
			fprintf(out, "%s%u", d ? ", " : "", (unsigned)tree->feature[d]);
		fputs("}, {", out);
		for (unsigned d = 0; d < BOOST_DEPTH; d++)
			fprintf(out, "%s%d", d ? ", " : "", tree->cut[d]);
		fputs("}, {", out);
		for (unsigned leaf = 0; leaf < BOOST_LEAVES; leaf++)
			fprintf(out, "%s%ld", leaf ? ", " : "", millionths(tree->leaf[leaf]));
		fputs("}},\n", out);
	}
	fputs("};\n", out);
	return fflush(out) == 0 && !ferror(out) ? STATUS_OK : STATUS_UNAVAILABLE;
}

static enum status run(struct fit *fit, const struct match_fit_company *companies, FILE *out)
{
	struct boost_options boost = {.trees = fit->options->trees,
	                              .rate = RATE,
	                              .penalty = PENALTY,
	                              .base = BASE,
	                              .seed = fit->options->seed,
	                              .report = report_tree,
	                              .ctx = fit};
	enum status status = draw_lists(fit, companies);
	struct boost_data data = {.lists = fit->drawn.count,
	                          .rows = fit->drawn.rows,
	                          .features = MATCH_F_COUNT,
	                          .first = fit->drawn.first,
	                          .meant = fit->drawn.meant,
	                          .values = fit->drawn.values};
	if (status == STATUS_OK)
		status = boost_fit(&data, &boost, fit->trees, &fit->tree_count);
	if (status == STATUS_OK) {
		ask_lists(fit);
		status = fit->asked.rows > 0 ? calibrate(fit) : STATUS_OK;
	}
	return status == STATUS_OK ? write_table(fit, out) : status;
}

enum status match_fit(const struct match_image *image, const struct match_fit_company *companies,
                      const struct match_fit_options *options, FILE *out)
{
	struct fit fit = {.image = image, .options = options, .scale = 1};
	void *memory = malloc(match_scratch_size());
	enum status status = STATUS_NO_MEMORY;
	match_set_init(&fit.set, image);
	fit.trees = calloc(options->trees + 1, sizeof(*fit.trees));
	if (lists_init(&fit.drawn, options->samples) && lists_init(&fit.asked, options->query_count) && memory &&
	    fit.trees) {
		fit.scratch = match_scratch_init(memory);
		status = run(&fit, companies, out);
	}
	lists_finish(&fit.drawn);
	lists_finish(&fit.asked);
	free(fit.trees);
	free(memory);
	return status;
}
