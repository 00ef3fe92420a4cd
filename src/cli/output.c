/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <stdio.h>
#include <string.h>

static bool write_file(const char *path, const struct buf *out)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	bool good = fwrite(out->ptr, 1, out->len, file) == out->len;
	return fclose(file) == 0 && good;
}

bool output_write(const char *command, const char *path, const struct buf *out)
{
	bool good = false;

	if (!out->overflow && strcmp(path, "-") == 0)
		good = fwrite(out->ptr, 1, out->len, stdout) == out->len && fflush(stdout) == 0;
	else if (!out->overflow)
		good = write_file(path, out);
	if (!good)
		fprintf(stderr, "bonigate %s: %s cannot be written%s\n", command, path,
		        out->overflow ? ": it is too large" : "");
	return good;
}
