/* SPDX-License-Identifier: MIT */
#ifndef SRC_CORE_OUTAGE_H
#define SRC_CORE_OUTAGE_H

#include "ruling.h"

/* Whether nobody was found and no source has spoken: nothing is known, for or against the company. */
bool outage_is_blind(const struct decision_input *in);
/* Fills decision->outage: whose order it is, and which required sources are missing. natural_person is set. */
void outage_note(const struct decision_input *in, const struct ruling *ruling, struct decision *decision);

#endif
