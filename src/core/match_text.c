/* SPDX-License-Identifier: MIT */
#include "core/match_text.h"

#include <string.h>

#include "match_fold.h"
#include "match_form.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Common short writings that are no beginning of the long one. */
static struct slice expand(struct slice word)
{
	static const char *const SHORT[][2] = {{"dtl", "deutschland"}, {"dtld", "deutschland"},   {"hdl", "handel"},
	                                       {"hdls", "handel"},     {"intl", "international"}, {"doctor", "dr"},
	                                       {"doktor", "dr"},       {"gebrueder", "gebr"}};
	for (size_t i = 0; i < sizeof(SHORT) / sizeof(SHORT[0]); i++) {
		if (slice_eq_cstr(word, SHORT[i][0]))
			return slice_cstr(SHORT[i][1]);
	}
	return word;
}

static bool is_single(struct slice word)
{
	return word.len == 1 && !is_digit(word.ptr[0]);
}

/* "a s k", "G.m.b.H." and "e. V." become one word each; "und" goes. */
static size_t join_letters(struct slice *words, size_t count, char *letters)
{
	size_t kept = 0;
	size_t used = 0;
	for (size_t i = 0; i < count;) {
		if (slice_eq_cstr(words[i], "und")) {
			i++;
			continue;
		}
		size_t run = i;
		while (run < count && is_single(words[run]))
			run++;
		if (run - i < 2) {
			words[kept++] = expand(words[i++]);
			continue;
		}
		char *from = letters + used;
		for (; i < run; i++)
			letters[used++] = words[i].ptr[0];
		words[kept++] = (struct slice){from, (size_t)(letters + used - from)};
	}
	return kept;
}

static void put_words(const struct slice *words, size_t count, struct match_name *name)
{
	size_t used = 0;
	for (size_t i = 0; i < count; i++) {
		struct slice word = words[i];
		if (word.len == 0)
			continue;
		size_t room = MATCH_NAME_BYTES - used;
		size_t len = word.len > room ? room : word.len;
		if (len > MATCH_WORD_BYTES)
			len = MATCH_WORD_BYTES;
		if (len == 0 || name->count == MATCH_WORDS)
			break;
		memcpy(name->text + used, word.ptr, len);
		name->start[name->count++] = (uint16_t)used;
		used += len;
	}
	name->start[name->count] = (uint16_t)used;
}

void match_name_parse(struct slice raw, struct match_name *ret_name)
{
	char folded[FOLD_MAX_OUTPUT];
	char letters[FOLD_MAX_OUTPUT];
	struct slice words[2 * MATCH_WORDS];
	size_t cap = sizeof(words) / sizeof(words[0]);

	memset(ret_name->start, 0, sizeof(ret_name->start));
	ret_name->count = 0;
	size_t len = match_fold(raw, folded);
	size_t count = match_cut(folded, len, words, cap / 2 + MATCH_WORDS / 2);
	count = join_letters(words, count, letters);
	count = match_form_unglue(words, count, cap);
	ret_name->form = match_form_take(words, count);
	put_words(words, count, ret_name);
}

struct slice match_name_word(const struct match_name *name, size_t i)
{
	return (struct slice){name->text + name->start[i], (size_t)(name->start[i + 1] - name->start[i])};
}

struct slice match_name_compact(const struct match_name *name)
{
	return (struct slice){name->text, name->start[name->count]};
}

size_t match_name_key(struct slice raw, char ret_key[MATCH_KEY_BYTES])
{
	char folded[FOLD_MAX_OUTPUT];
	size_t used = 0;
	size_t len = match_fold(raw, folded);
	for (size_t i = 0; i < len && used < MATCH_KEY_BYTES; i++) {
		if (folded[i] != ' ')
			ret_key[used++] = folded[i];
	}
	return used;
}
