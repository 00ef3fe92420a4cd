/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_COMPLETE_H
#define CORE_MATCH_COMPLETE_H

#include "match_asked.h"

/*
 * Adds to a result what the typed name may become: see enum match_completes.
 * asked is of the same name; it is bound to other parts of its set. The work
 * is bounded however short the text is.
 */
void match_complete(struct match_asked *asked, struct slice typed, struct match_result *result);

#endif
