/* SPDX-License-Identifier: MIT */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

struct call;

/* What one address does; a table of these is all a handler program tells. */
struct route {
	const char *method; /* "GET" answers HEAD too */
	const char *path;   /* literal; a segment "{}" stands for any one segment */
	const char *name;   /* in logs and metrics */
	unsigned scope;     /* right a key needs (port/store.h), 0 = no key is asked for */
	bool form_key;      /* the key is a public form's: what "{}" stands for */
	bool json_body;     /* anything but application/json is refused */
	bool local_only;    /* hidden from other machines */
	/*
	 * Fills the call's response; another status than OK is answered as its
	 * problem. STATUS_PENDING: the call is somebody else's by now, who ends it
	 * with server_conclude().
	 */
	enum status (*handle)(struct call *call) MUST_CHECK;
};

struct route_match {
	const struct route *route;
	struct slice rest; /* what "{}" stands for, not empty */
};

/*
 * The route of this method and path. STATUS_NOT_FOUND: no such path.
 * STATUS_INVALID: the path has other methods, see route_allow().
 */
enum status route_find(const struct route *routes, size_t count, struct slice method, struct slice path,
                       struct route_match *ret_match) MUST_CHECK;

/* The methods of a path as an Allow header: "GET, HEAD, OPTIONS". Nothing is written for an unknown path. */
void route_allow(const struct route *routes, size_t count, struct slice path, struct buf *out);

#endif
