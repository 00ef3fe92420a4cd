/* SPDX-License-Identifier: MIT */
#include "core/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "base/word8.h"
#include "fold_latin.h"

/* What an ASCII byte folds to; '\0' = blank, '&' = the word "und". */
#define U(c) [c] = (c) + 32
#define K(c) [c] = (c)
static const char ascii[128] = {
        U('A'), U('B'), U('C'), U('D'), U('E'), U('F'), U('G'), U('H'), U('I'), U('J'), U('K'), U('L'),      U('M'),
        U('N'), U('O'), U('P'), U('Q'), U('R'), U('S'), U('T'), U('U'), U('V'), U('W'), U('X'), U('Y'),      U('Z'),
        K('a'), K('b'), K('c'), K('d'), K('e'), K('f'), K('g'), K('h'), K('i'), K('j'), K('k'), K('l'),      K('m'),
        K('n'), K('o'), K('p'), K('q'), K('r'), K('s'), K('t'), K('u'), K('v'), K('w'), K('x'), K('y'),      K('z'),
        K('0'), K('1'), K('2'), K('3'), K('4'), K('5'), K('6'), K('7'), K('8'), K('9'), K('&'), ['+'] = '&',
};

/* The longest NFKC expansion is U+FDFA: three bytes become 18 code points. */
#define MAX_CODE_POINTS (6 * FOLD_MAX_INPUT + 16)

/* Writes words; the word being written is text[word..len). */
struct writer {
	char *text;
	size_t len;
	size_t word;
	enum fold_kind kind;
	bool number_before; /* the word before is digits only */
	bool u_before;      /* the word before is a "u" that has a word before it */
	bool overflow;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static void put(struct writer *w, const char *bytes, size_t len)
{
	if (len > FOLD_MAX_OUTPUT - w->len) {
		w->overflow = true;
		return;
	}
	memcpy(w->text + w->len, bytes, len);
	w->len += len;
}

static void put_char(struct writer *w, char c)
{
	if (w->len < FOLD_MAX_OUTPUT)
		w->text[w->len++] = c;
	else
		w->overflow = true;
}

static bool all_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(text[i]))
			return false;
	return true;
}

static bool ends_with(const struct writer *w, const char *end, size_t len)
{
	return w->len - w->word >= len && memcmp(w->text + w->len - len, end, len) == 0;
}

/* "Hauptstr" means "Hauptstrasse", but not every abbreviation on -str does. */
static bool is_street_word(const struct writer *w)
{
	return ends_with(w, "str", 3) && !ends_with(w, "industr", 7) && !ends_with(w, "illustr", 7) &&
	       !ends_with(w, "registr", 7) && !ends_with(w, "ministr", 7);
}

/* "12 a" is the house number "12a"; "12 u 14" is no such number. */
static bool joins_number(const struct writer *w, size_t len)
{
	return w->kind == FOLD_STREET && w->number_before && len == 1 && is_letter(w->text[w->word]) &&
	       w->text[w->word] != 'u';
}

/* A "u" between two words is an "und": makes room before the word just written. */
static void write_und(struct writer *w)
{
	size_t len = w->len - w->word;
	char *word = w->text + w->word;

	put(w, "  ", 2);
	if (w->overflow)
		return;
	memmove(word + 2, word, len);
	memcpy(word - 1, "nd ", 3);
	w->word += 2;
}

/* The word is complete: bring it to its one writing and begin the next. */
static void end_word(struct writer *w)
{
	size_t len = w->len - w->word;
	bool has_word_before = w->word != 0;

	if (!len)
		return;
	if (w->u_before)
		write_und(w);
	if (joins_number(w, len)) {
		w->text[w->word - 1] = w->text[w->word];
		w->len--;
		w->number_before = false;
	} else {
		if (is_street_word(w))
			put(w, "asse", 4);
		w->number_before = all_digits(w->text + w->word, w->len - w->word);
	}
	w->u_before = len == 1 && w->text[w->word] == 'u' && has_word_before;
	put_char(w, ' ');
	w->word = w->len;
}

static void put_word(struct writer *w, const char *word, size_t len)
{
	end_word(w);
	put(w, word, len);
	end_word(w);
}

/* "Hauptstrasse12": the number is a word of its own. */
static bool splits_number(const struct writer *w, char c)
{
	return w->kind == FOLD_STREET && is_digit(c) && w->len - w->word >= 3 && is_letter(w->text[w->len - 1]);
}

static inline void put_ascii(struct writer *w, unsigned char byte)
{
	char c = ascii[byte];

	if (!c) {
		end_word(w);
	} else if (c == '&') {
		put_word(w, "und", 3);
	} else {
		if (splits_number(w, c))
			end_word(w);
		put_char(w, c);
	}
}

static void put_latin(struct writer *w, uint32_t code)
{
	const char *text = fold_latin[code - FOLD_LATIN_FIRST];

	if ((text[0] & 0x80) != 0) {
		put(w, text, strlen(text));
		return;
	}
	for (; *text; text++)
		put_ascii(w, (unsigned char)*text);
}

/* U+0080 to U+017F in two bytes; 0 when it is something else or ill-formed. */
static size_t take_latin(struct writer *w, const unsigned char *p, size_t left)
{
	if (p[0] < 0xC2 || p[0] > 0xC5 || left < 2 || (p[1] & 0xC0) != 0x80)
		return 0;
	put_latin(w, (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F));
	return 2;
}

/*
 * The dashes, quotes and blanks of U+2010 to U+205F that texts copied from
 * elsewhere carry, and the invisible characters around them; 0 = others.
 */
static size_t take_punctuation(struct writer *w, const unsigned char *p, size_t left)
{
	if (left < 3 || p[0] != 0xE2 || (p[1] != 0x80 && p[1] != 0x81) || (p[2] & 0xC0) != 0x80)
		return 0;
	uint32_t code = 0x2000u | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	if (code > 0x206F)
		return 0;
	bool invisible = (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) || code >= 0x2060;
	if (!invisible)
		end_word(w);
	return 3;
}

/* True when the whole text was plain enough; false = start again with Unicode. */
static bool fold_quick(struct writer *w, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t left = text.len;

	while (left) {
		size_t taken = 1;
		if (*p < 0x80) {
			put_ascii(w, *p);
		} else {
			taken = take_latin(w, p, left);
			if (!taken)
				taken = take_punctuation(w, p, left);
			if (!taken)
				return false;
		}
		p += taken;
		left -= taken;
	}
	return true;
}

static bool is_accent(int32_t code)
{
	return (code >= 0x0300 && code <= 0x036F) || (code >= 0x1AB0 && code <= 0x1AFF) ||
	       (code >= 0x1DC0 && code <= 0x1DFF) || (code >= 0x20D0 && code <= 0x20FF) ||
	       (code >= 0xFE20 && code <= 0xFE2F);
}

static bool is_word_character(int32_t code)
{
	utf8proc_category_t category = utf8proc_category(code);

	if (code >= 0x02B0 && code <= 0x02FF) /* modifier letters: written apostrophes */
		return false;
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* One code point that is no accent and does not decompose further. */
static void put_base(struct writer *w, int32_t code)
{
	utf8proc_uint8_t bytes[4];

	if (is_accent(code))
		return;
	if (code < 0x80)
		put_ascii(w, (unsigned char)code);
	else if (code <= FOLD_LATIN_LAST)
		put_latin(w, (uint32_t)code);
	else if (is_word_character(code))
		put(w, (const char *)bytes, (size_t)utf8proc_encode_char(code, bytes));
	else
		end_word(w);
}

static void put_code_point(struct writer *w, int32_t code)
{
	utf8proc_int32_t parts[8];
	int boundary = 0;
	utf8proc_ssize_t count;

	if (code <= FOLD_LATIN_LAST) { /* ä stays whole, to become ae */
		put_base(w, code);
		return;
	}
	count = utf8proc_decompose_char(code, parts, 8, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
	for (utf8proc_ssize_t i = 0; i < count && i < 8; i++)
		put_base(w, parts[i]);
}

static enum status fold_unicode(struct writer *w, struct slice text)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
	                                  UTF8PROC_IGNORE;
	utf8proc_int32_t codes[MAX_CODE_POINTS];
	utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len,
	                                            codes, MAX_CODE_POINTS, options);

	if (count < 0 || count > MAX_CODE_POINTS)
		return STATUS_INVALID;
	count = utf8proc_normalize_utf32(codes, count, options);
	for (utf8proc_ssize_t i = 0; i < count; i++)
		put_code_point(w, codes[i]);
	return STATUS_OK;
}

static struct writer begin(char *text, enum fold_kind kind)
{
	struct writer w = {.kind = kind};

	w.text = text;
	return w;
}

enum status fold_write(struct slice text, enum fold_kind kind, char *ret_text, size_t *ret_len)
{
	struct writer w = begin(ret_text, kind);

	if (text.len > FOLD_MAX_INPUT)
		return STATUS_TOO_LARGE;
	if (!fold_quick(&w, text)) {
		w = begin(ret_text, kind);
		enum status status = fold_unicode(&w, text);
		if (status != STATUS_OK)
			return status;
	}
	end_word(&w);
	if (w.overflow)
		return STATUS_TOO_LARGE;
	*ret_len = w.len ? w.len - 1 : 0; /* without the blank behind the last word */
	return STATUS_OK;
}

enum status fold_text(struct slice text, enum fold_kind kind, struct arena *arena, struct slice *ret_folded)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len = 0;
	enum status status = fold_write(text, kind, folded, &len);

	if (status != STATUS_OK)
		return status;
	struct slice copy = arena_copy(arena, (struct slice){folded, len});
	if (!copy.ptr)
		return STATUS_NO_MEMORY;
	*ret_folded = copy;
	return STATUS_OK;
}

enum status fold_compact(struct slice folded, struct arena *arena, struct slice *ret_compact)
{
	char *text = arena_alloc(arena, folded.len + 1);
	size_t len = 0;

	if (!text)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < folded.len; i++)
		if (folded.ptr[i] != ' ')
			text[len++] = folded.ptr[i];
	*ret_compact = (struct slice){text, len};
	return STATUS_OK;
}

/* C0, DEL, and C1 in its two bytes. */
static bool is_control(struct slice text, size_t at)
{
	unsigned char c = (unsigned char)text.ptr[at];

	if (c == 0xC2)
		return at + 1 < text.len && (unsigned char)text.ptr[at + 1] < 0xA0;
	return c < 0x20 || c == 0x7F;
}

/* Not zero when a byte of the word is a control character or may begin one. */
static uint64_t marks_of(uint64_t word)
{
	return word8_below(word, 0x20) | word8_equal_ascii(word, 0x7F) | word8_equal(word, 0xC2);
}

SELDOM static bool search_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_control(text, i))
			return true;
	return false;
}

bool fold_has_control(struct slice text)
{
	size_t i = 0;

	for (; text.len - i >= sizeof(uint64_t); i += sizeof(uint64_t))
		if (marks_of(word8_load(text.ptr + i)))
			return search_control(text);
	return text.len > i && marks_of(word8_load_short(text.ptr + i, text.len - i)) && search_control(text);
}
