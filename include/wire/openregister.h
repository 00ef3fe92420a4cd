/* SPDX-License-Identifier: MIT */
#ifndef WIRE_OPENREGISTER_H
#define WIRE_OPENREGISTER_H

#include "port/provider.h"

/*
 * OpenRegister v1: a search, the company it shows with its registers, capital
 * and the key figures of its balance sheets, then the proceedings it is the debtor
 * of. Shapes: OpenRegister's own client (github.com/oregister), made from its
 * OpenAPI description. Key figures are in cents, the capital is in euros.
 */
struct openregister {
	bool realtime;      /* the register is asked at once: slower */
	bool no_insolvency; /* proceedings are not searched for */
};

struct provider_codec openregister_codec(const struct openregister *options);

#endif
