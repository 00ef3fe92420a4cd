/* SPDX-License-Identifier: MIT */
#ifndef WIRE_NORTHDATA_H
#define WIRE_NORTHDATA_H

#include "port/provider.h"

/*
 * North Data's data API: one call by name and city or by register number and
 * court, with key figures and events; only where an event tells of insolvency a
 * second one for the notices that say how far it went. Shapes: North Data's user guide
 * and Swagger file (github.com/northdata/api).
 *
 * Key figures that are estimates or of a group are not the company's own.
 */
struct provider_codec northdata_codec(void);

#endif
