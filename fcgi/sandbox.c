/* SPDX-License-Identifier: MIT */
#include "common_routes.h"
#include "process.h"
#include "sandbox_form.h"
#include "sandbox_parts.h"
#include "sandbox_routes.h"

static const struct route routes[] = {
        {.method = "POST",
         .path = "/v1/sandbox/checkout/payment-methods",
         .name = "sandbox_checkout",
         .json_body = true,
         .handle = sandbox_checkout},
        {.method = "POST", .path = "/sandbox/result", .name = "sandbox_form", .handle = sandbox_form_post},
        {.method = "GET", .path = "/v1/sandbox/companies", .name = "sandbox_companies", .handle = sandbox_search},
        {.method = "GET", .path = "/healthz", .name = "health", .handle = common_health},
        {.method = "GET", .path = "/metrics", .name = "metrics", .local_only = true, .handle = common_metrics},
};

/* bonigate-sandbox: what anybody may try without a key. */
int main(int argc, char **argv)
{
	static const struct program program = {
	        .routes = routes,
	        .route_count = sizeof(routes) / sizeof(routes[0]),
	        .open = sandbox_parts_open,
	        .close = sandbox_parts_close,
	};

	return process_main(argc, argv, &program);
}
