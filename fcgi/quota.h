/* SPDX-License-Identifier: MIT */
#ifndef FCGI_QUOTA_H
#define FCGI_QUOTA_H

#include <stdbool.h>

struct call;

/*
 * Counts a call without a key against its address's quota (--quota) and puts
 * RateLimit and RateLimit-Policy. False: it is used up; call->fault says so
 * and Retry-After tells when to come back.
 */
bool quota_take(struct call *call);

#endif
