/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PAGE_H
#define FCGI_PAGE_H

struct call;

/* "?lang=de" or "en" goes before the browser's own languages. */
void page_choose_lang(struct call *call);
/* Type, language and a Content-Security-Policy that lets a page load our style and send its form, and nothing else. */
void page_headers(struct call *call);

#endif
