/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LEAD_ROUTES_H
#define FCGI_LEAD_ROUTES_H

#include "base/status.h"

struct call;

/*
 * POST /v1/leads, JSON or a form: judges up to MAX_LEADS companies, each
 * recorded like a checkout decision before the answer leaves. A company that
 * cannot be read is told in "refused" and the others go on; a single one is
 * a problem.
 */
enum status lead_post(struct call *call) MUST_CHECK;

#endif
