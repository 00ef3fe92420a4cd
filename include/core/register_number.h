/* SPDX-License-Identifier: MIT */
#ifndef CORE_REGISTER_NUMBER_H
#define CORE_REGISTER_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

/* German registers (Handels-, Genossenschafts-, Partnerschafts-, Vereins-, Gesellschaftsregister). */
enum register_type {
	REGISTER_NONE,
	REGISTER_HRA,
	REGISTER_HRB,
	REGISTER_GNR,
	REGISTER_PR,
	REGISTER_VR,
	REGISTER_GSR,
	REGISTER_TYPE_COUNT
};

/* A number is unique only together with its court. */
struct register_number {
	enum register_type type;
	uint16_t court;  /* index of court.h, COURT_NONE = 0 */
	uint32_t number; /* 1..999999 */
	char suffix[4];  /* up to three capitals ("HU"; "MÖ" is "MOE"), "" = none */
};

/*
 * Reads "HRB 12345", "HRB12345 B", "12345 HRB", "Amtsgericht Köln, HRB 1",
 * "DEK1101R.HRB116737" (an EUID) and "P3313_P3302_HRB100". *ret_number is
 * input too: a court or type set there must not be contradicted by the text,
 * and a type set there makes a bare "12345 HU" enough; otherwise they are
 * REGISTER_NONE and COURT_NONE. Berlin's "B" and Bremen's "HB" are dropped once
 * the court is known. STATUS_INVALID when it is none of these.
 */
enum status register_number_parse(struct slice text, struct register_number *ret_number) MUST_CHECK;
enum register_type register_type_parse(struct slice text); /* "HRB", "GenR" = GnR; REGISTER_NONE if unknown */
const char *register_type_name(enum register_type type);   /* "HRB" */
bool register_number_eq(const struct register_number *a, const struct register_number *b);
/* "HRB 12345 HU", without the court. */
void register_number_put(struct buf *buf, const struct register_number *number);

#endif
