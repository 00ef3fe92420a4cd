/* SPDX-License-Identifier: MIT */
#include "answer_part.h"

#include <string.h>

#include "core/fold.h"
#include "core/legal_form.h"

#define TEXT_BYTES   64
#define INDEX_DIGITS 20

struct answer_part answer_part_of(struct provider_answer *answer, json_t *root, struct arena *arena)
{
	return (struct answer_part){
	        .answer = answer, .arena = arena, .object = root, .pointer = "", .as_of = answer->as_of};
}

/* The pointer within the whole answer; the part's own when there is no room. */
static const char *join(const struct answer_part *part, const char *pointer, const char *index)
{
	size_t size = strlen(part->pointer) + strlen(pointer) + strlen(index) + 2;
	char *mem = arena_bytes(part->arena, size);
	struct buf out;

	if (!mem)
		return part->pointer;
	buf_init(&out, mem, size);
	buf_cstr(&out, part->pointer);
	buf_cstr(&out, pointer);
	if (*index) {
		buf_char(&out, '/');
		buf_cstr(&out, index);
	}
	buf_char(&out, '\0');
	return mem;
}

static struct answer_part below(const struct answer_part *whole, json_t *object, const char *pointer, const char *index)
{
	struct answer_part part = *whole;

	part.object = json_is_object(object) ? object : NULL;
	part.pointer = part.object ? join(whole, pointer, index) : "";
	return part;
}

struct answer_part answer_part_at(const struct answer_part *whole, const char *pointer)
{
	return below(whole, json_fact_at(whole->object, slice_cstr(pointer)), pointer, "");
}

struct answer_part answer_part_item(const struct answer_part *whole, const char *pointer, size_t index)
{
	json_t *list = json_fact_at(whole->object, slice_cstr(pointer));
	char digits[INDEX_DIGITS + 1];
	struct buf text;

	buf_init(&text, digits, INDEX_DIGITS);
	buf_u64(&text, index);
	digits[text.len] = '\0';
	return below(whole, json_array_get(list, index), pointer, digits);
}

struct slice answer_part_scalar(const json_t *value, struct arena *arena)
{
	char *mem = arena_bytes(arena, TEXT_BYTES);
	struct buf text;

	if (json_is_string(value))
		return (struct slice){json_string_value(value), json_string_length(value)};
	buf_init(&text, mem, mem ? TEXT_BYTES : 0);
	if (json_is_integer(value))
		buf_i64(&text, json_integer_value(value));
	else if (json_is_real(value) && json_real_value(value) < 9e12 && json_real_value(value) > -9e12)
		buf_millionths(&text, (int64_t)(json_real_value(value) * 1e6), 6);
	else if (json_is_boolean(value))
		buf_cstr(&text, json_is_true(value) ? "true" : "false");
	else
		buf_cstr(&text, json_is_object(value) ? "{...}" : json_is_array(value) ? "[...]" : "");
	return buf_view(&text);
}

/* The value there, NULL also for a JSON null. */
static json_t *value_at(const struct answer_part *part, const char *pointer)
{
	json_t *value = json_fact_at(part->object, slice_cstr(pointer));

	return json_is_null(value) ? NULL : value;
}

static struct provider_field field_at(const struct answer_part *part, const char *name, const char *pointer,
                                      const json_t *value)
{
	struct provider_field field = {
	        .name = name, .pointer = slice_cstr(join(part, pointer, "")), .text = SLICE_NONE, .fault = part->fault};

	if (value)
		field.text = answer_part_scalar(value, part->arena);
	return field;
}

struct slice answer_part_text(const struct answer_part *part, const char *name, const char *pointer)
{
	json_t *value = value_at(part, pointer);
	struct provider_field field;

	if (!part->object)
		return SLICE_NONE;
	field = field_at(part, name, pointer, value);
	field.fault = value && !json_is_string(value) ? "is no text" : NULL;
	answer_note(part->answer, &field);
	return json_is_string(value) ? field.text : SLICE_NONE;
}

void answer_part_show(const struct answer_part *part, const char *name, const char *pointer, const char *why)
{
	json_t *value = value_at(part, pointer);
	struct provider_field field;

	if (!value)
		return;
	field = field_at(part, name, pointer, value);
	field.fault = why;
	answer_note(part->answer, &field);
}

int32_t answer_part_day(const struct answer_part *part, const char *pointer)
{
	json_t *value = value_at(part, pointer);

	return json_is_string(value) ? answer_day(answer_part_scalar(value, part->arena)) : DATE_NONE;
}

void answer_part_currency(struct answer_part *part, const char *pointer, bool assumed)
{
	json_t *value = value_at(part, pointer);

	if (!value)
		part->money_fault = assumed ? NULL : "is of a currency that is not told";
	else if (!json_is_string(value) || !slice_eq_cstr(answer_part_scalar(value, part->arena), "EUR"))
		part->money_fault = "is not in EUR";
	else
		part->money_fault = NULL;
}

void answer_part_set(const struct answer_part *part, enum fact_id fact, const char *pointer, int64_t value)
{
	struct provider_field field;

	if (!part->object)
		return;
	field = field_at(part, fact_name(fact), pointer, value_at(part, pointer));
	field.fact = fact;
	field.value = value;
	if (!field.fault && fact_unit(fact) == UNIT_MONEY)
		field.fault = part->money_fault;
	if (!field.fault && !fact_valid(fact, value))
		field.fault = "is out of range";
	answer_fact(part->answer, &field, part->as_of);
}

static void take(const struct answer_part *part, const struct answer_place *place)
{
	json_t *value = value_at(part, place->pointer);
	struct provider_field field = field_at(part, fact_name(place->fact), place->pointer, value);

	field.fact = place->fact;
	if (!value)
		field.fault = "is not there";
	if (!field.fault && fact_unit(place->fact) == UNIT_MONEY)
		field.fault = part->money_fault;
	if (!field.fault)
		field.fault = json_fact_value(place->fact, place->scale, value, &field.value);
	answer_fact(part->answer, &field, part->as_of);
}

void answer_part_take(const struct answer_part *part, const struct answer_place *places, size_t count)
{
	for (size_t i = 0; part->object && i < count; i++)
		take(part, &places[i]);
}

void answer_part_word(const struct answer_part *part, enum fact_id fact, const char *pointer,
                      const struct answer_word *words)
{
	json_t *value = value_at(part, pointer);
	struct provider_field field;

	if (!part->object)
		return;
	field = field_at(part, fact_name(fact), pointer, value);
	field.fact = fact;
	while (words->word && !slice_eq_nocase(field.text, slice_cstr(words->word)))
		words++;
	field.value = words->value;
	if (!field.fault && !words->word)
		field.fault = value ? "is none of the documented words" : "is not there";
	answer_fact(part->answer, &field, part->as_of);
}

void answer_part_form(const struct answer_part *part, const char *pointer)
{
	json_t *value = value_at(part, pointer);
	struct legal_form_split split;
	struct slice folded;

	if (!json_is_string(value))
		return;
	if (fold_text(answer_part_scalar(value, part->arena), FOLD_NAME, part->arena, &folded) != STATUS_OK ||
	    legal_form_split(folded, part->arena, &split) != STATUS_OK || split.form == LEGAL_FORM_NONE)
		return;
	answer_part_set(part, FACT_LEGAL_FORM, pointer, split.form);
}

bool answer_part_score(const struct answer_part *part, const char *name, const char *pointer,
                       const struct bureau_table *scale)
{
	json_t *value = value_at(part, pointer);
	struct provider_field field = field_at(part, name, pointer, value);
	enum bureau_result result = BUREAU_UNKNOWN;
	int32_t ppm = 0;

	if (!value)
		return false;
	if (!scale->id[0]) {
		answer_part_show(part, name, pointer, "has no scale (member scale)");
		return false;
	}
	result = bureau_pd(scale, field.text, &ppm);
	field.fact = FACT_BUREAU_PD;
	field.value = ppm;
	if (!field.fault && result == BUREAU_UNKNOWN)
		field.fault = "says nothing on the company";
	else if (!field.fault && result == BUREAU_INVALID)
		field.fault = "is no value of the scale";
	answer_fact(part->answer, &field, part->as_of);
	return !field.fault;
}

void answer_part_liabilities(const struct answer_part *part)
{
	const struct fact *assets = &part->answer->facts.items[FACT_TOTAL_ASSETS];
	const struct fact *equity = &part->answer->facts.items[FACT_EQUITY];

	if (part->object && assets->known && equity->known && assets->as_of == part->as_of &&
	    equity->as_of == part->as_of)
		answer_part_set(part, FACT_LIABILITIES, "", assets->value - equity->value);
}
