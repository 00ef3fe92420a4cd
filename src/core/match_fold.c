/* SPDX-License-Identifier: MIT */
#include "match_fold.h"

#include <stdbool.h>
#include <string.h>

#include "core/fold.h"

#define CUT_BYTES 400 /* folded at most; a name is compared up to 256 letters */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of the well-formed character at p, 0 when it is none. */
static size_t character(const unsigned char *p, size_t left)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

/* A byte that is no UTF-8 is most likely Latin-1; control characters become blanks. */
static size_t repair(struct slice raw, char *out, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < raw.len && n + 4 < cap;) {
		const unsigned char *p = (const unsigned char *)raw.ptr + i;
		size_t len = character(p, raw.len - i);
		if (len >= 3 || len == 0) {
			out[n++] = (char)(len || *p < 0xc0 ? ' ' : 0xc3);
			if (len == 0 && *p >= 0xc0)
				out[n++] = (char)(0x80 | (*p & 0x3f));
		} else {
			memcpy(out + n, p, len);
			n += len;
		}
		i += len ? len : 1;
	}
	return n;
}

static struct slice cut_text(struct slice raw)
{
	if (raw.len <= CUT_BYTES)
		return raw;
	size_t len = CUT_BYTES;
	while (len > CUT_BYTES - 4 && ((unsigned char)raw.ptr[len] & 0xc0) == 0x80)
		len--;
	return (struct slice){raw.ptr, len};
}

size_t match_fold(struct slice raw, char *out)
{
	char repaired[2 * CUT_BYTES + 8];
	size_t len = 0;
	struct slice text = cut_text(raw);
	if (fold_write(text, FOLD_NAME, out, &len) == STATUS_OK)
		return len;
	text = (struct slice){repaired, repair(text, repaired, sizeof(repaired))};
	return fold_write(text, FOLD_NAME, out, &len) == STATUS_OK ? len : 0;
}

size_t match_cut(const char *text, size_t len, struct slice *words, size_t cap)
{
	size_t count = 0;
	for (size_t i = 0; i < len && count < cap;) {
		if (text[i] == ' ') {
			i++;
			continue;
		}
		size_t j = i + 1;
		while (j < len && text[j] != ' ' && is_digit(text[j]) == is_digit(text[i]))
			j++;
		size_t from = i;
		while (is_digit(text[from]) && text[from] == '0' && from + 1 < j)
			from++;
		words[count++] = (struct slice){text + from, j - from};
		i = j;
	}
	return count;
}
