/* SPDX-License-Identifier: MIT */
#include "shipped.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const places[] = {"../share/bonigate", "../../src/data"};

static bool own_folder(char ret_path[STATE_PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", ret_path, STATE_PATH_MAX - 1);
	char *slash;

	if (len < 0)
		return false;
	ret_path[len] = '\0';
	slash = strrchr(ret_path, '/');
	if (slash)
		*slash = '\0';
	return slash != NULL;
}

enum status shipped_find(const char *name, char ret_path[STATE_PATH_MAX])
{
	char self[STATE_PATH_MAX];

	if (!own_folder(self))
		return STATUS_UNAVAILABLE;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int len = snprintf(ret_path, STATE_PATH_MAX, "%s/%s/%s", self, places[i], name);

		if (len > 0 && len < STATE_PATH_MAX && access(ret_path, R_OK) == 0)
			return STATUS_OK;
	}
	return STATUS_NOT_FOUND;
}

enum status shipped_read(const char *path, size_t max, struct arena *arena, struct slice *ret_text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *room = arena_bytes(arena, max + 1);
	size_t len = 0;
	ssize_t count = 1;

	if (fd < 0)
		return STATUS_NOT_FOUND;
	while (room && count > 0 && len <= max) {
		count = read(fd, room + len, max + 1 - len);
		len += count > 0 ? (size_t)count : 0;
	}
	close(fd);
	if (!room)
		return STATUS_NO_MEMORY;
	if (count < 0)
		return STATUS_UNAVAILABLE;
	*ret_text = (struct slice){room, len};
	return len > max ? STATUS_TOO_LARGE : STATUS_OK;
}
