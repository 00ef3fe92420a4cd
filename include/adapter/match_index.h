/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_MATCH_INDEX_H
#define ADAPTER_MATCH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "core/match.h"

/*
 * A match index file, mapped and shared by all processes that serve from it,
 * and the update beside it (its name and ".update") if there is one that
 * belongs to it. Both are checked whole before they are used. Files are
 * replaced by renaming; a replaced one is noticed within a second and loaded
 * beside the searches that go on; one that is broken or of another version
 * is left alone and the old one stays in use. All functions but open and
 * close may be called from any thread.
 */
struct match_index;

#define MATCH_INDEX_UPDATE ".update"

/*
 * STATUS_NOT_FOUND: no such file; STATUS_UNAVAILABLE: it cannot be read
 * (errno says why); STATUS_CORRUPT: no index, or one that was cut or changed;
 * STATUS_MISMATCH: written by another version.
 */
enum status match_index_open(const char *path, struct match_index **ret_index) MUST_CHECK;
void match_index_close(struct match_index *index); /* nothing may be held; NULL is fine */

/* What to search just now; stays as it is until it is released. Looks for a replaced file now and then. */
const struct match_set *match_index_hold(struct match_index *index);
void match_index_release(struct match_index *index, const struct match_set *set);

/*
 * Looks for a replaced file at once and waits until it is in use. Statuses as
 * match_index_open(): what was in use stays in use.
 */
enum status match_index_refresh(struct match_index *index) MUST_CHECK;
/* The last look at a replaced file; STATUS_OK when there was none. */
enum status match_index_state(struct match_index *index);

#endif
