/* SPDX-License-Identifier: MIT */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"

/* Writes the whole buffer to a file, "-" being standard output. False after a message. */
bool output_write(const char *command, const char *path, const struct buf *out);

#endif
