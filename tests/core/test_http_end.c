/* SPDX-License-Identifier: MIT */
#include "core/http_end.h"

#include <criterion/criterion.h>
#include <string.h>

/* They are labels of metrics, which a dashboard tells apart by nothing else. */
Test(http_end, each_has_a_name_of_its_own)
{
	for (int i = 0; i < HTTP_END_COUNT; i++) {
		const char *name = http_end_name((enum http_end)i);

		cr_expect_gt(strlen(name), 0, "%d", i);
		cr_expect_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name), "%s", name);
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(name, http_end_name((enum http_end)j));
	}
	cr_expect_str_eq(http_end_name(HTTP_BREAKER_OPEN), "breaker_open");
	cr_expect_str_eq(http_end_name(HTTP_END_COUNT), "");
	cr_expect_str_eq(http_end_name((enum http_end) - 1), "");
}
