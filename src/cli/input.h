/* SPDX-License-Identifier: MIT */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "wire/csv.h"

/*
 * A file to read from front to back: "-" is standard input; gzip and
 * Zstandard are recognised by their first bytes and unpacked on the way.
 */
struct input;

/* NULL with errno set when it cannot be opened; no memory: ENOMEM. */
struct input *input_open(const char *path);
void input_close(struct input *input); /* NULL is fine */
/* For csv_init(); the input stays the caller's. */
struct csv_source input_source(struct input *input);
/* Bytes taken from the file so far and its size (0: unknown, a pipe), for a progress bar. */
uint64_t input_taken(const struct input *input);
uint64_t input_size(const struct input *input);
/* Why reading failed, static text; NULL when it did not. */
const char *input_error(const struct input *input);

#endif
