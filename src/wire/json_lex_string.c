/* SPDX-License-Identifier: MIT */
#include "json_lex_part.h"

#include <string.h>

#include "base/word8.h"
#include "text.h"

#define SURROGATE_HIGH 0xd800U
#define SURROGATE_LOW  0xdc00U
#define SURROGATE_END  0xe000U
#define BEYOND_BMP     0x10000U

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* How many bytes from here on stand for themselves in a string: ASCII without control bytes, quotes, backslashes. */
static inline size_t plain_run(const char *text, size_t len)
{
	size_t at = 0;

	for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word = word8_load(text + at);
		uint64_t marks = word8_below(word, 0x20) | word8_above(word) | word8_equal_ascii(word, '"') |
		                 word8_equal_ascii(word, '\\');

		if (marks)
			return at + word8_first(marks);
	}
	while (at < len && is_plain((unsigned char)text[at]))
		at++;
	return at;
}

static int hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind "\u"; the caller knows that they are there. */
static uint32_t unit_at(const char *digits)
{
	uint32_t unit = 0;

	for (size_t i = 0; i < 4; i++)
		unit = unit << 4 | (uint32_t)hex_value((unsigned char)digits[i]);
	return unit;
}

static size_t put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < BEYOND_BMP) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Decodes the "\u" escape at *at, with its other half when it is one of a pair; false for half a pair. */
static bool decode_unit(struct slice raw, size_t *at, uint32_t *ret_code)
{
	uint32_t high = unit_at(raw.ptr + *at + 2);
	uint32_t low;

	*at += 6;
	*ret_code = high;
	if (high < SURROGATE_HIGH || high >= SURROGATE_END)
		return true;
	if (high >= SURROGATE_LOW || raw.len - *at < 6 || raw.ptr[*at] != '\\' || raw.ptr[*at + 1] != 'u')
		return false;
	low = unit_at(raw.ptr + *at + 2);
	*at += 6;
	*ret_code = BEYOND_BMP + ((high - SURROGATE_HIGH) << 10) + (low - SURROGATE_LOW);
	return low >= SURROGATE_LOW && low < SURROGATE_END;
}

static char decode_letter(char c)
{
	static const char letters[] = "bfnrt";
	static const char bytes[] = "\b\f\n\r\t";
	const char *found = strchr(letters, c);

	return found ? bytes[found - letters] : c;
}

/* Writes what a string with sound escapes stands for: never longer than its text. */
SELDOM static void decode(struct json_lex *lex, struct slice raw)
{
	char *room = arena_bytes(lex->arena, raw.len);
	size_t len = 0;
	uint32_t code;

	if (!room) {
		lex->exhausted = true;
		lex->token = JSON_TOKEN_FAULT;
		return;
	}
	for (size_t at = 0; at < raw.len;) {
		if (raw.ptr[at] != '\\') {
			room[len++] = raw.ptr[at++];
			continue;
		}
		if (raw.ptr[at + 1] != 'u') {
			room[len++] = decode_letter(raw.ptr[at + 1]);
			at += 2;
			continue;
		}
		if (!decode_unit(raw, &at, &code)) {
			json_lex_refuse(lex, "invalid_json");
			return;
		}
		lex->has_nul |= code == 0;
		len += put_utf8(room + len, code);
	}
	lex->string = (struct slice){room, len};
}

/* Steps over the escape at lex->at; a fault stands behind the byte that does not belong. */
static bool skip_escape(struct json_lex *lex)
{
	int c;

	lex->at++;
	c = json_lex_peek(lex);
	if (c >= 0x80 && !json_lex_sequence(lex))
		return false;
	if (c != -1)
		lex->at++;
	if (c != 'u') {
		if (c > 0 && strchr("\"\\/bfnrt", c))
			return true;
		json_lex_refuse(lex, "invalid_json");
		return false;
	}
	for (size_t i = 0; i < 4; i++) {
		c = json_lex_peek(lex);
		if (c >= 0x80 && !json_lex_sequence(lex))
			return false;
		if (c != -1)
			lex->at++;
		if (c == -1 || hex_value(c) < 0) {
			json_lex_refuse(lex, "invalid_json");
			return false;
		}
	}
	return true;
}

/* What is no plain byte and no end of the string: a longer UTF-8 sequence, an escape, or a fault. */
static bool skip_special(struct json_lex *lex)
{
	int c = json_lex_peek(lex);

	if (c == '\\') {
		lex->escaped = true;
		return skip_escape(lex);
	}
	if (c >= 0x80) {
		size_t len = json_lex_sequence(lex);

		lex->at += len;
		return len > 0;
	}
	json_lex_refuse(lex, "invalid_json");
	return false;
}

void json_lex_refuse(struct json_lex *lex, const char *code)
{
	lex->token = JSON_TOKEN_FAULT;
	if (!lex->fault)
		lex->fault = code;
}

size_t json_lex_sequence(struct json_lex *lex)
{
	size_t len = text_sequence((const unsigned char *)lex->text.ptr + lex->at, lex->text.len - lex->at);

	if (!len)
		json_lex_refuse(lex, "invalid_encoding");
	return len;
}

/* Steps from the first byte that does not stand for itself to the closing quote. */
SELDOM static bool skip_rest(struct json_lex *lex)
{
	do {
		if (!skip_special(lex))
			return false;
		lex->at += plain_run(lex->text.ptr + lex->at, lex->text.len - lex->at);
	} while (json_lex_peek(lex) != '"');
	return true;
}

void json_lex_string(struct json_lex *lex)
{
	size_t start = ++lex->at;

	lex->escaped = false;
	lex->at += plain_run(lex->text.ptr + start, lex->text.len - start);
	if (json_lex_peek(lex) != '"' && !skip_rest(lex))
		return;
	lex->string = (struct slice){lex->text.ptr + start, lex->at++ - start};
	lex->has_nul = false;
	lex->token = JSON_TOKEN_STRING;
	if (lex->escaped)
		decode(lex, lex->string);
}
