/* SPDX-License-Identifier: MIT */
#include "checkout_routes.h"
#include "common_routes.h"
#include "event_routes.h"
#include "link_routes.h"
#include "parts.h"
#include "prefetch_routes.h"
#include "process.h"
#include "search_routes.h"

static const struct route routes[] = {
        {.method = "POST",
         .path = "/v1/checkout/payment-methods",
         .name = "checkout",
         .scope = SCOPE_CHECKOUT,
         .json_body = true,
         .handle = checkout_post},
        {.method = "POST",
         .path = "/v1/checkout/prefetch",
         .name = "prefetch",
         .scope = SCOPE_CHECKOUT,
         .json_body = true,
         .handle = prefetch_post},
        {.method = "GET", .path = "/v1/companies", .name = "companies", .scope = SCOPE_READ, .handle = search_get},
        {.method = "GET", .path = "/v1/company-links", .name = "links", .scope = SCOPE_READ, .handle = link_list},
        {.method = "GET", .path = "/v1/company-links/{}", .name = "link", .scope = SCOPE_READ, .handle = link_show},
        {.method = "PUT",
         .path = "/v1/company-links/{}",
         .name = "link_put",
         .scope = SCOPE_CHECKOUT,
         .json_body = true,
         .handle = link_store},
        {.method = "DELETE",
         .path = "/v1/company-links/{}",
         .name = "link_delete",
         .scope = SCOPE_CHECKOUT,
         .handle = link_delete},
        {.method = "GET", .path = "/v1/decisions/{}", .name = "decision", .scope = SCOPE_READ, .handle = decision_get},
        {.method = "GET",
         .path = "/v1/decisions/{}/explanation",
         .name = "explanation",
         .scope = SCOPE_READ,
         .handle = explanation_get},
        {.method = "GET", .path = "/v1/events", .name = "events", .scope = SCOPE_READ, .handle = event_list},
        {.method = "GET", .path = "/.well-known/jwks.json", .name = "jwks", .handle = common_key_set},
        {.method = "GET", .path = "/healthz", .name = "health", .handle = common_health},
        {.method = "GET", .path = "/metrics", .name = "metrics", .local_only = true, .handle = common_metrics},
};

/* bonigate-checkout: what a shop asks while its buyer waits. */
int main(int argc, char **argv)
{
	static const struct program program = {
	        .routes = routes,
	        .route_count = sizeof(routes) / sizeof(routes[0]),
	        .open = parts_open,
	        .close = parts_close,
	};

	return process_main(argc, argv, &program);
}
