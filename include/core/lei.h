/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEI_H
#define CORE_LEI_H

#include "base/maxima.h"
#include "base/slice.h"
#include "core/identity.h"

/* Legal Entity Identifier, ISO 17442: 18 letters and digits and two check
 * digits by ISO 7064 mod 97-10. Blanks and dashes dropped, case raised. */
enum identity_fault lei_normalise(struct slice text, char ret_lei[MAX_LEI + 1]) MUST_CHECK;

#endif
