/* SPDX-License-Identifier: MIT */
#include "core/postal.h"

#include <string.h>

#include "check_digit.h"

/* 9 digit, A letter, X letter or digit; blanks and dashes as written. Sorted by country. */
static const struct postal_rule {
	char country[3];
	const char *formats[3];
} rules[] = {
        {"AT", {"9999"}},
        {"BE", {"9999"}},
        {"BG", {"9999"}},
        {"CH", {"9999"}},
        {"CY", {"9999"}},
        {"CZ", {"999 99"}},
        {"DE", {"99999"}},
        {"DK", {"9999"}},
        {"EE", {"99999"}},
        {"ES", {"99999"}},
        {"FI", {"99999"}},
        {"FR", {"99999"}},
        {"GB", {NULL}},
        {"GR", {"999 99"}},
        {"HR", {"99999"}},
        {"HU", {"9999"}},
        {"IE", {"A9X XXXX"}},
        {"IT", {"99999"}},
        {"LI", {"9999"}},
        {"LT", {"LT-99999"}},
        {"LU", {"9999"}},
        {"LV", {"LV-9999"}},
        {"MT", {"AAA 9999"}},
        {"NL", {"9999 AA"}},
        {"NO", {"9999"}},
        {"PL", {"99-999"}},
        {"PT", {"9999-999", "9999"}},
        {"RO", {"999999"}},
        {"SE", {"999 99"}},
        {"SI", {"9999"}},
        {"SK", {"999 99"}},
        {"US", {"99999", "99999-9999"}},
};

#define RULE_COUNT (sizeof(rules) / sizeof(rules[0]))

static bool fits_place(char place, char c)
{
	if (place == '9')
		return code_is_digit(c);
	if (place == 'A')
		return code_is_letter(c);
	return code_is_letter(c) || code_is_digit(c);
}

static bool is_mark(char place)
{
	return place == ' ' || place == '-';
}

/* A prefix in the format ("LV-") may be left out by the writer; it is written either way. */
static bool write_as(const char *format, const char *code, size_t len, char *ret_code)
{
	size_t taken = 0, written = 0;

	if (format[0] == 'L') {
		memcpy(ret_code, format, 3);
		written = 3;
		format += 3;
	}
	for (; *format; format++) {
		if (is_mark(*format)) {
			ret_code[written++] = *format;
			continue;
		}
		if (taken == len || !fits_place(*format, code[taken]))
			return false;
		ret_code[written++] = code[taken++];
	}
	ret_code[written] = '\0';
	return taken == len;
}

/* British: two to four places, then digit letter letter ("SW1A 1AA"). */
static bool write_british(const char *code, size_t len, char *ret_code)
{
	if (len < 5 || len > 7 || !code_is_letter(code[0]))
		return false;
	const char *inward = code + len - 3;
	if (!code_is_digit(inward[0]) || !code_is_letter(inward[1]) || !code_is_letter(inward[2]))
		return false;
	if (!code_is_digit(code[1]) && !code_is_digit(code[2]))
		return false;
	memcpy(ret_code, code, len - 3);
	ret_code[len - 3] = ' ';
	memcpy(ret_code + len - 2, inward, 3);
	ret_code[len + 1] = '\0';
	return true;
}

/* Letters before the digits of an all-digit code are the country, as in "D-40213". */
static const char *skip_prefix(const char *code, const char *first_format)
{
	const char *p = code;

	while (code_is_letter(*p))
		p++;
	bool wants_digit = first_format[0] == '9' || first_format[0] == 'L';
	return wants_digit && p - code <= 3 && code_is_digit(*p) ? p : code;
}

/* Countries without a rule: capitals; of the blanks and dashes the first of each run, and only inside the code. */
static enum identity_fault write_lax(struct slice text, char *ret_code)
{
	char out[MAX_POSTAL_CODE + 1];
	size_t len = 0, solid = 0;
	char mark = '\0';

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (is_mark(c)) {
			mark = mark ? mark : c;
			continue;
		}
		if (!code_is_letter(c) && !code_is_digit(c))
			return IDENTITY_FAULT_FORMAT;
		if (len + (mark && len) >= MAX_POSTAL_CODE)
			return IDENTITY_FAULT_TOO_LONG;
		if (mark && len)
			out[len++] = mark;
		mark = '\0';
		out[len++] = c;
		solid++;
	}
	if (solid < 2 || solid > 12)
		return IDENTITY_FAULT_FORMAT;
	memcpy(ret_code, out, len);
	ret_code[len] = '\0';
	return IDENTITY_FAULT_NONE;
}

static const struct postal_rule *find_rule(const char *country)
{
	for (size_t i = 0; i < RULE_COUNT; i++)
		if (memcmp(rules[i].country, country, 2) == 0)
			return &rules[i];
	return NULL;
}

enum identity_fault postal_normalise(struct slice text, const char *country, char ret_code[MAX_POSTAL_CODE + 1])
{
	const struct postal_rule *rule = country[0] ? find_rule(country) : NULL;
	char code[MAX_POSTAL_CODE + 1], out[MAX_POSTAL_CODE + 1] = "";

	text = slice_trim(text);
	if (!rule)
		return write_lax(text, ret_code);
	size_t len = code_compress(text, code, sizeof(code));
	bool written = false;
	if (!len)
		return IDENTITY_FAULT_FORMAT;
	if (!rule->formats[0])
		written = write_british(code, len, out);
	for (size_t i = 0; !written && i < 3 && rule->formats[i]; i++) {
		const char *start = skip_prefix(code, rule->formats[i]);
		written = write_as(rule->formats[i], start, len - (size_t)(start - code), out);
	}
	if (!written)
		return IDENTITY_FAULT_FORMAT;
	memcpy(ret_code, out, sizeof(out));
	return IDENTITY_FAULT_NONE;
}
