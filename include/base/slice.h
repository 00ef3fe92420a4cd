/* SPDX-License-Identifier: MIT */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A borrowed run of bytes; not NUL-terminated. {NULL, 0} is the absent
 * value, {non-NULL, 0} an empty one. The owner is named by whoever hands it
 * out, usually the request's arena.
 */
struct slice {
	const char *ptr;
	size_t len;
};

/* For what is seldom needed: a function's usual way shall not pay for it. */
#define SELDOM __attribute__((noinline))

#define SLICE_NONE      ((struct slice){NULL, 0})
#define SLICE_LIT(text) ((struct slice){(text), sizeof(text) - 1})

struct slice slice_cstr(const char *text); /* text may be NULL: absent */
bool slice_is_blank(struct slice s);       /* absent, empty or only blanks */
/* Defined here: most comparisons end at the length. */
static inline bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
/* Byte by byte: tables of words are searched by it, where most differ in the first one. */
static inline bool slice_eq_cstr(struct slice a, const char *text)
{
	size_t i = 0;

	if (!text)
		return !a.len;
	while (i < a.len && text[i] && text[i] == a.ptr[i])
		i++;
	return i == a.len && !text[i];
}
/* ASCII letters compare without case; other bytes exactly. */
bool slice_eq_nocase(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
struct slice slice_trim(struct slice s); /* ASCII white space at both ends */
/*
 * Splits at the first separator: returns what is before it and leaves the
 * rest in *s ({NULL, 0} when there was no separator).
 */
struct slice slice_cut(struct slice *s, char separator);
/* Decimal digits only, no sign, no blank. False when empty or over UINT64. */
bool slice_to_u64(struct slice s, uint64_t *ret_value);
/* Optional '-', then digits. False when out of the int64 range. */
bool slice_to_i64(struct slice s, int64_t *ret_value);
/* Copies into dst and terminates; false (dst = "") when it does not fit. */
bool slice_copy(struct slice s, char *dst, size_t cap);

#endif
