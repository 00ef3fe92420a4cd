/* SPDX-License-Identifier: MIT */
#include "json_path.h"

#include <stdbool.h>

#include "base/buf.h"

struct level {
	bool is_array;
	bool has_key;
	struct slice key;
	size_t index;
};

struct walk {
	struct level levels[MAX_JSON_DEPTH];
	size_t depth;
	bool too_deep;
	bool expect_key;
};

static void open_level(struct walk *walk, bool is_array)
{
	if (walk->depth == MAX_JSON_DEPTH) {
		walk->too_deep = true;
		return;
	}
	walk->levels[walk->depth++] = (struct level){.is_array = is_array};
	walk->expect_key = !is_array;
}

static void next_element(struct walk *walk)
{
	struct level *top;

	if (!walk->depth)
		return;
	top = &walk->levels[walk->depth - 1];
	if (top->is_array)
		top->index++;
	else
		walk->expect_key = true;
}

/* Returns the offset behind the string that starts at "at". */
static size_t take_string(struct walk *walk, struct slice text, size_t at)
{
	size_t end = at + 1;

	while (end < text.len && text.ptr[end] != '"')
		end += text.ptr[end] == '\\' ? 2 : 1;
	if (end > text.len)
		end = text.len;
	if (walk->expect_key && walk->depth) {
		walk->levels[walk->depth - 1].key = (struct slice){text.ptr + at + 1, end - at - 1};
		walk->levels[walk->depth - 1].has_key = true;
		walk->expect_key = false;
	}
	return end + 1;
}

static void follow(struct walk *walk, struct slice text)
{
	for (size_t at = 0; at < text.len && !walk->too_deep;) {
		char c = text.ptr[at];

		if (c == '"') {
			at = take_string(walk, text, at);
			continue;
		}
		if (c == '{' || c == '[')
			open_level(walk, c == '[');
		else if ((c == '}' || c == ']') && walk->depth)
			walk->depth--;
		else if (c == ',')
			next_element(walk);
		at++;
	}
}

void json_path_key(struct buf *pointer, struct slice key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (c == '~' || c == '/')
			buf_cstr(pointer, c == '~' ? "~0" : "~1");
		else
			buf_char(pointer, c >= 0x20 && c < 0x7f ? c : '?');
	}
}

void json_path_at(struct slice text, size_t position, char ret_pointer[MAX_POINTER + 1])
{
	struct walk walk = {0};
	struct buf buf;

	if (position < text.len)
		text.len = position;
	follow(&walk, text);
	buf_init(&buf, ret_pointer, MAX_POINTER);
	for (size_t i = 0; i < walk.depth; i++) {
		if (!walk.levels[i].is_array && !walk.levels[i].has_key)
			break;
		buf_char(&buf, '/');
		if (walk.levels[i].is_array)
			buf_u64(&buf, walk.levels[i].index);
		else
			json_path_key(&buf, walk.levels[i].key);
	}
	ret_pointer[buf.len] = '\0';
}
