/* SPDX-License-Identifier: MIT */
#ifndef WIRE_BONIFORCE_H
#define WIRE_BONIFORCE_H

#include "port/provider.h"
#include "wire/bureau_order.h"

/*
 * Boniforce: a report is a job of half a minute to three. With a register
 * number it is ordered at once, by name only after a search has shown which
 * company is meant; it is polled, fetched, and its balance sheets are fetched
 * after it. Ordering costs money and is never repeated. Shapes: the REST
 * layer and the fixtures of Boniforce's own MCP server
 * (github.com/Boniforce/boniforce-mcp); there is no published specification.
 *
 * The score (0 to 100, high is good) has no table of probabilities: it counts
 * with the operator's "scale" only. A year without a day ends on 31 December.
 */
struct provider_codec boniforce_codec(const struct bureau_order *order);

#endif
