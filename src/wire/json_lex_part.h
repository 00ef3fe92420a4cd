/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_LEX_PART_H
#define SRC_WIRE_JSON_LEX_PART_H

#include "json_lex.h"

/* What the tokens of json_lex.c and the strings of json_lex_string.c share. */

/* The byte at lex->at, -1 at the end of the text. */
static inline int json_lex_peek(const struct json_lex *lex)
{
	return lex->at < lex->text.len ? (unsigned char)lex->text.ptr[lex->at] : -1;
}

void json_lex_refuse(struct json_lex *lex, const char *code);
/* Length of the UTF-8 sequence at lex->at; 0, and the fault told, when it is none. */
size_t json_lex_sequence(struct json_lex *lex);
/* The string that begins at lex->at. */
void json_lex_string(struct json_lex *lex);

#endif
