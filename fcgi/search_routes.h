/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SEARCH_ROUTES_H
#define FCGI_SEARCH_ROUTES_H

#include "base/status.h"

struct call;

/* GET /v1/companies: who may be meant, in the register of the key's mode. */
enum status search_get(struct call *call) MUST_CHECK;

#endif
