/* SPDX-License-Identifier: MIT */
#include "wire/bureau_in.h"

#include <string.h>

#include "json_in.h"
#include "load.h"

#define FORMAT     "bonigate-bureau/1"
#define LARGEST    1000000000 /* of a scale */
#define MAX_FILE   (64 * 1024)
#define MILLIONTHS 1000000

static const char MEMBERS[] = "format id version description source expert points defaults words";

static void read_pd(struct load *load, const json_t *number, int32_t *ppm)
{
	int64_t wide = 0;

	load_decimal(load, number, &wide);
	if (wide < 1 || wide >= MILLIONTHS)
		load_fault(load, "must be a probability above 0 and below 1");
	else
		*ppm = (int32_t)wide;
}

static void read_point(struct load *load, const json_t *pair, struct bureau_point *point)
{
	if (!json_is_array(pair) || json_array_size(pair) != 2 || !json_is_integer(json_array_get(pair, 0))) {
		load_fault(load, "must be a whole number and a probability");
		return;
	}
	int64_t value = json_integer_value(json_array_get(pair, 0));
	if (value < 0 || value > LARGEST)
		load_fault(load, "is out of range");
	else
		point->value = value * MILLIONTHS;
	read_pd(load, json_array_get(pair, 1), &point->pd_ppm);
}

static uint8_t read_points(struct load *load, const json_t *root, const char *name, struct bureau_point *points,
                           size_t most)
{
	const json_t *list = json_object_get(root, name);
	size_t mark = load_enter(load, name);
	size_t count = 0;

	if (list && load_array(load, list, most)) {
		for (; count < json_array_size(list); count++) {
			size_t item = load_enter_item(load, count);
			read_point(load, json_array_get(list, count), &points[count]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
	return (uint8_t)count;
}

static void read_words(struct load *load, const json_t *root, struct bureau_table *table)
{
	const json_t *words = json_object_get(root, "words");
	size_t mark = load_enter(load, "words");
	const char *text;
	json_t *pd;

	if (words && !json_is_object(words))
		load_fault(load, "must be an object");
	json_object_foreach((json_t *)(uintptr_t)words, text, pd)
	{
		struct bureau_word *word = &table->words[table->word_count];
		if (table->word_count == MAX_BUREAU_WORDS || strlen(text) > MAX_BUREAU_WORD || !text[0]) {
			load_fault_at(load, text, "is one word too many, or too long");
			break;
		}
		memcpy(word->text, text, strlen(text) + 1);
		word->result = json_is_null(pd) ? BUREAU_UNKNOWN : BUREAU_PD;
		size_t item = load_enter(load, text);
		if (!json_is_null(pd))
			read_pd(load, pd, &word->pd_ppm);
		load_leave(load, item);
		table->word_count++;
	}
	load_leave(load, mark);
}

static void check_text(struct load *load, const json_t *root, const char *name)
{
	const json_t *text = json_object_get(root, name);

	if (text && !json_is_string(text))
		load_fault_at(load, name, "must be a text");
}

static void read_root(struct load *load, const json_t *root, struct bureau_table *table)
{
	if (!load_object(load, root, MEMBERS))
		return;
	load_format(load, root, FORMAT);
	load_text(load, root, "id", table->id, sizeof(table->id));
	load_text(load, root, "version", table->version, sizeof(table->version));
	if (!table->id[0] || !table->version[0])
		load_fault_at(load, table->id[0] ? "version" : "id", "is required");
	check_text(load, root, "description");
	check_text(load, root, "source");
	load_bool(load, root, "expert", &table->expert);
	table->point_count = read_points(load, root, "points", table->points, MAX_PD_POINTS);
	table->default_count = read_points(load, root, "defaults", table->defaults, MAX_BUREAU_DEFAULTS);
	read_words(load, root, table);
}

enum status bureau_in_parse(struct slice json, struct arena *arena, struct bureau_table *ret_table,
                            struct load_error *ret_error)
{
	struct bureau_table table = {.point_count = 0};
	struct load load;
	json_t *root;
	enum status status;

	status = load_open(&load, json, MAX_FILE, arena, &root, ret_error);
	if (status)
		return status;
	read_root(&load, root, &table);
	if (load_failed(&load))
		return STATUS_INVALID;
	const char *fault = bureau_check(&table);
	if (fault) {
		load_fault_at(&load, fault, "must be values rising, PD in one direction, all above 0 and below 1");
		return STATUS_INVALID;
	}
	*ret_table = table;
	return STATUS_OK;
}
