/* SPDX-License-Identifier: MIT */
#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_CAP 1024
/* Read by whoever collects it; nothing in it is personal. */
#define MODE     0644

static enum status write_all(int file, struct slice text)
{
	while (text.len) {
		ssize_t written = write(file, text.ptr, text.len);

		if (written <= 0)
			return written < 0 && errno == ENOSPC ? STATUS_FULL : STATUS_UNAVAILABLE;
		text.ptr += written;
		text.len -= (size_t)written;
	}
	return STATUS_OK;
}

/* Collectors take files by the end of their name: one that is being written has another. */
static enum status replace(const char *path, struct slice text)
{
	char fresh[PATH_CAP];
	int len = snprintf(fresh, sizeof(fresh), "%s.new", path);
	enum status status;
	int file;

	if (len < 0 || len >= (int)sizeof(fresh))
		return STATUS_TOO_LARGE;
	file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (file < 0)
		return errno == ENOSPC ? STATUS_FULL : STATUS_UNAVAILABLE;
	status = fchmod(file, MODE) == 0 ? write_all(file, text) : STATUS_UNAVAILABLE;
	if (close(file) != 0 && status == STATUS_OK)
		status = STATUS_UNAVAILABLE;
	if (status == STATUS_OK && rename(fresh, path) != 0)
		status = STATUS_UNAVAILABLE;
	if (status != STATUS_OK)
		(void)unlink(fresh);
	return status;
}

enum status metrics_file_write(const char *path, const struct background *background, const struct inquiries *inquiries,
                               const struct rechecks *rechecks)
{
	const struct clock_port *clock = &background_ports(background, true)->clock;
	int64_t now_ms = clock->vtable->now_ms(clock->self);
	struct inquiry_figures inquiry_figures;
	struct recheck_figures recheck_figures;
	static char mem[MAX_ANSWER];
	struct buf out;

	inquiries_read_figures(inquiries, &inquiry_figures);
	rechecks_read_figures(rechecks, &recheck_figures);
	buf_init(&out, mem, sizeof(mem));
	figures_put_inquiries(&inquiry_figures, now_ms, &out);
	figures_put_rechecks(&recheck_figures, now_ms, &out);
	background_metrics(background, &out);
	return out.overflow ? STATUS_TOO_LARGE : replace(path, buf_view(&out));
}
