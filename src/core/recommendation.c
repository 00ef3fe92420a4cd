/* SPDX-License-Identifier: MIT */
#include "core/recommendation.h"

#include <stddef.h>

/* Wording of the product brochure (DESIGN section 8). */
static const struct {
	const char *name;
	const char *actions[5];
	const char *text[LANG_COUNT];
} RECOMMENDATIONS[] = {
        [RECOMMEND_SECURE] =
                {"secure",
                 {"recommend_prepayment", "no_invoice_delivery", "no_or_small_limit", "release_manually", NULL},
                 {[LANG_DE] = "Absichern: Vorkasse empfehlen, keine Lieferung auf Rechnung, kein oder nur ein kleines "
                              "Kreditlimit, Freigabe nur von Hand.",
                  [LANG_EN] = "Secure: recommend prepayment, no delivery on invoice, no or only a small credit limit, "
                              "release by hand only."}},
        [RECOMMEND_OBSERVE] =
                {"observe",
                 {"reduce_limit", "ask_deposit", "review_manually", "watch_closely", NULL},
                 {[LANG_DE] = "Beobachten: Kreditlimit reduzieren, Anzahlung verlangen, manuelle Prüfung einleiten, "
                              "Kunden enger überwachen.",
                  [LANG_EN] = "Observe: reduce the credit limit, ask for a deposit, start a manual review, watch the "
                              "customer more closely."}},
        [RECOMMEND_RELEASE] =
                {"release",
                 {"approve_customer", "offer_invoice", "normal_terms", "apply_limit", NULL},
                 {[LANG_DE] = "Freigeben: Kunde freigegeben, Kauf auf Rechnung möglich, normales Zahlungsziel, "
                              "empfohlenes Kreditlimit übernehmen.",
                  [LANG_EN] = "Release: customer approved, purchase on invoice possible, normal payment term, apply "
                              "the recommended credit limit."}},
};

/* Values outside the enum come from broken callers only; they must not read beyond the table. */
static size_t row_of(enum recommendation recommendation)
{
	return (unsigned)recommendation <= RECOMMEND_RELEASE ? (size_t)recommendation : RECOMMEND_SECURE;
}

const char *recommendation_name(enum recommendation recommendation)
{
	return RECOMMENDATIONS[row_of(recommendation)].name;
}

const char *const *recommendation_actions(enum recommendation recommendation)
{
	return RECOMMENDATIONS[row_of(recommendation)].actions;
}

const char *recommendation_text(enum recommendation recommendation, enum lang lang)
{
	return RECOMMENDATIONS[row_of(recommendation)].text[(unsigned)lang < LANG_COUNT ? lang : LANG_EN];
}
