/* SPDX-License-Identifier: MIT */
#ifndef FCGI_SANDBOX_FORM_H
#define FCGI_SANDBOX_FORM_H

#include "base/status.h"

struct call;

/*
 * POST /sandbox/result: the sandbox page's own form, sent by a browser
 * without JavaScript. The answer is a page; refused fields and a used-up
 * quota are told on it too (422, 429).
 */
enum status sandbox_form_post(struct call *call) MUST_CHECK;

#endif
