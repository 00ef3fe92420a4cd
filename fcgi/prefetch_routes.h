/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PREFETCH_ROUTES_H
#define FCGI_PREFETCH_ROUTES_H

#include "base/status.h"

struct call;

/*
 * POST /v1/checkout/prefetch: 202 as soon as all questions are under way.
 * Nothing is recorded, so an Idempotency-Key is checked and otherwise has
 * nothing to do: asking twice shares the questions of the first time.
 */
enum status prefetch_post(struct call *call) MUST_CHECK;

#endif
