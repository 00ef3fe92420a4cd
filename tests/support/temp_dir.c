/* SPDX-License-Identifier: MIT */
#include "temp_dir.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info;
	(void)type;
	(void)place;
	return remove(path);
}

struct temp_dir temp_dir_make(void)
{
	struct temp_dir dir = {"/tmp/bonigate-test-XXXXXX"};

	if (mkdtemp(dir.path) == NULL)
		abort();
	return dir;
}

void temp_dir_remove(const struct temp_dir *dir)
{
	nftw(dir->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *temp_dir_path(const struct temp_dir *dir, const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir->path, name);
	return path;
}
