/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_COMPANY_FIELDS_H
#define SRC_WIRE_COMPANY_FIELDS_H

#include "core/identity.h"
#include "fields.h"

#define COMPANY_FIELD_COUNT 10

/*
 * What may stand in the member "company" of any request: the one table for
 * the checkout and for leads. The struct it is read into begins with its
 * struct identity. Only members of struct identity belong here.
 */
extern const struct field company_fields[COMPANY_FIELD_COUNT];

#define COMPANY_FIELD                                                                                            \
	{                                                                                                        \
		.name = SLICE_LIT("company"), .kind = FIELD_OBJECT, .required = true, .offset = FIELD_NO_OFFSET, \
		.children = company_fields, .child_count = COMPANY_FIELD_COUNT                                   \
	}

/* Whether anything says which company is meant: a name or an identifier. */
bool company_fields_identify(const struct identity *company);
/* What identity_normalise() refused, by the member it stands in: "/company/vat_id". */
void company_fields_explain(const struct identity_error *found, size_t count, struct field_errors *errors);

#endif
