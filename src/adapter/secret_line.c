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

/* The one printable line that it is, without its end. */
static enum status trim(struct slice *text)
{
	while (text->len && (text->ptr[text->len - 1] == '\n' || text->ptr[text->len - 1] == '\r'))
		text->len--;
	for (size_t i = 0; i < text->len; i++) {
		if (text->ptr[i] < ' ' || text->ptr[i] > '~')
			return STATUS_INVALID;
	}
	return text->len ? STATUS_OK : STATUS_INVALID;
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

enum status secret_read(const struct secret_source *source, char *ret_text, size_t cap)
{
	char text[MAX_SECRET + 2];
	struct slice value = {text, 0};
	enum status status;
	int file;

	if (!*source->file) {
		value = slice_cstr(getenv(source->env));
		status = value.ptr ? STATUS_OK : STATUS_NOT_FOUND;
	} else {
		file = open(source->file, O_RDONLY | O_CLOEXEC);
		if (file < 0)
			return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_FORBIDDEN;
		status = read_file(file, text, sizeof(text), &value.len);
		close(file);
	}
	if (status == STATUS_OK)
		status = trim(&value);
	if (status == STATUS_OK && !slice_copy(value, ret_text, cap))
		status = STATUS_TOO_LARGE;
	explicit_bzero(text, sizeof(text));
	return status;
}

enum status secret_line_read(const struct secret_source *source, char *ret_line, size_t cap)
{
	char text[MAX_SECRET + 1];
	enum status status = secret_read(source, text, sizeof(text));
	int len;

	if (status == STATUS_OK) {
		len = snprintf(ret_line, cap, "%s: %s%s", source->header, source->prefix, text);
		status = len > 0 && (size_t)len < cap ? STATUS_OK : STATUS_TOO_LARGE;
	}
	explicit_bzero(text, sizeof(text));
	return status;
}
