/* SPDX-License-Identifier: MIT */
#ifndef CLI_REGISTER_FEED_H
#define CLI_REGISTER_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "adapter/match_build.h"

/*
 * Reads a register file for the index builder: OffeneRegister JSONL, a table
 * (register TSV, or CSV with any of id, name, street, postal_code, city,
 * status, previous_names, register_court, register_type, register_number,
 * vat_id, lei), or an SQLite register. Packed files are unpacked.
 */
struct register_feed {
	const char *command; /* for messages */
	const char *label;   /* of the progress bar */
	/* False ends the reading. "removed": the company left the register. */
	bool (*company)(void *ctx, const struct match_build_record *record);
	void *ctx;
	uint64_t taken;
	uint64_t refused;
};

/* False with a message on standard error when the file as a whole cannot be read, or company() ended it. */
bool register_feed_read(struct register_feed *feed, const char *path);

/* "B1204_HRB260632HL": court, type, number, suffix; borrowed from id. False when the id is of another kind. */
bool register_feed_split_id(struct slice id, struct match_build_record *record);

#endif
