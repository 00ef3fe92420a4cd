/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LEAD_PAGE_ROUTES_H
#define FCGI_LEAD_PAGE_ROUTES_H

#include "base/status.h"

struct call;

/*
 * POST /lead/result: the lead page's form without JavaScript, answered by a
 * page. The API key is one of its fields; it is taken from our own page only,
 * and shown nowhere again. A form that carries the mark of its page
 * ("once") and is sent again, as by loading the answer again, gets the page it
 * got before and is recorded once.
 */
enum status lead_page_post(struct call *call);

#endif
