/* SPDX-License-Identifier: MIT */
#ifndef CORE_WEB_ORIGIN_H
#define CORE_WEB_ORIGIN_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * Origins of web pages as browsers send them (RFC 6454 section 7):
 * "https://www.example.de", "http://localhost:8080"; lower case, no path.
 */
bool web_origin_is(struct slice text);
/* The origin a URL begins with; the absent slice when it is no http(s) URL of visible ASCII. */
struct slice web_origin_of(struct slice url);
/* Whether origin is one of the list's, which blanks part. */
bool web_origin_listed(struct slice origin, struct slice list);
/* Whether the origin's host and port are those of a Host header. */
bool web_origin_is_host(struct slice origin, struct slice host);

#endif
