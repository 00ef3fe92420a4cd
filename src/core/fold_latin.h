/* SPDX-License-Identifier: MIT */
#ifndef CORE_FOLD_LATIN_H
#define CORE_FOLD_LATIN_H

#define FOLD_LATIN_FIRST 0x80
#define FOLD_LATIN_LAST  0x17F

/* What U+0080 to U+017F fold to: the letters of nearly every European name. */
extern const char fold_latin[FOLD_LATIN_LAST - FOLD_LATIN_FIRST + 1][4];

#endif
