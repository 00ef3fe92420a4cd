/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_FORM_H
#define CORE_MATCH_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Splits what lost its blank before or behind "gmbh" and "mbh"; returns the new count (<= cap). */
size_t match_form_unglue(struct slice *words, size_t count, size_t cap);
/*
 * Finds the legal form, misspelt or cut too, empties the words that make it
 * and cuts "gesellschaft" off compounds. Returns enum match_form bits.
 */
uint16_t match_form_take(struct slice *words, size_t count);

#endif
