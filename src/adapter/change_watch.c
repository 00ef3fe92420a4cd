/* SPDX-License-Identifier: MIT */
#include "adapter/change_watch.h"

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "adapter/state_dir.h"

void change_watch_init(struct change_watch *watch)
{
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
}

void change_watch_finish(struct change_watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

void change_watch_add(struct change_watch *watch, const char *file)
{
	char path[STATE_PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s-hint", file);

	if (watch->fd >= 0 && len > 0 && len < (int)sizeof(path))
		(void)inotify_add_watch(watch->fd, path, IN_MODIFY);
}

void change_watch_clear(const struct change_watch *watch)
{
	_Alignas(struct inotify_event) char events[4096];

	while (watch->fd >= 0 && read(watch->fd, events, sizeof(events)) > 0) {
	}
}
