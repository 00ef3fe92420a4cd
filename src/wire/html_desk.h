/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_HTML_DESK_H
#define SRC_WIRE_HTML_DESK_H

#include "base/buf.h"
#include "core/decision.h"
#include "core/reason.h"

/*
 * A page without scripts that asks on one side and answers on the other, in
 * this order: begin, the inputs, answer, the result, end. All texts and paths
 * are ours.
 */
struct html_desk {
	const char *title, *other; /* as html_out_head() takes them */
	const char *action;        /* where the form is sent to */
	const char *form, *go;     /* its heading and its button */
	const char *home, *back;   /* the page to begin anew on, and the words of its link */
	const char *result;        /* heading */
};

/* "id" names the form, as the page with scripts does. */
void html_desk_begin(struct buf *out, const struct html_desk *desk, const char *id, enum lang lang);
void html_desk_answer(struct buf *out, const struct html_desk *desk);
void html_desk_end(struct buf *out, enum lang lang);

/* Traffic light, gauge (a company that is not matched shows no score), and a list of figures up to summary_end. */
void html_desk_summary(struct buf *out, const struct facts *facts, const struct decision *decision,
                       const struct policy *policy, enum lang lang);
void html_desk_summary_end(struct buf *out);
/* One of them: its label; the caller puts the value before figure_end. */
void html_desk_figure(struct buf *out, const char *label);
void html_desk_figure_end(struct buf *out);

#endif
