/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_MATCH_BUILD_H
#define ADAPTER_MATCH_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "core/match_image.h"
#include "core/register_number.h"

/*
 * Builds the match index of a register: companies are added one by one, then
 * the file is written beside its final name and renamed over it, so that a
 * reader sees the old index or the new one and never half of either.
 */
struct match_build;

#define MATCH_BUILD_NAMES 64 /* names of one company: the current one and earlier ones */

struct match_build_record {
	struct slice id;    /* what a hit reports; unique */
	struct slice court; /* code, "" when not in a register */
	enum register_type type;
	uint32_t number;
	struct slice suffix;
	struct slice vat_id;
	struct slice lei;
	struct slice street;
	struct slice postal_code;
	struct slice city;
	bool removed;
	bool address_guessed;      /* made up to find the company by; not kept in the index */
	const struct slice *names; /* the current name first */
	size_t name_count;
};

/* Called now and then while the file is written: done of total steps. */
struct match_build_progress {
	void (*report)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/* STATUS_NO_MEMORY. */
enum status match_build_create(struct match_build **ret_build) MUST_CHECK;
/*
 * Copies what it keeps; a company added again replaces what was added under
 * its id. STATUS_INVALID: no id or no name; STATUS_TOO_LARGE: more than an
 * index can hold.
 */
enum status match_build_add(struct match_build *build, const struct match_build_record *record) MUST_CHECK;
/*
 * STATUS_UNAVAILABLE: the file cannot be written (errno says why);
 * STATUS_FULL: no room on the disk; STATUS_RUNNING: another build of this
 * file has not ended.
 */
enum status match_build_write(struct match_build *build, const char *path,
                              struct match_build_progress progress) MUST_CHECK;
/*
 * The same as an update of an index: what was added is searched beside base,
 * companies of base with an id that was added, or stands in "gone", are
 * hidden. The update belongs to this very base.
 */
struct match_build_update {
	const struct match_image *base;
	const struct slice *gone; /* ids removed from the register */
	size_t gone_count;
};

enum status match_build_write_update(struct match_build *build, const struct match_build_update *update,
                                     const char *path, struct match_build_progress progress) MUST_CHECK;
void match_build_destroy(struct match_build *build);

#endif
