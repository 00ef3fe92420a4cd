/* SPDX-License-Identifier: MIT */
#include "problem_map.h"

#include <string.h>

/* A missing entry stays {NULL, 0} and counts as internal. */
static const struct problem_kind by_status[STATUS_COUNT] = {
        [STATUS_INVALID] = {"invalid_request", 422},
        [STATUS_TOO_LARGE] = {"body_too_large", 413},
        [STATUS_NOT_FOUND] = {"not_found", 404},
        [STATUS_UNAUTHORIZED] = {"unauthorized", 401},
        [STATUS_FORBIDDEN] = {"forbidden", 403},
        [STATUS_RUNNING] = {"idempotency_key_in_use", 409},
        [STATUS_MISMATCH] = {"idempotency_key_reused", 422},
        [STATUS_TIMEOUT] = {"unavailable", 503},
        [STATUS_UNAVAILABLE] = {"unavailable", 503},
        [STATUS_FULL] = {"unavailable", 503},
        [STATUS_CORRUPT] = {"unavailable", 503},
        [STATUS_NO_MEMORY] = {"internal_error", 500},
        [STATUS_INTERNAL] = {"internal_error", 500},
};

static const struct problem_kind by_code[] = {
        {"internal_error", 500},
        {"body_too_large", 413},
        {"forbidden", 403},
        {"header_too_large", 431},
        {"idempotency_key_in_use", 409},
        {"idempotency_key_invalid", 400},
        {"idempotency_key_reused", 422},
        {"incomplete_body", 400},
        {"invalid_content_length", 400},
        {"invalid_json", 400},
        {"invalid_request", 422},
        {"malformed_request", 400},
        {"method_not_allowed", 405},
        {"not_found", 404},
        {"origin_refused", 403},
        {"not_recorded", 503},
        {"rate_limited", 429},
        {"too_much_under_way", 503},
        {"unauthorized", 401},
        {"unavailable", 503},
        {"unsupported_media_type", 415},
        {"uri_too_long", 414},
};

const struct problem_kind *problem_of_status(enum status status)
{
	if ((unsigned)status >= STATUS_COUNT || !by_status[status].code)
		return &by_code[0];
	return &by_status[status];
}

int problem_http_status(const char *code)
{
	for (size_t i = 0; i < sizeof(by_code) / sizeof(by_code[0]); i++)
		if (strcmp(by_code[i].code, code) == 0)
			return by_code[i].status;
	return by_code[0].status;
}
