/* SPDX-License-Identifier: MIT */
#include "csv_out.h"

static bool starts_formula(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

void csv_out_text(struct buf *out, struct slice text, bool first)
{
	if (first && text.len && starts_formula(text.ptr[0]))
		buf_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_char(out, '"');
		buf_char(out, text.ptr[i]);
	}
}

void csv_out_cell(struct buf *out, struct slice text)
{
	buf_char(out, '"');
	csv_out_text(out, text, true);
	buf_char(out, '"');
}
