/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/wire/json_in.h"
#include "../../src/wire/json_tree.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(text)                       \
	{                                \
		(text), sizeof(text) - 1 \
	}
#define LARGEST 65536

static char memory[2 * MAX_REQUEST_ARENA] __attribute__((aligned(16)));

static enum status parse(struct slice text, const struct json_node **ret_root, struct json_in_error *ret_error)
{
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	return json_tree_parse(text, &arena, ret_root, ret_error);
}

/* Both readers of JSON take the same texts and name the same fault at the same place. */
static void agree(struct slice text, const char *code, const char *pointer)
{
	static char room[1 << 20] __attribute__((aligned(16)));
	struct json_in_error own = {.code = NULL};
	struct json_in_error other = {.code = NULL};
	const struct json_node *root;
	struct arena arena;
	json_t *tree;
	enum status status = parse(text, &root, &own);

	arena_init(&arena, room, sizeof(room));
	cr_assert_eq(status, code ? STATUS_INVALID : STATUS_OK, "%s: %s", text.ptr, own.code);
	cr_expect_eq(json_in_parse(text, &arena, &tree, &other), status, "%s: %s", text.ptr, other.code);
	if (!code)
		return;
	cr_expect_str_eq(own.code, code, "%s: %s", text.ptr, own.code);
	cr_expect_str_eq(own.pointer, pointer, "%s: %s", text.ptr, own.pointer);
	cr_expect_str_eq(other.code, code, "%s: %s", text.ptr, other.code);
	cr_expect_str_eq(other.pointer, pointer, "%s: %s", text.ptr, other.pointer);
}

Test(json_tree, every_kind_of_value_is_read)
{
	const struct json_node *root;
	struct json_in_error error;
	static const enum json_kind kinds[] = {JSON_KIND_OBJECT, JSON_KIND_ARRAY, JSON_KIND_STRING, JSON_KIND_INTEGER,
	                                       JSON_KIND_REAL,   JSON_KIND_BOOL,  JSON_KIND_BOOL,   JSON_KIND_NULL};
	const struct json_node *node;
	size_t count = 0;

	cr_assert_eq(parse(SLICE_LIT("[{},[],\"a\",-7,1.5e2,true,false,null]"), &root, &error), STATUS_OK);
	cr_assert_eq(root->kind, JSON_KIND_ARRAY);
	cr_assert_eq(root->count, COUNT(kinds));
	for (node = root->first; node; node = node->next, count++)
		cr_expect_eq(node->kind, kinds[count], "%zu", count);
	cr_assert_eq(count, COUNT(kinds));
	node = root->first->next->next;
	cr_expect(slice_eq_cstr(node->text, "a"));
	cr_expect_eq(node->next->integer, -7);
	cr_expect(node->next->next->next->truth);
	cr_expect_not(node->next->next->next->next->truth);
}

Test(json_tree, members_keep_their_order_and_are_found_by_name)
{
	const struct json_node *root;
	struct json_in_error error;
	static const char *const keys[] = {"b", "", "a", "aa", "\xc3\xa4", "aaaaaaaaaaaaaaaaaaaaaaaa", "A", "ab"};
	size_t i = 0;

	cr_assert_eq(parse(SLICE_LIT("{\"b\":0,\"\":1,\"a\":2,\"aa\":3,\"\\u00e4\":4,\"aaaaaaaaaaaaaaaaaaaaaaaa\":5,"
	                             "\"A\":6,\"\\u0061b\":7}"),
	                   &root, &error),
	             STATUS_OK);
	for (const struct json_node *member = root->first; member; member = member->next, i++) {
		cr_assert(slice_eq_cstr(member->key, keys[i]), "%zu", i);
		cr_expect_eq(member->integer, (int64_t)i);
		cr_expect_eq(json_tree_member(root, slice_cstr(keys[i])), member, "%s", keys[i]);
	}
	cr_expect_eq(i, COUNT(keys));
	cr_expect_null(json_tree_member(root, SLICE_LIT("c")));
	cr_expect_null(json_tree_member(root->first, SLICE_LIT("b")), "of what is no object");
	cr_expect_null(json_tree_member(NULL, SLICE_LIT("b")));
}

Test(json_tree, texts_are_decoded)
{
	static const struct {
		struct slice json;
		struct slice text;
	} cases[] = {
	        {TEXT("\"\""), TEXT("")},
	        {TEXT("\"plain text of more than eight bytes\""), TEXT("plain text of more than eight bytes")},
	        {TEXT("\"1234567\\\\\""), TEXT("1234567\\")},
	        {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), TEXT("\"\\/\b\f\n\r\t")},
	        {TEXT("\"\\u0041\\u00e4\\u00E4\\u20ac\""), TEXT("A\xc3\xa4\xc3\xa4\xe2\x82\xac")},
	        {TEXT("\"\\ud83d\\ude00\""), TEXT("\xf0\x9f\x98\x80")},
	        {TEXT("\"\\ud800\\udc00\\udbff\\udfff\""), TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
	        {TEXT("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\""), TEXT("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf")},
	        {TEXT("\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\x7f\""),
	         TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\x7f")},
	        {TEXT("\"\\u001f\\u0001\""), TEXT("\x1f\x01")},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct json_node *root;
		struct json_in_error error;

		cr_assert_eq(parse(cases[i].json, &root, &error), STATUS_OK, "%s", cases[i].json.ptr);
		cr_expect(slice_eq(root->text, cases[i].text), "%s: %.*s", cases[i].json.ptr, (int)root->text.len,
		          root->text.ptr);
	}
}

Test(json_tree, integers_are_exact_to_their_ends)
{
	static const struct {
		const char *json;
		int64_t value;
	} cases[] = {
	        {"0", 0},
	        {"-0", 0},
	        {"9223372036854775807", INT64_MAX},
	        {"-9223372036854775808", INT64_MIN},
	        {" 99999999999999\n", 99999999999999},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct json_node *root;
		struct json_in_error error;

		cr_assert_eq(parse(slice_cstr(cases[i].json), &root, &error), STATUS_OK, "%s", cases[i].json);
		cr_expect_eq(root->kind, JSON_KIND_INTEGER, "%s", cases[i].json);
		cr_expect_eq(root->integer, cases[i].value, "%s", cases[i].json);
	}
}

static const char *const sound[] = {
        "[]",
        "{}",
        " [ ] ",
        "\t{\r\n\"a\" : [ 1 , 2 ] }\n",
        "\"\"",
        "true",
        "[-1,0,10,1.0,1e5,1E+5,1e-5,-0.5,0e0,1e-9999]",
        "{\"a\":{\"a\":{\"a\":null}}}",
        "[\"\x7f\"]",
        "[\"/\",\"\\/\"]",
        "{\"a\":1,\"A\":2,\"\":3}",
        "[1.7976931348623157e308]",
};

Test(json_tree, takes_what_is_json)
{
	for (size_t i = 0; i < COUNT(sound); i++)
		agree(slice_cstr(sound[i]), NULL, NULL);
}

static const struct {
	const char *json;
	const char *code;
	const char *pointer;
} faults[] = {
        /* the whole */
        {"", "invalid_json", ""},
        {" \n", "invalid_json", ""},
        {"{} {}", "invalid_json", ""},
        {"[]]", "invalid_json", ""},
        {"1 2", "invalid_json", ""},
        {"// a\n1", "invalid_json", ""},
        {"\xef\xbb\xbf{}", "invalid_json", ""},
        {"'a'", "invalid_json", ""},
        /* arrays and objects */
        {"[", "invalid_json", "/0"},
        {"[1", "invalid_json", "/0"},
        {"[1,", "invalid_json", "/1"},
        {"[1,]", "invalid_json", ""},
        {"[,1]", "invalid_json", "/1"},
        {"[1 2]", "invalid_json", "/0"},
        {"[1}", "invalid_json", ""},
        {"{\"a\":1]", "invalid_json", ""},
        {"{", "invalid_json", ""},
        {"{\"a\"", "invalid_json", "/a"},
        {"{\"a\":", "invalid_json", "/a"},
        {"{\"a\":1", "invalid_json", "/a"},
        {"{\"a\":1,", "invalid_json", "/a"},
        {"{\"a\":1,}", "invalid_json", ""},
        {"{\"a\" 1}", "invalid_json", "/a"},
        {"{\"a\"::1}", "invalid_json", "/a"},
        {"{a:1}", "invalid_json", ""},
        {"{1:2}", "invalid_json", ""},
        {"{\"a\":[0,{\"b/c~d\":[1,2,x]}]}", "invalid_json", "/a/1/b~1c~0d/2"},
        {"{\"a\":{\"b\":1,\"c\":2,\"b\":3}}", "duplicate_key", "/a/b"},
        {"{\"a\":1,\"\\u0061\":3}", "duplicate_key", "/\\u0061"},
        /* words and numbers */
        {"[nul]", "invalid_json", "/0"},
        {"[True]", "invalid_json", "/0"},
        {"[truefalse]", "invalid_json", "/0"},
        {"[NaN]", "invalid_json", "/0"},
        {"[-Infinity]", "invalid_json", "/0"},
        {"[+1]", "invalid_json", "/0"},
        {"[-]", "invalid_json", "/0"},
        {"[01]", "invalid_json", "/0"},
        {"[-01]", "invalid_json", "/0"},
        {"[.5]", "invalid_json", "/0"},
        {"[5.]", "invalid_json", "/0"},
        {"[5.e1]", "invalid_json", "/0"},
        {"[1e]", "invalid_json", "/0"},
        {"[1e+]", "invalid_json", "/0"},
        {"[1.2.3]", "invalid_json", "/0"},
        {"[0x10]", "invalid_json", "/0"},
        {"[1_000]", "invalid_json", "/0"},
        {"[1,9223372036854775808]", "number_too_large", "/1"},
        {"[-9223372036854775809]", "number_too_large", "/0"},
        {"{\"n\":99999999999999999999999999999999}", "number_too_large", "/n"},
        {"[1e309]", "number_too_large", "/0"},
        {"[-1e309]", "number_too_large", "/0"},
        /* texts */
        {"[\"a", "invalid_json", "/0"},
        {"[\"a\nb\"]", "invalid_json", "/0"},
        {"[\"a\tb\"]", "invalid_json", "/0"},
        {"[\"1234567890\x1f\"]", "invalid_json", "/0"},
        {"[\"\\x41\"]", "invalid_json", "/0"},
        {"[\"\\u00g0\"]", "invalid_json", "/0"},
        {"[\"\\u00\"]", "invalid_json", "/0"},
        {"[\"\\", "invalid_json", "/0"},
        {"[\"\\ud800\"]", "invalid_json", "/0"},
        {"[\"\\udc00\"]", "invalid_json", "/0"},
        {"[\"\\ud800\\ud800\"]", "invalid_json", "/0"},
        {"[\"\\ud800\\n\"]", "invalid_json", "/0"},
        {"[\"\\ud800x\"]", "invalid_json", "/0"},
        {"[\"\\udfff\\ud800\"]", "invalid_json", "/0"},
        {"[0,\"a\\u0000b\"]", "nul_character", "/1"},
        {"{\"a\\u0000\":1}", "nul_character", "/a\\u0000"},
        /* bytes that are no UTF-8: alone, overlong, surrogates, beyond U+10FFFF, cut off */
        {"[\"\x80\"]", "invalid_encoding", "/0"},
        {"[\"\xff\"]", "invalid_encoding", "/0"},
        {"[\"\xc0\xaf\"]", "invalid_encoding", "/0"},
        {"[\"\xe0\x80\xaf\"]", "invalid_encoding", "/0"},
        {"[\"\xf0\x80\x80\xaf\"]", "invalid_encoding", "/0"},
        {"[\"\xed\xa0\x80\"]", "invalid_encoding", "/0"},
        {"[\"\xf4\x90\x80\x80\"]", "invalid_encoding", "/0"},
        {"[\"\xf5\x80\x80\x80\"]", "invalid_encoding", "/0"},
        {"[\"\xe2\x82\"]", "invalid_encoding", "/0"},
        {"[\"\xe2\x82", "invalid_encoding", "/0"},
        {"[\"\\\xff\"]", "invalid_encoding", "/0"},
        {"[\"\\u00\xff\"]", "invalid_encoding", "/0"},
        {"{\"k\xff\":1}", "invalid_encoding", "/k"},
        {"[1\xff]", "invalid_encoding", "/0"},
        {"[99999999999999999999\xff]", "invalid_encoding", "/0"},
        {"[tru\xff]", "invalid_encoding", "/0"},
        {"\xff", "invalid_encoding", ""},
        {"{\"a\":1}\xff", "invalid_encoding", ""},
        {"[\xe2\x82\xac]", "invalid_json", "/0"},
};

Test(json_tree, every_fault_is_named_at_its_place)
{
	for (size_t i = 0; i < COUNT(faults); i++)
		agree(slice_cstr(faults[i].json), faults[i].code, faults[i].pointer);
}

Test(json_tree, a_nul_byte_is_refused_wherever_it_stands)
{
	static const char text[] = " {\"name\" : [12, true, \"a\\n\"] } ";

	for (size_t at = 0; at < sizeof(text); at++) {
		char body[sizeof(text) + 1];
		const struct json_node *root;
		struct json_in_error error;

		memcpy(body, text, at);
		body[at] = '\0';
		memcpy(body + at + 1, text + at, sizeof(text) - 1 - at);
		cr_expect_eq(parse((struct slice){body, sizeof(text)}, &root, &error), STATUS_INVALID, "%zu", at);
	}
}

/* A fault in each byte of a word of eight, and behind it. */
Test(json_tree, a_text_may_end_or_fail_at_any_byte)
{
	for (size_t len = 0; len < 40; len++) {
		char body[64];
		const struct json_node *root;
		struct json_in_error error;
		size_t size = (size_t)snprintf(body, sizeof(body), "\"%.*s\"", (int)len,
		                               "abcdefghijklmnopqrstuvwxyz0123456789 -_.");

		cr_assert_eq(parse((struct slice){body, size}, &root, &error), STATUS_OK, "%zu", len);
		cr_assert_eq(root->text.len, len);
		for (size_t at = 1; at <= len; at++) {
			char kept = body[at];

			body[at] = '\x1f';
			cr_expect_eq(parse((struct slice){body, size}, &root, &error), STATUS_INVALID);
			body[at] = '"';
			cr_expect_eq(parse((struct slice){body, size}, &root, &error), STATUS_INVALID);
			body[at] = '\xff';
			cr_expect_eq(parse((struct slice){body, size}, &root, &error), STATUS_INVALID);
			cr_expect_str_eq(error.code, "invalid_encoding");
			body[at] = kept;
		}
	}
}

static enum status nest(char open, size_t depth, struct json_in_error *ret_error)
{
	static char body[LARGEST];
	const struct json_node *root;
	size_t len = 0;

	for (size_t i = 0; i < depth; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s", open == '[' ? "[" : "{\"a\":");
	body[len++] = '1';
	for (size_t i = 0; i < depth; i++)
		body[len++] = open == '[' ? ']' : '}';
	return parse((struct slice){body, len}, &root, ret_error);
}

Test(json_tree, no_deeper_than_the_maximum)
{
	for (size_t i = 0; i < 2; i++) {
		struct json_in_error error;

		cr_expect_eq(nest("[{"[i], MAX_JSON_DEPTH, &error), STATUS_OK);
		for (size_t depth = MAX_JSON_DEPTH + 1; depth < 10000; depth = depth * 3 / 2) {
			cr_expect_eq(nest("[{"[i], depth, &error), STATUS_INVALID, "%zu", depth);
			cr_expect_str_eq(error.code, "too_deep", "%zu: %s", depth, error.code);
		}
	}
}

/* However many keys there are, each of them is found, and a second one is seen. */
Test(json_tree, many_members)
{
	static char body[LARGEST];
	const struct json_node *root;
	struct json_in_error error;
	size_t len = 0;
	size_t count = 0;

	for (; len < sizeof(body) - 64; count++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s\"k%zu\":%zu", count ? "," : "{", count * 7,
		                        count);
	body[len] = '}';
	cr_assert_eq(parse((struct slice){body, len + 1}, &root, &error), STATUS_OK);
	cr_assert_eq(root->count, count);
	for (size_t i = 0; i < count; i++) {
		char key[24];

		snprintf(key, sizeof(key), "k%zu", i * 7);
		cr_assert_eq(json_tree_member(root, slice_cstr(key))->integer, (int64_t)i);
	}
	len += (size_t)snprintf(body + len, sizeof(body) - len, ",\"k%zu\":0}", count / 2 * 7);
	cr_assert_eq(parse((struct slice){body, len}, &root, &error), STATUS_INVALID);
	cr_expect_str_eq(error.code, "duplicate_key");
}

/* Every allocation may be the one that fails: the text is then too large, never half read. */
Test(json_tree, allocation_failure_sweep)
{
	static const char text[] = "{\"a\":[1,2.5,\"x\\ty\",null,true],\"\\u0062\":{\"c\":\"d\"}}";
	size_t fits = 0;

	for (size_t cap = 0; !fits; cap += 16) {
		char *tight = aligned_alloc(16, cap ? cap : 16);
		const struct json_node *root;
		struct json_in_error error;
		struct arena arena;
		enum status status;

		arena_init(&arena, tight, cap);
		status = json_tree_parse(slice_cstr(text), &arena, &root, &error);
		cr_assert(status == STATUS_OK || status == STATUS_TOO_LARGE, "%zu: %s", cap, status_name(status));
		if (status == STATUS_OK)
			fits = cap;
		free(tight);
	}
	cr_expect_gt(fits, 0);
}
