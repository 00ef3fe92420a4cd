/* SPDX-License-Identifier: MIT */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <string.h>

#include "html_out.h"
#include "text.h"

/* Order in the array of attributes that libxml2 hands over: local name, prefix, URI, value, its end. */
enum attribute_part {
	ATTRIBUTE_NAME,
	ATTRIBUTE_PREFIX,
	ATTRIBUTE_SPACE,
	ATTRIBUTE_VALUE,
	ATTRIBUTE_END,
	ATTRIBUTE_PARTS
};

/* The tree while it grows. */
struct growth {
	xmlParserCtxtPtr context;
	struct arena *arena;
	struct buf text; /* of all elements, one behind the other */
	struct xml_element *root, *open;
	struct xml_element *last[XML_DEPTH_MOST + 1]; /* child added last, by depth of the parent */
	size_t depth, count;
	enum status status;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void stop(struct growth *growth, enum status why)
{
	if (growth->status == STATUS_OK)
		growth->status = why;
	xmlStopParser(growth->context);
}

static struct slice keep(struct growth *growth, const xmlChar *text)
{
	return text ? arena_copy(growth->arena, slice_cstr((const char *)text)) : SLICE_NONE;
}

/* An element's namespace is its parent's nearly always. */
static struct slice keep_space(struct growth *growth, const xmlChar *uri)
{
	if (uri && growth->open && slice_eq_cstr(growth->open->space, (const char *)uri))
		return growth->open->space;
	return keep(growth, uri);
}

static bool add_attribute(struct growth *growth, struct xml_element *element, const xmlChar **parts)
{
	struct xml_attribute *attribute = arena_alloc(growth->arena, sizeof(*attribute));
	struct slice value = {(const char *)parts[ATTRIBUTE_VALUE],
	                      (size_t)(parts[ATTRIBUTE_END] - parts[ATTRIBUTE_VALUE])};

	if (!attribute)
		return false;
	attribute->name = keep(growth, parts[ATTRIBUTE_NAME]);
	attribute->value = arena_copy(growth->arena, value);
	attribute->next = element->attributes;
	element->attributes = attribute;
	return attribute->name.ptr && attribute->value.ptr;
}

static void attach(struct growth *growth, struct xml_element *element)
{
	if (!growth->open) {
		growth->root = element;
	} else {
		growth->open->text = SLICE_NONE;
		if (growth->open->child)
			growth->last[growth->depth]->next = element;
		else
			growth->open->child = element;
	}
	growth->last[growth->depth] = element;
	element->parent = growth->open;
	growth->open = element;
	growth->depth++;
}

/* The parser's own signature. NOLINTNEXTLINE(bugprone-easily-swappable-parameters) */
static void open_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int space_count,
                         const xmlChar **spaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
	struct growth *growth = ctx;
	struct xml_element *element;

	(void)prefix;
	(void)space_count;
	(void)spaces;
	(void)defaulted;
	if (growth->status != STATUS_OK)
		return;
	element = growth->depth < XML_DEPTH_MOST && growth->count < XML_ELEMENTS_MOST
	                  ? arena_alloc(growth->arena, sizeof(*element))
	                  : NULL;
	if (!element) {
		stop(growth, STATUS_TOO_LARGE);
		return;
	}
	growth->count++;
	element->name = keep(growth, name);
	element->space = keep_space(growth, uri);
	if (!element->name.ptr || (uri && !element->space.ptr))
		stop(growth, STATUS_TOO_LARGE);
	for (int i = 0; i < attribute_count; i++) {
		const xmlChar **parts = attributes + (ptrdiff_t)i * ATTRIBUTE_PARTS;

		if (!parts[ATTRIBUTE_SPACE] && !add_attribute(growth, element, parts))
			stop(growth, STATUS_TOO_LARGE);
	}
	element->text = (struct slice){growth->text.ptr + growth->text.len, 0};
	attach(growth, element);
}

/* The parser's own signature. NOLINTNEXTLINE(bugprone-easily-swappable-parameters) */
static void close_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct growth *growth = ctx;
	struct xml_element *element = growth->open;

	(void)name;
	(void)prefix;
	(void)uri;
	if (growth->status != STATUS_OK || !element)
		return;
	if (element->text.ptr)
		element->text = slice_trim(element->text);
	growth->open = (struct xml_element *)element->parent;
	growth->depth--;
}

static void add_text(void *ctx, const xmlChar *text, int len)
{
	struct growth *growth = ctx;

	if (growth->status != STATUS_OK || !growth->open || growth->open->child)
		return;
	buf_bytes(&growth->text, text, (size_t)len);
	if (growth->text.overflow)
		stop(growth, STATUS_TOO_LARGE);
	else
		growth->open->text.len += (size_t)len;
}

/* "<!DOCTYPE" itself, before anything it declares is read. */
static void refuse_type(void *ctx, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	stop(ctx, STATUS_INVALID);
}

/* The context is there for the moment of reading only: nothing of libxml2 stays behind. */
static enum status grow(struct growth *growth)
{
	static const xmlSAXHandler HANDLER = {
	        .internalSubset = refuse_type,
	        .characters = add_text,
	        .cdataBlock = add_text,
	        .initialized = XML_SAX2_MAGIC,
	        .startElementNs = open_element,
	        .endElementNs = close_element,
	};
	xmlParserCtxtPtr context = growth->context;

	*context->sax = HANDLER;
	context->userData = growth;
	(void)xmlCtxtUseOptions(context,
	                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
	(void)xmlParseDocument(context);
	if (growth->status == STATUS_OK &&
	    (!context->wellFormed || !context->nsWellFormed || !growth->root || growth->depth))
		growth->status = STATUS_INVALID;
	return growth->status;
}

/* Other encodings than UTF-8 have a NUL or bytes that are none of it; what the document declares is not asked. */
static bool is_utf8(struct slice bytes)
{
	return !memchr(bytes.ptr, 0, bytes.len) && text_is_utf8(bytes);
}

enum status xml_parse(struct slice bytes, struct arena *arena, const struct xml_element **ret_root)
{
	struct growth growth = {.arena = arena};
	char *text;
	enum status status;

	if (!bytes.len || bytes.len > XML_DOCUMENT_MOST || !is_utf8(bytes))
		return bytes.len > XML_DOCUMENT_MOST ? STATUS_TOO_LARGE : STATUS_INVALID;
	text = arena_bytes(arena, bytes.len);
	if (!text)
		return STATUS_TOO_LARGE;
	buf_init(&growth.text, text, bytes.len);
	(void)pthread_once(&once, xmlInitParser);
	growth.context = xmlCreateMemoryParserCtxt(bytes.ptr, (int)bytes.len);
	if (!growth.context)
		return STATUS_NO_MEMORY;
	status = grow(&growth);
	xmlFreeDoc(growth.context->myDoc);
	xmlFreeParserCtxt(growth.context);
	xmlResetLastError();
	if (status == STATUS_OK)
		*ret_root = growth.root;
	return status;
}

const struct xml_element *xml_at(const struct xml_element *from, const char *path)
{
	struct slice rest = slice_cstr(path);

	while (from && rest.len) {
		struct slice space = from->space, name = slice_cut(&rest, '/');

		from = from->child;
		while (from && !(slice_eq(from->name, name) && slice_eq(from->space, space)))
			from = from->next;
	}
	return from;
}

const struct xml_element *xml_next(const struct xml_element *element)
{
	const struct xml_element *next = element->next;

	while (next && !(slice_eq(next->name, element->name) && slice_eq(next->space, element->space)))
		next = next->next;
	return next;
}

struct slice xml_text(const struct xml_element *from, const char *path)
{
	const struct xml_element *element = xml_at(from, path);

	return element ? element->text : SLICE_NONE;
}

struct slice xml_attribute(const struct xml_element *element, const char *name)
{
	for (const struct xml_attribute *each = element->attributes; each; each = each->next) {
		if (slice_eq_cstr(each->name, name))
			return each->value;
	}
	return SLICE_NONE;
}

bool xml_is(const struct xml_element *element, const char *space, const char *name)
{
	return element && slice_eq_cstr(element->space, space) && slice_eq_cstr(element->name, name);
}

void xml_put(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= ' ' || c == '\t' || c == '\n')
			html_out_text(out, (struct slice){text.ptr + i, 1});
	}
}
