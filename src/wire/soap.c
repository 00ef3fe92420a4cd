/* SPDX-License-Identifier: MIT */
#include "soap.h"

#include "base/base64.h"

#define INCLUDE_SPACE "http://www.w3.org/2004/08/xop/include"

/* The bytes of the envelope itself. */
static enum status find_root(const struct http_reply *reply, struct multipart *message, struct slice *ret_root)
{
	enum status status;

	if (!slice_eq_nocase(multipart_type(reply->content_type), SLICE_LIT("multipart/related"))) {
		*ret_root = reply->body;
		return STATUS_OK;
	}
	status = multipart_parse(reply->content_type, reply->body, message);
	if (status != STATUS_OK)
		return status;
	*ret_root = message->parts[message->root].body;
	return message->parts[message->root].whole ? STATUS_OK : STATUS_INVALID;
}

enum status soap_open(const struct http_reply *reply, struct arena *arena, struct soap_reply *ret_reply)
{
	struct soap_reply opened = {.message = {.count = 0}};
	const struct xml_element *envelope, *body;
	struct slice root;
	enum status status = find_root(reply, &opened.message, &root);

	if (status == STATUS_OK)
		status = xml_parse(root, arena, &envelope);
	if (status != STATUS_OK)
		return STATUS_INVALID;
	body = xml_is(envelope, SOAP_SPACE, "Envelope") ? xml_at(envelope, "Body") : NULL;
	if (!body)
		return STATUS_INVALID;
	if (xml_is(body->child, SOAP_SPACE, "Fault"))
		opened.fault = body->child;
	else
		opened.answer = body->child;
	*ret_reply = opened;
	return STATUS_OK;
}

static bool decode(struct slice text, struct arena *arena, struct soap_file *ret_file)
{
	char *mem = text.len ? arena_bytes(arena, text.len) : NULL;
	struct buf bytes;

	if (!mem)
		return false;
	buf_init(&bytes, mem, text.len);
	if (!base64_get(&bytes, text))
		return false;
	*ret_file = (struct soap_file){.type = SLICE_NONE, .bytes = buf_view(&bytes), .whole = true};
	return true;
}

bool soap_file(const struct soap_reply *reply, const struct xml_element *element, struct arena *arena,
               struct soap_file *ret_file)
{
	const struct multipart_part *part;

	if (!element)
		return false;
	if (!xml_is(element->child, INCLUDE_SPACE, "Include"))
		return decode(element->text, arena, ret_file);
	part = multipart_find(&reply->message, xml_attribute(element->child, "href"));
	if (!part)
		return false;
	*ret_file = (struct soap_file){.type = multipart_type(part->type), .bytes = part->body, .whole = part->whole};
	return true;
}
