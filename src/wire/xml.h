/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_XML_H
#define SRC_WIRE_XML_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * A document of a stranger as a tree in the arena. UTF-8 only. A document type
 * declaration ends the reading, so that there are no entities of its own and
 * nothing outside is ever opened; depth, elements and bytes are bounded.
 */
#define XML_DOCUMENT_MOST (1024 * 1024) /* bytes */
#define XML_DEPTH_MOST    48
#define XML_ELEMENTS_MOST 50000

struct xml_attribute {
	const struct xml_attribute *next;
	struct slice name; /* without a namespace */
	struct slice value;
};

struct xml_element {
	struct slice space; /* URI of its namespace; absent = none */
	struct slice name;
	struct slice text;                      /* trimmed; absent with children */
	const struct xml_attribute *attributes; /* those of no namespace */
	const struct xml_element *parent, *child, *next;
};

/* STATUS_INVALID: not well-formed, or with a document type; STATUS_TOO_LARGE: beyond a bound or the arena. */
enum status xml_parse(struct slice bytes, struct arena *arena, const struct xml_element **ret_root) MUST_CHECK;

/*
 * "country/key": the first child of each name, in the namespace of the element
 * it starts from. NULL where it leads nowhere, and for NULL.
 */
const struct xml_element *xml_at(const struct xml_element *from, const char *path);
/* The next sibling of the same name and namespace; NULL = none. */
const struct xml_element *xml_next(const struct xml_element *element);
/* The text at the end of a path; absent where there is none, {.., 0} when it is empty. */
struct slice xml_text(const struct xml_element *from, const char *path);
struct slice xml_attribute(const struct xml_element *element, const char *name);
bool xml_is(const struct xml_element *element, const char *space, const char *name);

/* Text within an element: what has a meaning there is escaped, what XML 1.0 cannot hold is left out. */
void xml_put(struct buf *out, struct slice text);

#endif
