/* SPDX-License-Identifier: MIT */
#ifndef FCGI_UPKEEP_H
#define FCGI_UPKEEP_H

#include "server.h"

/* What every program that runs for long does for its parts beside its work, a handler as well as the worker. */

/* Now and then, a few times a minute at least. */
void upkeep_tick(const struct server *server);
/* Opens the log anew and reads the rules and the providers again (SIGHUP). The same thread as upkeep_tick(). */
void upkeep_reload(const struct server *server);

/* Prometheus text on cache, store, log, providers and documents; the caller checks overflow. */
void upkeep_metrics(const struct server *server, struct buf *out);

#endif
