/* SPDX-License-Identifier: MIT */
#ifndef CORE_REASON_H
#define CORE_REASON_H

#include <stdbool.h>

#include "base/slice.h"

enum lang { LANG_DE, LANG_EN, LANG_COUNT };

/*
 * The closed list of reason codes is in core/reason_list.h, one line each:
 * X(CODE, "internal de", "internal en", "public de", "public en").
 */
enum reason {
	REASON_NONE,
#define X(code, ...) REASON_##code,
#include "core/reason_list.h"
#undef X
	REASON_COUNT
};

const char *reason_code(enum reason reason);                   /* "EQUITY_RATIO_STRONG" */
const char *reason_text(enum reason reason, enum lang lang);   /* for the credit manager */
const char *reason_public(enum reason reason, enum lang lang); /* may be shown to the buyer */
enum reason reason_find(struct slice code);                    /* REASON_NONE if unknown */

#endif
