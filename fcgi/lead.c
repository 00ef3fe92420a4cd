/* SPDX-License-Identifier: MIT */
#include "common_routes.h"
#include "form_routes.h"
#include "job_routes.h"
#include "lead_page_routes.h"
#include "lead_parts.h"
#include "lead_routes.h"
#include "process.h"

static const struct route routes[] = {
        {.method = "POST", .path = "/v1/leads", .name = "leads", .scope = SCOPE_LEAD, .handle = lead_post},
        {.method = "GET", .path = "/v1/lead-jobs/{}", .name = "lead_job", .scope = SCOPE_LEAD, .handle = job_get},
        {.method = "GET",
         .path = "/v1/lead-results/{}",
         .name = "lead_result",
         .scope = SCOPE_LEAD,
         .handle = job_result_get},
        {.method = "POST", .path = "/v1/forms/{}", .name = "form", .form_key = true, .handle = form_post},
        {.method = "GET",
         .path = "/v1/form-tokens/{}",
         .name = "form_token",
         .form_key = true,
         .handle = form_token_get},
        {.method = "POST", .path = "/lead/result", .name = "lead_page", .handle = lead_page_post},
        {.method = "GET", .path = "/healthz", .name = "health", .handle = common_health},
        {.method = "GET", .path = "/metrics", .name = "metrics", .local_only = true, .handle = common_metrics},
};

/* bonigate-lead: what sales asks. */
int main(int argc, char **argv)
{
	static const struct program program = {
	        .routes = routes,
	        .route_count = sizeof(routes) / sizeof(routes[0]),
	        .open = lead_parts_open,
	        .close = lead_parts_close,
	};

	return process_main(argc, argv, &program);
}
