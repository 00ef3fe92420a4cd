/* SPDX-License-Identifier: MIT */
#ifndef MATCH_FILE_H
#define MATCH_FILE_H

#include <stdio.h>

#include "base/status.h"
#include "core/match_image.h"

/* Writes an image section by section; a failure is remembered until the end. */
struct match_file {
	FILE *stream;
	char *temp; /* path while it is incomplete */
	uint64_t at;
	uint64_t place[MATCH_SECTION_COUNT][2];
	uint64_t base;       /* revision an update belongs to, 0 = a whole index */
	uint32_t population; /* rows that word counts refer to */
	int error;           /* errno of the first failure */
};

enum status match_file_open(struct match_file *file, const char *path) MUST_CHECK;
/* Sections are written one after another, in any order; those left out are empty. */
void match_file_begin(struct match_file *file, enum match_section section);
void match_file_put(struct match_file *file, const void *bytes, size_t len);
void match_file_put_u32(struct match_file *file, uint32_t value);
void match_file_end(struct match_file *file, enum match_section section);
/* Pairs for an inverted list; about "load" of them share a place of the table. */
struct match_pairs {
	const uint32_t *hashes;
	const uint32_t *values;
	size_t count;
	size_t load;
};

/*
 * Writes an inverted list: a table of places, one for each hash modulo a
 * power of two, and in the section behind it the values in that order.
 * STATUS_NO_MEMORY.
 */
enum status match_file_lists(struct match_file *file, enum match_section table, struct match_pairs pairs) MUST_CHECK;
/* Header and sum, fsync, rename to path. */
enum status match_file_publish(struct match_file *file, const char *path) MUST_CHECK;
/* Removes what match_file_publish() did not publish. */
void match_file_close(struct match_file *file);

#endif
