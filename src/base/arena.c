/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#define ALIGN alignof(max_align_t)

void arena_init(struct arena *arena, void *mem, size_t cap)
{
	*arena = (struct arena){.base = mem, .cap = cap};
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
}

void arena_rewind(struct arena *arena, size_t used)
{
	arena->used = used;
}

void *arena_bytes(struct arena *arena, size_t size)
{
	size_t start = (arena->used + ALIGN - 1) / ALIGN * ALIGN;

	if (start > arena->cap || size > arena->cap - start)
		return NULL;
	arena->used = start + size;
	if (arena->used > arena->peak)
		arena->peak = arena->used;
	return arena->base + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *mem = arena_bytes(arena, size);

	return mem ? memset(mem, 0, size) : NULL;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(arena, total);
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
	char *copy = s.len == SIZE_MAX ? NULL : arena_bytes(arena, s.len + 1);

	if (!copy)
		return SLICE_NONE;
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return (struct slice){copy, s.len};
}
