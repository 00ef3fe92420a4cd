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
        "format id version description attribution training base_rate base_points characteristics "
        "points_to_pd pd_to_score";
static const char CHARACTERISTIC_MEMBERS[] = "fact input good bad missing_points bins";

static void require(struct load *load, const json_t *object, const char *name)
{
	if (!json_object_get(object, name))
		load_fault_at(load, name, "is required");
}

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
	require(load, value, "points");
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
				require(load, bin, c->by_code ? "in" : "below");
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

static void read_characteristic(struct load *load, const json_t *value, struct characteristic *c)
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

			read_characteristic(load, json_array_get(list, i), &model->characteristics[i]);
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
	char format[32] = "";

	if (!load_object(load, root, MEMBERS))
		return;
	load_text(load, root, "format", format, sizeof(format));
	if (strcmp(format, FORMAT) != 0)
		load_fault_at(load, "format", "must be " FORMAT);
	load_text(load, root, "id", model->id, sizeof(model->id));
	load_text(load, root, "version", model->version, sizeof(model->version));
	check_texts(load, root);
	read_base_rate(load, root, model);
	require(load, root, "base_points");
	load_small(load, root, "base_points", &model->base_points);
	read_characteristics(load, root, model);
	model->pd_count = read_table(load, root, "points_to_pd", 1, model->pd);
	model->score_count = read_table(load, root, "pd_to_score", 0, model->score);
}

enum status model_in_parse(struct slice json, struct arena *arena, struct model *ret_model,
                           struct load_error *ret_error)
{
	struct model *model = arena_alloc(arena, sizeof(*model));
	struct json_in_error json_error;
	struct model_fault fault;
	struct load load;
	json_t *root;
	enum status status;

	if (json.len > MAX_MODEL_FILE)
		return STATUS_TOO_LARGE;
	if (!model)
		return STATUS_NO_MEMORY;
	status = json_in_parse(json, arena, &root, &json_error);
	if (status == STATUS_INVALID)
		return load_refuse_json(ret_error, &json_error);
	if (status)
		return status == STATUS_TOO_LARGE ? STATUS_NO_MEMORY : status;
	load_init(&load, ret_error);
	read_root(&load, root, model);
	if (load_failed(&load))
		return STATUS_INVALID;
	if (scorecard_prepare(model, &fault) != STATUS_OK)
		return load_refuse(ret_error, fault.pointer, fault.why);
	*ret_model = *model;
	return STATUS_OK;
}
