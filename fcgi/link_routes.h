/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LINK_ROUTES_H
#define FCGI_LINK_ROUTES_H

#include "base/status.h"

struct call;

/*
 * Which company a customer number means, of the key's own tenant and mode:
 * /v1/company-links and /v1/company-links/{customer_ref}.
 */
enum status link_list(struct call *call) MUST_CHECK;
enum status link_show(struct call *call) MUST_CHECK;
enum status link_store(struct call *call) MUST_CHECK;
enum status link_delete(struct call *call) MUST_CHECK;

#endif
