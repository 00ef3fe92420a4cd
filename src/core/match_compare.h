/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_COMPARE_H
#define CORE_MATCH_COMPARE_H

#include "core/match_feature.h"
#include "match_align.h"

/* Fills all features but those against other candidates, of a row of the part the query is bound to. False when the
 * image is broken at this row. */
bool match_compare(const struct match_asked *asked, uint32_t row, struct match_candidate *ret_candidate);

#endif
