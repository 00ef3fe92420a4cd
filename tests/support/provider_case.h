/* SPDX-License-Identifier: MIT */
#ifndef PROVIDER_CASE_H
#define PROVIDER_CASE_H

#include "port/provider.h"

/*
 * Runs every folder of tests/cases/provider/ADAPTER/. A case.json says who is
 * "asked" for (absent: Schmidt Industrie GmbH), at which "step" with which
 * "ref", and then
 *   "asks": the exchange made from it: {"method", "url", "body", "repeatable", "free"}, or {"why"} when there is none
 *   "code", "reply": what is answered: a file of tests/providers with the values in "set" (by
 *       JSON pointer) put in; without "reply" the bytes of the file "reply" beside it
 *   "expect": {"outcome", "detail", "verdict", "as_of", "reference", "turn", "next_step",
 *       "next_ref", "wait_s"}, "facts": all that there are, each a value or [value, day], and
 *       "fields": the fault of each named one, null for none
 */
void provider_case_run(const char *adapter, struct provider_codec codec);

#endif
