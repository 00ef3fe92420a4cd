/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "../../fcgi/route.h"

static const struct route routes[] = {
        {.method = "POST", .path = "/v1/things", .name = "make"},
        {.method = "GET", .path = "/v1/things", .name = "list"},
        {.method = "GET", .path = "/v1/things/{}", .name = "one"},
        {.method = "GET", .path = "/healthz", .name = "health"},
};

#define COUNT (sizeof(routes) / sizeof(routes[0]))

Test(route, method_and_path_decide)
{
	static const struct {
		const char *method;
		const char *path;
		enum status status;
		const char *name;
		const char *rest;
	} cases[] = {
	        {"POST", "/v1/things", STATUS_OK, "make", NULL},
	        {"GET", "/v1/things", STATUS_OK, "list", NULL},
	        {"HEAD", "/v1/things", STATUS_OK, "list", NULL},
	        {"GET", "/v1/things/42", STATUS_OK, "one", "42"},
	        {"GET", "/v1/things/%2e%2e", STATUS_OK, "one", "%2e%2e"},
	        {"GET", "/v1/things/", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "/v1/things/4/2", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "/v1/thingsx", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "/V1/things", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "//healthz", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "", STATUS_NOT_FOUND, NULL, NULL},
	        {"GET", "/", STATUS_NOT_FOUND, NULL, NULL},
	        {"POST", "/healthz", STATUS_INVALID, NULL, NULL},
	        {"HEAD", "/healthz", STATUS_OK, "health", NULL},
	        {"get", "/healthz", STATUS_INVALID, NULL, NULL},
	        {"DELETE", "/v1/things/42", STATUS_INVALID, NULL, NULL},
	        {"", "/healthz", STATUS_INVALID, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct route_match match = {0};
		enum status status = route_find(routes, COUNT, slice_cstr(cases[i].method), slice_cstr(cases[i].path),
		                                &match);

		cr_assert_eq(status, cases[i].status, "%s %s", cases[i].method, cases[i].path);
		if (cases[i].name)
			cr_assert_str_eq(match.route->name, cases[i].name);
		if (cases[i].rest)
			cr_assert(slice_eq_cstr(match.rest, cases[i].rest));
	}
}

Test(route, allow_lists_the_methods_of_a_path)
{
	static const char *const cases[][2] = {
	        {"/v1/things", "POST, GET, HEAD, OPTIONS"},
	        {"/v1/things/7", "GET, HEAD, OPTIONS"},
	        {"/nothing", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char mem[64];
		struct buf out;

		buf_init(&out, mem, sizeof(mem));
		route_allow(routes, COUNT, slice_cstr(cases[i][0]), &out);
		cr_assert(slice_eq_cstr(buf_view(&out), cases[i][1]), "%s", cases[i][0]);
	}
}
