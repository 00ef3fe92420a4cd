/* SPDX-License-Identifier: MIT */
#include "json_in.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * jansson's allocation hooks are global, arenas belong to a request: the
 * thread says which arena is in use. Without one (a file loaded at start) the
 * heap serves as usual. lint: allow malloc, lint: allow free
 */
static _Thread_local struct arena *current;
/*
 * Once one allocation failed, all do: jansson ignores a string buffer that
 * cannot grow and would copy a text without its end if the next one succeeded.
 */
static _Thread_local bool exhausted;

/* Between requests, for a file loaded at start, the heap serves. lint: allow malloc, lint: allow free */
static void *allocate(size_t size)
{
	void *mem = NULL;

	if (!current)
		return malloc(size);
	if (!exhausted)
		mem = arena_bytes(current, size);
	exhausted = mem == NULL;
	return mem;
}

static void release(void *ptr)
{
	const char *p = ptr;

	if (current && p >= current->base && p < current->base + current->cap)
		return;
	free(ptr);
}

static void install(void)
{
	json_set_alloc_funcs(allocate, release);
	json_object_seed(0);
}

static const char *error_code(enum json_error_code code)
{
	switch ((int)code) {
	case json_error_duplicate_key:
		return "duplicate_key";
	case json_error_invalid_utf8:
		return "invalid_encoding";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "nul_character";
	case json_error_numeric_overflow:
		return "number_too_large";
	case json_error_stack_overflow:
		return "too_deep";
	default:
		return "invalid_json";
	}
}

enum status json_in_parse(struct slice text, struct arena *arena, json_t **ret_root, struct json_in_error *ret_error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	json_error_t error = {0};
	json_t *root;

	(void)pthread_once(&once, install);
	current = arena;
	exhausted = false;
	root = json_loadb(text.ptr ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	current = NULL;
	if (root) {
		*ret_root = root;
		return STATUS_OK;
	}
	if (exhausted)
		return STATUS_TOO_LARGE;
	ret_error->code = error_code(json_error_code(&error));
	json_path_at(text, error.position > 0 ? (size_t)error.position : 0, ret_error->pointer);
	return STATUS_INVALID;
}
