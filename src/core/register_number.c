/* SPDX-License-Identifier: MIT */
#include "core/register_number.h"

#include <string.h>

#include "base/maxima.h"
#include "core/court.h"
#include "core/fold.h"
#include "register_pattern.h"

#define MAX_NUMBER 999999
#define MAX_TEXT   (2 * MAX_COURT)

static const struct {
	const char *folded;
	enum register_type type;
} type_names[] = {
        {"hra", REGISTER_HRA},
        {"hrb", REGISTER_HRB},
        {"gnr", REGISTER_GNR},
        {"genr", REGISTER_GNR},
        {"pr", REGISTER_PR},
        {"vr", REGISTER_VR},
        {"gsr", REGISTER_GSR},
        {"handelsregistera", REGISTER_HRA},
        {"handelsregisterb", REGISTER_HRB},
        {"handelsregisterabteilunga", REGISTER_HRA},
        {"handelsregisterabteilungb", REGISTER_HRB},
        {"handelsregisterabta", REGISTER_HRA},
        {"handelsregisterabtb", REGISTER_HRB},
        {"genossenschaftsregister", REGISTER_GNR},
        {"partnerschaftsregister", REGISTER_PR},
        {"vereinsregister", REGISTER_VR},
        {"gesellschaftsregister", REGISTER_GSR},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_alnum(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

enum register_type register_type_parse(struct slice text)
{
	char letters[32];
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_alnum(text.ptr[i]) && !strchr(" .,-\t", text.ptr[i]))
			return REGISTER_NONE;
		if (!is_alnum(text.ptr[i]))
			continue;
		if (len == sizeof(letters))
			return REGISTER_NONE;
		letters[len++] = lower(text.ptr[i]);
	}
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
		if (slice_eq_cstr((struct slice){letters, len}, type_names[i].folded))
			return type_names[i].type;
	return REGISTER_NONE;
}

const char *register_type_name(enum register_type type)
{
	static const char *const names[REGISTER_TYPE_COUNT] = {
	        [REGISTER_NONE] = "", [REGISTER_HRA] = "HRA", [REGISTER_HRB] = "HRB", [REGISTER_GNR] = "GnR",
	        [REGISTER_PR] = "PR", [REGISTER_VR] = "VR",   [REGISTER_GSR] = "GsR",
	};

	return (unsigned)type < REGISTER_TYPE_COUNT ? names[type] : "";
}

/* Digits with a blank or dot between thousands, leading zeros ignored. */
static bool parse_digits(struct slice text, uint32_t *ret_number)
{
	uint32_t number = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == ' ' || text.ptr[i] == '.')
			continue;
		number = number * 10 + (uint32_t)(text.ptr[i] - '0');
		if (number > MAX_NUMBER)
			return false;
	}
	if (!number)
		return false;
	*ret_number = number;
	return true;
}

/* Capitals; "Ö" is kept as "OE" so that a key is ASCII. False when it does not fit. */
static bool parse_suffix(struct slice text, char ret_suffix[4])
{
	char suffix[4] = "";
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool umlaut = (unsigned char)text.ptr[i] == 0xC3;
		if (len + (umlaut ? 2 : 1) >= sizeof(suffix))
			return false;
		char c = lower(text.ptr[i]);
		suffix[len++] = umlaut ? 'O' : (char)(c - 'a' + 'A');
		if (umlaut) {
			suffix[len++] = 'E';
			i++;
		}
	}
	memcpy(ret_suffix, suffix, sizeof(suffix));
	return true;
}

/* "12345" or "12345 HU": a field of its own, whose type is known from elsewhere. */
static bool parse_bare(struct slice text, struct register_number *number)
{
	size_t digits = 0, suffix;

	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
		digits++;
	if (!digits || digits > 9 || !parse_digits((struct slice){text.ptr, digits}, &number->number))
		return false;
	for (suffix = digits; suffix < text.len && strchr(" ./-", text.ptr[suffix]); suffix++)
		;
	for (size_t i = suffix; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool umlaut = c == 0xC3 && i + 1 < text.len && ((unsigned char)text.ptr[i + 1] | 0x20) == 0xB6;
		if (umlaut)
			i++;
		else if (lower(text.ptr[i]) < 'a' || lower(text.ptr[i]) > 'z')
			return false;
	}
	return parse_suffix((struct slice){text.ptr + suffix, text.len - suffix}, number->suffix);
}

/* The "DE" of an EUID's "DEK1101R" is no part of the court's code. */
static struct slice skip_country(struct slice text)
{
	bool euid = text.len > 6 && lower(text.ptr[0]) == 'd' && lower(text.ptr[1]) == 'e' && is_alnum(text.ptr[2]) &&
	            text.ptr[3] >= '0' && text.ptr[3] <= '9';

	return euid ? (struct slice){text.ptr + 2, text.len - 2} : text;
}

/* False when the text around an entry names no court, or another one than is known. */
static bool take_court(struct slice text, uint16_t *court)
{
	if (court_is_announcement(text))
		return true;
	uint16_t found = court_find(skip_country(slice_trim(text)));
	if (found == COURT_NONE || (*court != COURT_NONE && *court != found))
		return false;
	*court = found;
	return true;
}

/*
 * Berlin's "B" and Bremen's "HB" belong to every number there and are left out
 * as often as written; Bremerhaven's numbers, kept at Bremen, are its own.
 */
static void drop_seat_suffix(struct register_number *number)
{
	const char *code = court_code(number->court);

	if (strcmp(code, "F1103R") == 0 && strcmp(number->suffix, "B") == 0)
		number->suffix[0] = '\0';
	if (strcmp(code, "H1101") != 0)
		return;
	if (strcmp(number->suffix, "HB") == 0)
		number->suffix[0] = '\0';
	if (strcmp(number->suffix, "BHV") == 0) {
		number->court = court_find(SLICE_LIT("H1101_H1102"));
		number->suffix[0] = '\0';
	}
}

/* "HRB 7 Bad Homburg", "HRB 7 des Amtsgerichts Köln": what stands where a suffix may begins the court. */
static void leave_court_whole(struct register_parts *parts)
{
	struct slice rest = parts->suffix;

	if (!rest.len || rest.ptr + rest.len != parts->behind.ptr)
		return;
	rest.len += parts->behind.len;
	if (court_find(rest) == COURT_NONE)
		return;
	parts->behind = rest;
	parts->suffix = SLICE_NONE;
}

static bool parse_entry(struct slice text, struct register_number *number)
{
	struct register_parts parts;

	if (!register_pattern_match(text, &parts))
		return false;
	enum register_type type = register_type_parse(parts.type);
	if (type == REGISTER_NONE || (number->type != REGISTER_NONE && number->type != type))
		return false;
	number->type = type;
	leave_court_whole(&parts);
	/* "7 Ulm HRB": three letters may be a court as well */
	if (parts.suffix.len == 3 && court_find(parts.suffix) != COURT_NONE) {
		if (!take_court(parts.suffix, &number->court))
			return false;
		parts.suffix = SLICE_NONE;
	}
	return parse_digits(parts.number, &number->number) && parse_suffix(parts.suffix, number->suffix) &&
	       take_court(parts.before, &number->court) && take_court(parts.behind, &number->court);
}

enum status register_number_parse(struct slice text, struct register_number *ret_number)
{
	struct register_number number = {.type = ret_number->type, .court = ret_number->court};

	text = slice_trim(text);
	if (!text.len || text.len > MAX_TEXT)
		return STATUS_INVALID;
	if (!(number.type != REGISTER_NONE && parse_bare(text, &number)) && !parse_entry(text, &number))
		return STATUS_INVALID;
	if (number.court != COURT_NONE)
		drop_seat_suffix(&number);
	*ret_number = number;
	return STATUS_OK;
}

bool register_number_eq(const struct register_number *a, const struct register_number *b)
{
	return a->type == b->type && a->court == b->court && a->number == b->number &&
	       strcmp(a->suffix, b->suffix) == 0;
}

void register_number_put(struct buf *buf, const struct register_number *number)
{
	buf_cstr(buf, register_type_name(number->type));
	buf_char(buf, ' ');
	buf_u64(buf, number->number);
	if (!number->suffix[0])
		return;
	buf_char(buf, ' ');
	const char *umlaut = strstr(number->suffix, "OE");
	if (!umlaut) {
		buf_cstr(buf, number->suffix);
		return;
	}
	buf_bytes(buf, number->suffix, (size_t)(umlaut - number->suffix));
	buf_cstr(buf, "Ö");
	buf_cstr(buf, umlaut + 2);
}
