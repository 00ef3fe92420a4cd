/* SPDX-License-Identifier: MIT */
#include "sqlite_claim.h"

#include <unistd.h>

#include "byte_lock.h"

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
	enum status status = STATUS_OK;

	if (claims->fd[slot] < 0)
		status = byte_lock_open(claims->path, &claims->fd[slot]);
	if (status == STATUS_OK)
		status = byte_lock_take(claims->fd[slot], offset);
	if (status == STATUS_OK)
		claims->offset[slot] = offset;
	return status;
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
	return byte_lock_open(path, &claims->fd[0]);
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
	byte_lock_give(claims->fd[claim], claims->offset[claim]);
	give_slot(claims, claim);
}
