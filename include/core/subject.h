/* SPDX-License-Identifier: MIT */
#ifndef CORE_SUBJECT_H
#define CORE_SUBJECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/maxima.h"
#include "base/status.h"
#include "core/identity.h"

/*
 * Whom a provider is asked about: plain bytes without pointers, because a
 * question outlives the request that raised it. "typed" fields are what goes
 * out, the others are canonical and what answers are compared with.
 */
struct subject {
	char typed_name[MAX_NAME + 1];
	char typed_street[MAX_STREET + 1];
	char typed_city[MAX_CITY + 1];
	char country[3];
	char vat_id[MAX_VAT_ID + 1];
	char lei[MAX_LEI + 1];
	char economic_id[MAX_ECONOMIC_ID + 1];
	char postal_code[MAX_POSTAL_CODE + 1];
	struct register_number reg;    /* type REGISTER_NONE = absent */
	char name[MAX_NORMALISED + 1]; /* folded, with its legal form */
	char core[MAX_NORMALISED + 1]; /* without */
	char city[2 * MAX_CITY + 1];   /* folded */
};

/* From a checked identity and its canonical form; a part that does not fit is absent. */
void subject_init(const struct identity *typed, const struct identity_norm *norm, struct subject *ret_subject);

/*
 * As bytes that any build of this program reads, for questions that outlive
 * the process: STATUS_TOO_LARGE when they do not fit (MAX_SUBJECT_PACKED is
 * enough). Reading takes any bytes; STATUS_CORRUPT when they are not what
 * subject_pack() writes.
 */
enum status subject_pack(const struct subject *subject, struct buf *out) MUST_CHECK;
enum status subject_unpack(struct slice bytes, struct subject *ret_subject) MUST_CHECK;

enum subject_verdict {
	SUBJECT_SAME,     /* an identifier agrees and nothing contradicts it */
	SUBJECT_LIKELY,   /* the whole name and the place agree */
	SUBJECT_UNPROVEN, /* neither shown nor contradicted */
	SUBJECT_OTHER     /* an identifier or the name contradicts */
};

const char *subject_verdict_name(enum subject_verdict verdict); /* "same" */

/*
 * Whether an answer that names this company speaks of the one asked about. Fields that
 * are no valid identifiers count as absent. A register number without its
 * court proves nothing alone, but contradicts. The arena is scratch; without
 * room in it the verdict is SUBJECT_UNPROVEN.
 */
enum subject_verdict subject_judge(const struct subject *subject, const struct identity *answered, struct arena *arena);

#endif
