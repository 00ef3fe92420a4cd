/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_IMPORT_VALUE_H
#define SRC_WIRE_IMPORT_VALUE_H

#include "wire/import_in.h"

/* Marks the fault; column may be absent. Returns STATUS_INVALID for the caller to pass on. */
enum status import_refuse(struct import_fault *fault, struct slice column, const char *why) MUST_CHECK;

/* "2026-11-21" or "-400d" counted from today. */
bool import_date(struct slice text, int32_t today, int32_t *ret_day);

/* A fact's value as written in a file, by the fact's unit. NULL, or a static text why not. */
const char *import_fact_value(enum fact_id id, struct slice text, int32_t today, int64_t *ret_value);

/* "Düsseldorf HRB 12345", a VAT id or an LEI into the identity's fields; slices stay the text's. */
bool import_reference(struct slice text, struct arena *arena, struct identity *ret_company);

/* "B1204_HRB260632" into court, type and number. */
bool import_register_id(struct slice text, struct identity *ret_company);

/* Adds one fact; false when the row has no room left. */
bool import_add(struct import_row *row, enum fact_id id, int64_t value, int32_t as_of);

#endif
