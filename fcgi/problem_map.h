/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROBLEM_MAP_H
#define FCGI_PROBLEM_MAP_H

#include "base/status.h"

/* The one table from failures to HTTP. */
struct problem_kind {
	const char *code; /* of wire/problem.c */
	int status;       /* HTTP */
};

/* The answer for a status that nothing more particular is known of. */
const struct problem_kind *problem_of_status(enum status status);
/* The HTTP status of a problem code; 500 for one that is not listed. */
int problem_http_status(const char *code);

#endif
