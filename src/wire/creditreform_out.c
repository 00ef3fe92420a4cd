/* SPDX-License-Identifier: MIT */
#include "creditreform_out.h"

#include "answer.h"
#include "base/date.h"
#include "soap.h"
#include "xml.h"

#define REFERENCE_BYTES 12
/* What the service takes of a search, in characters. */
#define NAME_MOST       90
#define CITY_MOST       25

static void put_element(struct buf *out, const char *name, struct slice text)
{
	buf_cstr(out, "<ns:");
	buf_cstr(out, name);
	buf_char(out, '>');
	xml_put(out, text);
	buf_cstr(out, "</ns:");
	buf_cstr(out, name);
	buf_char(out, '>');
}

/* At most so many characters, no blank at the end. */
static struct slice shortened(const char *text, size_t most)
{
	struct slice cut = slice_cstr(text);
	size_t len = 0;

	for (size_t count = 0; len < cut.len; len++) {
		if (((unsigned char)cut.ptr[len] & 0xc0) != 0x80 && count++ == most)
			break;
	}
	cut.len = len;
	return slice_trim(cut);
}

static void put_header(struct buf *out, const struct creditreform *creditreform,
                       const struct provider_question *question)
{
	static const char *const SECRETS[] = {"useraccount", "generalpassword", "individualpassword"};

	buf_cstr(out, "<ns:header>");
	put_element(out, "communicationlanguage", slice_cstr(creditreform->language));
	buf_cstr(out, "<ns:transmissiontimestamp>");
	date_put_instant(out, question->now_ms);
	buf_cstr(out, "</ns:transmissiontimestamp><ns:keylistversion>");
	buf_i64(out, creditreform->keylist);
	buf_cstr(out, "</ns:keylistversion>");
	put_element(out, "clientapplicationname", slice_cstr(creditreform->client_name));
	put_element(out, "clientapplicationversion", slice_cstr(creditreform->client_version));
	buf_cstr(out, "<ns:transactionreference>");
	buf_hex(out, question->nonce, REFERENCE_BYTES);
	buf_cstr(out, "</ns:transactionreference>");
	for (size_t i = 0; i < sizeof(SECRETS) / sizeof(*SECRETS); i++)
		put_element(out, SECRETS[i], answer_secret(question, SECRETS[i]));
	buf_cstr(out, "</ns:header>");
}

/* A city that is too long is no part of the question: hits are judged by the whole of it anyway. */
static void put_search(struct buf *out, const struct subject *subject)
{
	struct slice city = slice_cstr(subject->typed_city);

	put_element(out, "searchtype", SLICE_LIT("SETY-1"));
	put_element(out, "companyname", shortened(subject->typed_name, NAME_MOST));
	if (subject->postal_code[0])
		put_element(out, "postcode", slice_cstr(subject->postal_code));
	if (city.len && (!subject->postal_code[0] || shortened(subject->typed_city, CITY_MOST).len == city.len))
		put_element(out, "city", shortened(subject->typed_city, CITY_MOST));
	put_element(out, "country", slice_cstr(subject->country));
}

static void put_report(struct buf *out, const struct creditreform *creditreform, const char *number)
{
	put_element(out, "identificationnumber", slice_cstr(number));
	put_element(out, "legitimateinterest", slice_cstr(creditreform->interest));
	put_element(out, "reportlanguage", slice_cstr(creditreform->language));
	put_element(out, "producttype", slice_cstr(creditreform->product));
}

static void put_envelope(struct buf *out, const struct creditreform *creditreform,
                         const struct provider_question *question)
{
	const char *name = question->step.number ? "report" : "search";

	buf_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"" SOAP_SPACE
	              "\" xmlns:ns=\"" CREDITREFORM_SPACE);
	xml_put(out, slice_cstr(creditreform->version));
	buf_cstr(out, "\"><soap:Header/><soap:Body><ns:");
	buf_cstr(out, name);
	buf_cstr(out, "Request>");
	put_header(out, creditreform, question);
	buf_cstr(out, "<ns:body>");
	if (question->step.number)
		put_report(out, creditreform, question->step.ref);
	else
		put_search(out, question->subject);
	buf_cstr(out, "</ns:body></ns:");
	buf_cstr(out, name);
	buf_cstr(out, "Request></soap:Body></soap:Envelope>");
}

static const char *missing(const struct provider_question *question)
{
	if (!question->subject->typed_name[0])
		return "needs a name";
	if (!question->subject->postal_code[0] && !question->subject->typed_city[0])
		return "needs a postal code or a city";
	if (!answer_secret(question, "useraccount").len || !answer_secret(question, "generalpassword").len ||
	    !answer_secret(question, "individualpassword").len)
		return "needs the credentials useraccount, generalpassword and individualpassword";
	return NULL;
}

enum status creditreform_out(const struct creditreform *creditreform, const struct provider_question *question,
                             struct arena *arena, struct http_request *ret_request, const char **ret_why)
{
	struct buf url = answer_url(arena, question->base, "/"), body;
	const char *why = missing(question);
	char *mem = arena_bytes(arena, MAX_HTTP_BODY);

	if (why) {
		*ret_why = why;
		return STATUS_INVALID;
	}
	buf_cstr(&url, creditreform->version);
	buf_cstr(&url, "/soap12/messages.wsdl");
	buf_init(&body, mem, mem ? MAX_HTTP_BODY : 0);
	put_envelope(&body, creditreform, question);
	if (url.overflow || body.overflow)
		return STATUS_TOO_LARGE;
	*ret_request = (struct http_request){.method = HTTP_POST,
	                                     .url = buf_view(&url),
	                                     .content_type = SLICE_LIT("application/soap+xml; charset=utf-8"),
	                                     .body = buf_view(&body),
	                                     .headers = {SLICE_LIT("Accept: multipart/related, application/soap+xml")},
	                                     .header_count = 1,
	                                     .repeatable = question->step.number == 0,
	                                     .faults_as_500 = true};
	return STATUS_OK;
}
