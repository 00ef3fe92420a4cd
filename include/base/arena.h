/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/slice.h"

/*
 * Bump allocation from one block whose size is fixed at birth. Nothing is
 * freed alone; arena_reset() takes everything back at once. Not shared
 * between threads.
 */
struct arena {
	char *base;
	size_t cap;
	size_t used;
	size_t peak; /* highest "used" ever seen */
};

/* Borrows mem for the arena's life; mem is aligned for any type. */
void arena_init(struct arena *arena, void *mem, size_t cap);
void arena_reset(struct arena *arena);
/* Zeroed memory aligned for any type, NULL when the block is exhausted. */
void *arena_alloc(struct arena *arena, size_t size);
/* The same without the zeroing: bytes that are written before they are read. */
void *arena_bytes(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);
/* Gives back all that was taken since arena->used had this value. */
void arena_rewind(struct arena *arena, size_t used);
/* Copies with a NUL behind it; the absent slice on exhaustion. */
struct slice arena_copy(struct arena *arena, struct slice s);

#endif
