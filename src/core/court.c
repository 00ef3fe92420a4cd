/* SPDX-License-Identifier: MIT */
#include "core/court.h"

#include <stdbool.h>
#include <string.h>

#include "base/maxima.h"
#include "core/fold.h"
#include "court_table.h"

#define MAX_CODE 16

/* Words around a court's name that do not name it, folded. */
static const struct slice decorations[] = {
        SLICE_LIT("amtsgericht"),
        SLICE_LIT("amtsgerichts"),
        SLICE_LIT("ag"),
        SLICE_LIT("registergericht"),
        SLICE_LIT("registergerichts"),
        SLICE_LIT("handelsregister"),
        SLICE_LIT("handelsregisters"),
        SLICE_LIT("genossenschaftsregister"),
        SLICE_LIT("partnerschaftsregister"),
        SLICE_LIT("vereinsregister"),
        SLICE_LIT("gesellschaftsregister"),
        SLICE_LIT("register"),
        SLICE_LIT("hr"),
        SLICE_LIT("beim"),
        SLICE_LIT("bei"),
        SLICE_LIT("dem"),
        SLICE_LIT("des"),
        SLICE_LIT("der"),
        SLICE_LIT("im"),
        SLICE_LIT("eingetragen"),
        SLICE_LIT("registernummer"),
        SLICE_LIT("handelsregisternummer"),
        SLICE_LIT("registerblatt"),
        SLICE_LIT("nummer"),
        SLICE_LIT("nr"),
        SLICE_LIT("unter"),
        SLICE_LIT("am"),
        SLICE_LIT("in"),
        SLICE_LIT("vom"),
};

static int compare(struct slice a, const char *b)
{
	size_t i = 0;

	while (i < a.len && b[i] && a.ptr[i] == b[i])
		i++;
	if (i == a.len)
		return b[i] ? -1 : 0;
	return b[i] ? (unsigned char)a.ptr[i] - (unsigned char)b[i] : 1;
}

static uint16_t find_code(struct slice code)
{
	size_t low = 1, high = court_row_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(code, court_rows[middle].code);
		if (!order)
			return (uint16_t)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return COURT_NONE;
}

static uint16_t find_alias(struct slice folded)
{
	size_t low = 0, high = court_alias_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(folded, court_aliases[middle].folded);
		if (!order)
			return find_code(slice_cstr(court_aliases[middle].code));
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return COURT_NONE;
}

static bool is_code_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "f1103" or "f1103r", folded: a letter, four digits and perhaps the register's letter. */
static bool is_single_code(struct slice s)
{
	if (s.len != 5 && s.len != 6)
		return false;
	for (size_t i = 1; i < 5; i++)
		if (!is_code_digit(s.ptr[i]))
			return false;
	return s.ptr[0] >= 'a' && s.ptr[0] <= 'z' && (s.len == 5 || (s.ptr[5] >= 'a' && s.ptr[5] <= 'z'));
}

/* The part of a row's code that names the court whose numbers it carries. */
static struct slice own_part(uint16_t court)
{
	struct slice code = slice_cstr(court_code(court));
	struct slice head = slice_cut(&code, '_');

	return code.ptr ? code : head;
}

static struct slice seat_part(uint16_t court)
{
	struct slice code = slice_cstr(court_code(court));

	return slice_cut(&code, '_');
}

/* A court that lost its register: the one that carries most of its numbers on. */
static uint16_t find_lost(struct slice code)
{
	for (size_t i = 0; i < court_alias_count; i++) {
		struct slice own = slice_cstr(court_aliases[i].code);
		slice_cut(&own, '_');
		if (own.ptr && slice_eq(own, code))
			return find_code(slice_cstr(court_aliases[i].code));
	}
	return COURT_NONE;
}

/* One court's code with or without its register letter; Freiburg's register has a second code. */
static uint16_t find_single(struct slice folded)
{
	char code[8] = "";
	uint16_t court = COURT_NONE;

	for (size_t i = 0; i < folded.len; i++)
		code[i] = is_code_digit(folded.ptr[i]) ? folded.ptr[i] : (char)(folded.ptr[i] - 'a' + 'A');
	if (memcmp(code, "B8536", 5) == 0)
		memcpy(code, "B1204", 5);
	court = find_code((struct slice){code, folded.len});
	for (const char *letter = "RV"; court == COURT_NONE && *letter; letter++) {
		code[5] = *letter;
		court = find_code((struct slice){code, 6});
	}
	if (court == COURT_NONE)
		court = find_code((struct slice){code, 5});
	return court ? court : find_lost((struct slice){code, 5});
}

/* The register that "now" took over from "former"; of one and the same court: that court. */
static uint16_t find_taken_over(struct slice now, struct slice former)
{
	char code[MAX_CODE];

	if (now.len + former.len + 1 > sizeof(code))
		return COURT_NONE;
	memcpy(code, now.ptr, now.len);
	code[now.len] = '_';
	memcpy(code + now.len + 1, former.ptr, former.len);
	uint16_t court = find_code((struct slice){code, now.len + 1 + former.len});
	return court == COURT_NONE && slice_eq(now, former) ? find_code(now) : court;
}

static bool is_decoration(struct slice word)
{
	for (size_t i = 0; i < sizeof(decorations) / sizeof(decorations[0]); i++)
		if (slice_eq(word, decorations[i]))
			return true;
	return false;
}

static struct slice strip_decorations(struct slice s)
{
	for (;;) {
		struct slice rest = s;
		if (!is_decoration(slice_cut(&rest, ' ')) || !rest.ptr)
			break;
		s = rest;
	}
	for (;;) {
		const char *blank = memrchr(s.ptr, ' ', s.len);
		if (!blank || !is_decoration((struct slice){blank + 1, s.len - (size_t)(blank + 1 - s.ptr)}))
			return s;
		s.len = (size_t)(blank - s.ptr);
	}
}

static uint16_t find_name(struct slice folded)
{
	uint16_t court = find_alias(folded);

	if (court == COURT_NONE)
		court = find_alias(strip_decorations(folded));
	return court;
}

/* "p3210 p3212": what the underscore of a register taken over folds to. */
static uint16_t find_pair(struct slice folded)
{
	struct slice former = folded;
	struct slice now = slice_cut(&former, ' ');

	if (!is_single_code(now) || !is_single_code(former))
		return COURT_NONE;
	uint16_t now_court = find_single(now);
	uint16_t former_court = find_single(former);
	char raw[8];
	if (now_court == COURT_NONE)
		return COURT_NONE;
	if (former_court != COURT_NONE)
		return find_taken_over(seat_part(now_court), own_part(former_court));
	for (size_t i = 0; i < former.len; i++)
		raw[i] = is_code_digit(former.ptr[i]) ? former.ptr[i] : (char)(former.ptr[i] - 'a' + 'A');
	return find_taken_over(seat_part(now_court), (struct slice){raw, former.len});
}

/* "oldenburg frueher vechta" */
static uint16_t find_former(struct slice folded)
{
	static const char frueher[] = " frueher ";
	const char *at = memmem(folded.ptr, folded.len, frueher, sizeof(frueher) - 1);

	if (!at)
		return COURT_NONE;
	struct slice now = {folded.ptr, (size_t)(at - folded.ptr)};
	struct slice former = {at + sizeof(frueher) - 1, folded.len - now.len - (sizeof(frueher) - 1)};
	uint16_t now_court = find_name(now);
	uint16_t former_court = find_name(strip_decorations(former));
	if (now_court == COURT_NONE || former_court == COURT_NONE)
		return COURT_NONE;
	return find_taken_over(seat_part(now_court), own_part(former_court));
}

uint16_t court_find(struct slice text)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len = 0;
	uint16_t court;

	if (text.len > MAX_COURT || fold_write(text, FOLD_NAME, folded, &len) != STATUS_OK || !len)
		return COURT_NONE;
	struct slice s = {folded, len};
	if (is_single_code(s))
		return find_single(s);
	court = find_name(s);
	if (court == COURT_NONE)
		court = find_pair(s);
	return court ? court : find_former(s);
}

bool court_is_announcement(struct slice text)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len = 0;

	if (fold_write(text, FOLD_NAME, folded, &len) != STATUS_OK)
		return false;
	for (struct slice rest = {folded, len}; rest.len;)
		if (!is_decoration(slice_cut(&rest, ' ')))
			return false;
	return true;
}

const char *court_name(uint16_t court)
{
	return court < court_row_count ? court_rows[court].name : "";
}

const char *court_code(uint16_t court)
{
	return court < court_row_count ? court_rows[court].code : "";
}
