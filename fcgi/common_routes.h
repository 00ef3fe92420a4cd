/* SPDX-License-Identifier: MIT */
#ifndef FCGI_COMMON_ROUTES_H
#define FCGI_COMMON_ROUTES_H

#include "base/status.h"

struct call;

/* What every handler program answers beside its own calls. */

/* GET /healthz: 200 when store and a register can be used, else 503. */
enum status common_health(struct call *call) MUST_CHECK;
/* GET /metrics: this process in Prometheus text format; for local peers only. */
enum status common_metrics(struct call *call) MUST_CHECK;
/* GET /.well-known/jwks.json: the key that checks tokens (RFC 7517, RFC 8037). STATUS_NOT_FOUND without one. */
enum status common_key_set(struct call *call) MUST_CHECK;

#endif
