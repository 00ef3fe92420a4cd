/* SPDX-License-Identifier: MIT */
#ifndef WIRE_CREDITSAFE_H
#define WIRE_CREDITSAFE_H

#include "port/provider.h"
#include "wire/bureau_order.h"

/*
 * Creditsafe Connect v1: a token of one hour for "username" and "password", a
 * search, the report of the company it shows. A German report needs its reason
 * (order->interest, a code of Creditsafe's own list); order->product
 * is a template of the contract, "" = the full report. Shapes: Creditsafe's documentation
 * (doc.creditsafe.com) and clients generated from its OpenAPI description.
 *
 * Values are texts that may hold words ("Not Rated"): unknown. The rating, 0 to
 * 100 or A to E, becomes a probability by order->scale only.
 */
struct provider_codec creditsafe_codec(const struct bureau_order *order);

#endif
