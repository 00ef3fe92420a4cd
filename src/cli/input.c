/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define PIECE 65536

enum packing { PACKING_UNKNOWN, PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct input {
	int fd;
	enum packing packing;
	bool ended;
	bool frame_open; /* inside a compressed frame: an end here cuts it short */
	uint64_t taken;
	uint64_t size;
	const char *error;
	z_stream gzip;
	ZSTD_DStream *zstd;
	size_t at;  /* first unused byte of piece */
	size_t len; /* bytes in piece */
	unsigned char piece[PIECE];
};

/* More packed bytes into the piece. False when reading failed. */
static bool refill(struct input *input)
{
	if (input->at > 0) {
		memmove(input->piece, input->piece + input->at, input->len - input->at);
		input->len -= input->at;
		input->at = 0;
	}
	if (input->len == PIECE) {
		input->error = "damaged compressed data";
		return false;
	}
	ssize_t got;
	do {
		got = read(input->fd, input->piece + input->len, PIECE - input->len);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		input->error = "reading failed";
		return false;
	}
	input->ended = got == 0;
	input->len += (size_t)got;
	input->taken += (uint64_t)got;
	return true;
}

static bool detect(struct input *input)
{
	static const unsigned char zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};

	while (input->len < sizeof(zstd_magic) && !input->ended)
		if (!refill(input))
			return false;
	input->packing = PACKING_NONE;
	if (input->len >= 2 && input->piece[0] == 0x1f && input->piece[1] == 0x8b) {
		if (inflateInit2(&input->gzip, 16 + MAX_WBITS) != Z_OK) {
			input->error = "out of memory";
			return false;
		}
		input->packing = PACKING_GZIP;
	} else if (input->len >= sizeof(zstd_magic) && memcmp(input->piece, zstd_magic, sizeof(zstd_magic)) == 0) {
		input->zstd = ZSTD_createDStream();
		if (!input->zstd) {
			input->error = "out of memory";
			return false;
		}
		input->packing = PACKING_ZSTD;
	}
	return true;
}

static long take_plain(struct input *input, void *mem, size_t cap)
{
	size_t n = input->len - input->at < cap ? input->len - input->at : cap;

	memcpy(mem, input->piece + input->at, n);
	input->at += n;
	return (long)n;
}

static long take_gzip(struct input *input, void *mem, size_t cap)
{
	z_stream *gzip = &input->gzip;

	gzip->next_in = input->piece + input->at;
	gzip->avail_in = (uInt)(input->len - input->at);
	gzip->next_out = mem;
	gzip->avail_out = (uInt)(cap < PIECE ? cap : PIECE);
	uInt room = gzip->avail_out;
	int result = inflate(gzip, Z_NO_FLUSH);
	input->at = input->len - gzip->avail_in;
	input->frame_open = result != Z_STREAM_END;
	if (result == Z_STREAM_END)
		result = inflateReset(gzip); /* another member may follow */
	if (result != Z_OK && result != Z_BUF_ERROR) {
		input->error = "damaged gzip data";
		return -1;
	}
	return (long)(room - gzip->avail_out);
}

static long take_zstd(struct input *input, void *mem, size_t cap)
{
	ZSTD_inBuffer in = {input->piece, input->len, input->at};
	ZSTD_outBuffer out = {mem, cap, 0};
	size_t result = ZSTD_decompressStream(input->zstd, &out, &in);

	input->at = in.pos;
	if (ZSTD_isError(result)) {
		input->error = "damaged Zstandard data";
		return -1;
	}
	input->frame_open = result != 0;
	return (long)out.pos;
}

static long take(struct input *input, void *mem, size_t cap)
{
	switch (input->packing) {
	case PACKING_GZIP:
		return take_gzip(input, mem, cap);
	case PACKING_ZSTD:
		return take_zstd(input, mem, cap);
	case PACKING_UNKNOWN:
	case PACKING_NONE:
		break;
	}
	return take_plain(input, mem, cap);
}

static long input_read(void *ctx, void *mem, size_t cap)
{
	struct input *input = ctx;

	if (input->packing == PACKING_UNKNOWN && !detect(input))
		return -1;
	for (;;) {
		long got = 0;
		if (input->at < input->len || input->frame_open)
			got = take(input, mem, cap);
		if (got != 0)
			return got;
		if (input->ended) {
			if (input->frame_open)
				input->error = "the compressed data ends too early";
			return input->frame_open ? -1 : 0;
		}
		if (!refill(input))
			return -1;
	}
}

struct input *input_open(const char *path)
{
	struct stat info;
	struct input *input = calloc(1, sizeof(*input));

	if (!input)
		return NULL;
	input->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0 || fstat(input->fd, &info) != 0) {
		int why = errno;
		input_close(input);
		errno = why;
		return NULL;
	}
	if (S_ISREG(info.st_mode))
		input->size = (uint64_t)info.st_size;
	return input;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->packing == PACKING_GZIP)
		inflateEnd(&input->gzip);
	ZSTD_freeDStream(input->zstd);
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	free(input);
}

struct csv_source input_source(struct input *input)
{
	return (struct csv_source){input_read, input};
}

uint64_t input_taken(const struct input *input)
{
	return input->taken;
}

uint64_t input_size(const struct input *input)
{
	return input->size;
}

const char *input_error(const struct input *input)
{
	return input->error;
}
