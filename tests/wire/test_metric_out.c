/* SPDX-License-Identifier: MIT */
#include "wire/metric_out.h"

#include <criterion/criterion.h>

static char text[512];
static struct buf out;

static void set_up(void)
{
	buf_init(&out, text, sizeof(text) - 1);
}

static const char *written(void)
{
	cr_assert_not(out.overflow);
	text[out.len] = '\0';
	return text;
}

TestSuite(metric_out, .init = set_up);

Test(metric_out, writes_a_family_as_prometheus_reads_it)
{
	const struct metric_label labels[] = {{"provider", "vies"}, {"le", "+Inf"}};

	metric_out_head(&out, "bonigate_seconds", "histogram", "How long.");
	metric_out_name(&out, "bonigate_seconds_bucket", labels, 2);
	metric_out_value(&out, UINT64_MAX);
	metric_out_name(&out, "bonigate_seconds_sum", labels, 1);
	metric_out_millionths(&out, 1234567, 6);
	metric_out_name(&out, "bonigate_seconds_count", NULL, 0);
	metric_out_value(&out, 0);
	cr_expect_str_eq(written(), "# HELP bonigate_seconds How long.\n"
	                            "# TYPE bonigate_seconds histogram\n"
	                            "bonigate_seconds_bucket{provider=\"vies\",le=\"+Inf\"} 18446744073709551615\n"
	                            "bonigate_seconds_sum{provider=\"vies\"} 1.234567\n"
	                            "bonigate_seconds_count 0\n");
}

Test(metric_out, writes_a_single_sample)
{
	metric_out_single(&out, "bonigate_up", "gauge", "Whether it is.", 1);
	cr_expect_str_eq(written(), "# HELP bonigate_up Whether it is.\n# TYPE bonigate_up gauge\nbonigate_up 1\n");
}
