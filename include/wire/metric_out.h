/* SPDX-License-Identifier: MIT */
#ifndef WIRE_METRIC_OUT_H
#define WIRE_METRIC_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Prometheus text format 0.0.4. A family is its head, then its samples, each
 * a name followed by a value. Texts are written as they are: without quotes,
 * backslashes and line ends.
 */
void metric_out_head(struct buf *out, const char *name, const char *type, const char *help);

struct metric_label {
	const char *name, *value;
};

void metric_out_name(struct buf *out, const char *name, const struct metric_label *labels, size_t count);
void metric_out_value(struct buf *out, uint64_t value);
/* value/1e6 with so many places (0..6). */
void metric_out_millionths(struct buf *out, int64_t value, unsigned places);
/* A family of one sample without labels. */
void metric_out_single(struct buf *out, const char *name, const char *type, const char *help, uint64_t value);

#endif
