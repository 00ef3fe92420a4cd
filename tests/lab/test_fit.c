/* SPDX-License-Identifier: MIT */
#include "lab/fit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/lab/bins.h"
#include "../../src/lab/random.h"
#include "base/hash.h"
#include "lab/apply.h"
#include "lab/model_out.h"
#include "lab/validate.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROWS         3000
#define TEXT_CAP     65536

static const struct fit_input INPUTS[] = {
        {FACT_EQUITY_RATIO, "equity_ratio", false, REASON_EQUITY_RATIO_STRONG, REASON_EQUITY_RATIO_WEAK},
        {FACT_CL_DAYS, "cl_days", true, REASON_SUPPLIER_CREDIT_SHORT, REASON_SUPPLIER_CREDIT_LONG},
        {FACT_NONE, "noise", false, REASON_INPUT_FAVOURABLE, REASON_INPUT_UNFAVOURABLE},
        {FACT_QUICK_RATIO, "quick_ratio", false, REASON_LIQUIDITY_STRONG, REASON_LIQUIDITY_WEAK},
};
#define INPUT_COUNT COUNT(INPUTS)

/* Even over -1..1, in millionths. */
static int64_t draw(struct random *random)
{
	return (int64_t)random_below(random, 2000001) - 1000000;
}

/* The first two inputs tell failures apart, the third does not, the fourth does and is often unknown. */
static void make_cohort(struct cohort *cohort, size_t rows, uint64_t seed)
{
	struct random random = {seed};

	cohort_init(cohort, INPUT_COUNT);
	for (size_t i = 0; i < rows; i++) {
		int64_t values[INPUT_COUNT];
		for (size_t k = 0; k < INPUT_COUNT; k++)
			values[k] = draw(&random);
		int64_t risk = -values[0] + values[1] / 2 - values[3] + draw(&random) / 2 - 1200000;
		if (random_below(&random, 4) == 0)
			values[3] = COHORT_UNKNOWN;
		cr_assert_eq(cohort_add(cohort, values, risk > 0, (uint8_t)(i % 2), i / 2), STATUS_OK);
	}
}

static void fit_cohort(struct cohort *cohort, struct model *model)
{
	static const struct pd_point SCORES[] = {{500, 100}, {1000000, 0}};
	struct fit_options options;
	struct model_fault fault = {.why = ""};

	fit_defaults(cohort_bad(cohort), &options);
	cr_assert_eq(fit_sort(cohort), STATUS_OK);
	cr_assert_eq(fit(cohort, INPUTS, &options, model), STATUS_OK);
	memcpy(model->id, "test", sizeof("test"));
	memcpy(model->version, "1", sizeof("1"));
	memcpy(model->score, SCORES, sizeof(SCORES));
	model->score_count = COUNT(SCORES);
	cr_assert_eq(scorecard_prepare(model, &fault), STATUS_OK, "%s: %s", fault.pointer, fault.why);
}

static uint64_t hash_model(const struct model *model)
{
	static char text[TEXT_CAP];
	static const struct model_training NONE;
	struct buf out;

	buf_init(&out, text, sizeof(text));
	model_out(model, &NONE, &out);
	cr_assert_not(out.overflow);
	return hash_fnv64(buf_view(&out));
}

static const struct characteristic *find(const struct model *model, const char *name)
{
	for (int i = 0; i < model->characteristic_count; i++)
		if (strcmp(scorecard_input(&model->characteristics[i]), name) == 0)
			return &model->characteristics[i];
	return NULL;
}

Test(fit, points_rise_toward_the_good_end_and_unknown_is_zero)
{
	static struct model model;

	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct cohort cohort;
		make_cohort(&cohort, ROWS, seed);
		fit_cohort(&cohort, &model);
		for (int i = 0; i < model.characteristic_count; i++) {
			const struct characteristic *c = &model.characteristics[i];
			int sign = strcmp(scorecard_input(c), "cl_days") == 0 ? -1 : 1;
			cr_assert_eq(c->missing_points, 0);
			cr_assert(c->bin_count >= 2 && c->bin_count <= MAX_BINS);
			for (int k = 1; k < c->bin_count; k++)
				cr_assert(sign * (c->bins[k].points - c->bins[k - 1].points) > 0, "%s bin %d",
				          scorecard_input(c), k);
		}
		cohort_finish(&cohort);
	}
}

/* The promise behind it: whoever improves one value, from anywhere, never has a higher PD, and never an odd one. */
Test(fit, improving_one_input_never_raises_the_pd)
{
	static struct model model;
	struct cohort cohort;
	struct apply apply;
	struct random random = {99};

	make_cohort(&cohort, ROWS, 11);
	fit_cohort(&cohort, &model);
	cr_assert_eq(apply_init(&apply, &model, 0), STATUS_OK);
	for (int n = 0; n < 20000; n++) {
		int64_t values[MAX_CHARACTERISTICS];
		for (int i = 0; i < model.characteristic_count; i++)
			values[i] = random_below(&random, 5) == 0 ? COHORT_UNKNOWN : 3 * draw(&random);
		struct apply_grade before = apply_grade(&apply, apply_points(&apply, values));
		int i = (int)random_below(&random, model.characteristic_count);
		if (values[i] == COHORT_UNKNOWN)
			continue;
		bool low = strcmp(scorecard_input(&model.characteristics[i]), "cl_days") == 0;
		int64_t better = (int64_t)random_below(&random, 3000000);
		values[i] += low ? -better : better;
		struct apply_grade after = apply_grade(&apply, apply_points(&apply, values));
		cr_assert(after.pd_ppm <= before.pd_ppm && after.score >= before.score);
		cr_assert(after.pd_ppm > 0 && before.pd_ppm < 1000000);
	}
	apply_finish(&apply);
	cohort_finish(&cohort);
}

Test(fit, extremes_of_every_kind_have_a_pd)
{
	static const int64_t EXTREMES[] = {COHORT_UNKNOWN, -(INT64_MAX - 1), INT64_MAX - 1, 0, -1, 1};
	static struct model model;
	struct cohort cohort;
	struct apply apply;

	make_cohort(&cohort, ROWS, 3);
	fit_cohort(&cohort, &model);
	cr_assert_eq(apply_init(&apply, &model, 0), STATUS_OK);
	for (size_t a = 0; a < COUNT(EXTREMES); a++)
		for (size_t b = 0; b < COUNT(EXTREMES); b++) {
			int64_t values[MAX_CHARACTERISTICS];
			for (int i = 0; i < model.characteristic_count; i++)
				values[i] = EXTREMES[i % 2 ? a : b];
			struct apply_grade grade = apply_grade(&apply, apply_points(&apply, values));
			cr_assert(grade.pd_ppm > 0 && grade.pd_ppm < 1000000);
		}
	apply_finish(&apply);
	cohort_finish(&cohort);
}

Test(fit, the_order_of_the_rows_does_not_matter)
{
	static struct model one;
	static struct model other;
	struct cohort cohort;
	struct cohort shuffled;
	struct random random = {4};

	make_cohort(&cohort, ROWS, 21);
	size_t *order = calloc(ROWS, sizeof(*order));
	cr_assert_not_null(order);
	for (size_t i = 0; i < ROWS; i++) {
		size_t k = random_below(&random, (uint32_t)i + 1);
		order[i] = order[k];
		order[k] = i;
	}
	cohort_init(&shuffled, INPUT_COUNT);
	for (size_t i = 0; i < ROWS; i++)
		cr_assert_eq(cohort_add(&shuffled, cohort.values + order[i] * INPUT_COUNT, cohort.bad[order[i]],
		                        cohort.part[order[i]], cohort.group[order[i]]),
		             STATUS_OK);
	free(order);
	fit_cohort(&cohort, &one);
	fit_cohort(&shuffled, &other);
	cr_assert_eq(hash_model(&one), hash_model(&other));
	cohort_finish(&cohort);
	cohort_finish(&shuffled);
}

/* Every compiler and every level of optimisation writes these bytes: the suites run with several of them. */
Test(fit, the_same_data_gives_the_same_bytes_everywhere)
{
	static struct model model;
	struct cohort cohort;

	make_cohort(&cohort, ROWS, 5);
	fit_cohort(&cohort, &model);
	cr_assert_eq(hash_model(&model), UINT64_C(0xc84ad7b28df57888), "0x%llx",
	             (unsigned long long)hash_model(&model));
	cohort_finish(&cohort);
}

Test(fit, leaves_out_what_tells_nothing_and_keeps_what_does)
{
	static struct model model;
	struct cohort cohort;

	make_cohort(&cohort, 4 * ROWS, 8);
	fit_cohort(&cohort, &model);
	cr_assert_not_null(find(&model, "equity_ratio"));
	cr_assert_not_null(find(&model, "cl_days"));
	const struct characteristic *strong = find(&model, "equity_ratio");
	const struct characteristic *noise = find(&model, "noise");
	cr_assert(!noise || 5 * (noise->best - noise->worst) < strong->best - strong->worst);
	cohort_finish(&cohort);
}

Test(fit, the_mean_pd_is_the_failure_rate)
{
	static struct model model;
	static struct measure_row rows[ROWS];
	struct cohort cohort;
	double sum = 0;

	make_cohort(&cohort, ROWS, 6);
	memset(cohort.part, 0, ROWS);
	fit_cohort(&cohort, &model);
	cr_assert_eq(validate_apply(&model, &cohort, INPUTS, rows), STATUS_OK);
	for (size_t i = 0; i < ROWS; i++)
		sum += rows[i].pd;
	cr_assert_float_eq(sum / (double)cohort_bad(&cohort), 1, 0.02, "%f", sum / (double)cohort_bad(&cohort));
	cohort_finish(&cohort);
}

Test(fit, too_few_companies_are_refused)
{
	static struct model model;
	struct fit_options options;
	struct cohort cohort;
	int64_t values[INPUT_COUNT] = {1, 2, 3, 4};

	fit_defaults(1, &options);
	cohort_init(&cohort, INPUT_COUNT);
	cr_assert_eq(fit(&cohort, INPUTS, &options, &model), STATUS_INVALID);
	cr_assert_eq(cohort_add(&cohort, values, true, 0, 1), STATUS_OK);
	cr_assert_eq(fit(&cohort, INPUTS, &options, &model), STATUS_INVALID);
	cr_assert_eq(cohort_add(&cohort, values, false, 0, 2), STATUS_OK);
	cr_assert_eq(fit(&cohort, INPUTS, &options, &model), STATUS_INVALID, "two equal companies tell nothing");
	cohort_finish(&cohort);
}

Test(fit, cross_validation_is_honest_about_noise)
{
	struct measure parts[COHORT_PARTS];
	struct validate_options how = {.folds = 5, .seed = 1};
	struct fit_options options;
	struct cohort cohort;
	struct random random = {17};

	make_cohort(&cohort, ROWS, 12);
	for (size_t i = 0; i < ROWS; i++) { /* the label has nothing to do with the inputs */
		cohort.bad[i] = random_below(&random, 10) == 0;
		cohort.part[i] = 0;
	}
	fit_defaults(cohort_bad(&cohort), &options);
	cr_assert_eq(validate(&cohort, INPUTS, &options, &how, parts), STATUS_OK);
	cr_assert(parts[0].auc > 0.42 && parts[0].auc < 0.58, "%f", parts[0].auc);
	cr_assert_eq(parts[0].rows, ROWS);
	cohort_finish(&cohort);
}

Test(cohort, folds_keep_companies_whole_and_spread_the_failed)
{
	struct cohort cohort;
	uint8_t folds[ROWS];
	uint8_t again[ROWS];
	size_t failed[5] = {0};

	make_cohort(&cohort, ROWS, 2);
	cr_assert_eq(cohort_folds(&cohort, 5, 3, folds), STATUS_OK);
	cr_assert_eq(cohort_folds(&cohort, 5, 3, again), STATUS_OK);
	cr_assert_arr_eq(folds, again, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		cr_assert_lt(folds[i], 5);
		failed[folds[i]] += cohort.bad[i];
		for (size_t k = 0; k < i; k++)
			cr_assert(cohort.group[k] != cohort.group[i] || cohort.part[k] != cohort.part[i] ||
			          folds[k] == folds[i]);
	}
	for (size_t i = 1; i < 5; i++)
		cr_assert(failed[i] + 2 * 2 >= failed[0] && failed[i] <= failed[0] + 2 * 2);
	cohort_finish(&cohort);
}

Test(bins, a_value_on_a_border_belongs_above_it)
{
	struct bins bins = {.edges = 2, .edge = {-10, 50}};

	cr_assert_eq(bins_code(&bins, COHORT_UNKNOWN), 0);
	cr_assert_eq(bins_code(&bins, -11), 1);
	cr_assert_eq(bins_code(&bins, -10), 2);
	cr_assert_eq(bins_code(&bins, 49), 2);
	cr_assert_eq(bins_code(&bins, 50), 3);
	bins.low_is_good = true;
	cr_assert_eq(bins_code(&bins, -11), 3);
	cr_assert_eq(bins_code(&bins, 50), 1);
}

Test(bins, every_bin_holds_enough_and_borders_are_readable)
{
	int64_t values[1000];
	struct bins bins;

	for (int i = 0; i < 1000; i++)
		values[i] = (int64_t)i * i * i * 7919;
	bins_make(values, 1000, 50, 10, &bins);
	cr_assert(bins.edges > 20);
	for (size_t i = 0; i < bins.edges; i++) {
		int64_t digits = bins.edge[i];
		size_t inside = 0;
		while (digits != 0 && digits % 10 == 0)
			digits /= 10;
		cr_assert(digits < 1000 && digits > -1000, "%lld", (long long)bins.edge[i]);
		for (size_t k = 0; k < 1000; k++)
			inside += values[k] < bins.edge[i] && (i == 0 || values[k] >= bins.edge[i - 1]);
		cr_assert_geq(inside, 10);
	}
}

static double mean_of(const double *rates, const double *weights, size_t from, size_t to)
{
	double sum = 0;
	double mass = 0;

	for (size_t k = from; k <= to; k++) {
		sum += rates[k] * weights[k];
		mass += weights[k];
	}
	return sum / mass;
}

/* The min-max formula of isotonic regression. */
static double isotonic_at(const double *rates, const double *weights, size_t count, size_t i)
{
	double least = INFINITY;

	for (size_t from = 0; from <= i; from++) {
		double most = -INFINITY;
		for (size_t to = i; to < count; to++)
			most = fmax(most, mean_of(rates, weights, from, to));
		least = fmin(least, most);
	}
	return least;
}

Test(bins, never_rise_is_isotonic_regression)
{
	struct random random = {31};

	for (int n = 0; n < 300; n++) {
		double rates[12];
		double weights[12];
		double fitted[12];
		size_t count = 1 + random_below(&random, 12);
		for (size_t i = 0; i < count; i++) {
			rates[i] = fitted[i] = random_below(&random, 100);
			weights[i] = 1 + random_below(&random, 5);
		}
		bins_never_rise(fitted, weights, count);
		for (size_t i = 0; i < count; i++)
			cr_assert_float_eq(fitted[i], isotonic_at(rates, weights, count, i), 1e-9);
	}
}
