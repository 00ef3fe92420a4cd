/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_JSON_PATH_H
#define SRC_WIRE_JSON_PATH_H

#include <stddef.h>

#include "base/maxima.h"
#include "base/slice.h"

/*
 * The JSON pointer of the element a (broken) JSON text has reached after
 * "position" bytes. The parser tells an offset only; a shop developer wants
 * the field. Never fails: what cannot be followed ends the pointer there.
 */
void json_path_at(struct slice text, size_t position, char ret_pointer[MAX_POINTER + 1]);

#endif
