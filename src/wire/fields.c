/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <string.h>

#include "base/buf.h"
#include "core/fold.h"
#include "json_path.h"

/* The way to the element being read; it becomes a JSON pointer only when there is a fault to tell. */
struct step {
	const struct step *up;
	struct slice key; /* absent: an item */
	size_t index;
};

struct reader {
	char *target;
	struct field_errors *errors;
};

static void put_path(struct buf *path, const struct step *step)
{
	if (!step)
		return;
	put_path(path, step->up);
	buf_char(path, '/');
	if (step->key.ptr)
		json_path_key(path, step->key);
	else
		buf_u64(path, step->index);
}

static void fault(struct reader *reader, const struct step *at, const char *code)
{
	char mem[MAX_POINTER];
	char pointer[MAX_POINTER + 1];
	struct buf path;

	buf_init(&path, mem, sizeof(mem));
	put_path(&path, at);
	(void)slice_copy(buf_view(&path), pointer, sizeof(pointer));
	field_errors_add(reader->errors, pointer, code);
}

static void read_string(struct reader *reader, const struct step *at, const struct field *field,
                        const struct json_node *value)
{
	if (value->kind != JSON_KIND_STRING)
		fault(reader, at, "invalid_type");
	else if (value->text.len > (size_t)field->max)
		fault(reader, at, "too_long");
	else if (fold_has_control(value->text))
		fault(reader, at, "control_character");
	else if (!slice_is_blank(value->text))
		memcpy(reader->target + field->offset, &value->text, sizeof(value->text));
	else if (field->required)
		fault(reader, at, "required");
}

static void read_integer(struct reader *reader, const struct step *at, const struct field *field,
                         const struct json_node *value)
{
	if (value->kind != JSON_KIND_INTEGER)
		fault(reader, at, "invalid_type");
	else if (value->integer < field->min || value->integer > field->max)
		fault(reader, at, "out_of_range");
	else
		memcpy(reader->target + field->offset, &value->integer, sizeof(value->integer));
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

static const char *item_fault(const struct field *field, const struct field_strings *list, const struct json_node *item)
{
	if (item->kind != JSON_KIND_STRING)
		return "invalid_type";
	if (!is_identifier(item->text, (size_t)field->max))
		return "invalid_format";
	return is_listed(list, item->text) ? "duplicate_value" : NULL;
}

static void read_strings(struct reader *reader, const struct step *at, const struct field *field,
                         const struct json_node *value)
{
	struct field_strings list = {0};
	const struct json_node *item = value->first;
	struct step step = {.up = at};

	if (value->kind != JSON_KIND_ARRAY) {
		fault(reader, at, "invalid_type");
		return;
	}
	if (value->count < (size_t)field->min || value->count > MAX_METHODS) {
		fault(reader, at, value->count > MAX_METHODS ? "too_many" : "required");
		return;
	}
	for (; item; item = item->next, step.index++) {
		const char *code = item_fault(field, &list, item);

		if (code)
			fault(reader, &step, code);
		else
			list.items[list.count++] = item->text;
	}
	memcpy(reader->target + field->offset, &list, sizeof(list));
}

static void read_object(struct reader *reader, const struct step *at, const struct field *table, size_t count,
                        const struct json_node *object);

static void read_field(struct reader *reader, const struct step *at, const struct field *field,
                       const struct json_node *value)
{
	switch (field->kind) {
	case FIELD_STRING:
		read_string(reader, at, field, value);
		return;
	case FIELD_INTEGER:
		read_integer(reader, at, field, value);
		return;
	case FIELD_STRINGS:
		read_strings(reader, at, field, value);
		return;
	case FIELD_OBJECT:
		if (field->offset != FIELD_NO_OFFSET)
			*(bool *)(reader->target + field->offset) = true;
		read_object(reader, at, field->children, field->child_count, value);
		return;
	}
}

static bool is_known(const struct field *table, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq(table[i].name, name))
			return true;
	return false;
}

static void refuse_unknown(struct reader *reader, const struct step *at, const struct field *table, size_t count,
                           const struct json_node *object)
{
	struct step step = {.up = at};

	for (const struct json_node *member = object->first; member; member = member->next) {
		if (is_known(table, count, member->key))
			continue;
		step.key = member->key;
		fault(reader, &step, "unknown_field");
	}
}

/* Members mostly stand in the order of the table: each is looked for behind the one found last. */
static const struct json_node *find_member(const struct json_node *object, const struct json_node *behind,
                                           struct slice name)
{
	for (const struct json_node *member = behind; member; member = member->next)
		if (slice_eq(member->key, name))
			return member;
	for (const struct json_node *member = object->first; member != behind; member = member->next)
		if (slice_eq(member->key, name))
			return member;
	return NULL;
}

static void read_object(struct reader *reader, const struct step *at, const struct field *table, size_t count,
                        const struct json_node *object)
{
	const struct json_node *behind;
	struct step step = {.up = at};

	if (object->kind != JSON_KIND_OBJECT) {
		fault(reader, at, "invalid_type");
		return;
	}
	refuse_unknown(reader, at, table, count, object);
	behind = object->first;
	for (size_t i = 0; i < count; i++) {
		const struct json_node *value = find_member(object, behind, table[i].name);

		if (value)
			behind = value->next;
		step.key = table[i].name;
		if (value && value->kind != JSON_KIND_NULL)
			read_field(reader, &step, &table[i], value);
		else if (table[i].required)
			fault(reader, &step, "required");
	}
}

enum status fields_open(struct slice body, struct arena *arena, const struct json_node **ret_root,
                        struct field_errors *ret_errors)
{
	struct json_in_error error;
	enum status status = json_tree_parse(body, arena, ret_root, &error);

	ret_errors->count = 0;
	if (status == STATUS_INVALID)
		field_errors_add(ret_errors, error.pointer, error.code);
	return status;
}

void fields_read(const struct json_node *object, const struct field *table, size_t count, void *target,
                 struct field_errors *errors)
{
	struct reader reader = {.target = target, .errors = errors};

	read_object(&reader, NULL, table, count, object);
}
