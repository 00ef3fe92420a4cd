/* SPDX-License-Identifier: MIT */
#include "wire/form_in.h"

#include <string.h>

#include "base/buf.h"
#include "text.h"

#define MAX_PAIRS 64

struct reader {
	const struct form_field *table;
	size_t count;
	struct arena *arena;
	char *target;
	struct field_errors *errors;
	bool seen[MAX_PAIRS];
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum status decode(struct slice text, char plus, struct arena *arena, struct slice *ret_value)
{
	char *room = arena_bytes(arena, text.len + 1);
	size_t len = 0;

	if (!room)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < text.len; i++) {
		int high, low;

		if (text.ptr[i] != '%') {
			room[len++] = text.ptr[i] == '+' ? plus : text.ptr[i];
			continue;
		}
		high = text.len - i > 2 ? hex_digit(text.ptr[i + 1]) : -1;
		low = text.len - i > 2 ? hex_digit(text.ptr[i + 2]) : -1;
		if (high < 0 || low < 0 || high + low == 0)
			return STATUS_INVALID;
		room[len++] = (char)(high * 16 + low);
		i += 2;
	}
	if (!text_is_utf8((struct slice){room, len}))
		return STATUS_INVALID;
	*ret_value = (struct slice){room, len};
	return STATUS_OK;
}

enum status form_in_decode(struct slice text, struct arena *arena, struct slice *ret_value)
{
	return decode(text, ' ', arena, ret_value);
}

enum status form_in_decode_segment(struct slice text, struct arena *arena, struct slice *ret_value)
{
	return decode(text, '+', arena, ret_value);
}

static void fault(struct field_errors *errors, struct slice name, const char *code)
{
	char pointer[MAX_POINTER + 1];
	struct buf path;

	buf_init(&path, pointer, MAX_POINTER);
	buf_char(&path, '/');
	for (size_t i = 0; i < name.len && i < MAX_POINTER / 2; i++) {
		char c = name.ptr[i];

		if (c == '~' || c == '/')
			buf_cstr(&path, c == '~' ? "~0" : "~1");
		else
			buf_char(&path, c >= 0x20 && c < 0x7f ? c : '?');
	}
	pointer[path.len] = '\0';
	field_errors_add(errors, pointer, code);
}

static bool has_control(struct slice text, bool lines)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c < 0x20 || c == 0x7f) && !(lines && (c == '\n' || c == '\r' || c == '\t')))
			return true;
	}
	return false;
}

/* NULL: the value may be taken. */
static const char *value_fault(const struct form_field *field, struct slice value)
{
	if (has_control(value, field->lines))
		return "control_character";
	return value.len > field->max ? "too_long" : NULL;
}

static const struct form_field *find(const struct form_field *table, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq_cstr(name, table[i].name))
			return &table[i];
	return NULL;
}

static enum status read_pair(struct reader *reader, struct slice pair)
{
	struct slice value = pair;
	struct slice name = slice_cut(&value, '=');
	const struct form_field *field = find(reader->table, reader->count, name);
	bool *seen = field ? &reader->seen[field - reader->table] : NULL;
	const char *code;
	enum status status;

	if (!seen || *seen) {
		fault(reader->errors, name, seen ? "duplicate_key" : "unknown_field");
		return STATUS_OK;
	}
	*seen = true;
	status = form_in_decode(value, reader->arena, &value);
	if (status == STATUS_INVALID)
		fault(reader->errors, name, "invalid_encoding");
	if (status != STATUS_OK)
		return status == STATUS_INVALID ? STATUS_OK : status;
	value = slice_trim(value);
	code = value_fault(field, value);
	if (code)
		fault(reader->errors, name, code);
	else if (value.len)
		memcpy(reader->target + field->offset, &value, sizeof(value));
	return STATUS_OK;
}

static void check_required(const struct form_field *table, size_t count, const char *target,
                           struct field_errors *errors)
{
	for (size_t i = 0; i < count; i++) {
		struct slice value;

		memcpy(&value, target + table[i].offset, sizeof(value));
		if (table[i].required && !value.ptr)
			fault(errors, slice_cstr(table[i].name), "required");
	}
}

enum status form_in_read(struct slice body, const struct form_field *table, size_t count, struct arena *arena,
                         void *target, struct field_errors *ret_errors)
{
	struct reader reader = {.table = table, .count = count, .arena = arena, .target = target, .errors = ret_errors};
	struct slice rest = body;
	size_t pairs = 0;

	ret_errors->count = 0;
	if (count > MAX_PAIRS)
		return STATUS_INTERNAL;
	while (rest.len) {
		struct slice pair = slice_cut(&rest, '&');
		enum status status;

		if (!pair.len)
			continue;
		if (++pairs > MAX_PAIRS) {
			field_errors_add(ret_errors, "", "too_many");
			break;
		}
		status = read_pair(&reader, pair);
		if (status != STATUS_OK)
			return status;
	}
	if (!ret_errors->count)
		check_required(table, count, target, ret_errors);
	return ret_errors->count ? STATUS_INVALID : STATUS_OK;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_from(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.len && is_digit(text.ptr[end]))
		end++;
	return end - at;
}

static void add_digits(struct slice text, size_t at, size_t count, int64_t *value)
{
	for (size_t i = at; i < at + count; i++)
		if (*value <= MAX_AMOUNT)
			*value = *value * 10 + (text.ptr[i] - '0');
}

bool form_in_amount(struct slice text, int64_t *ret_minor)
{
	struct slice rest = slice_trim(text);
	size_t run = digits_from(rest, 0);
	bool grouped = run <= 3;
	int64_t value = 0;
	size_t at = run;

	if (!run)
		return false;
	add_digits(rest, 0, run, &value);
	while (at < rest.len) {
		char separator = rest.ptr[at++];

		run = digits_from(rest, at);
		if (separator != '.' && separator != ',' && separator != ' ')
			return false;
		if (run == 3 && grouped) {
			add_digits(rest, at, run, &value);
			at += run;
			continue;
		}
		if (run < 1 || run > 2 || separator == ' ' || at + run != rest.len)
			return false;
		add_digits(rest, at, run, &value);
		if (value > MAX_AMOUNT / (run == 1 ? 10 : 1))
			return false;
		*ret_minor = run == 1 ? value * 10 : value;
		return *ret_minor > 0;
	}
	if (value == 0 || value > MAX_AMOUNT / 100)
		return false;
	*ret_minor = value * 100;
	return true;
}

bool form_in_is_form(struct slice content_type)
{
	return slice_eq_nocase(slice_trim(slice_cut(&content_type, ';')),
	                       SLICE_LIT("application/x-www-form-urlencoded"));
}
