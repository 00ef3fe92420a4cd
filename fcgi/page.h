/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PAGE_H
#define FCGI_PAGE_H

#include "base/slice.h"

struct call;

/* "?lang=de" or "en" goes before the browser's own languages. */
void page_choose_lang(struct call *call);
/* Type, language and a Content-Security-Policy that lets a page load our style and send its form, and nothing else. */
void page_headers(struct call *call);
/* The same for a page whose form leads to another origin in the end: browsers hold redirects to the policy too. */
void page_form_headers(struct call *call, struct slice origin);

#endif
