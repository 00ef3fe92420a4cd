/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_INQUIRY_WRITER_H
#define ADAPTER_INQUIRY_WRITER_H

#include "port/inquiry.h"

/*
 * Writes the list of inquiries on one thread of its own, in the order it was
 * told, for those who must not wait for a disk or for another process's lock: the
 * thread that makes all calls above all. One per process, for all its panels.
 */
struct inquiry_writer;

/* Told exactly once, on any thread, perhaps before the call returns: how the list took it, or those before it. */
struct inquiry_written {
	void (*tell)(void *ctx, enum status status);
	void *ctx;
};

/* The list outlives it. */
enum status inquiry_writer_open(struct inquiry_port list, struct inquiry_writer **ret_writer) MUST_CHECK;
/* When all that was handed over is told; what the list refused is tried once more, and lost with it. NULL is fine. */
void inquiry_writer_close(struct inquiry_writer *writer);

/* As the list's find(); what is not written yet is found as well. */
enum status inquiry_writer_find(struct inquiry_writer *writer, struct slice key, int64_t *ret_begun_ms) MUST_CHECK;
/*
 * A report that was just ordered. While the list cannot take it (a full disk, a lock held for long) it is kept
 * here, found here, and tried again: only what this process still keeps so at its end is lost.
 */
void inquiry_writer_add(struct inquiry_writer *writer, struct slice key, const struct inquiry *inquiry,
                        struct inquiry_written written);
/* Of an inquiry that was taken from the list: tried once, because the end of its lease makes it due again. */
void inquiry_writer_put(struct inquiry_writer *writer, struct slice key, const struct inquiry *inquiry,
                        struct inquiry_written written);
void inquiry_writer_remove(struct inquiry_writer *writer, struct slice key, struct inquiry_written written);
/* Until all that was handed over so far was told. */
void inquiry_writer_flush(struct inquiry_writer *writer);

#endif
