/* SPDX-License-Identifier: MIT */
#include "prefetch_routes.h"

#include <string.h>

#include "checkout_routes.h"
#include "server.h"
#include "wire/prefetch_in.h"
#include "wire/prefetch_out.h"

static enum status refuse(struct call *call, enum status status, struct field_errors *errors)
{
	if (errors->count > 0)
		call->errors = errors;
	/* A text that is no JSON at all is a mistake of another kind than a field that is not allowed. */
	if (errors->count > 0 && strcmp(errors->items[0].code, "invalid_json") == 0)
		call->fault = "invalid_json";
	return status;
}

static enum status prefetch(struct call *call, const struct identity *company, struct field_errors *errors)
{
	const struct checkout_ports *ports = &call->server->ports[call->principal.livemode];
	struct prefetch_res *res = arena_alloc(call->arena, sizeof(*res));
	struct caller caller = {.tenant = call->principal.tenant,
	                        .request_id = call->request.request_id,
	                        .livemode = call->principal.livemode,
	                        .policy = call->principal.policy,
	                        .model = call->principal.model};
	enum status status = STATUS_NO_MEMORY;

	if (res)
		status = prefetch_company(ports, &caller, company, call->deadline, call->arena, res);
	if (status == STATUS_INVALID)
		prefetch_in_explain(res, errors);
	if (status == STATUS_FULL)
		call->fault = "too_much_under_way";
	if (status != STATUS_OK)
		return status;
	prefetch_out_put(&call->response.body, res, call->principal.livemode);
	call->response.content_type = "application/json";
	call->response.status = 202;
	return call->response.body.overflow ? STATUS_INTERNAL : STATUS_OK;
}

enum status prefetch_post(struct call *call)
{
	struct field_errors *errors = arena_alloc(call->arena, sizeof(*errors));
	struct identity company;
	struct slice key;
	enum status status = errors ? checkout_read_key(call, &key) : STATUS_NO_MEMORY;

	if (status != STATUS_OK)
		return status;
	status = prefetch_in_parse(call->request.body, call->arena, &company, errors);
	if (status == STATUS_OK)
		status = prefetch(call, &company, errors);
	return status == STATUS_OK ? status : refuse(call, status, errors);
}
