/* SPDX-License-Identifier: MIT */
#include "multipart.h"

#include <string.h>

#define BOUNDARY_MOST 70 /* RFC 2046, 5.1.1 */

static struct slice behind(struct slice text, size_t count)
{
	return count < text.len ? (struct slice){text.ptr + count, text.len - count} : (struct slice){"", 0};
}

struct slice multipart_type(struct slice content_type)
{
	return slice_trim(slice_cut(&content_type, ';'));
}

/* What stands before the next ';' that is in no quotes; the rest stays. */
static struct slice cut_parameter(struct slice *rest)
{
	struct slice part = {rest->ptr, 0};
	bool quoted = false;

	while (part.len < rest->len && (quoted || part.ptr[part.len] != ';'))
		quoted ^= part.ptr[part.len++] == '"';
	*rest = behind(*rest, part.len + 1);
	return part;
}

static struct slice unquoted(struct slice value)
{
	value = slice_trim(value);
	if (value.len < 2 || value.ptr[0] != '"')
		return value;
	if (value.ptr[value.len - 1] != '"' || memchr(value.ptr, '\\', value.len))
		return SLICE_NONE;
	return (struct slice){value.ptr + 1, value.len - 2};
}

struct slice multipart_parameter(struct slice content_type, const char *name)
{
	(void)slice_cut(&content_type, ';');
	while (content_type.len) {
		struct slice value = cut_parameter(&content_type), key = slice_cut(&value, '=');

		if (value.ptr && slice_eq_nocase(slice_trim(key), slice_cstr(name)))
			return unquoted(value);
	}
	return SLICE_NONE;
}

/* One line of a delimiter and where the part before it ends. */
struct delimiter {
	size_t before; /* the part's end: the line break belongs to the delimiter */
	size_t next;   /* behind the line */
	bool last;
};

/* Whether the line at "at" is the delimiter: "--", the boundary, perhaps "--", blanks. */
static bool is_delimiter(struct slice body, size_t at, struct slice boundary, struct delimiter *ret_found)
{
	struct slice line = behind(body, at);
	const char *end = line.len ? memchr(line.ptr, '\n', line.len) : NULL;
	bool last;

	if (end)
		line.len = (size_t)(end - line.ptr);
	if (line.len < boundary.len + 2 || memcmp(line.ptr, "--", 2) != 0 ||
	    memcmp(line.ptr + 2, boundary.ptr, boundary.len) != 0)
		return false;
	ret_found->next = at + line.len + (end != NULL);
	line = behind(line, boundary.len + 2);
	last = slice_starts(line, SLICE_LIT("--"));
	if (last)
		line = behind(line, 2);
	ret_found->last = last;
	/* Without its line break the line itself may have been cut off: only the last one needs none. */
	return slice_is_blank(line) && (last || end);
}

static bool find_delimiter(struct slice body, size_t from, struct slice boundary, struct delimiter *ret_found)
{
	size_t at = from;

	while (at < body.len) {
		const char *line;

		if (is_delimiter(body, at, boundary, ret_found)) {
			ret_found->before = at;
			if (at > from)
				ret_found->before -= at - from > 1 && body.ptr[at - 2] == '\r' ? 2 : 1;
			return true;
		}
		line = memchr(body.ptr + at, '\n', body.len - at);
		if (!line)
			return false;
		at = (size_t)(line - body.ptr) + 1;
	}
	return false;
}

static void read_header(struct multipart_part *part, struct slice line)
{
	struct slice value = line, name = slice_trim(slice_cut(&value, ':'));

	value = slice_trim(value);
	if (slice_eq_nocase(name, SLICE_LIT("content-type"))) {
		part->type = value;
	} else if (slice_eq_nocase(name, SLICE_LIT("content-transfer-encoding"))) {
		part->encoding = value;
	} else if (slice_eq_nocase(name, SLICE_LIT("content-id"))) {
		if (value.len >= 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>')
			value = (struct slice){value.ptr + 1, value.len - 2};
		part->id = value;
	}
}

/* Header lines up to the blank one; folded lines are taken for lines of no name. */
static bool read_part(struct slice bytes, struct multipart_part *part)
{
	while (bytes.len) {
		const char *end = memchr(bytes.ptr, '\n', bytes.len);
		struct slice line = {bytes.ptr, end ? (size_t)(end - bytes.ptr) : bytes.len};

		if (!end)
			return false;
		bytes = behind(bytes, line.len + 1);
		if (slice_is_blank(line)) {
			part->body = bytes;
			return true;
		}
		read_header(part, line);
	}
	return false;
}

static bool choose_root(struct multipart *message, struct slice start)
{
	if (start.len >= 2 && start.ptr[0] == '<' && start.ptr[start.len - 1] == '>')
		start = (struct slice){start.ptr + 1, start.len - 2};
	message->root = 0;
	while (start.len && message->root < message->count && !slice_eq(message->parts[message->root].id, start))
		message->root++;
	return message->root < message->count;
}

enum status multipart_parse(struct slice content_type, struct slice body, struct multipart *ret_message)
{
	struct slice boundary = multipart_parameter(content_type, "boundary");
	struct multipart message = {.count = 0};
	struct delimiter found = {.last = false};

	if (!boundary.len || boundary.len > BOUNDARY_MOST || !find_delimiter(body, 0, boundary, &found))
		return STATUS_INVALID;
	while (!found.last && found.next < body.len) {
		struct multipart_part *part = &message.parts[message.count];
		size_t from = found.next;

		if (message.count == MULTIPART_PARTS)
			return STATUS_TOO_LARGE;
		*part = (struct multipart_part){.whole = find_delimiter(body, from, boundary, &found)};
		if (!part->whole)
			found = (struct delimiter){.before = body.len, .last = true};
		if (!read_part((struct slice){body.ptr + from, found.before - from}, part))
			return STATUS_INVALID;
		message.count++;
	}
	if (!message.count || !choose_root(&message, multipart_parameter(content_type, "start")))
		return STATUS_INVALID;
	*ret_message = message;
	return STATUS_OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether the percent-encoded text stands for these bytes. */
static bool stands_for(struct slice encoded, struct slice bytes)
{
	size_t at = 0;

	for (size_t i = 0; i < encoded.len; i++, at++) {
		char c = encoded.ptr[i];

		if (c == '%') {
			int high = i + 2 < encoded.len ? hex_digit(encoded.ptr[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(encoded.ptr[i + 2]) : -1;

			if (low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (at == bytes.len || bytes.ptr[at] != c)
			return false;
	}
	return at == bytes.len;
}

static bool is_plain(struct slice encoding)
{
	return !encoding.len || slice_eq_nocase(encoding, SLICE_LIT("binary")) ||
	       slice_eq_nocase(encoding, SLICE_LIT("8bit")) || slice_eq_nocase(encoding, SLICE_LIT("7bit"));
}

const struct multipart_part *multipart_find(const struct multipart *message, struct slice href)
{
	if (!slice_starts(href, SLICE_LIT("cid:")))
		return NULL;
	href = behind(href, 4);
	for (size_t i = 0; href.len && i < message->count; i++) {
		const struct multipart_part *part = &message->parts[i];

		if (stands_for(href, part->id))
			return is_plain(part->encoding) ? part : NULL;
	}
	return NULL;
}
