/* SPDX-License-Identifier: MIT */
#ifndef CORE_COURT_H
#define CORE_COURT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * German register courts: a compiled-in table of names, aliases and XJustiz
 * codes. Index 0 is "none"; an index is stable within one build only, the
 * code is stable for good.
 */
#define COURT_NONE 0

/*
 * By name, alias ("Berlin", "Amtsgericht Frankfurt/Main") or XJustiz code
 * ("F1103", "F1103R"); case, umlauts and punctuation fold. COURT_NONE if unknown.
 *
 * A register that a court took over from another keeps that court's numbers,
 * which the court itself gave to others too; it is a court of its own here:
 * "Oldenburg, früher Vechta", "P3210_P3212", and just "Vechta".
 */
uint16_t court_find(struct slice text);
const char *court_name(uint16_t court); /* "Charlottenburg (Berlin)"; "" for COURT_NONE */
const char *court_code(uint16_t court); /* canonical key part, never empty for a known court */
/* Nothing, or only words that announce a court: "Registergericht:", "eingetragen beim". */
bool court_is_announcement(struct slice text);

#endif
