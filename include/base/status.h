/* SPDX-License-Identifier: MIT */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

/*
 * The one vocabulary of failure. Business outcomes (decline, unknown
 * company, no data) are never a status: they are values of their own types.
 * fcgi/problem_map.c maps each status to an HTTP answer, in one table.
 */
enum status {
	STATUS_OK = 0,
	STATUS_INVALID,      /* the caller's input breaks a documented rule */
	STATUS_TOO_LARGE,    /* input or result exceeds a maximum of maxima.h */
	STATUS_NOT_FOUND,    /* the named thing does not exist */
	STATUS_UNAUTHORIZED, /* no usable credential */
	STATUS_FORBIDDEN,    /* a valid credential without this right */
	STATUS_RUNNING,      /* the same idempotency key is being answered now */
	STATUS_MISMATCH,     /* the same idempotency key came with another body */
	STATUS_TIMEOUT,      /* the deadline passed */
	STATUS_UNAVAILABLE,  /* a dependency does not answer; says nothing else */
	STATUS_FULL,         /* disk or map full: nothing was stored */
	STATUS_CORRUPT,      /* stored bytes fail their check */
	STATUS_NO_MEMORY,    /* an arena or the heap is exhausted */
	STATUS_INTERNAL,     /* a broken promise inside this program */
	STATUS_PENDING,      /* begun; the end is told later */
	STATUS_COUNT
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Stable lower-case name ("too_large"); "unknown" outside the enum. */
const char *status_name(enum status status);

#endif
