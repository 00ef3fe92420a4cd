/* SPDX-License-Identifier: MIT */
#include "fill.h"

#include <string.h>

/* Length of the name between two @, 0 when text does not begin with @NAME@. */
static size_t name_len(struct slice text)
{
	size_t n = 1;

	if (!text.len || text.ptr[0] != '@')
		return 0;
	while (n < text.len && ((text.ptr[n] >= 'A' && text.ptr[n] <= 'Z') || text.ptr[n] == '_'))
		n++;
	return n < text.len && text.ptr[n] == '@' ? n - 1 : 0;
}

static const char *value_of(struct slice name, const struct fill *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_cstr(name, list[i].name))
			return list[i].value;
	}
	return NULL;
}

enum status fill_text(struct slice text, const struct fill *list, size_t count, struct buf *out)
{
	while (text.len) {
		size_t len = name_len(text);

		if (len) {
			const char *value = value_of((struct slice){text.ptr + 1, len}, list, count);

			if (!value)
				return STATUS_INVALID;
			buf_cstr(out, value);
			len += 2;
		} else {
			const char *at = memchr(text.ptr + 1, '@', text.len - 1);

			len = at ? (size_t)(at - text.ptr) : text.len;
			buf_bytes(out, text.ptr, len);
		}
		text.ptr += len;
		text.len -= len;
	}
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}
