/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct slice slice_cstr(const char *text)
{
	if (!text)
		return SLICE_NONE;
	return (struct slice){text, strlen(text)};
}

bool slice_is_blank(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_blank(s.ptr[i]))
			return false;
	return true;
}

bool slice_eq_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_eq((struct slice){s.ptr, prefix.len}, prefix);
}

struct slice slice_trim(struct slice s)
{
	while (s.len && is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct slice slice_cut(struct slice *s, char separator)
{
	struct slice head = *s;
	const char *at = s->len ? memchr(s->ptr, separator, s->len) : NULL;

	if (!at) {
		*s = SLICE_NONE;
		return head;
	}
	head.len = (size_t)(at - s->ptr);
	s->ptr = at + 1;
	s->len -= head.len + 1;
	return head;
}

bool slice_to_u64(struct slice s, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value))
			return false;
	}
	*ret_value = value;
	return true;
}

bool slice_to_i64(struct slice s, int64_t *ret_value)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t magnitude;

	if (negative) {
		s.ptr++;
		s.len--;
	}
	if (!slice_to_u64(s, &magnitude) || magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
	return true;
}

bool slice_copy(struct slice s, char *dst, size_t cap)
{
	if (!cap)
		return false;
	if (s.len >= cap) {
		dst[0] = '\0';
		return false;
	}
	if (s.len)
		memcpy(dst, s.ptr, s.len);
	dst[s.len] = '\0';
	return true;
}
