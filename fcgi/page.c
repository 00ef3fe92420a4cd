/* SPDX-License-Identifier: MIT */
#include "page.h"

#include "server.h"

void page_choose_lang(struct call *call)
{
	struct slice text;

	if (request_query(&call->request, "lang", call->arena, &text) != STATUS_OK)
		return;
	if (slice_eq_cstr(text, "en"))
		call->request.lang = LANG_EN;
	else if (slice_eq_cstr(text, "de"))
		call->request.lang = LANG_DE;
}

void page_headers(struct call *call)
{
	struct response *response = &call->response;

	response->content_type = "text/html; charset=utf-8";
	response_header(response, "Content-Language",
	                call->request.lang == LANG_EN ? SLICE_LIT("en") : SLICE_LIT("de"));
	response_header(response, "Content-Security-Policy",
	                SLICE_LIT("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
	                          "base-uri 'none'; frame-ancestors 'none'"));
	response_header(response, "Referrer-Policy", SLICE_LIT("no-referrer"));
}
