/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_CHANGE_HINT_H
#define SRC_ADAPTER_CHANGE_HINT_H

#include <stdint.h>

#include "base/status.h"

/*
 * Eight bytes in a file beside a database that change when its content did,
 * so that asking "anything new?" costs one pread instead of a transaction.
 * Only a hint: a lost one delays the news until the reader's next look
 * by itself.
 */
struct change_hint {
	int fd; /* -1: no file, reads give 0 */
};

/* "<file>-hint", created if possible. */
void change_hint_init(struct change_hint *hint, const char *file);
void change_hint_finish(struct change_hint *hint);
uint64_t change_hint_read(const struct change_hint *hint);
/* Any value unlike the ones before. */
void change_hint_write(const struct change_hint *hint, uint64_t value);

#endif
