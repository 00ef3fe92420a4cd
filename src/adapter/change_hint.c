/* SPDX-License-Identifier: MIT */
#include "change_hint.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "adapter/state_dir.h"

void change_hint_init(struct change_hint *hint, const char *file)
{
	char path[STATE_PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s-hint", file);

	hint->fd = -1;
	if (len < 0 || len >= (int)sizeof(path))
		return;
	hint->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (hint->fd < 0)
		hint->fd = open(path, O_RDONLY | O_CLOEXEC);
}

void change_hint_finish(struct change_hint *hint)
{
	if (hint->fd >= 0)
		close(hint->fd);
	hint->fd = -1;
}

uint64_t change_hint_read(const struct change_hint *hint)
{
	uint64_t value = 0;

	if (hint->fd < 0 || pread(hint->fd, &value, sizeof(value), 0) != (ssize_t)sizeof(value))
		return 0;
	return value;
}

void change_hint_write(const struct change_hint *hint, uint64_t value)
{
	/* Losing the hint is allowed. */
	if (hint->fd >= 0 && pwrite(hint->fd, &value, sizeof(value), 0) < 0)
		return;
}
