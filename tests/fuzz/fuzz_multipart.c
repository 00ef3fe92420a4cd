/* SPDX-License-Identifier: MIT */
/* A content type up to the first NUL, behind it the body; the root is read as XML. */
#include <stdlib.h>
#include <string.h>

#include "../../src/wire/multipart.h"
#include "../../src/wire/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[8 << 20] __attribute__((aligned(16)));

static void check_within(struct slice slice, struct slice bytes)
{
	if (slice.len && (slice.ptr < bytes.ptr || slice.ptr + slice.len > bytes.ptr + bytes.len))
		abort();
}

static size_t walk(const struct xml_element *element, const struct multipart *message)
{
	struct slice href = xml_attribute(element, "href");
	size_t count = 1;

	if (element->child && element->text.ptr)
		abort();
	if (href.len && message)
		(void)multipart_find(message, href);
	for (const struct xml_element *child = element->child; child; child = child->next) {
		if (child->parent != element)
			abort();
		count += walk(child, message);
	}
	return count;
}

static void read_xml(struct slice text, const struct multipart *message)
{
	const struct xml_element *root = NULL;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	if (xml_parse(text, &arena, &root) == STATUS_OK && (!root || walk(root, message) > XML_ELEMENTS_MOST))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	struct slice type = {(const char *)data, end ? (size_t)(end - data) : size};
	struct slice body = {(const char *)(end ? end + 1 : data), end ? size - type.len - 1 : 0};
	struct multipart message;

	if (multipart_parse(type, body, &message) != STATUS_OK) {
		read_xml(body, NULL);
		return 0;
	}
	if (!message.count || message.count > MULTIPART_PARTS || message.root >= message.count)
		abort();
	for (size_t i = 0; i < message.count; i++) {
		check_within(message.parts[i].body, body);
		check_within(message.parts[i].id, body);
		check_within(message.parts[i].type, body);
	}
	read_xml(message.parts[message.root].body, &message);
	return 0;
}
