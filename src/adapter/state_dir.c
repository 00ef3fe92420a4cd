/* SPDX-License-Identifier: MIT */
#include "adapter/state_dir.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum status state_path(const char *dir, const char *name, char ret_path[STATE_PATH_MAX])
{
	char path[STATE_PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", dir, name);

	if (len < 0 || len >= STATE_PATH_MAX)
		return STATUS_TOO_LARGE;
	for (int i = 0; i <= len; i++)
		ret_path[i] = path[i];
	return STATUS_OK;
}

enum status state_dir_create(const char *dir)
{
	struct stat info;

	if (mkdir(dir, 0700) == 0)
		return STATUS_OK;
	if (errno == EEXIST && stat(dir, &info) == 0 && S_ISDIR(info.st_mode))
		return STATUS_OK;
	return errno == ENOSPC ? STATUS_FULL : STATUS_UNAVAILABLE;
}
