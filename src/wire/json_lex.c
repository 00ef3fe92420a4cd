/* SPDX-License-Identifier: MIT */
#include "json_lex.h"

#include <math.h>
#include <stdlib.h>

#include "json_lex_part.h"

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A broken sequence right behind a number or a word is the fault that counts. */
static bool ends_soundly(struct json_lex *lex)
{
	return json_lex_peek(lex) < 0x80 || json_lex_sequence(lex) > 0;
}

static bool skip_digits(struct json_lex *lex)
{
	size_t start = lex->at;

	while (is_digit(json_lex_peek(lex)))
		lex->at++;
	return lex->at > start;
}

static bool skip_number(struct json_lex *lex, bool *ret_real)
{
	if (json_lex_peek(lex) == '-')
		lex->at++;
	if (json_lex_peek(lex) == '0') {
		lex->at++;
		if (is_digit(json_lex_peek(lex)))
			return false;
	} else if (!skip_digits(lex)) {
		return false;
	}
	*ret_real = json_lex_peek(lex) == '.' || (json_lex_peek(lex) | 0x20) == 'e';
	if (json_lex_peek(lex) == '.') {
		lex->at++;
		if (!skip_digits(lex))
			return false;
	}
	if ((json_lex_peek(lex) | 0x20) == 'e') {
		lex->at++;
		if (json_lex_peek(lex) == '+' || json_lex_peek(lex) == '-')
			lex->at++;
		return skip_digits(lex);
	}
	return true;
}

/* No request has a place for such a number; whether it could be one at all decides which fault is told. */
static void lex_real(struct json_lex *lex, struct slice number)
{
	size_t mark = lex->arena->used;
	struct slice copy = arena_copy(lex->arena, number);

	lex->token = JSON_TOKEN_REAL;
	if (!copy.ptr) {
		lex->exhausted = true;
		lex->token = JSON_TOKEN_FAULT;
	} else if (isinf(strtod(copy.ptr, NULL))) {
		json_lex_refuse(lex, "number_too_large");
	}
	arena_rewind(lex->arena, mark);
}

static void lex_number(struct json_lex *lex)
{
	size_t start = lex->at;
	bool real = false;
	bool sound = skip_number(lex, &real);
	struct slice number = {lex->text.ptr + start, lex->at - start};

	if (!ends_soundly(lex))
		return;
	if (!sound) {
		json_lex_refuse(lex, "invalid_json");
		return;
	}
	if (real) {
		lex_real(lex, number);
		return;
	}
	lex->token = JSON_TOKEN_INTEGER;
	if (!slice_to_i64(number, &lex->integer))
		json_lex_refuse(lex, "number_too_large");
}

static void lex_word(struct json_lex *lex)
{
	struct slice word = {lex->text.ptr + lex->at, 0};

	for (; is_letter(json_lex_peek(lex)); lex->at++)
		word.len++;
	if (!ends_soundly(lex))
		return;
	if (slice_eq(word, SLICE_LIT("true")))
		lex->token = JSON_TOKEN_TRUE;
	else if (slice_eq(word, SLICE_LIT("false")))
		lex->token = JSON_TOKEN_FALSE;
	else if (slice_eq(word, SLICE_LIT("null")))
		lex->token = JSON_TOKEN_NULL;
	else
		json_lex_refuse(lex, "invalid_json");
}

static void lex_sign(struct json_lex *lex, enum json_token token)
{
	lex->at++;
	lex->token = token;
}

SELDOM static void lex_other(struct json_lex *lex, int c)
{
	if (c == '-' || is_digit(c)) {
		lex_number(lex);
	} else if (is_letter(c)) {
		lex_word(lex);
	} else if (c < 0x80 || json_lex_sequence(lex)) {
		lex->at++;
		json_lex_refuse(lex, "invalid_json");
	}
}

void json_lex_init(struct json_lex *lex, struct slice text, struct arena *arena)
{
	*lex = (struct json_lex){.text = text, .arena = arena};
}

void json_lex_next(struct json_lex *lex)
{
	int c = json_lex_peek(lex);

	while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
		lex->at++;
		c = json_lex_peek(lex);
	}
	switch (c) {
	case -1:
		lex->token = JSON_TOKEN_END;
		return;
	case '"':
		json_lex_string(lex);
		return;
	case '{':
		lex_sign(lex, JSON_TOKEN_OBJECT);
		return;
	case '}':
		lex_sign(lex, JSON_TOKEN_OBJECT_END);
		return;
	case '[':
		lex_sign(lex, JSON_TOKEN_ARRAY);
		return;
	case ']':
		lex_sign(lex, JSON_TOKEN_ARRAY_END);
		return;
	case ':':
		lex_sign(lex, JSON_TOKEN_COLON);
		return;
	case ',':
		lex_sign(lex, JSON_TOKEN_COMMA);
		return;
	default:
		lex_other(lex, c);
	}
}
