/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_PERSON_NAME_H
#define SRC_WIRE_PERSON_NAME_H

#include <stdbool.h>

#include "core/subject.h"

/* A company's name taken apart as that of its owner: slices of what was typed, absent where there is no such part. */
struct person_name {
	struct slice title, first, last;
	struct slice form; /* "e.K." */
};

/*
 * "Dr. Anna Weber", "Hans Müller e.K."; false for a form that is no natural
 * person's, and for what is no first and last name.
 */
bool person_name_read(const struct subject *subject, struct person_name *ret_person);

#endif
