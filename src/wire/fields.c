/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <string.h>

#include "base/buf.h"
#include "core/fold.h"

struct reader {
	char *target;
	struct field_errors *errors;
	struct buf path; /* JSON pointer of the element being read */
};

static void path_key(struct buf *path, const char *name)
{
	buf_char(path, '/');
	for (const char *p = name; *p; p++) {
		if (*p == '~' || *p == '/')
			buf_cstr(path, *p == '~' ? "~0" : "~1");
		else
			buf_char(path, *p >= 0x20 && *p < 0x7f ? *p : '?');
	}
}

static void path_index(struct buf *path, size_t index)
{
	buf_char(path, '/');
	buf_u64(path, index);
}

/* Takes the path back to where it was; a cut-off path is whole again then. */
static void path_cut(struct buf *path, size_t len)
{
	path->len = len;
	path->overflow = false;
}

static void fault(struct reader *reader, const char *code)
{
	char pointer[MAX_POINTER + 1];

	(void)slice_copy(buf_view(&reader->path), pointer, sizeof(pointer));
	field_errors_add(reader->errors, pointer, code);
}

static struct slice string_of(const json_t *value)
{
	return (struct slice){json_string_value(value), json_string_length(value)};
}

static void read_string(struct reader *reader, const struct field *field, const json_t *value)
{
	struct slice text;

	if (!json_is_string(value)) {
		fault(reader, "invalid_type");
		return;
	}
	text = string_of(value);
	if (text.len > (size_t)field->max)
		fault(reader, "too_long");
	else if (fold_has_control(text))
		fault(reader, "control_character");
	else if (slice_is_blank(text) && field->required)
		fault(reader, "required");
	else if (!slice_is_blank(text))
		memcpy(reader->target + field->offset, &text, sizeof(text));
}

static void read_integer(struct reader *reader, const struct field *field, const json_t *value)
{
	int64_t number;

	if (!json_is_integer(value)) {
		fault(reader, "invalid_type");
		return;
	}
	number = json_integer_value(value);
	if (number < field->min || number > field->max)
		fault(reader, "out_of_range");
	else
		memcpy(reader->target + field->offset, &number, sizeof(number));
}

static bool is_identifier(struct slice s, size_t max)
{
	if (!s.len || s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!(s.ptr[i] >= 'a' && s.ptr[i] <= 'z') && !(s.ptr[i] >= '0' && s.ptr[i] <= '9') && s.ptr[i] != '_')
			return false;
	return true;
}

static bool is_listed(const struct field_strings *list, struct slice item)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_eq(list->items[i], item))
			return true;
	return false;
}

static const char *item_fault(const struct field *field, const struct field_strings *list, const json_t *item)
{
	if (!json_is_string(item))
		return "invalid_type";
	if (!is_identifier(string_of(item), (size_t)field->max))
		return "invalid_format";
	return is_listed(list, string_of(item)) ? "duplicate_value" : NULL;
}

static void read_strings(struct reader *reader, const struct field *field, const json_t *value)
{
	struct field_strings list = {0};
	size_t count = json_array_size(value);
	size_t len = reader->path.len;

	if (!json_is_array(value)) {
		fault(reader, "invalid_type");
		return;
	}
	if (count < (size_t)field->min || count > MAX_METHODS) {
		fault(reader, count > MAX_METHODS ? "too_many" : "required");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(value, i);
		const char *code = item_fault(field, &list, item);

		path_index(&reader->path, i);
		if (code)
			fault(reader, code);
		else
			list.items[list.count++] = string_of(item);
		path_cut(&reader->path, len);
	}
	memcpy(reader->target + field->offset, &list, sizeof(list));
}

static void read_object(struct reader *reader, const struct field *table, size_t count, const json_t *object);

static void read_field(struct reader *reader, const struct field *field, const json_t *value)
{
	switch (field->kind) {
	case FIELD_STRING:
		read_string(reader, field, value);
		return;
	case FIELD_INTEGER:
		read_integer(reader, field, value);
		return;
	case FIELD_STRINGS:
		read_strings(reader, field, value);
		return;
	case FIELD_OBJECT:
		if (field->offset != FIELD_NO_OFFSET)
			*(bool *)(reader->target + field->offset) = true;
		read_object(reader, field->children, field->child_count, value);
		return;
	}
}

static const struct field *find(const struct field *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static void refuse_unknown(struct reader *reader, const struct field *table, size_t count, const json_t *object)
{
	size_t len = reader->path.len;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (find(table, count, key))
			continue;
		path_key(&reader->path, key);
		fault(reader, "unknown_field");
		path_cut(&reader->path, len);
	}
}

static void read_object(struct reader *reader, const struct field *table, size_t count, const json_t *object)
{
	size_t len = reader->path.len;

	if (!json_is_object(object)) {
		fault(reader, "invalid_type");
		return;
	}
	refuse_unknown(reader, table, count, object);
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_object_get(object, table[i].name);

		path_key(&reader->path, table[i].name);
		if (value && !json_is_null(value))
			read_field(reader, &table[i], value);
		else if (table[i].required)
			fault(reader, "required");
		path_cut(&reader->path, len);
	}
}

void fields_read(const json_t *object, const struct field *table, size_t count, void *target,
                 struct field_errors *errors)
{
	char pointer[MAX_POINTER];
	struct reader reader = {.target = target, .errors = errors};

	buf_init(&reader.path, pointer, sizeof(pointer));
	read_object(&reader, table, count, object);
}
