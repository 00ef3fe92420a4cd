/* SPDX-License-Identifier: MIT */
#include "json_tree.h"

#include "json_lex.h"

struct builder {
	struct json_lex lex;
	unsigned depth;
};

static struct json_node *refuse(struct builder *builder, const char *code)
{
	if (!builder->lex.fault)
		builder->lex.fault = code;
	return NULL;
}

/* Lowest bits first: the letters of names differ in them. */
static size_t key_bit(struct slice key, size_t bit)
{
	return bit / 8 < key.len ? (size_t)(unsigned char)key.ptr[bit / 8] >> bit % 8 & 1 : 0;
}

/*
 * Where the member of this key hangs, or would. The members of an object are
 * a tree by the bits of their keys, its root the first: however many there
 * are and whoever chose their names, no search takes more steps than its key
 * has bits.
 */
static struct json_node **place(struct json_node **at, struct slice key)
{
	for (size_t bit = 0; *at && !slice_eq((*at)->key, key); bit++)
		at = &(*at)->branch[key_bit(key, bit)];
	return at;
}

static struct json_node *make(struct builder *builder, enum json_kind kind)
{
	struct json_node *node = arena_bytes(builder->lex.arena, sizeof(*node));

	builder->lex.exhausted |= node == NULL;
	if (node)
		*node = (struct json_node){.kind = kind};
	return node;
}

static struct json_node *read_value(struct builder *builder);

/* An array, its bracket read. */
static bool read_items(struct builder *builder, struct json_node *array)
{
	struct json_node **tail = &array->first;

	json_lex_next(&builder->lex);
	if (builder->lex.token == JSON_TOKEN_ARRAY_END)
		return true;
	for (;;) {
		*tail = read_value(builder);
		if (!*tail)
			return false;
		tail = &(*tail)->next;
		array->count++;
		json_lex_next(&builder->lex);
		if (builder->lex.token != JSON_TOKEN_COMMA)
			break;
		json_lex_next(&builder->lex);
	}
	return builder->lex.token == JSON_TOKEN_ARRAY_END || refuse(builder, "invalid_json");
}

static struct json_node *read_member(struct builder *builder, struct json_node *object)
{
	struct slice key = builder->lex.string;
	struct json_node **spot;
	struct json_node *member;

	if (builder->lex.token != JSON_TOKEN_STRING)
		return refuse(builder, "invalid_json");
	if (builder->lex.has_nul)
		return refuse(builder, "nul_character");
	spot = place(&object->first, key);
	if (*spot)
		return refuse(builder, "duplicate_key");
	json_lex_next(&builder->lex);
	if (builder->lex.token != JSON_TOKEN_COLON)
		return refuse(builder, "invalid_json");
	json_lex_next(&builder->lex);
	member = read_value(builder);
	if (!member)
		return NULL;
	member->key = key;
	*spot = member;
	object->count++;
	return member;
}

/* An object, its brace read. */
static bool read_members(struct builder *builder, struct json_node *object)
{
	struct json_node *last = NULL;

	json_lex_next(&builder->lex);
	if (builder->lex.token == JSON_TOKEN_OBJECT_END)
		return true;
	for (;;) {
		struct json_node *member = read_member(builder, object);

		if (!member)
			return false;
		if (last)
			last->next = member;
		last = member;
		json_lex_next(&builder->lex);
		if (builder->lex.token != JSON_TOKEN_COMMA)
			break;
		json_lex_next(&builder->lex);
	}
	return builder->lex.token == JSON_TOKEN_OBJECT_END || refuse(builder, "invalid_json");
}

static struct json_node *read_whole(struct builder *builder, enum json_kind kind)
{
	struct json_node *node;
	bool sound;

	if (builder->depth == MAX_JSON_DEPTH)
		return refuse(builder, "too_deep");
	node = make(builder, kind);
	if (!node)
		return NULL;
	builder->depth++;
	sound = kind == JSON_KIND_ARRAY ? read_items(builder, node) : read_members(builder, node);
	builder->depth--;
	return sound ? node : NULL;
}

static struct json_node *read_string(struct builder *builder)
{
	struct json_node *node;

	if (builder->lex.has_nul)
		return refuse(builder, "nul_character");
	node = make(builder, JSON_KIND_STRING);
	if (node)
		node->text = builder->lex.string;
	return node;
}

static struct json_node *read_integer(struct builder *builder)
{
	struct json_node *node = make(builder, JSON_KIND_INTEGER);

	if (node)
		node->integer = builder->lex.integer;
	return node;
}

static struct json_node *read_bool(struct builder *builder)
{
	struct json_node *node = make(builder, JSON_KIND_BOOL);

	if (node)
		node->truth = builder->lex.token == JSON_TOKEN_TRUE;
	return node;
}

/* The value that begins with the token at hand; NULL after a fault or without room. */
static struct json_node *read_value(struct builder *builder)
{
	switch (builder->lex.token) {
	case JSON_TOKEN_OBJECT:
		return read_whole(builder, JSON_KIND_OBJECT);
	case JSON_TOKEN_ARRAY:
		return read_whole(builder, JSON_KIND_ARRAY);
	case JSON_TOKEN_STRING:
		return read_string(builder);
	case JSON_TOKEN_INTEGER:
		return read_integer(builder);
	case JSON_TOKEN_REAL:
		return make(builder, JSON_KIND_REAL);
	case JSON_TOKEN_TRUE:
	case JSON_TOKEN_FALSE:
		return read_bool(builder);
	case JSON_TOKEN_NULL:
		return make(builder, JSON_KIND_NULL);
	case JSON_TOKEN_FAULT:
	case JSON_TOKEN_END:
	case JSON_TOKEN_OBJECT_END:
	case JSON_TOKEN_ARRAY_END:
	case JSON_TOKEN_COLON:
	case JSON_TOKEN_COMMA:
		break;
	}
	return refuse(builder, "invalid_json");
}

enum status json_tree_parse(struct slice text, struct arena *arena, const struct json_node **ret_root,
                            struct json_in_error *ret_error)
{
	struct builder builder = {.depth = 0};
	struct json_node *root;

	json_lex_init(&builder.lex, text, arena);
	json_lex_next(&builder.lex);
	root = read_value(&builder);
	if (root) {
		json_lex_next(&builder.lex);
		if (builder.lex.token == JSON_TOKEN_END) {
			*ret_root = root;
			return STATUS_OK;
		}
		(void)refuse(&builder, "invalid_json");
	}
	if (builder.lex.exhausted)
		return STATUS_TOO_LARGE;
	ret_error->code = builder.lex.fault;
	json_path_at(text, builder.lex.at, ret_error->pointer);
	return STATUS_INVALID;
}

const struct json_node *json_tree_member(const struct json_node *object, struct slice key)
{
	struct json_node *first = object && object->kind == JSON_KIND_OBJECT ? object->first : NULL;

	return *place(&first, key);
}
