/* SPDX-License-Identifier: MIT */
#ifndef CORE_POSTAL_H
#define CORE_POSTAL_H

#include "base/maxima.h"
#include "base/slice.h"
#include "core/identity.h"

/*
 * A postal code in its country's canonical writing ("1011 AB", "SW1A 1AA",
 * "00-950"; formats: Universal Postal Union, addressing by country). Blanks,
 * dashes and a country prefix ("D-40213") are tolerated. country is a
 * canonical code; where it is "" or has no rule here, any 2 to 12 letters and
 * digits pass, in capitals with single blanks.
 */
enum identity_fault postal_normalise(struct slice text, const char *country,
                                     char ret_code[MAX_POSTAL_CODE + 1]) MUST_CHECK;

#endif
