/* SPDX-License-Identifier: MIT */
#include "route.h"

#include <string.h>

#define ANY_SEGMENT SLICE_LIT("{}")

static bool path_matches(const struct route *route, struct slice path, struct slice *ret_rest)
{
	struct slice pattern = slice_cstr(route->path);
	const char *any = memmem(pattern.ptr, pattern.len, ANY_SEGMENT.ptr, ANY_SEGMENT.len);

	*ret_rest = SLICE_NONE;
	if (!any)
		return slice_eq(path, pattern);
	struct slice prefix = {pattern.ptr, (size_t)(any - pattern.ptr)};
	struct slice suffix = {any + ANY_SEGMENT.len, pattern.len - prefix.len - ANY_SEGMENT.len};
	if (path.len <= prefix.len + suffix.len || !slice_starts(path, prefix) ||
	    memcmp(path.ptr + path.len - suffix.len, suffix.ptr, suffix.len) != 0)
		return false;
	*ret_rest = (struct slice){path.ptr + prefix.len, path.len - prefix.len - suffix.len};
	return !memchr(ret_rest->ptr, '/', ret_rest->len);
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
