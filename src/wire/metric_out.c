/* SPDX-License-Identifier: MIT */
#include "wire/metric_out.h"

void metric_out_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_cstr(out, "# HELP ");
	buf_cstr(out, name);
	buf_char(out, ' ');
	buf_cstr(out, help);
	buf_cstr(out, "\n# TYPE ");
	buf_cstr(out, name);
	buf_char(out, ' ');
	buf_cstr(out, type);
	buf_char(out, '\n');
}

void metric_out_name(struct buf *out, const char *name, const struct metric_label *labels, size_t count)
{
	buf_cstr(out, name);
	for (size_t i = 0; i < count; i++) {
		buf_char(out, i ? ',' : '{');
		buf_cstr(out, labels[i].name);
		buf_cstr(out, "=\"");
		buf_cstr(out, labels[i].value);
		buf_char(out, '"');
	}
	if (count)
		buf_char(out, '}');
}

void metric_out_value(struct buf *out, uint64_t value)
{
	buf_char(out, ' ');
	buf_u64(out, value);
	buf_char(out, '\n');
}

void metric_out_millionths(struct buf *out, int64_t value, unsigned places)
{
	buf_char(out, ' ');
	buf_millionths(out, value, places);
	buf_char(out, '\n');
}

void metric_out_single(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	metric_out_head(out, name, type, help);
	metric_out_name(out, name, NULL, 0);
	metric_out_value(out, value);
}
