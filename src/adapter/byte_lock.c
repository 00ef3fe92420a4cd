/* SPDX-License-Identifier: MIT */
#include "byte_lock.h"

#include <errno.h>
#include <fcntl.h>

static int set_lock(int fd, short type, int64_t offset)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

enum status byte_lock_open(const char *path, int *ret_fd)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return STATUS_UNAVAILABLE;
	*ret_fd = fd;
	return STATUS_OK;
}

enum status byte_lock_take(int fd, int64_t offset)
{
	if (set_lock(fd, F_WRLCK, offset) == 0)
		return STATUS_OK;
	return errno == EAGAIN || errno == EACCES ? STATUS_RUNNING : STATUS_UNAVAILABLE;
}

void byte_lock_give(int fd, int64_t offset)
{
	(void)set_lock(fd, F_UNLCK, offset);
}
