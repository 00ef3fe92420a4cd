/* SPDX-License-Identifier: MIT */
#include "event_routes.h"

#include "wire/event_out.h"

#define LIMIT_MOST   100
#define LIMIT_PRESET 50

/* A parameter that is absent or blank is not there. */
static enum status read_parameter(struct call *call, const char *name, struct slice *ret_value)
{
	enum status status = request_query(&call->request, name, call->arena, ret_value);

	if (status == STATUS_NOT_FOUND || (status == STATUS_OK && slice_is_blank(*ret_value))) {
		*ret_value = SLICE_NONE;
		return STATUS_OK;
	}
	return status;
}

static enum status answer(struct call *call, struct slice after, size_t limit)
{
	const struct event_port *port = &call->server->events;
	struct event *events = arena_array(call->arena, limit + 1, sizeof(*events));
	bool livemode = call->principal.livemode;
	size_t count = 0;
	enum status status;

	if (!events)
		return STATUS_NO_MEMORY;
	status = port->vtable->list(port->self, call->principal.tenant, livemode, after, limit + 1, call->arena, events,
	                            &count);
	if (status == STATUS_NOT_FOUND)
		return server_refuse_field(call, "?after", "unknown_value");
	if (status != STATUS_OK)
		return status;
	event_out_put_page(&call->response.body, events, count < limit ? count : limit, count > limit, livemode);
	call->response.content_type = "application/json";
	return STATUS_OK;
}

enum status event_list(struct call *call)
{
	static const char *const known[] = {"after", "limit"};
	struct slice after = SLICE_NONE, text = SLICE_NONE;
	uint64_t limit = LIMIT_PRESET;
	enum status status;

	/* Whoever misspells "after" would be given everything once more. */
	if (!request_query_has_only(&call->request, known, sizeof(known) / sizeof(known[0])))
		return server_refuse_field(call, "?", "unknown_field");
	status = read_parameter(call, "after", &after);
	if (status == STATUS_INVALID)
		return server_refuse_field(call, "?after", "invalid_encoding");
	if (status != STATUS_OK)
		return status;
	status = read_parameter(call, "limit", &text);
	if (status == STATUS_INVALID)
		return server_refuse_field(call, "?limit", "invalid_encoding");
	if (status != STATUS_OK)
		return status;
	if (text.ptr && (!slice_to_u64(text, &limit) || limit < 1 || limit > LIMIT_MOST))
		return server_refuse_field(call, "?limit", "out_of_range");
	return answer(call, after, limit);
}
