/* SPDX-License-Identifier: MIT */
#include "base/deadline.h"

#define NS_PER_MS 1000000

int64_t deadline_left_ns(struct deadline deadline, int64_t now_ns)
{
	if (deadline.at_ns == INT64_MAX)
		return INT64_MAX;
	return deadline.at_ns > now_ns ? deadline.at_ns - now_ns : 0;
}

int deadline_left_ms(struct deadline deadline, int64_t now_ns)
{
	int64_t left = deadline_left_ns(deadline, now_ns);
	int64_t ms = left / NS_PER_MS + (left % NS_PER_MS != 0);

	return ms > INT32_MAX ? INT32_MAX : (int)ms;
}
