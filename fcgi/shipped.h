/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SHIPPED_H
#define FCGI_SHIPPED_H

#include "adapter/state_dir.h"
#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * A data file that came with the program, such as "models/de-base.json":
 * beside an installed one or in the source tree it was built in.
 * STATUS_NOT_FOUND: in neither place.
 */
enum status shipped_find(const char *name, char ret_path[STATE_PATH_MAX]) MUST_CHECK;
/* A whole file into the arena. STATUS_NOT_FOUND; STATUS_TOO_LARGE: over max bytes; STATUS_UNAVAILABLE. */
enum status shipped_read(const char *path, size_t max, struct arena *arena, struct slice *ret_text) MUST_CHECK;

#endif
