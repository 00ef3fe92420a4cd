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

static void put_headers(struct call *call, struct slice origin, struct slice referrer)
{
	struct response *response = &call->response;
	char mem[512];
	struct buf policy;

	buf_init(&policy, mem, sizeof(mem));
	buf_cstr(&policy,
	         "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
	         "form-action 'self'");
	if (origin.ptr) {
		buf_char(&policy, ' ');
		buf_slice(&policy, origin);
	}
	response->content_type = "text/html; charset=utf-8";
	response_header(response, "Content-Language",
	                call->request.lang == LANG_EN ? SLICE_LIT("en") : SLICE_LIT("de"));
	response_header(response, "Content-Security-Policy", buf_view(&policy));
	response_header(response, "Referrer-Policy", referrer);
}

void page_headers(struct call *call)
{
	put_headers(call, SLICE_NONE, SLICE_LIT("no-referrer"));
}

void page_form_headers(struct call *call, struct slice origin)
{
	/* With no-referrer a browser would send "Origin: null" with the form. */
	put_headers(call, origin, SLICE_LIT("same-origin"));
}
