/* SPDX-License-Identifier: MIT */
#ifndef CORE_RECOMMENDATION_H
#define CORE_RECOMMENDATION_H

#include "core/reason.h"

/* What the shop should do with the customer (DESIGN section 8). */
enum recommendation { RECOMMEND_SECURE, RECOMMEND_OBSERVE, RECOMMEND_RELEASE };

const char *recommendation_name(enum recommendation recommendation); /* "release" */
/*
 * Codes of the actions, NULL-terminated:
 *   release  approve_customer, offer_invoice, normal_terms, apply_limit
 *   observe  reduce_limit, ask_deposit, review_manually, watch_closely
 *   secure   recommend_prepayment, no_invoice_delivery, no_or_small_limit, release_manually
 */
const char *const *recommendation_actions(enum recommendation recommendation);
const char *recommendation_text(enum recommendation recommendation, enum lang lang);

#endif
