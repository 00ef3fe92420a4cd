/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/openssl_sha256.h"
#include "base/date.h"
#include "command.h"
#include "fit_plan.h"
#include "lab/model_out.h"
#include "lab/prior.h"
#include "lab/reading.h"
#include "lab/validate.h"
#include "load_model.h"
#include "output.h"

#define MODEL_CAP    (256u * 1024)
#define DEFAULT_SEED 1
#define MILLION      1000000.0
#define LARGEST_KNOB 1000000000 /* of ridge and smoothing */
#define LATE_DAYS    60
#define MOST_LATE    3650

static const char usage[] = "usage: bonigate fit --in FILE [--in FILE ...] --out MODEL.json [options]\n"
                            "Fits a scorecard to labelled companies. Each file is one country or source and gets its\n"
                            "own failure rate; one card is fitted to all of them.\n"
                            "  --label COLUMN         1 or failed, 0 or alive (default y)\n"
                            "  --due COLUMN --paid COLUMN --today DATE [--late DAYS]\n"
                            "                         rows are invoices: bad when paid more than 60 DAYS late or\n"
                            "                         still open then; open and not yet so late: left out\n"
                            "  --group COLUMN         rows of one company, kept together in cross-validation\n"
                            "  --map COLUMN=FACT      a column that holds a known input under another name\n"
                            "  --direction COLUMN=high|low  which end is good; makes any column an input\n"
                            "  --drop COLUMN          not an input\n"
                            "  --folds N --seed N     cross-validation (default 10 and 1; 0 folds: none)\n"
                            "  --bins N --ridge X --smoothing X  how fine and how cautious (defaults by size)\n"
                            "  --trust-missing FRACTION  1: what is missing tells as much as the files say\n"
                            "                         (default), 0: a known value alone earns nothing\n"
                            "  --like N               number of the file most like the companies to be judged:\n"
                            "                         its constant, not the mean of all, ties points to PD\n"
                            "  --base-rate FRACTION   failure rate of the population the PD shall stand for\n"
                            "  --prior MODEL.json     expert evidence to join: its kinds and the inputs not fitted\n"
                            "  --id NAME --version V  of the model (default own, 1)\n"
                            "  --attribution TEXT     source and licence of the data; stays with the model\n"
                            "Known inputs are found by their names (equity_ratio, days_beyond_terms, ...).\n";

struct arguments {
	struct plan plan;
	struct model_training training;
	size_t file_count;
	const char *files[COHORT_PARTS];
	const char *out;
	const char *prior;
	const char *today;
	const char *id;
	const char *version;
	int64_t folds;
	int64_t seed;
	int64_t bins;
	int64_t ridge;     /* millionths, 0 = default */
	int64_t smoothing; /* millionths, -1 = default */
	int64_t trust;     /* millionths */
	int64_t late;      /* days */
	int64_t like;
	int64_t base_rate; /* millionths */
	bool refused;
};

/* Hashes what the reader is given, on its way. */
struct tap {
	struct csv_source source;
	struct crypto_sha256 state;
};

static void take_number(struct arguments *arguments, const char *text, bool whole, int64_t *number)
{
	int64_t value;

	if (reading_millionths(slice_cstr(text), true, &value) != READING_VALUE || value < 0 ||
	    value > (int64_t)(LARGEST_KNOB * MILLION) || (whole && value % (int64_t)MILLION != 0))
		arguments->refused = true;
	else
		*number = whole ? value / (int64_t)MILLION : value;
}

static void take_name(struct arguments *arguments, const char **list, size_t *count, size_t most)
{
	if (*count == most)
		arguments->refused = true;
	else
		list[(*count)++] = optarg;
}

/* Options that take a number or a text; false when it is none of them. */
static bool take_setting(struct arguments *arguments, int c)
{
	const char **texts[128] = {
	        ['l'] = &arguments->plan.label, ['g'] = &arguments->plan.group, ['D'] = &arguments->plan.due,
	        ['P'] = &arguments->plan.paid,  ['T'] = &arguments->today,      ['o'] = &arguments->out,
	        ['n'] = &arguments->id,         ['e'] = &arguments->prior,      ['v'] = &arguments->version};
	int64_t *numbers[128] = {
	        ['f'] = &arguments->folds, ['s'] = &arguments->seed,      ['b'] = &arguments->bins,
	        ['r'] = &arguments->ridge, ['t'] = &arguments->smoothing, ['p'] = &arguments->base_rate,
	        ['u'] = &arguments->trust, ['L'] = &arguments->late,      ['K'] = &arguments->like};

	if (texts[c])
		*texts[c] = optarg;
	else if (numbers[c])
		take_number(arguments, optarg, c == 'f' || c == 's' || c == 'b' || c == 'L' || c == 'K', numbers[c]);
	return texts[c] || numbers[c];
}

static void take(struct arguments *arguments, int c)
{
	if (take_setting(arguments, c))
		return;
	if (c == 'i')
		take_name(arguments, arguments->files, &arguments->file_count, COHORT_PARTS);
	else if (c == 'a')
		take_name(arguments, arguments->training.attribution, &arguments->training.attribution_count,
		          COHORT_PARTS);
	else if (c == 'x')
		take_name(arguments, arguments->plan.drop, &arguments->plan.drop_count, MAX_CSV_FIELDS);
	else if (c == 'm')
		arguments->refused |= !plan_map(&arguments->plan, optarg);
	else
		arguments->refused |= c != 'd' || !plan_direction(&arguments->plan, optarg);
}

/* Invoices need both dates and the day they were looked at. */
static bool take_invoices(struct arguments *arguments)
{
	struct plan *plan = &arguments->plan;

	plan->late_days = (int32_t)arguments->late;
	if (!plan->due && !plan->paid && !arguments->today)
		return true;
	return plan->due && plan->paid && arguments->today && arguments->late <= MOST_LATE &&
	       date_parse(slice_cstr(arguments->today), &plan->today);
}

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option longs[] = {
	        {"in", required_argument, NULL, 'i'},
	        {"out", required_argument, NULL, 'o'},
	        {"label", required_argument, NULL, 'l'},
	        {"group", required_argument, NULL, 'g'},
	        {"map", required_argument, NULL, 'm'},
	        {"direction", required_argument, NULL, 'd'},
	        {"drop", required_argument, NULL, 'x'},
	        {"folds", required_argument, NULL, 'f'},
	        {"seed", required_argument, NULL, 's'},
	        {"bins", required_argument, NULL, 'b'},
	        {"ridge", required_argument, NULL, 'r'},
	        {"smoothing", required_argument, NULL, 't'},
	        {"trust-missing", required_argument, NULL, 'u'},
	        {"prior", required_argument, NULL, 'e'},
	        {"like", required_argument, NULL, 'K'},
	        {"due", required_argument, NULL, 'D'},
	        {"paid", required_argument, NULL, 'P'},
	        {"late", required_argument, NULL, 'L'},
	        {"today", required_argument, NULL, 'T'},
	        {"base-rate", required_argument, NULL, 'p'},
	        {"id", required_argument, NULL, 'n'},
	        {"version", required_argument, NULL, 'v'},
	        {"attribution", required_argument, NULL, 'a'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		take(arguments, c);
	}
	*ret_code = EXIT_USAGE;
	arguments->refused |= !take_invoices(arguments) || arguments->like > (int64_t)arguments->file_count;
	if (!arguments->refused && arguments->file_count > 0 && arguments->out && optind == argc &&
	    arguments->folds != 1 && arguments->folds <= 20 && arguments->base_rate < (int64_t)MILLION &&
	    arguments->trust <= (int64_t)MILLION && strlen(arguments->id) <= MAX_MODEL_ID &&
	    strlen(arguments->version) <= MAX_VERSION)
		return true;
	fputs(usage, stderr);
	return false;
}

static long tap_read(void *ctx, void *mem, size_t cap)
{
	struct tap *tap = ctx;
	long got = tap->source.read(tap->source.ctx, mem, cap);

	if (got > 0)
		openssl_sha256_add(NULL, &tap->state, (struct slice){mem, (size_t)got});
	return got;
}

static void put_digest(struct tap *tap, char text[65])
{
	uint8_t digest[CRYPTO_SHA256_LEN];
	struct buf out;

	openssl_sha256_finish(NULL, &tap->state, digest);
	buf_init(&out, text, 64);
	buf_hex(&out, digest, sizeof(digest));
	text[64] = '\0';
}

/* The digest is of the bytes the reader took, header and all. */
static bool read_file(struct arguments *arguments, size_t file, struct cohort *cohort)
{
	struct table *table = malloc(sizeof(*table));
	struct tap tap;
	bool good = false;

	if (table && table_open(table, "fit", arguments->files[file])) {
		struct csv *csv = &table->csv;
		tap.source = csv->source;
		openssl_sha256_start(NULL, &tap.state);
		/* what opening read already lies in the block, up to its end */
		openssl_sha256_add(NULL, &tap.state, (struct slice){csv->block, csv->end});
		csv->source = (struct csv_source){tap_read, &tap};
		good = file > 0 || plan_inputs(&arguments->plan, table);
		if (good && file == 0)
			cohort_init(cohort, arguments->plan.input_count);
		good = good && plan_read(&arguments->plan, table, (uint8_t)file, cohort);
		put_digest(&tap, arguments->training.sha256[file]);
		table_close(table);
	}
	free(table);
	return good;
}

static void show_fold(void *ctx, unsigned done)
{
	progress_update(ctx, done);
}

static void print_measure(FILE *to, const char *file, const struct measure *m)
{
	fprintf(to,
	        "  %s: AUC %.4f (95 %% %.4f-%.4f), KS %.3f, recall at 5 %% false positives %.3f, Brier %.5f, "
	        "mean PD %.4f of %.4f, calibration error %.4f\n",
	        file, m->auc, m->auc_low, m->auc_high, m->ks, m->recall, m->brier, m->mean_pd, m->rate,
	        m->calibration_error);
}

/* The model may go to standard output; then nothing else does. */
static FILE *messages(const struct arguments *arguments)
{
	return strcmp(arguments->out, "-") == 0 ? stderr : stdout;
}

static enum status cross_validate(struct arguments *arguments, const struct cohort *cohort,
                                  const struct fit_options *options)
{
	struct measure parts[COHORT_PARTS];
	struct progress progress;
	struct validate_options how = {(unsigned)arguments->folds, (uint64_t)arguments->seed, show_fold, &progress};

	if (arguments->folds == 0)
		return STATUS_OK;
	progress_start(&progress, "cross-validation", how.folds);
	enum status status = validate(cohort, arguments->plan.inputs, options, &how, parts);
	progress_finish(&progress);
	if (status)
		return status;
	fprintf(messages(arguments), "cross-validated, %u folds:\n", how.folds);
	for (size_t i = 0; i < arguments->file_count; i++)
		print_measure(messages(arguments), arguments->files[i], &parts[i]);
	arguments->training.folds = how.folds;
	arguments->training.cross_validated = parts[0];
	return STATUS_OK;
}

static void name_model(const struct arguments *arguments, struct model *model)
{
	static const struct pd_point scores[] = {{500, 100},  {3000, 88},  {7000, 79},   {15000, 70},
	                                         {30000, 58}, {80000, 40}, {200000, 20}, {1000000, 0}};

	memcpy(model->id, arguments->id, strlen(arguments->id) + 1);
	memcpy(model->version, arguments->version, strlen(arguments->version) + 1);
	memcpy(model->score, scores, sizeof(scores));
	model->score_count = sizeof(scores) / sizeof(scores[0]);
}

static bool write_model(const struct arguments *arguments, const struct model *model)
{
	char *mem = malloc(MODEL_CAP);
	struct buf out;
	bool good = false;

	if (mem) {
		buf_init(&out, mem, MODEL_CAP);
		model_out(model, &arguments->training, &out);
		good = output_write("fit", arguments->out, &out);
	}
	free(mem);
	return good;
}

static enum status fit_cohort(struct arguments *arguments, struct cohort *cohort, struct model *model)
{
	struct fit_options options;
	enum status status = fit_sort(cohort);

	arguments->training.rows = cohort->rows;
	arguments->training.failed = cohort_bad(cohort);
	arguments->training.file_count = arguments->file_count;
	arguments->training.seed = (uint64_t)arguments->seed;
	fit_defaults(arguments->training.failed, &options);
	if (arguments->bins > 1)
		options.bins = (unsigned)(arguments->bins > 126 ? 126 : arguments->bins);
	if (arguments->ridge > 0)
		options.ridge = (double)arguments->ridge / MILLION;
	if (arguments->smoothing >= 0)
		options.smoothing = (double)arguments->smoothing / MILLION;
	options.trust = (double)arguments->trust / MILLION;
	options.like = (unsigned)arguments->like;
	if (status == STATUS_OK)
		status = cross_validate(arguments, cohort, &options);
	options.base_rate = (double)arguments->base_rate / MILLION;
	return status ? status : fit(cohort, arguments->plan.inputs, &options, model);
}

static bool join_prior(struct arguments *arguments, struct model *model)
{
	struct model *prior;
	enum status status;

	arguments->training.fitted = model->characteristic_count;
	if (!arguments->prior)
		return true;
	prior = load_model("fit", arguments->prior);
	if (!prior)
		return false;
	status = prior_join(prior, model);
	free(prior);
	if (status)
		fprintf(stderr, "bonigate fit: %s: more inputs than a card may have\n", arguments->prior);
	return status == STATUS_OK;
}

static int run(struct arguments *arguments, struct model *model)
{
	struct cohort cohort = {0};
	bool good = true;
	enum status status = STATUS_INVALID;

	for (size_t i = 0; good && i < arguments->file_count; i++)
		good = read_file(arguments, i, &cohort);
	if (good) {
		status = fit_cohort(arguments, &cohort, model);
		if (status == STATUS_INVALID)
			fputs("bonigate fit: too few companies: every file needs failed and sound ones, in every fold, "
			      "and an input that tells them apart\n",
			      stderr);
		else if (status)
			fprintf(stderr, "bonigate fit: %s\n", status_name(status));
	}
	cohort_finish(&cohort);
	if (!good || status)
		return EXIT_FAILED;
	name_model(arguments, model);
	if (!join_prior(arguments, model))
		return EXIT_FAILED;
	fprintf(messages(arguments), "%zu companies, %zu failed; %u inputs -> %s\n", arguments->training.rows,
	        arguments->training.failed, model->characteristic_count, arguments->out);
	return write_model(arguments, model) ? EXIT_FINE : EXIT_FAILED;
}

int cmd_fit(int argc, char **argv)
{
	struct arguments *arguments = calloc(1, sizeof(*arguments));
	struct model *model = calloc(1, sizeof(*model));
	int code = EXIT_FAILED;

	if (arguments && model) {
		arguments->plan.label = "y";
		arguments->id = "own";
		arguments->version = "1";
		arguments->folds = 10;
		arguments->seed = DEFAULT_SEED;
		arguments->smoothing = -1;
		arguments->trust = (int64_t)MILLION;
		arguments->late = LATE_DAYS;
		if (parse(argc, argv, arguments, &code))
			code = run(arguments, model);
	}
	free(arguments);
	free(model);
	return code;
}
