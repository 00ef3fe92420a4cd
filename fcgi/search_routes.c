/* SPDX-License-Identifier: MIT */
#include "search_routes.h"

#include <stddef.h>
#include <string.h>

#include "app/search.h"
#include "server.h"
#include "wire/search_out.h"

#define DEFAULT_LIMIT 10

/* All that a search takes; anything else is refused. */
struct parameters {
	struct search_req req;
	struct slice mode;
	struct slice limit;
};

static const struct parameter {
	const char *name;
	size_t offset;
	size_t max;
} parameters[] = {
        {"q", offsetof(struct parameters, req.q), MAX_NAME},
        {"name", offsetof(struct parameters, req.company.name), MAX_NAME},
        {"street", offsetof(struct parameters, req.company.street), MAX_STREET},
        {"postal_code", offsetof(struct parameters, req.company.postal_code), MAX_POSTAL_CODE},
        {"city", offsetof(struct parameters, req.company.city), MAX_CITY},
        {"country", offsetof(struct parameters, req.company.country), 2},
        {"vat_id", offsetof(struct parameters, req.company.vat_id), MAX_VAT_ID},
        {"lei", offsetof(struct parameters, req.company.lei), MAX_LEI},
        {"register_court", offsetof(struct parameters, req.company.court), MAX_COURT},
        {"register_type", offsetof(struct parameters, req.company.register_type), MAX_REGISTER_NUMBER},
        {"register_number", offsetof(struct parameters, req.company.register_number), MAX_REGISTER_NUMBER},
        {"mode", offsetof(struct parameters, mode), 8},
        {"limit", offsetof(struct parameters, limit), 4},
        {"cursor", offsetof(struct parameters, req.cursor), SEARCH_CURSOR},
};

#define COUNT (sizeof(parameters) / sizeof(parameters[0]))

/* Of enum identity_field. */
static const char *const pointers[IDENTITY_FIELD_COUNT] = {
        [IDENTITY_NAME] = "?name",
        [IDENTITY_STREET] = "?street",
        [IDENTITY_POSTAL_CODE] = "?postal_code",
        [IDENTITY_CITY] = "?city",
        [IDENTITY_COUNTRY] = "?country",
        [IDENTITY_VAT_ID] = "?vat_id",
        [IDENTITY_LEI] = "?lei",
        [IDENTITY_COURT] = "?register_court",
        [IDENTITY_REGISTER_TYPE] = "?register_type",
        [IDENTITY_REGISTER_NUMBER] = "?register_number",
};

static const struct parameter *find_parameter(struct slice name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (slice_eq_cstr(name, parameters[i].name))
			return &parameters[i];
	return NULL;
}

/* What is not ours is told by its place only: a name from outside is not repeated. */
static void check_names(struct slice query, struct field_errors *errors)
{
	while (query.ptr) {
		struct slice value = slice_cut(&query, '&');
		struct slice name = slice_cut(&value, '=');

		if (name.len > 0 && !find_parameter(name))
			field_errors_add(errors, "?", "unknown_field");
	}
}

static enum status read_all(struct call *call, struct parameters *read, struct field_errors *errors)
{
	check_names(call->request.query, errors);
	for (size_t i = 0; i < COUNT; i++) {
		char pointer[32] = "?";
		struct slice value;
		enum status status = request_query(&call->request, parameters[i].name, call->arena, &value);

		memcpy(pointer + 1, parameters[i].name, strlen(parameters[i].name) + 1);
		if (status == STATUS_NO_MEMORY)
			return status;
		if (status == STATUS_NOT_FOUND || (status == STATUS_OK && slice_is_blank(value)))
			continue;
		if (status != STATUS_OK)
			field_errors_add(errors, pointer, "invalid_encoding");
		else if (value.len > parameters[i].max)
			field_errors_add(errors, pointer, "too_long");
		else
			memcpy((char *)read + parameters[i].offset, &value, sizeof(value));
	}
	return STATUS_OK;
}

static void check_values(struct parameters *read, struct field_errors *errors)
{
	uint64_t limit = DEFAULT_LIMIT;

	if (read->limit.ptr && (!slice_to_u64(read->limit, &limit) || limit < 1 || limit > SEARCH_LIMIT_MAX))
		field_errors_add(errors, "?limit", "out_of_range");
	read->req.limit = limit;
	read->req.exact = slice_eq_cstr(read->mode, "exact");
	if (read->mode.ptr && !read->req.exact && !slice_eq_cstr(read->mode, "fuzzy"))
		field_errors_add(errors, "?mode", "unknown_value");
}

static void explain(const struct search_res *res, struct field_errors *errors)
{
	if (res->fault == SEARCH_FAULT_NOTHING)
		field_errors_add(errors, "?q", "required");
	if (res->fault == SEARCH_FAULT_BOTH)
		field_errors_add(errors, "?q", "invalid_value");
	if (res->fault == SEARCH_FAULT_CURSOR)
		field_errors_add(errors, "?cursor", "invalid_value");
	for (size_t i = 0; i < res->error_count; i++) {
		const char *pointer = pointers[res->errors[i].field];

		field_errors_add(errors, pointer ? pointer : "?", identity_fault_code(res->errors[i].fault));
	}
}

enum status search_get(struct call *call)
{
	struct parameters *read = arena_alloc(call->arena, sizeof(*read));
	struct search_res *res = arena_alloc(call->arena, sizeof(*res));
	struct field_errors *errors = arena_alloc(call->arena, sizeof(*errors));
	enum status status;

	if (!read || !res || !errors)
		return STATUS_NO_MEMORY;
	status = read_all(call, read, errors);
	if (status != STATUS_OK)
		return status;
	check_values(read, errors);
	if (errors->count == 0) {
		status = search_companies(&call->server->ports[call->principal.livemode].reg, &read->req,
		                          call->deadline, call->arena, res);
		if (status == STATUS_INVALID)
			explain(res, errors);
	}
	if (errors->count > 0) {
		call->errors = errors;
		return STATUS_INVALID;
	}
	if (status != STATUS_OK)
		return status;
	search_out_put(&call->response.body, res, call->principal.livemode);
	call->response.content_type = "application/json";
	return STATUS_OK;
}
