/* SPDX-License-Identifier: MIT */
#include "route.h"

#include <string.h>

#define ANY_SEGMENT SLICE_LIT("{}")

static bool path_matches(const struct route *route, struct slice path, struct slice *ret_rest)
{
	struct slice pattern = slice_cstr(route->path);
	struct slice prefix = pattern;
	struct slice rest;

	if (pattern.len < ANY_SEGMENT.len ||
	    memcmp(pattern.ptr + pattern.len - ANY_SEGMENT.len, ANY_SEGMENT.ptr, ANY_SEGMENT.len) != 0) {
		*ret_rest = SLICE_NONE;
		return slice_eq(path, pattern);
	}
	prefix.len -= ANY_SEGMENT.len;
	if (path.len <= prefix.len || !slice_starts(path, prefix))
		return false;
	rest = (struct slice){path.ptr + prefix.len, path.len - prefix.len};
	if (memchr(rest.ptr, '/', rest.len))
		return false;
	*ret_rest = rest;
	return true;
}

static bool method_matches(const struct route *route, struct slice method)
{
	if (slice_eq_cstr(method, "HEAD"))
		return strcmp(route->method, "GET") == 0;
	return slice_eq_cstr(method, route->method);
}

enum status route_find(const struct route *routes, size_t count, struct slice method, struct slice path,
                       struct route_match *ret_match)
{
	enum status status = STATUS_NOT_FOUND;

	for (size_t i = 0; i < count; i++) {
		struct slice rest;

		if (!path_matches(&routes[i], path, &rest))
			continue;
		status = STATUS_INVALID;
		if (method_matches(&routes[i], method)) {
			*ret_match = (struct route_match){&routes[i], rest};
			return STATUS_OK;
		}
	}
	return status;
}

void route_allow(const struct route *routes, size_t count, struct slice path, struct buf *out)
{
	struct slice rest;

	for (size_t i = 0; i < count; i++) {
		if (!path_matches(&routes[i], path, &rest))
			continue;
		buf_cstr(out, routes[i].method);
		buf_cstr(out, strcmp(routes[i].method, "GET") == 0 ? ", HEAD, " : ", ");
	}
	if (out->len)
		buf_cstr(out, "OPTIONS");
}
