/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_FOLD_H
#define CORE_MATCH_FOLD_H

#include <stddef.h>

#include "base/slice.h"
#include "core/fold.h"

/*
 * core/fold.h for texts of any length and any bytes: the rest of a long one is
 * not read, ill-formed bytes are taken for Latin-1. out has FOLD_MAX_OUTPUT bytes.
 */
size_t match_fold(struct slice raw, char *out);
/* Cuts at blanks and where letters meet digits; leading zeros of a number go. */
size_t match_cut(const char *text, size_t len, struct slice *words, size_t cap);

#endif
