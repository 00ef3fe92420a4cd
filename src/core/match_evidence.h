/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_EVIDENCE_H
#define CORE_MATCH_EVIDENCE_H

#include "core/match_feature.h"

/* What the features of a candidate say about each field: enum match_evidence by enum match_field. */
void match_evidence_of(const int16_t *f, uint8_t *ret_evidence);

#endif
