/* SPDX-License-Identifier: MIT */
#ifndef WIRE_BUREAU_ORDER_H
#define WIRE_BUREAU_ORDER_H

#include "core/bureau.h"

#define BUREAU_ORDER_WORD 48

/* What is ordered of a bureau, and why: each adapter says which words it takes. */
struct bureau_order {
	char product[BUREAU_ORDER_WORD + 1];
	char interest[BUREAU_ORDER_WORD + 1]; /* the legitimate interest, in the bureau's own words */
	struct bureau_table scale;            /* of its score; id "" = none, the score tells no probability */
};

#endif
