/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROVIDER_METRICS_H
#define FCGI_PROVIDER_METRICS_H

#include "base/buf.h"
#include "port/document.h"
#include "port/panel.h"

/* Prometheus text on each provider: calls, outcomes, latency, breaker, cost. Nothing without a panel. */
void provider_metrics_put(const struct panel_port *panel, struct buf *out);
/* The reports that came beside their answers, by what became of them. Nothing without a port. */
void document_metrics_put(const struct document_port *documents, struct buf *out);

#endif
