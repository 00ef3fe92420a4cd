/* SPDX-License-Identifier: MIT */
#ifndef WIRE_VIES_H
#define WIRE_VIES_H

#include "port/provider.h"

/*
 * VIES, the European Commission's VAT number check: POST check-vat-number of its REST
 * interface. Needs a VAT id. "valid" confirms number, name and address; "not
 * valid" is no data (nobody is registered for it); INVALID_INPUT is invalid input;
 * every other fault of a member state says nothing about the number.
 */
struct vies {
	char requester[MAX_VAT_ID + 1]; /* own VAT id: gives a consultation number as proof; "" = none */
};

struct provider_codec vies_codec(const struct vies *vies);

#endif
