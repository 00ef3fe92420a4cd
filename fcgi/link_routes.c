/* SPDX-License-Identifier: MIT */
#include "link_routes.h"

#include <string.h>

#include "app/link.h"
#include "core/fold.h"
#include "server.h"
#include "wire/form_in.h"
#include "wire/link_in.h"
#include "wire/link_out.h"

#define PAGE 50

static const struct checkout_ports *ports_of(const struct call *call)
{
	return &call->server->ports[call->principal.livemode];
}

static struct caller caller_of(const struct call *call)
{
	return (struct caller){.tenant = call->principal.tenant,
	                       .request_id = call->request.request_id,
	                       .livemode = call->principal.livemode,
	                       .policy = call->principal.policy,
	                       .model = call->principal.model};
}

/* The last segment of the path. STATUS_NOT_FOUND: no checkout can name such a customer number. */
static enum status read_ref(const struct call *call, struct slice *ret_ref)
{
	struct slice ref;
	enum status status = form_in_decode_segment(call->path_rest, call->arena, &ref);

	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK || ref.len > MAX_CUSTOMER_REF || slice_is_blank(ref) || fold_has_control(ref))
		return STATUS_NOT_FOUND;
	*ret_ref = ref;
	return STATUS_OK;
}

static enum status answer(struct call *call, const struct link_res *res)
{
	link_out_put(&call->response.body, res, call->principal.livemode);
	call->response.content_type = "application/json";
	return STATUS_OK;
}

enum status link_list(struct call *call)
{
	static const char *const known[] = {"after"};
	const struct links_port *links = &ports_of(call)->links;
	struct link_owner owner = {call->principal.tenant, call->principal.livemode};
	struct link *found = arena_array(call->arena, PAGE + 1, sizeof(*found));
	struct slice after = SLICE_NONE;
	size_t count = 0;
	enum status status = request_query(&call->request, "after", call->arena, &after);

	if (!found)
		return STATUS_NO_MEMORY;
	if (!request_query_has_only(&call->request, known, sizeof(known) / sizeof(known[0])))
		return server_refuse_field(call, "?", "unknown_field");
	if (status == STATUS_INVALID)
		return server_refuse_field(call, "?after", "invalid_encoding");
	if (status != STATUS_OK && status != STATUS_NOT_FOUND)
		return status;
	if (!links->vtable)
		return STATUS_UNAVAILABLE;
	status = links->vtable->list(links->self, &owner, after, PAGE + 1, found, &count);
	if (status != STATUS_OK)
		return status;
	link_out_put_list(&call->response.body, found, count < PAGE ? count : PAGE, count > PAGE,
	                  call->principal.livemode);
	call->response.content_type = "application/json";
	return STATUS_OK;
}

enum status link_show(struct call *call)
{
	struct caller caller = caller_of(call);
	struct slice ref;
	struct link_res res;
	enum status status = read_ref(call, &ref);

	if (status != STATUS_OK)
		return status;
	status = link_get(ports_of(call), &caller, ref, call->deadline, call->arena, &res);
	return status == STATUS_OK ? answer(call, &res) : status;
}

enum status link_store(struct call *call)
{
	struct caller caller = caller_of(call);
	struct field_errors *errors = arena_alloc(call->arena, sizeof(*errors));
	struct slice ref;
	struct link_req req;
	struct link_res res;
	enum status status;

	if (!errors)
		return STATUS_NO_MEMORY;
	status = read_ref(call, &ref);
	if (status != STATUS_OK)
		return status;
	status = link_in_parse(call->request.body, call->arena, &req, errors);
	if (status == STATUS_INVALID) {
		call->errors = errors;
		if (strcmp(errors->items[0].code, "invalid_json") == 0)
			call->fault = "invalid_json";
	}
	if (status != STATUS_OK)
		return status;
	req.customer_ref = ref;
	status = link_put(ports_of(call), &caller, &req, call->deadline, call->arena, &res);
	if (status == STATUS_NOT_FOUND)
		return server_refuse_field(call, "/key", "unknown_value");
	if (status == STATUS_INVALID)
		return server_refuse_field(call, "/name", "invalid_value");
	return status == STATUS_OK ? answer(call, &res) : status;
}

enum status link_delete(struct call *call)
{
	const struct links_port *links = &ports_of(call)->links;
	struct link_owner owner = {call->principal.tenant, call->principal.livemode};
	struct slice ref;
	enum status status = read_ref(call, &ref);

	if (status != STATUS_OK)
		return status;
	if (!links->vtable)
		return STATUS_UNAVAILABLE;
	status = links->vtable->remove(links->self, &owner, ref);
	if (status == STATUS_OK)
		call->response.status = 204;
	return status;
}
