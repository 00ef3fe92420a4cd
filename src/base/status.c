/* SPDX-License-Identifier: MIT */
#include "base/status.h"

static const char *const names[STATUS_COUNT] = {
        [STATUS_OK] = "ok",
        [STATUS_INVALID] = "invalid",
        [STATUS_TOO_LARGE] = "too_large",
        [STATUS_NOT_FOUND] = "not_found",
        [STATUS_UNAUTHORIZED] = "unauthorized",
        [STATUS_FORBIDDEN] = "forbidden",
        [STATUS_RUNNING] = "running",
        [STATUS_MISMATCH] = "mismatch",
        [STATUS_TIMEOUT] = "timeout",
        [STATUS_UNAVAILABLE] = "unavailable",
        [STATUS_FULL] = "full",
        [STATUS_CORRUPT] = "corrupt",
        [STATUS_NO_MEMORY] = "no_memory",
        [STATUS_INTERNAL] = "internal",
        [STATUS_PENDING] = "pending",
};

const char *status_name(enum status status)
{
	if ((unsigned)status >= STATUS_COUNT)
		return "unknown";
	return names[status];
}
