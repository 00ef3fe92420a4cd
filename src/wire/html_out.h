/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_HTML_OUT_H
#define SRC_WIRE_HTML_OUT_H

#include "base/buf.h"
#include "core/decision.h"
#include "core/reason.h"

/*
 * Pieces of a page in the look of nginx/html/sandbox/. Markup comes from
 * here only; every text from outside goes through html_out_text(), which is
 * sound between tags and inside a double-quoted attribute alike.
 */
void html_out_text(struct buf *out, struct slice text);
/* <html> to the opening <main>; "other" is where the page's other language is, a path of ours. */
void html_out_head(struct buf *out, const char *title, const char *other, enum lang lang);
void html_out_foot(struct buf *out, enum lang lang);
/* "50.000,00 €" or "€50,000.00"; another currency by its code. */
void html_out_money(struct buf *out, int64_t minor, struct currency currency, enum lang lang);
/* The traffic light: shape, words and why; never colour alone (WCAG 1.4.1). */
void html_out_light(struct buf *out, const struct decision *decision, enum lang lang);
/* A half circle in the policy's zones with a needle at the score. */
void html_out_gauge(struct buf *out, int32_t score, const struct policy *policy, enum lang lang);
void html_out_methods(struct buf *out, const struct decision *decision, enum lang lang);
void html_out_effects(struct buf *out, const struct decision *decision, enum lang lang);

#endif
