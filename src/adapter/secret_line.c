/* SPDX-License-Identifier: MIT */
#include "adapter/secret_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/maxima.h"
#include "base/slice.h"

#define OTHERS (S_IRWXG | S_IRWXO)

static enum status make_line(struct slice text, const struct secret_source *source, char *ret_line, size_t cap)
{
	int len;

	while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		text.len--;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < ' ' || text.ptr[i] > '~')
			return STATUS_INVALID;
	}
	if (!text.len)
		return STATUS_INVALID;
	len = snprintf(ret_line, cap, "%s: %s%.*s", source->header, source->prefix, (int)text.len, text.ptr);
	return len > 0 && (size_t)len < cap ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status read_file(int file, char *text, size_t cap, size_t *ret_len)
{
	struct stat info;
	size_t len = 0;

	if (fstat(file, &info) != 0)
		return STATUS_UNAVAILABLE;
	if (info.st_mode & OTHERS)
		return STATUS_FORBIDDEN;
	for (;;) {
		ssize_t got = read(file, text + len, cap - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_UNAVAILABLE;
		if (got == 0)
			break;
		len += (size_t)got;
		if (len == cap)
			return STATUS_TOO_LARGE;
	}
	*ret_len = len;
	return STATUS_OK;
}

enum status secret_line_read(const struct secret_source *source, char *ret_line, size_t cap)
{
	char text[MAX_SECRET + 2];
	size_t len = 0;
	enum status status;
	int file;

	if (!*source->file) {
		const char *value = getenv(source->env);

		return value ? make_line(slice_cstr(value), source, ret_line, cap) : STATUS_NOT_FOUND;
	}
	file = open(source->file, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_FORBIDDEN;
	status = read_file(file, text, sizeof(text), &len);
	close(file);
	if (status == STATUS_OK)
		status = make_line((struct slice){text, len}, source, ret_line, cap);
	explicit_bzero(text, sizeof(text));
	return status;
}
