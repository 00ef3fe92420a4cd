/* SPDX-License-Identifier: MIT */
#ifndef CORE_ECONOMIC_ID_H
#define CORE_ECONOMIC_ID_H

#include "base/maxima.h"
#include "base/slice.h"
#include "core/identity.h"

/*
 * Wirtschafts-Identifikationsnummer (§ 139c AO): "DE", nine digits checked by
 * ISO 7064 mod 11,10, and the five digits that tell the businesses of one
 * owner apart. Without those five the first business, "-00001", is meant.
 */
enum identity_fault economic_id_normalise(struct slice text, char ret_id[MAX_ECONOMIC_ID + 1]) MUST_CHECK;

#endif
