/* SPDX-License-Identifier: MIT */
#include "fake_inquiries.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 16

struct row {
	char key[MAX_CACHE_KEY];
	size_t key_len; /* 0: free */
	struct inquiry inquiry;
};

struct fake_inquiries {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool held;
	unsigned puts;
	enum status fault;
	struct row rows[ROWS];
};

/* Of the empty key: a free row. */
static struct row *find_row(struct fake_inquiries *inquiries, struct slice key)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct row *row = &inquiries->rows[i];

		if (row->key_len == key.len && (key.len == 0 || memcmp(row->key, key.ptr, key.len) == 0))
			return row;
	}
	return NULL;
}

static enum status put(void *self, struct slice key, const struct inquiry *inquiry)
{
	struct fake_inquiries *inquiries = self;
	enum status status;
	struct row *row;

	if (key.len > MAX_CACHE_KEY)
		return STATUS_TOO_LARGE;
	pthread_mutex_lock(&inquiries->lock);
	while (inquiries->held)
		pthread_cond_wait(&inquiries->changed, &inquiries->lock);
	inquiries->puts++;
	status = inquiries->fault;
	row = find_row(inquiries, key);
	if (!row)
		row = find_row(inquiries, SLICE_NONE);
	if (!row)
		abort();
	if (status == STATUS_OK) {
		memcpy(row->key, key.ptr, key.len);
		row->key_len = key.len;
		row->inquiry = *inquiry;
		pthread_cond_broadcast(&inquiries->changed);
	}
	pthread_mutex_unlock(&inquiries->lock);
	return status;
}

static enum status find(void *self, struct slice key, int64_t *ret_begun_ms)
{
	struct fake_inquiries *inquiries = self;
	enum status status;
	const struct row *row;

	pthread_mutex_lock(&inquiries->lock);
	status = inquiries->fault;
	row = find_row(inquiries, key);
	if (status == STATUS_OK && row)
		*ret_begun_ms = row->inquiry.begun_ms;
	else if (status == STATUS_OK)
		status = STATUS_NOT_FOUND;
	pthread_mutex_unlock(&inquiries->lock);
	return status;
}

static struct row *earliest(struct fake_inquiries *inquiries)
{
	struct row *found = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		struct row *row = &inquiries->rows[i];

		if (row->key_len && (!found || row->inquiry.due_ms < found->inquiry.due_ms))
			found = row;
	}
	return found;
}

static enum status take_due(void *self, int64_t now_ms, int64_t lease_ms, char *ret_key, size_t *ret_key_len,
                            struct inquiry *ret_inquiry)
{
	struct fake_inquiries *inquiries = self;
	struct row *row;

	pthread_mutex_lock(&inquiries->lock);
	row = earliest(inquiries);
	if (row && row->inquiry.due_ms > now_ms)
		row = NULL;
	if (row) {
		row->inquiry.due_ms = now_ms + lease_ms;
		memcpy(ret_key, row->key, row->key_len);
		*ret_key_len = row->key_len;
		*ret_inquiry = row->inquiry;
	}
	pthread_mutex_unlock(&inquiries->lock);
	return row ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status next_due(void *self, int64_t *ret_due_ms)
{
	struct fake_inquiries *inquiries = self;
	const struct row *row;

	pthread_mutex_lock(&inquiries->lock);
	row = earliest(inquiries);
	if (row)
		*ret_due_ms = row->inquiry.due_ms;
	pthread_mutex_unlock(&inquiries->lock);
	return row ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status count(void *self, uint64_t *ret_count, int64_t *ret_oldest_ms)
{
	struct fake_inquiries *inquiries = self;
	uint64_t found = 0;
	int64_t oldest_ms = 0;

	pthread_mutex_lock(&inquiries->lock);
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &inquiries->rows[i];

		if (row->key_len && (!found++ || row->inquiry.begun_ms < oldest_ms))
			oldest_ms = row->inquiry.begun_ms;
	}
	pthread_mutex_unlock(&inquiries->lock);
	*ret_count = found;
	*ret_oldest_ms = oldest_ms;
	return STATUS_OK;
}

static enum status remove_inquiry(void *self, struct slice key)
{
	struct fake_inquiries *inquiries = self;
	struct row *row;

	pthread_mutex_lock(&inquiries->lock);
	row = find_row(inquiries, key);
	if (row)
		row->key_len = 0;
	pthread_mutex_unlock(&inquiries->lock);
	return row ? STATUS_OK : STATUS_NOT_FOUND;
}

static const struct inquiry_vtable vtable = {
        .put = put, .find = find, .take_due = take_due, .next_due = next_due, .count = count, .remove = remove_inquiry};

struct fake_inquiries *fake_inquiries_create(void)
{
	struct fake_inquiries *inquiries = calloc(1, sizeof(*inquiries));

	if (!inquiries)
		abort();
	pthread_mutex_init(&inquiries->lock, NULL);
	pthread_cond_init(&inquiries->changed, NULL);
	return inquiries;
}

void fake_inquiries_destroy(struct fake_inquiries *inquiries)
{
	pthread_cond_destroy(&inquiries->changed);
	pthread_mutex_destroy(&inquiries->lock);
	free(inquiries);
}

struct inquiry_port fake_inquiries_port(struct fake_inquiries *inquiries)
{
	return (struct inquiry_port){&vtable, inquiries};
}

void fake_inquiries_fail(struct fake_inquiries *inquiries, enum status status)
{
	pthread_mutex_lock(&inquiries->lock);
	inquiries->fault = status;
	pthread_mutex_unlock(&inquiries->lock);
}

void fake_inquiries_hold(struct fake_inquiries *inquiries, bool held)
{
	pthread_mutex_lock(&inquiries->lock);
	inquiries->held = held;
	pthread_cond_broadcast(&inquiries->changed);
	pthread_mutex_unlock(&inquiries->lock);
}

void fake_inquiries_await(struct fake_inquiries *inquiries, struct slice key)
{
	pthread_mutex_lock(&inquiries->lock);
	while (!find_row(inquiries, key))
		pthread_cond_wait(&inquiries->changed, &inquiries->lock);
	pthread_mutex_unlock(&inquiries->lock);
}

unsigned fake_inquiries_puts(struct fake_inquiries *inquiries)
{
	unsigned puts;

	pthread_mutex_lock(&inquiries->lock);
	puts = inquiries->puts;
	pthread_mutex_unlock(&inquiries->lock);
	return puts;
}
