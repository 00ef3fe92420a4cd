/* SPDX-License-Identifier: MIT */
#ifndef CORE_VAT_H
#define CORE_VAT_H

#include "base/maxima.h"
#include "base/slice.h"
#include "core/identity.h"

/*
 * VAT identification numbers of the 27 EU member states and of Northern
 * Ireland (XI), format and check digits. Blanks, dots, dashes and slashes are
 * dropped, lower case is raised, GR is taken as EL. Without a prefix the
 * canonical country code gives it ("" = a prefix is required). Writes
 * "DE136695976". IDENTITY_FAULT_UNKNOWN: no such prefix.
 */
enum identity_fault vat_normalise(struct slice text, const char *country, char ret_vat[MAX_VAT_ID + 1]) MUST_CHECK;

#endif
