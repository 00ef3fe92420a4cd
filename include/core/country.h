/* SPDX-License-Identifier: MIT */
#ifndef CORE_COUNTRY_H
#define CORE_COUNTRY_H

#include <stdbool.h>

#include "base/slice.h"
#include "core/identity.h"

/*
 * ISO 3166-1 alpha-2 in any case; "EL" (Greece) and "UK" as they are written
 * in practice. Writes "DE"; IDENTITY_FAULT_FORMAT when these are not two
 * letters, IDENTITY_FAULT_UNKNOWN when no such country exists.
 */
enum identity_fault country_normalise(struct slice text, char ret_country[3]) MUST_CHECK;
/* Member state of the European Union (1 July 2025), by a canonical code. */
bool country_in_eu(const char *country);

#endif
