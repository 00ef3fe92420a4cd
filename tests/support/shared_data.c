/* SPDX-License-Identifier: MIT */
#include "shared_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

static struct slice unpack(FILE *in)
{
	static char packed[1 << 16];
	size_t cap = 1 << 20, got;
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_outBuffer out = {malloc(cap), cap, 0};

	cr_assert(stream && out.dst);
	while ((got = fread(packed, 1, sizeof(packed), in)) > 0) {
		ZSTD_inBuffer piece = {packed, got, 0};
		while (piece.pos < piece.size) {
			if (out.pos == out.size) {
				out.size *= 2;
				out.dst = realloc(out.dst, out.size);
				cr_assert_not_null(out.dst);
			}
			cr_assert_not(ZSTD_isError(ZSTD_decompressStream(stream, &out, &piece)));
		}
	}
	ZSTD_freeDStream(stream);
	return (struct slice){out.dst, out.pos};
}

struct slice shared_data_read(const char *path)
{
	const char *root = getenv("BONIGATE_SHARED");
	char name[512];

	snprintf(name, sizeof(name), "%s/data/%s", root ? root : "../shared", path);
	FILE *in = fopen(name, "rb");
	if (!in)
		return SLICE_NONE;
	struct slice text = unpack(in);
	fclose(in);
	return text;
}
