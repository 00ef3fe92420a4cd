/* SPDX-License-Identifier: MIT */
#include "core/http_end.h"

const char *http_end_name(enum http_end end)
{
	static const char *const NAMES[HTTP_END_COUNT] = {
	        [HTTP_ANSWERED] = "answered",
	        [HTTP_REFUSED] = "refused",
	        [HTTP_BREAKER_OPEN] = "breaker_open",
	        [HTTP_PAUSED] = "paused",
	        [HTTP_BUDGET_SPENT] = "budget_spent",
	        [HTTP_BUSY] = "busy",
	        [HTTP_FORBIDDEN] = "forbidden_address",
	        [HTTP_NO_HOST] = "no_host",
	        [HTTP_NO_CONNECTION] = "no_connection",
	        [HTTP_TLS_FAILED] = "tls_failed",
	        [HTTP_TIMEOUT] = "timeout",
	        [HTTP_BROKEN] = "broken",
	        [HTTP_TOO_LARGE] = "too_large",
	        [HTTP_STOPPED] = "stopped",
	        [HTTP_NO_MEMORY] = "no_memory",
	};

	return (unsigned)end < HTTP_END_COUNT ? NAMES[end] : "";
}
