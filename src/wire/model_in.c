/* SPDX-License-Identifier: MIT */
#include "wire/model_in.h"

#include <string.h>

#include "base/money.h"
#include "core/fact_code.h"
#include "load.h"

#define FORMAT         "bonigate-model/1"
#define CENTS          100
#define MAX_TEXTS      64 /* lines of attribution */
#define LARGEST_BORDER (INT64_MAX / CENTS - 1)

static const char MEMBERS[] =
        "format id version description attribution training base_rate base_points evidence coverage "
        "characteristics points_to_pd pd_to_score";
static const char CHARACTERISTIC_MEMBERS[] = "fact input evidence good bad missing_points bins note";
static const char EVIDENCE_MEMBERS[] = "id weight beside optional ages note";

static enum reason read_reason(struct load *load, const json_t *object, const char *name)
{
	const json_t *member = json_object_get(object, name);
	enum reason reason = json_is_string(member) ? reason_find(load_slice(member)) : REASON_NONE;

	if (reason == REASON_NONE)
		load_fault_at(load, name, member ? "is no reason code" : "is required");
	return reason;
}

/* A border in the fact's own unit; derived and imported facts alike are integers inside. */
static void read_border(struct load *load, const json_t *bin, enum fact_id fact, int64_t *border)
{
	if (fact == FACT_NONE || fact_unit(fact) == UNIT_RATIO) {
		load_millionths(load, bin, "below", border);
		return;
	}
	load_integer(load, bin, "below", border);
	if (*border < -LARGEST_BORDER || *border > LARGEST_BORDER)
		load_fault_at(load, "below", "is out of range");
	else if (fact_unit(fact) == UNIT_MONEY)
		*border *= CENTS;
}

/* Legal forms and register states by name, branches by the number of their division. */
static bool find_code(enum fact_id fact, struct slice name, int64_t *ret_value)
{
	uint64_t number;

	if (fact != FACT_BRANCH)
		return fact_code_find(fact, name, ret_value);
	if (!slice_to_u64(name, &number) || !fact_valid(fact, (int64_t)number))
		return false;
	*ret_value = (int64_t)number;
	return true;
}

static void read_codes(struct load *load, const json_t *codes, enum fact_id fact, struct bin *bin)
{
	size_t mark = load_enter(load, "in");

	if (!json_is_array(codes) || json_array_size(codes) == 0)
		load_fault(load, "must be a list of at least one name");
	for (size_t i = 0; i < json_array_size(codes); i++) {
		const json_t *name = json_array_get(codes, i);
		size_t item = load_enter_item(load, i);
		int64_t code;

		if (!json_is_string(name) || !find_code(fact, load_slice(name), &code))
			load_fault(load, "is no value of this fact");
		else if (bin->codes[code / 64] & UINT64_C(1) << code % 64)
			load_fault(load, "stands twice");
		else
			bin->codes[code / 64] |= UINT64_C(1) << code % 64;
		load_leave(load, item);
	}
	load_leave(load, mark);
}

static void read_bin(struct load *load, const json_t *value, const struct characteristic *c, struct bin *bin)
{
	const json_t *border = json_object_get(value, "below");
	const json_t *codes = json_object_get(value, "in");

	bin->below = INT64_MAX;
	if (!load_object(load, value, c->by_code ? "in points" : "below points"))
		return;
	if (border)
		read_border(load, value, c->fact, &bin->below);
	if (codes)
		read_codes(load, codes, c->fact, bin);
	load_require(load, value, "points");
	load_small(load, value, "points", &bin->points);
}

static void read_bins(struct load *load, const json_t *bins, struct characteristic *c)
{
	size_t mark = load_enter(load, "bins");

	if (load_array(load, bins, MAX_BINS)) {
		c->bin_count = (uint8_t)json_array_size(bins);
		for (size_t i = 0; i < c->bin_count; i++) {
			const json_t *bin = json_array_get(bins, i);
			size_t item = load_enter_item(load, i);

			read_bin(load, bin, c, &c->bins[i]);
			if (i + 1 < c->bin_count)
				load_require(load, bin, c->by_code ? "in" : "below");
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

/* One half of a pair: a whole number, or a probability in parts per million. */
static int32_t read_half(struct load *load, const json_t *pair, size_t index, bool probability)
{
	size_t mark = load_enter_item(load, index);
	json_t *value = json_array_get(pair, index);
	int64_t number = 0;

	if (probability)
		load_decimal(load, value, &number);
	else if (json_is_integer(value))
		number = json_integer_value(value);
	else
		load_fault(load, "must be a whole number");
	if (number < -MONEY_MILLION || number > MONEY_MILLION)
		load_fault(load, "is out of range");
	load_leave(load, mark);
	return (int32_t)number;
}

/* Notes are for the readers of the file. */
static void check_note(struct load *load, const json_t *object)
{
	const json_t *note = json_object_get(object, "note");

	if (note && !json_is_string(note))
		load_fault_at(load, "note", "must be a text");
}

static uint8_t find_evidence(const struct model *model, const char *id)
{
	uint8_t i = 0;

	while (i < model->evidence_count && strcmp(model->evidence[i].id, id) != 0)
		i++;
	return i;
}

static void read_share(struct load *load, const json_t *object, const char *name, int32_t *share)
{
	int64_t wide = *share;

	load_millionths(load, object, name, &wide);
	if (wide < 0 || wide > EVIDENCE_FULL)
		load_fault_at(load, name, "must be from 0 to 1");
	else
		*share = (int32_t)wide;
}

static void read_beside(struct load *load, const json_t *value, const struct model *model, struct evidence *evidence)
{
	const json_t *beside = json_object_get(value, "beside");
	size_t mark = load_enter(load, "beside");
	const char *name;
	json_t *share;

	if (beside && !json_is_object(beside))
		load_fault(load, "must be an object");
	json_object_foreach((json_t *)(uintptr_t)beside, name, share)
	{
		uint8_t other = find_evidence(model, name);

		if (other == model->evidence_count)
			load_fault_at(load, name, "is no kind of evidence of this model");
		else
			read_share(load, beside, name, &evidence->beside_ppm[other]);
	}
	load_leave(load, mark);
}

static void read_ages(struct load *load, const json_t *value, struct evidence *evidence)
{
	const json_t *ages = json_object_get(value, "ages");
	size_t mark = load_enter(load, "ages");

	if (ages && load_array(load, ages, MAX_AGES)) {
		for (size_t i = 0; i < json_array_size(ages); i++) {
			const json_t *pair = json_array_get(ages, i);
			size_t item = load_enter_item(load, i);

			if (!json_is_array(pair) || json_array_size(pair) != 2)
				load_fault(load, "must be a pair of numbers");
			evidence->ages[i].days = read_half(load, pair, 0, false);
			evidence->ages[i].share_ppm = read_half(load, pair, 1, true);
			load_leave(load, item);
		}
		evidence->age_count = (uint8_t)json_array_size(ages);
	}
	load_leave(load, mark);
}

/* In two rounds: "beside" may name a kind that comes later. */
static void read_evidence(struct load *load, const json_t *root, struct model *model)
{
	const json_t *list = json_object_get(root, "evidence");
	size_t mark = load_enter(load, "evidence");
	size_t count = list && load_array(load, list, MAX_EVIDENCE) ? json_array_size(list) : 0;

	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_array_get(list, i);
		struct evidence *evidence = &model->evidence[i];
		size_t item = load_enter_item(load, i);

		evidence->weight_ppm = EVIDENCE_FULL;
		for (size_t k = 0; k < MAX_EVIDENCE; k++)
			evidence->beside_ppm[k] = EVIDENCE_FULL;
		if (load_object(load, value, EVIDENCE_MEMBERS)) {
			load_text(load, value, "id", evidence->id, sizeof(evidence->id));
			read_share(load, value, "weight", &evidence->weight_ppm);
			load_bool(load, value, "optional", &evidence->optional);
			read_ages(load, value, evidence);
			check_note(load, value);
		}
		load_leave(load, item);
	}
	model->evidence_count = (uint8_t)count;
	for (size_t i = 0; i < count; i++) {
		size_t item = load_enter_item(load, i);
		read_beside(load, json_array_get(list, i), model, &model->evidence[i]);
		load_leave(load, item);
	}
	load_leave(load, mark);
}

static void read_coverage(struct load *load, const json_t *root, struct model *model)
{
	const json_t *coverage = json_object_get(root, "coverage");
	size_t mark = load_enter(load, "coverage");

	if (coverage && load_object(load, coverage, "min_known limit_share")) {
		model->thin_share_ppm = EVIDENCE_FULL;
		read_share(load, coverage, "min_known", &model->min_known_ppm);
		read_share(load, coverage, "limit_share", &model->thin_share_ppm);
	}
	load_leave(load, mark);
}

static void read_kind(struct load *load, const json_t *value, const struct model *model, struct characteristic *c)
{
	char id[MAX_INPUT_NAME + 1] = "";

	load_text(load, value, "evidence", id, sizeof(id));
	if (!id[0] && model->evidence_count == 0)
		return;
	c->evidence = find_evidence(model, id);
	if (c->evidence == model->evidence_count) {
		load_fault_at(load, "evidence", id[0] ? "is no kind of evidence of this model" : "is required");
		c->evidence = 0;
	}
}

static void read_characteristic(struct load *load, const json_t *value, const struct model *model,
                                struct characteristic *c)
{
	const json_t *fact;

	if (!load_object(load, value, CHARACTERISTIC_MEMBERS))
		return;
	fact = json_object_get(value, "fact");
	c->fact = json_is_string(fact) ? fact_find(load_slice(fact)) : FACT_NONE;
	c->by_code = c->fact != FACT_NONE && fact_unit(c->fact) == UNIT_CODE;
	load_text(load, value, "input", c->input, sizeof(c->input));
	if (c->fact == FACT_NONE && (fact || !c->input[0]))
		load_fault_at(load, "fact", fact ? "is no fact" : "is required");
	if (c->input[0] && (fact || fact_find(slice_cstr(c->input)) != FACT_NONE))
		load_fault_at(load, "input", "names a column that is no fact, in place of one");
	read_kind(load, value, model, c);
	check_note(load, value);
	c->good = read_reason(load, value, "good");
	c->bad = read_reason(load, value, "bad");
	load_small(load, value, "missing_points", &c->missing_points);
	read_bins(load, json_object_get(value, "bins"), c);
}

static void read_characteristics(struct load *load, const json_t *root, struct model *model)
{
	const json_t *list = json_object_get(root, "characteristics");
	size_t mark = load_enter(load, "characteristics");

	if (load_array(load, list, MAX_CHARACTERISTICS)) {
		model->characteristic_count = (uint8_t)json_array_size(list);
		for (size_t i = 0; i < model->characteristic_count; i++) {
			size_t item = load_enter_item(load, i);

			read_characteristic(load, json_array_get(list, i), model, &model->characteristics[i]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

/* Pairs of numbers; "probability" says which of the two is one. */
static uint8_t read_table(struct load *load, const json_t *root, const char *name, size_t probability,
                          struct pd_point *table)
{
	const json_t *pairs = json_object_get(root, name);
	size_t mark = load_enter(load, name);
	size_t count = 0;

	if (load_array(load, pairs, MAX_PD_POINTS)) {
		for (; count < json_array_size(pairs); count++) {
			const json_t *pair = json_array_get(pairs, count);
			size_t item = load_enter_item(load, count);

			if (!json_is_array(pair) || json_array_size(pair) != 2)
				load_fault(load, "must be a pair of numbers");
			table[count].from = read_half(load, pair, 0, probability == 0);
			table[count].to = read_half(load, pair, 1, probability == 1);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
	return (uint8_t)count;
}

/* Attribution is kept in the file for its readers; here only its shape counts. */
static void check_texts(struct load *load, const json_t *root)
{
	const json_t *description = json_object_get(root, "description");
	const json_t *lines = json_object_get(root, "attribution");
	size_t mark = load_enter(load, "attribution");

	if (lines && load_array(load, lines, MAX_TEXTS)) {
		for (size_t i = 0; i < json_array_size(lines); i++) {
			size_t item = load_enter_item(load, i);

			if (!json_is_string(json_array_get(lines, i)))
				load_fault(load, "must be a text");
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
	if (description && !json_is_string(description))
		load_fault_at(load, "description", "must be a text");
}

/* The population the PD stands for, and what the card was fitted on, which is kept in the file for its readers. */
static void read_base_rate(struct load *load, const json_t *root, struct model *model)
{
	const json_t *training = json_object_get(root, "training");
	int64_t rate = 0;

	if (training && !json_is_object(training))
		load_fault_at(load, "training", "must be an object");
	load_millionths(load, root, "base_rate", &rate);
	if (json_object_get(root, "base_rate") && (rate < 1 || rate >= MONEY_MILLION))
		load_fault_at(load, "base_rate", "must be above 0 and below 1");
	model->base_rate_ppm = (int32_t)rate;
}

static void read_root(struct load *load, const json_t *root, struct model *model)
{
	if (!load_object(load, root, MEMBERS))
		return;
	load_format(load, root, FORMAT);
	load_text(load, root, "id", model->id, sizeof(model->id));
	load_text(load, root, "version", model->version, sizeof(model->version));
	check_texts(load, root);
	read_base_rate(load, root, model);
	load_require(load, root, "base_points");
	load_small(load, root, "base_points", &model->base_points);
	read_evidence(load, root, model);
	read_coverage(load, root, model);
	read_characteristics(load, root, model);
	model->pd_count = read_table(load, root, "points_to_pd", 1, model->pd);
	model->score_count = read_table(load, root, "pd_to_score", 0, model->score);
}

enum status model_in_parse(struct slice json, struct arena *arena, struct model *ret_model,
                           struct load_error *ret_error)
{
	struct model *model = arena_alloc(arena, sizeof(*model));
	struct model_fault fault;
	struct load load;
	json_t *root;
	enum status status;

	if (!model)
		return STATUS_NO_MEMORY;
	status = load_open(&load, json, MAX_MODEL_FILE, arena, &root, ret_error);
	if (status)
		return status;
	read_root(&load, root, model);
	if (load_failed(&load))
		return STATUS_INVALID;
	if (scorecard_prepare(model, &fault) != STATUS_OK)
		return load_refuse(ret_error, fault.pointer, fault.why);
	*ret_model = *model;
	return STATUS_OK;
}
