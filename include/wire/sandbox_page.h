/* SPDX-License-Identifier: MIT */
#ifndef WIRE_SANDBOX_PAGE_H
#define WIRE_SANDBOX_PAGE_H

#include "app/checkout.h"
#include "wire/form_in.h"

/* The sandbox's plain form as it arrived, for showing it again; absent = left out or not sound. */
struct sandbox_form {
	struct slice name;
	struct slice postal_code;
	struct slice city;
	struct slice country;
	struct slice vat_id;
	struct slice amount;
	struct slice green_from;
	struct slice yellow_from;
};

/* What it asks for. The thresholds hold the policy's own before it is read. */
struct sandbox_ask {
	struct checkout_req req;
	int32_t green_from;
	int32_t yellow_from;
};

/* STATUS_INVALID fills ret_errors; *ret_form then holds what was sound. */
enum status sandbox_page_read(struct slice body, struct arena *arena, struct sandbox_form *ret_form,
                              struct sandbox_ask *ret_ask, struct field_errors *ret_errors) MUST_CHECK;

/* What the page shows below its form: a decision (res), refused fields (errors), or a word alone (limited). */
struct sandbox_page {
	const struct sandbox_form *form;
	const struct checkout_res *res;
	const struct policy *policy;
	const struct field_errors *errors;
	bool limited; /* too many calls */
};

/* The whole page without any script; overflow of out is the caller's to check. */
void sandbox_page_put(struct buf *out, const struct sandbox_page *page, enum lang lang);

#endif
