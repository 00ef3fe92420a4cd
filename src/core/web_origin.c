/* SPDX-License-Identifier: MIT */
#include "core/web_origin.h"

static size_t scheme_len(struct slice text)
{
	if (slice_starts(text, SLICE_LIT("https://")))
		return 8;
	return slice_starts(text, SLICE_LIT("http://")) ? 7 : 0;
}

static bool is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' ||
	       c == ']';
}

/* Where scheme, host and port end; 0 when they are not sound. */
static size_t origin_len(struct slice text)
{
	size_t start = scheme_len(text);
	size_t end = start;

	while (end < text.len && is_host_char(text.ptr[end]))
		end++;
	return start && end > start ? end : 0;
}

bool web_origin_is(struct slice text)
{
	return text.len && origin_len(text) == text.len;
}

struct slice web_origin_of(struct slice url)
{
	size_t len = origin_len(url);

	for (size_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= ' ' || url.ptr[i] > '~' || url.ptr[i] == '"' || url.ptr[i] == '<' ||
		    url.ptr[i] == '>')
			return SLICE_NONE;
	if (!len || (len < url.len && url.ptr[len] != '/' && url.ptr[len] != '?'))
		return SLICE_NONE;
	return (struct slice){url.ptr, len};
}

bool web_origin_listed(struct slice origin, struct slice list)
{
	struct slice rest = list;

	while (origin.len && rest.ptr)
		if (slice_eq(origin, slice_cut(&rest, ' ')))
			return true;
	return false;
}

bool web_origin_is_host(struct slice origin, struct slice host)
{
	size_t start = scheme_len(origin);

	return start && host.len && slice_eq_nocase((struct slice){origin.ptr + start, origin.len - start}, host);
}
