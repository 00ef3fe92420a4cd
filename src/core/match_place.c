/* SPDX-License-Identifier: MIT */
#include "core/match_text.h"

#include <string.h>

#include "core/court.h"
#include "match_fold.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool append(char *key, uint8_t *len, struct slice part)
{
	size_t room = (size_t)(MATCH_WORD_BYTES - *len);
	size_t n = part.len > room ? room : part.len;
	if (!part.ptr)
		return true;
	memcpy(key + *len, part.ptr, n);
	*len = (uint8_t)(*len + n);
	key[*len] = 0;
	return n == part.len;
}

/* "strasse", "strase" and "str" end alike, "platz" and "pl" too. */
static struct slice street_part(struct slice word, struct slice *ret_tail)
{
	static const struct {
		const char *from;
		const char *to;
	} TAILS[] = {{"strasse", "str"}, {"strase", "str"}, {"platz", "pl"}};
	*ret_tail = SLICE_NONE;
	for (size_t i = 0; i < sizeof(TAILS) / sizeof(TAILS[0]); i++) {
		size_t n = strlen(TAILS[i].from);
		if (word.len >= n && memcmp(word.ptr + word.len - n, TAILS[i].from, n) == 0) {
			*ret_tail = slice_cstr(TAILS[i].to);
			return (struct slice){word.ptr, word.len - n};
		}
	}
	return word;
}

void match_street_parse(struct slice raw, struct match_street *ret_street)
{
	char folded[FOLD_MAX_OUTPUT];
	struct slice words[MATCH_WORDS];
	size_t len = match_fold(raw, folded);
	size_t count = match_cut(folded, len, words, MATCH_WORDS);
	bool after_word = false;
	bool after_house = false;

	*ret_street = (struct match_street){.len = 0};
	for (size_t i = 0; i < count; i++) {
		struct slice word = words[i];
		bool number = is_digit(word.ptr[0]);
		if (number && (after_word || ret_street->len == 0)) {
			uint64_t value = 0;
			(void)slice_to_u64(word, &value);
			ret_street->house = (uint16_t)(value > UINT16_MAX ? UINT16_MAX : value);
			ret_street->letter = 0;
		} else if (!number && word.len == 1 && after_house) {
			ret_street->letter = word.ptr[0];
		} else if (!number) {
			struct slice tail;
			struct slice part = street_part(word, &tail);
			append(ret_street->key, &ret_street->len, part);
			append(ret_street->key, &ret_street->len, tail);
		}
		after_house = number && after_word;
		after_word = !number && word.len > 1;
	}
	ret_street->po_box = ret_street->len >= 8 && memcmp(ret_street->key, "postfach", 8) == 0;
}

void match_city_parse(struct slice raw, struct match_city *ret_city)
{
	char folded[FOLD_MAX_OUTPUT];
	struct slice words[MATCH_WORDS];
	size_t len = match_fold(raw, folded);
	size_t count = match_cut(folded, len, words, MATCH_WORDS);

	*ret_city = (struct match_city){.len = 0};
	for (size_t i = 0; i < count; i++) {
		append(ret_city->key, &ret_city->len, words[i]);
		if (ret_city->first < 4)
			ret_city->first = ret_city->len;
	}
}

uint32_t match_postcode_parse(struct slice raw)
{
	uint32_t value = 0;
	unsigned digits = 0;
	for (size_t i = 0; i < raw.len && digits < 6; i++) {
		if (is_digit(raw.ptr[i])) {
			value = value * 10 + (uint32_t)(raw.ptr[i] - '0');
			digits++;
		} else if (digits > 0 && raw.ptr[i] != ' ') {
			return MATCH_NO_POSTCODE;
		}
	}
	return digits == 5 ? value : MATCH_NO_POSTCODE;
}

struct slice match_court_code(struct slice court)
{
	uint16_t known = slice_is_blank(court) ? COURT_NONE : court_find(court);
	return known == COURT_NONE ? slice_trim(court) : slice_cstr(court_code(known));
}

bool match_same_suffix(struct slice a, struct slice b)
{
	char x[FOLD_MAX_OUTPUT];
	char y[FOLD_MAX_OUTPUT];
	if (slice_eq(a, b))
		return true;
	size_t n = match_fold(a, x);
	return n == match_fold(b, y) && memcmp(x, y, n) == 0;
}
