/* SPDX-License-Identifier: MIT */
#include "sqlite_claim.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int set_lock(int fd, short type, int64_t offset)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

static int take_slot(struct sqlite_claims *claims)
{
	int slot = -1;

	pthread_mutex_lock(&claims->lock);
	if (claims->free_count > 0)
		slot = claims->free[--claims->free_count];
	pthread_mutex_unlock(&claims->lock);
	return slot;
}

static void give_slot(struct sqlite_claims *claims, int slot)
{
	pthread_mutex_lock(&claims->lock);
	claims->free[claims->free_count++] = slot;
	pthread_mutex_unlock(&claims->lock);
}

static enum status lock_slot(struct sqlite_claims *claims, int slot, int64_t offset)
{
	if (claims->fd[slot] < 0)
		claims->fd[slot] = open(claims->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (claims->fd[slot] < 0)
		return STATUS_UNAVAILABLE;
	if (set_lock(claims->fd[slot], F_WRLCK, offset) != 0)
		return errno == EAGAIN || errno == EACCES ? STATUS_RUNNING : STATUS_UNAVAILABLE;
	claims->offset[slot] = offset;
	return STATUS_OK;
}

enum status sqlite_claims_init(struct sqlite_claims *claims, const char *path)
{
	claims->path = path;
	claims->free_count = SQLITE_CLAIM_MAX;
	for (int i = 0; i < SQLITE_CLAIM_MAX; i++) {
		claims->free[i] = SQLITE_CLAIM_MAX - 1 - i;
		claims->fd[i] = -1;
	}
	pthread_mutex_init(&claims->lock, NULL);
	claims->fd[0] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return claims->fd[0] < 0 ? STATUS_UNAVAILABLE : STATUS_OK;
}

void sqlite_claims_finish(struct sqlite_claims *claims)
{
	for (int i = 0; i < SQLITE_CLAIM_MAX; i++)
		if (claims->fd[i] >= 0)
			close(claims->fd[i]);
	pthread_mutex_destroy(&claims->lock);
}

enum status sqlite_claims_take(struct sqlite_claims *claims, int64_t offset, int *ret_claim)
{
	int slot = take_slot(claims);
	enum status status;

	if (slot < 0)
		return STATUS_UNAVAILABLE;
	status = lock_slot(claims, slot, offset);
	if (status != STATUS_OK)
		give_slot(claims, slot);
	else
		*ret_claim = slot;
	return status;
}

void sqlite_claims_give(struct sqlite_claims *claims, int claim)
{
	if (claim < 0 || claim >= SQLITE_CLAIM_MAX)
		return;
	(void)set_lock(claims->fd[claim], F_UNLCK, claims->offset[claim]);
	give_slot(claims, claim);
}
