/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEGAL_FORM_TYPO_H
#define CORE_LEGAL_FORM_TYPO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/*
 * A misspelt "[mit] beschraenkter haftung" whose last word begins at text[at]:
 * registers hold hundreds of ways to write it ("mti bechränkter Haftugn").
 */
bool form_typo_find(struct slice text, size_t at, size_t *ret_start, size_t *ret_end);

#endif
