/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROVIDER_METRICS_H
#define FCGI_PROVIDER_METRICS_H

#include "base/buf.h"
#include "port/panel.h"

/* Prometheus text on each provider: calls, outcomes, latency, breaker, cost. Nothing without a panel. */
void provider_metrics_put(const struct panel_port *panel, struct buf *out);

#endif
