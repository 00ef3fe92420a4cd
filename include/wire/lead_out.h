/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LEAD_OUT_H
#define WIRE_LEAD_OUT_H

#include "app/lead.h"
#include "base/json_out.h"
#include "wire/lead_in.h"

/*
 * The answer of POST /v1/leads, entry by entry:
 * {"livemode", "leads": [{"index", ...}, ...], "refused": [{"index", "errors": [...]}, ...], "counts": {...}}
 * The two lists keep the order of the call; "index" counts from 0.
 */
struct lead_out {
	struct json_out json;
	enum lang lang;
	size_t judged;
	size_t refused;
};

/* No more room than this is needed for one lead, for one that was refused, and for the end. */
#define LEAD_OUT_ENTRY   2304
#define LEAD_OUT_REFUSED 768
#define LEAD_OUT_END     256
_Static_assert(LEAD_OUT_REFUSED <= LEAD_OUT_ENTRY && MAX_LEADS * LEAD_OUT_ENTRY + LEAD_OUT_END <= MAX_ANSWER,
               "every lead of a call is answered");

void lead_out_begin(struct lead_out *out, struct buf *buf, const struct caller *caller, enum lang lang);
void lead_out_lead(struct lead_out *out, size_t index, const struct lead_res *res);
/* One that was answered before: the bytes that lead_out_lead() wrote, without a comma before them. */
void lead_out_again(struct lead_out *out, struct slice lead);
/* After the last lead; list tells who was refused. */
void lead_out_end(struct lead_out *out, const struct lead_list *list);

#endif
