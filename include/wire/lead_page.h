/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LEAD_PAGE_H
#define WIRE_LEAD_PAGE_H

#include "app/lead.h"
#include "wire/form_in.h"

/* The lead page's plain form as it arrived, for showing it again; absent = left out or not sound. */
struct lead_form {
	struct slice key;  /* an API key: never shown again */
	struct slice once; /* marks the page the form was sent from; may be anything */
	struct slice amount;
	struct identity company;
};

/* STATUS_INVALID fills ret_errors; *ret_form then holds what was sound. */
enum status lead_page_read(struct slice body, struct arena *arena, struct lead_form *ret_form, struct lead_req *ret_req,
                           struct field_errors *ret_errors) MUST_CHECK;

enum lead_page_key { LEAD_PAGE_KEY_GOOD, LEAD_PAGE_KEY_UNKNOWN, LEAD_PAGE_KEY_WITHOUT_RIGHT };

/* What the page shows below its form: what was decided (res), refused fields (errors), or a word about the key. */
struct lead_page {
	const struct lead_form *form;
	const struct lead_res *res;
	const struct policy *policy;
	const struct field_errors *errors;
	enum lead_page_key key;
	struct slice once; /* marks this page in the form that it holds: LEAD_PAGE_ONCE hexadecimal digits */
	bool running;      /* the form was sent twice and its first time is not through yet */
};

#define LEAD_PAGE_ONCE 32

/* Whether a page of ours was marked so. */
bool lead_page_is_once(struct slice text);

/* The whole page without any script; overflow of out is the caller's to check. */
void lead_page_put(struct buf *out, const struct lead_page *page, enum lang lang);

#endif
