/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <string.h>

/* A decimal is off its six places by no more than its binary form makes it. */
#define PLACES_SLACK 1e-4
#define MOST_DECIMAL 1e9

static bool is_listed(const char *names, const char *name)
{
	struct slice rest = slice_cstr(names);

	while (rest.ptr) {
		if (slice_eq_cstr(slice_cut(&rest, ' '), name))
			return true;
	}
	return false;
}

/* Nearest whole number; false when there is none near enough. */
static bool to_whole(double number, int64_t *ret_whole)
{
	int64_t whole = (int64_t)(number < 0 ? number - 0.5 : number + 0.5);
	double off = number - (double)whole;

	*ret_whole = whole;
	return off <= PLACES_SLACK && off >= -PLACES_SLACK;
}

void load_init(struct load *load, struct load_error *error)
{
	*load = (struct load){.error = error};
	buf_init(&load->path, load->mem, sizeof(load->mem));
}

bool load_failed(const struct load *load)
{
	return load->failed;
}

void load_fault(struct load *load, const char *why)
{
	if (load->failed)
		return;
	load->failed = true;
	(void)slice_copy(buf_view(&load->path), load->error->pointer, sizeof(load->error->pointer));
	(void)slice_copy(slice_cstr(why), load->error->detail, sizeof(load->error->detail));
}

void load_fault_at(struct load *load, const char *name, const char *why)
{
	size_t mark = load_enter(load, name);

	load_fault(load, why);
	load_leave(load, mark);
}

size_t load_enter(struct load *load, const char *name)
{
	size_t mark = load->path.len;

	buf_char(&load->path, '/');
	for (const char *c = name; *c; c++) {
		if (*c == '~' || *c == '/')
			buf_cstr(&load->path, *c == '~' ? "~0" : "~1");
		else
			buf_char(&load->path, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	}
	return mark;
}

size_t load_enter_item(struct load *load, size_t index)
{
	size_t mark = load->path.len;

	buf_char(&load->path, '/');
	buf_u64(&load->path, index);
	return mark;
}

void load_leave(struct load *load, size_t mark)
{
	load->path.len = mark;
	load->path.overflow = false;
}

bool load_object(struct load *load, const json_t *value, const char *names)
{
	const char *name;
	json_t *member;

	if (!json_is_object(value)) {
		load_fault(load, "must be an object");
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		if (!is_listed(names, name))
			load_fault_at(load, name, "is not a member of this format");
	}
	return !load->failed;
}

bool load_array(struct load *load, const json_t *value, size_t most)
{
	if (!json_is_array(value))
		load_fault(load, "must be an array");
	else if (json_array_size(value) > most)
		load_fault(load, "has too many items");
	else
		return true;
	return false;
}

void load_require(struct load *load, const json_t *object, const char *name)
{
	if (!json_object_get(object, name))
		load_fault_at(load, name, "is required");
}

struct slice load_slice(const json_t *string)
{
	return (struct slice){json_string_value(string), json_string_length(string)};
}

bool load_is_null(const json_t *object, const char *name)
{
	return json_is_null(json_object_get(object, name));
}

void load_text(struct load *load, const json_t *object, const char *name, char *value, size_t cap)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return;
	if (!json_is_string(member) || json_string_length(member) == 0)
		load_fault_at(load, name, "must be a text");
	else if (!slice_copy(load_slice(member), value, cap))
		load_fault_at(load, name, "is too long");
}

void load_format(struct load *load, const json_t *root, const char *format)
{
	char given[32] = "", mem[64] = "";
	struct buf why;

	load_text(load, root, "format", given, sizeof(given));
	if (strcmp(given, format) == 0)
		return;
	buf_init(&why, mem, sizeof(mem) - 1);
	buf_cstr(&why, "must be ");
	buf_cstr(&why, format);
	load_fault_at(load, "format", mem);
}

void load_integer(struct load *load, const json_t *object, const char *name, int64_t *value)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return;
	if (json_is_integer(member))
		*value = json_integer_value(member);
	else
		load_fault_at(load, name, "must be a whole number");
}

void load_small(struct load *load, const json_t *object, const char *name, int32_t *value)
{
	int64_t wide = *value;

	load_integer(load, object, name, &wide);
	if (wide < INT32_MIN || wide > INT32_MAX)
		load_fault_at(load, name, "is out of range");
	else
		*value = (int32_t)wide;
}

void load_bool(struct load *load, const json_t *object, const char *name, bool *value)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return;
	if (json_is_boolean(member))
		*value = json_is_true(member);
	else
		load_fault_at(load, name, "must be true or false");
}

void load_decimal(struct load *load, const json_t *number, int64_t *value)
{
	double decimal = json_number_value(number);
	int64_t millionths;

	if (!json_is_number(number))
		load_fault(load, "must be a number");
	else if (!(decimal <= MOST_DECIMAL && decimal >= -MOST_DECIMAL))
		load_fault(load, "is out of range");
	else if (!to_whole(decimal * 1e6, &millionths))
		load_fault(load, "must have at most six decimal places");
	else
		*value = millionths;
}

void load_millionths(struct load *load, const json_t *object, const char *name, int64_t *value)
{
	const json_t *member = json_object_get(object, name);
	size_t mark;

	if (!member)
		return;
	mark = load_enter(load, name);
	load_decimal(load, member, value);
	load_leave(load, mark);
}

enum status load_refuse(struct load_error *error, const char *pointer, const char *why)
{
	(void)slice_copy(slice_cstr(pointer), error->pointer, sizeof(error->pointer));
	(void)slice_copy(slice_cstr(why), error->detail, sizeof(error->detail));
	return STATUS_INVALID;
}

enum status load_refuse_json(struct load_error *error, const struct json_in_error *json)
{
	static const struct {
		const char *code;
		const char *why;
	} SENTENCES[] = {
	        {"duplicate_key", "stands twice in its object"},
	        {"invalid_encoding", "is not UTF-8"},
	        {"nul_character", "holds a NUL character"},
	        {"number_too_large", "is a number too large to read"},
	        {"too_deep", "is nested too deeply"},
	};

	for (size_t i = 0; i < sizeof(SENTENCES) / sizeof(SENTENCES[0]); i++) {
		if (slice_eq_cstr(slice_cstr(json->code), SENTENCES[i].code))
			return load_refuse(error, json->pointer, SENTENCES[i].why);
	}
	return load_refuse(error, json->pointer, "is no JSON from here on");
}

void load_choice(struct load *load, const json_t *object, const char *name, const char *const *words, unsigned *value)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return;
	for (unsigned i = 0; words[i]; i++) {
		if (json_is_string(member) && slice_eq_cstr(load_slice(member), words[i])) {
			*value = i;
			return;
		}
	}
	load_fault_at(load, name, "is none of the words of this member");
}

enum status load_open(struct load *load, struct slice json, size_t most, struct arena *arena, json_t **ret_root,
                      struct load_error *error)
{
	struct json_in_error json_error;
	enum status status;

	if (json.len > most)
		return STATUS_TOO_LARGE;
	status = json_in_parse(json, arena, ret_root, &json_error);
	if (status == STATUS_INVALID)
		return load_refuse_json(error, &json_error);
	if (status)
		return status == STATUS_TOO_LARGE ? STATUS_NO_MEMORY : status;
	load_init(load, error);
	return STATUS_OK;
}
