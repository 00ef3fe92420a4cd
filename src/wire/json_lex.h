/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_LEX_H
#define SRC_WIRE_JSON_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

enum json_token {
	JSON_TOKEN_FAULT, /* nothing JSON has a word for, or a word of it that is not well formed: see fault */
	JSON_TOKEN_END,
	JSON_TOKEN_OBJECT,
	JSON_TOKEN_OBJECT_END,
	JSON_TOKEN_ARRAY,
	JSON_TOKEN_ARRAY_END,
	JSON_TOKEN_COLON,
	JSON_TOKEN_COMMA,
	JSON_TOKEN_STRING,
	JSON_TOKEN_INTEGER,
	JSON_TOKEN_REAL,
	JSON_TOKEN_TRUE,
	JSON_TOKEN_FALSE,
	JSON_TOKEN_NULL
};

/* Cuts one JSON text (RFC 8259) into its tokens, the value of the last one read beside it. */
struct json_lex {
	struct slice text;
	size_t at; /* behind the token at hand; on a fault where it was seen */
	struct arena *arena;
	enum json_token token;
	struct slice string; /* decoded; borrows from the text, or from the arena when it held an escape */
	bool escaped;        /* an escape stands in its text */
	bool has_nul;        /* the string does */
	int64_t integer;     /* of an integer, the whole of it */
	const char *fault;   /* static code of the first fault, NULL for none */
	bool exhausted;      /* the arena is; the token is then a fault without a code */
};

void json_lex_init(struct json_lex *lex, struct slice text, struct arena *arena);
/* Reads the next token into lex->token. Not to be called after a fault. */
void json_lex_next(struct json_lex *lex);

#endif
