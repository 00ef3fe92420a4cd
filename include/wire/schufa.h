/* SPDX-License-Identifier: MIT */
#ifndef WIRE_SCHUFA_H
#define WIRE_SCHUFA_H

#include "port/provider.h"
#include "wire/bureau_order.h"

/*
 * SCHUFA's credit report on natural persons: freelancers, sole traders, small
 * businesses in their owner's name. Companies are not asked for; the
 * interface of SCHUFA's reports on companies is not published. Shapes: its OpenAPI
 * description as kept in github.com/epilot-dev/epilot-app-schufa.
 *
 * The path is the legitimate interest (order->interest). OAuth 2.0 client
 * credentials "client_id" and "client_secret"; the tokens come from another
 * host. 202: people look at it, the report is fetched later.
 */
struct provider_codec schufa_codec(const struct bureau_order *order);

#endif
