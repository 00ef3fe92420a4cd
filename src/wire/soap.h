/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_SOAP_H
#define SRC_WIRE_SOAP_H

#include <stdbool.h>

#include "multipart.h"
#include "port/http.h"
#include "xml.h"

/* Replies of web services that speak SOAP 1.2, alone or with what belongs to them beside them (MTOM). */
#define SOAP_SPACE "http://www.w3.org/2003/05/soap-envelope"

struct soap_reply {
	const struct xml_element *answer; /* what stands in the body; NULL with a fault, or when it is empty */
	const struct xml_element *fault;
	struct multipart message; /* count 0: the envelope came alone */
};

/* The envelope of a reply, whatever its HTTP code; STATUS_INVALID: there is none that is whole. */
enum status soap_open(const struct http_reply *reply, struct arena *arena, struct soap_reply *ret_reply) MUST_CHECK;

/* Bytes an element stands for. */
struct soap_file {
	struct slice type; /* "application/pdf"; absent = not told */
	struct slice bytes;
	bool whole; /* false: the reply ended before they did */
};

/*
 * What an element includes: the part it refers to (XOP), as it came, or the
 * base64 it holds, decoded into the arena. False when there is neither.
 */
bool soap_file(const struct soap_reply *reply, const struct xml_element *element, struct arena *arena,
               struct soap_file *ret_file);

#endif
