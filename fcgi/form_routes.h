/* SPDX-License-Identifier: MIT */
#ifndef FCGI_FORM_ROUTES_H
#define FCGI_FORM_ROUTES_H

#include "base/status.h"

struct call;

/*
 * POST /v1/forms/{key}: a form on a customer's own page. Posts from pages of
 * other origins are refused; what nobody typed (hidden field filled) is
 * dropped; without a good token, or with refused fields, a page of ours asks
 * once more. Else the lead is judged and recorded, and the visitor is sent
 * back, without a word about the result.
 */
enum status form_post(struct call *call) MUST_CHECK;
/* GET /v1/form-tokens/{key}: a fresh token for a page that may hold the form (CORS). */
enum status form_token_get(struct call *call) MUST_CHECK;

#endif
