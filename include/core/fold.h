/* SPDX-License-Identifier: MIT */
#ifndef CORE_FOLD_H
#define CORE_FOLD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Folding makes two writings of one name equal bytes: Unicode NFKC (UAX #15)
 * and case folding; ä, ö, ü to ae, oe, ue, ß to ss (DIN 5007-2), other
 * accents dropped; "&", "+", "u." to "und"; "Str.", "-str.", "Straße" to
 * "strasse"; punctuation and control characters to one blank; zero-width and
 * bidirectional control characters removed. The result is lower case, has
 * single blanks and none at its ends. fold(fold(x)) = fold(x).
 */
enum fold_kind {
	FOLD_NAME,  /* company, place and other names */
	FOLD_STREET /* a street with its number: "Hauptstr.12 a" = "hauptstrasse 12a" */
};

#define FOLD_MAX_INPUT  1024                 /* bytes of UTF-8 */
#define FOLD_MAX_OUTPUT (2 * FOLD_MAX_INPUT) /* without a NUL */

/*
 * Writes to ret_text (at least FOLD_MAX_OUTPUT bytes; not terminated).
 * STATUS_INVALID when text is not UTF-8, STATUS_TOO_LARGE when it or its
 * result exceeds the maximum. An absent or blank text folds to length 0.
 */
enum status fold_write(struct slice text, enum fold_kind kind, char *ret_text, size_t *ret_len) MUST_CHECK;
/* The same into arena, NUL behind it; STATUS_NO_MEMORY when it is exhausted. */
enum status fold_text(struct slice text, enum fold_kind kind, struct arena *arena, struct slice *ret_folded) MUST_CHECK;
/* folded without its blanks, for comparing across lost or added blanks. */
enum status fold_compact(struct slice folded, struct arena *arena, struct slice *ret_compact) MUST_CHECK;
/* A C0 or C1 control character or DEL in well-formed or ill-formed UTF-8. */
bool fold_has_control(struct slice text);

#endif
