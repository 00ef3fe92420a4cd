/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "../../fcgi/problem_map.h"
#include "../../fcgi/response.h"
#include "base/maxima.h"
#include "fake_exchange.h"

static char headers[RESPONSE_MAX_HEADERS];
static char body[MAX_ANSWER];

static void assert_sent(const struct response *response, bool head_only, const char *expected)
{
	struct fake_exchange fake;

	fake_exchange_init(&fake, NULL, "", 0);
	cr_assert(response_send(response, &fake.exchange, head_only));
	fake.sent[fake.sent_len] = '\0';
	cr_assert_str_eq(fake.sent, expected);
}

Test(response, head_and_body_leave_as_cgi_output)
{
	struct response response;

	response_init(&response, headers, body);
	response.content_type = "application/json";
	response_header(&response, "X-Request-Id", SLICE_LIT("r1"));
	buf_cstr(&response.body, "{}");
	assert_sent(
	        &response, false,
	        "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Request-Id: r1\r\n\r\n{}");
	assert_sent(
	        &response, true,
	        "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Request-Id: r1\r\n\r\n");
	response_reset(&response);
	response.status = 204;
	assert_sent(&response, false, "Status: 204 No Content\r\n\r\n");
}

Test(response, headers_that_do_not_fit_are_never_sent_in_part)
{
	static char value[RESPONSE_MAX_HEADERS];
	struct fake_exchange fake;
	struct response response;

	fake_exchange_init(&fake, NULL, "", 0);
	response_init(&response, headers, body);
	memset(value, 'v', sizeof(value));
	response_header(&response, "X", (struct slice){value, sizeof(value)});
	cr_assert_not(response_send(&response, &fake.exchange, false));
	cr_assert_eq(fake.sent_len, 0);
}

Test(response, every_failure_has_its_http_status)
{
	for (int status = STATUS_OK; status <= STATUS_COUNT; status++) {
		const struct problem_kind *kind = problem_of_status((enum status)status);

		cr_assert_geq(kind->status, 400, "%s", status_name((enum status)status));
		cr_assert_eq(kind->status, problem_http_status(kind->code), "%s", kind->code);
		cr_assert_eq(strtol(response_status_line(kind->status), NULL, 10), kind->status);
	}
	cr_assert_eq(problem_http_status("no such code"), 500);
	cr_assert_eq(problem_http_status("method_not_allowed"), 405);
	cr_assert_str_eq(response_status_line(999), "500 Internal Server Error");
}
