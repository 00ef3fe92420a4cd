/* SPDX-License-Identifier: MIT */
/*
 * The reader of requests against jansson, which reads everything else: on any bytes both must come to the same
 * verdict, name the same fault at the same place, and build the same tree.
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/wire/json_in.h"
#include "../../src/wire/json_tree.h"

#define LARGEST (16 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool promise)
{
	if (!promise)
		abort();
}

static bool is_text(struct slice text, const char *bytes, size_t len)
{
	return slice_eq(text, (struct slice){bytes, len});
}

static void compare(const struct json_node *node, const json_t *value);

static void compare_items(const struct json_node *array, const json_t *value)
{
	const struct json_node *item = array->first;

	demand(array->count == json_array_size(value));
	for (size_t i = 0; i < json_array_size(value); i++, item = item->next)
		compare(item, json_array_get(value, i));
	demand(item == NULL);
}

static void compare_members(const struct json_node *object, const json_t *value)
{
	const struct json_node *member = object->first;
	const char *key;
	size_t len;
	json_t *child;

	demand(object->count == json_object_size(value));
	json_object_keylen_foreach((json_t *)(uintptr_t)value, key, len, child)
	{
		demand(is_text(member->key, key, len));
		demand(json_tree_member(object, member->key) == member);
		compare(member, child);
		member = member->next;
	}
	demand(member == NULL);
}

static void compare(const struct json_node *node, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		demand(node->kind == JSON_KIND_OBJECT);
		compare_members(node, value);
		return;
	case JSON_ARRAY:
		demand(node->kind == JSON_KIND_ARRAY);
		compare_items(node, value);
		return;
	case JSON_STRING:
		demand(node->kind == JSON_KIND_STRING &&
		       is_text(node->text, json_string_value(value), json_string_length(value)));
		return;
	case JSON_INTEGER:
		demand(node->kind == JSON_KIND_INTEGER && node->integer == json_integer_value(value));
		return;
	case JSON_REAL:
		demand(node->kind == JSON_KIND_REAL);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		demand(node->kind == JSON_KIND_BOOL && node->truth == json_is_true(value));
		return;
	case JSON_NULL:
		demand(node->kind == JSON_KIND_NULL);
		return;
	}
	abort();
}

/* jansson goes deeper than a request may: what is too deep must at least have as many brackets. */
static bool may_be_too_deep(struct slice text)
{
	size_t brackets = 0;

	for (size_t i = 0; i < text.len; i++)
		brackets += text.ptr[i] == '[' || text.ptr[i] == '{';
	return brackets > MAX_JSON_DEPTH;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[2][4 << 20] __attribute__((aligned(16)));
	static char empty[1];
	struct slice text = {size ? (const char *)data : empty, size};
	struct arena arenas[2];
	const struct json_node *root;
	json_t *expected;
	struct json_in_error error;
	struct json_in_error expected_error;
	enum status status;

	if (size > LARGEST)
		return 0;
	arena_init(&arenas[0], memory[0], sizeof(memory[0]));
	arena_init(&arenas[1], memory[1], sizeof(memory[1]));
	status = json_tree_parse(text, &arenas[0], &root, &error);
	/* jansson loses a NUL byte right behind a number or a word; no JSON text has one */
	if (memchr(text.ptr, '\0', text.len)) {
		demand(status == STATUS_INVALID);
		return 0;
	}
	if (status == STATUS_INVALID && strcmp(error.code, "too_deep") == 0) {
		demand(may_be_too_deep(text));
		return 0;
	}
	demand(status == json_in_parse(text, &arenas[1], &expected, &expected_error));
	if (status == STATUS_OK) {
		compare(root, expected);
		return 0;
	}
	demand(status == STATUS_INVALID);
	demand(strcmp(error.code, expected_error.code) == 0);
	demand(strcmp(error.pointer, expected_error.pointer) == 0);
	return 0;
}
