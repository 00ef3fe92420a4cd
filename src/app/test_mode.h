/* SPDX-License-Identifier: MIT */
#ifndef SRC_APP_TEST_MODE_H
#define SRC_APP_TEST_MODE_H

#include "gather.h"

/*
 * In test mode the cents of the amount switch the behaviour, so that a shop
 * developer sees every branch with any company (src/data/demo/README.md
 * lists them): .91 unknown, .92 ambiguous, .93 no source answers, .94 a
 * source is too slow and older facts are used, .95 insolvency opened.
 * Never called for a live key.
 */
void test_mode_switch(int64_t amount, int32_t today, struct gathered *gathered);

#endif
