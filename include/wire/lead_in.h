/* SPDX-License-Identifier: MIT */
#ifndef WIRE_LEAD_IN_H
#define WIRE_LEAD_IN_H

#include "app/lead.h"
#include "wire/problem.h"

struct lead_entry {
	struct lead_req req;
	struct field_errors *errors; /* in the arena; NULL: sound so far. Pointers are relative to the entry */
};

struct lead_list {
	bool single; /* one company, not a list */
	size_t count;
	struct lead_entry entries[MAX_LEADS];
};

/*
 * The body of POST /v1/leads: {"company": {...}, "expected_amount": 125000}
 * or {"leads": [such an object, ...]}, at most MAX_LEADS of them. An entry
 * that breaks the table keeps its errors and the others go on.
 * STATUS_INVALID with ret_errors: the whole cannot be read.
 */
enum status lead_in_json(struct slice body, struct arena *arena, struct lead_list *ret_list,
                         struct field_errors *ret_errors) MUST_CHECK;
/* The same as one company's form fields: name, street, postal_code, ..., amount as people write it. */
enum status lead_in_form(struct slice body, struct arena *arena, struct lead_list *ret_list,
                         struct field_errors *ret_errors) MUST_CHECK;

/* The request a form's texts make; an amount left out is 0. STATUS_INVALID adds to ret_errors. */
enum status lead_in_texts(const struct identity *company, struct slice amount, struct lead_req *ret_req,
                          struct field_errors *ret_errors) MUST_CHECK;

/* What identity_normalise() refused, as pointers of an entry: "/company/vat_id". */
void lead_in_explain(const struct identity_error *found, size_t count, struct field_errors *ret_errors);

#endif
