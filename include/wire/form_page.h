/* SPDX-License-Identifier: MIT */
#ifndef WIRE_FORM_PAGE_H
#define WIRE_FORM_PAGE_H

#include "app/lead.h"
#include "wire/form_in.h"

/* A public lead form as it arrived from somebody's page; raw texts, so that it can be shown again. */
struct public_form {
	struct identity company;
	struct slice amount;
	struct slice token; /* fcgi/form_token.h */
	struct slice trap;  /* "website": people do not see it and leave it empty */
	struct slice lang;
};

/* STATUS_INVALID fills ret_errors; *ret_form then holds what was sound. */
enum status form_page_read(struct slice body, struct arena *arena, struct public_form *ret_form,
                           struct lead_req *ret_req, struct field_errors *ret_errors) MUST_CHECK;

/*
 * The page a visitor gets when his post cannot be taken as it is: refused
 * fields, or no token (a page without a script), so that he looks once more
 * and sends it from here. It tells nothing about any company.
 */
struct form_page {
	const struct public_form *form;
	const struct field_errors *errors; /* NULL: to be confirmed only */
	struct slice action;
	struct slice token;
};

void form_page_put(struct buf *out, const struct form_page *page, enum lang lang);

#endif
