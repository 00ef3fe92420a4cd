/* SPDX-License-Identifier: MIT */
#ifndef CORE_FACT_TEXT_H
#define CORE_FACT_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "core/facts.h"
#include "core/reason.h"

/* What people call the fact: "Eigenkapitalquote", "equity ratio"; its name where they have no word for it. */
const char *fact_title(enum fact_id id, enum lang lang);
/*
 * A value as people read it, with its unit: "32,04 %" and "32.04%", "45 Tage",
 * "12 years", "1.250 EUR", codes by name. Cut, not rounded.
 */
void fact_show(struct buf *out, enum fact_id id, int64_t value, enum lang lang);

#endif
