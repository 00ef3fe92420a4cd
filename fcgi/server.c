/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#include "problem_map.h"
#include "upkeep.h"

/* The lanes live as long as the process serves. lint: allow calloc, lint: allow free */
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

static int64_t monotonic_ns(const struct server *server)
{
	const struct clock_port *clock = &server->ports[0].clock;

	return clock->vtable->monotonic_ns(clock->self);
}

/* Only what is on a closed list is logged: a caller chooses the method freely. */
static const char *known_method(struct slice method)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (slice_eq_cstr(method, methods[i]))
			return methods[i];
	return "OTHER";
}

/* nginx names Unix peers "unix:". */
static bool is_local(struct slice address)
{
	return slice_starts(address, SLICE_LIT("127.")) || slice_eq_cstr(address, "::1") ||
	       slice_eq_cstr(address, "unix:");
}

static enum status refuse(struct call *call, enum status status, const char *fault)
{
	call->fault = fault;
	return status;
}

static enum status no_such_method(struct call *call)
{
	const struct server *server = call->server;
	char mem[128];
	struct buf allow;

	buf_init(&allow, mem, sizeof(mem));
	route_allow(server->routes, server->route_count, call->request.path, &allow);
	response_header(&call->response, "Allow", buf_view(&allow));
	if (slice_eq_cstr(call->request.method, "OPTIONS")) {
		call->response.status = 204;
		return STATUS_OK;
	}
	return refuse(call, STATUS_INVALID, "method_not_allowed");
}

static enum status authenticate(struct call *call, struct auth_cache *cache)
{
	enum status status;

	if (call->route->form_key) {
		status = auth_check_form(&call->server->auth, cache, call->path_rest, call->at_ms, &call->principal);
		return status == STATUS_UNAUTHORIZED ? STATUS_NOT_FOUND : status;
	}
	if (!call->route->scope)
		return STATUS_OK;
	status = auth_check(&call->server->auth, cache, call->request.authorization, call->route->scope, call->at_ms,
	                    &call->principal);
	if (status == STATUS_UNAUTHORIZED)
		response_header(&call->response, "WWW-Authenticate", SLICE_LIT("Bearer realm=\"bonigate\""));
	return status;
}

static enum status answer(struct call *call, struct auth_cache *cache)
{
	const struct server *server = call->server;
	struct route_match match;
	enum status status = route_find(server->routes, server->route_count, call->request.method, call->request.path,
	                                &match);

	if (status == STATUS_INVALID)
		return no_such_method(call);
	if (status != STATUS_OK)
		return status;
	if (match.route->local_only && !is_local(call->request.remote_addr))
		return STATUS_NOT_FOUND;
	call->route = match.route;
	call->path_rest = match.rest;
	status = authenticate(call, cache);
	if (status != STATUS_OK)
		return status;
	if (match.route->json_body) {
		if (!request_is_json(call->request.content_type))
			return refuse(call, STATUS_INVALID, "unsupported_media_type");
		status = request_read_body(call->exchange, call->arena, &call->request);
		if (status != STATUS_OK)
			return refuse(call, status, call->request.fault);
	}
	return match.route->handle(call);
}

/* The response becomes the problem of this status; header fields that were set for it stay. */
static void put_problem(struct call *call, enum status status)
{
	const struct problem_kind *kind = problem_of_status(status);
	struct problem problem = {
	        .code = call->fault ? call->fault : kind->code,
	        .status = call->fault ? problem_http_status(call->fault) : kind->status,
	        .request_id = call->request.request_id,
	        .livemode = call->principal.tenant.ptr ? &call->principal.livemode : NULL,
	        .errors = call->errors,
	};

	buf_reset(&call->response.body);
	call->response.status = problem.status;
	call->response.content_type = "application/problem+json";
	response_header(&call->response, "Content-Language",
	                call->request.lang == LANG_EN ? SLICE_LIT("en") : SLICE_LIT("de"));
	if (problem.status == 415 && request_is_encoded(&call->request))
		response_header(&call->response, "Accept-Encoding", SLICE_LIT("identity")); /* RFC 9110, 15.5.16 */
	if (problem.status == 503)
		response_header(&call->response, "Retry-After", SLICE_LIT("2"));
	problem_put(&call->response.body, &problem, call->request.lang);
}

static void put_timing(struct call *call, int64_t duration_ns)
{
	char mem[128];
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	buf_cstr(&text, "total;dur=");
	buf_millionths(&text, duration_ns, 3);
	if (call->store_ns >= 0) {
		buf_cstr(&text, ", store;dur=");
		buf_millionths(&text, call->store_ns, 3);
	}
	if (call->cache) {
		buf_cstr(&text, ", cache;desc=");
		buf_cstr(&text, call->cache);
	}
	response_header(&call->response, "Server-Timing", buf_view(&text));
}

/* What stands on every answer. */
static void finish(struct call *call, int64_t duration_ns)
{
	response_header(&call->response, "X-Request-Id", call->request.request_id);
	put_timing(call, duration_ns);
	response_header(&call->response, "Cache-Control", SLICE_LIT("no-store"));
	response_header(&call->response, "X-Content-Type-Options", SLICE_LIT("nosniff"));
}

static void report(const struct call *call, int64_t duration_ns)
{
	static const char *const outcomes[METRICS_OUTCOMES] = {
	        [METRICS_DECLINE] = "decline",
	        [METRICS_REVIEW] = "review",
	        [METRICS_APPROVE] = "approve",
	        [METRICS_REPLAY] = "replay",
	};
	const struct server *server = call->server;
	bool known = call->principal.tenant.ptr != NULL;
	struct log_request line = {
	        .at_ms = call->at_ms,
	        .request_id = call->request.request_id,
	        .method = known_method(call->request.method),
	        .route = call->route ? call->route->name : "-",
	        .status = call->response.status,
	        .duration_us = duration_ns / NS_PER_US,
	        .outcome = outcomes[call->outcome],
	        .livemode = known ? &call->principal.livemode : NULL,
	        .tenant = call->principal.tenant,
	        .cache = call->cache,
	};

	log_request(server->log, call->lane, &line);
	metrics_count(server->metrics, call->lane,
	              &(struct metrics_request){
	                      .route = call->route ? (size_t)(call->route - server->routes) : METRICS_NO_ROUTE,
	                      .status = call->response.status,
	                      .outcome = call->outcome,
	                      .duration_us = line.duration_us,
	              });
}

static void prepare(struct lane *lane, const struct server *server, struct exchange *exchange)
{
	const struct clock_port *clock = &server->ports[0].clock;
	struct call *call = &lane->call;

	*call = (struct call){.server = server,
	                      .lane = (unsigned)(lane - server->lanes),
	                      .exchange = exchange,
	                      .arena = &lane->arena,
	                      .store_ns = -1};
	arena_reset(&lane->arena);
	response_init(&call->response, lane->headers, lane->body);
	call->deadline.at_ns = exchange->start_ns + (int64_t)server->budget_ms * NS_PER_MS;
	call->at_ms = clock->vtable->now_ms(clock->self);
}

enum status server_refuse_field(struct call *call, const char *pointer, const char *code)
{
	struct field_errors *errors = arena_alloc(call->arena, sizeof(*errors));

	if (!errors)
		return STATUS_NO_MEMORY;
	field_errors_add(errors, pointer, code);
	call->errors = errors;
	return STATUS_INVALID;
}

void server_conclude(struct call *call, enum status status)
{
	int64_t duration_ns;
	bool head_only;

	if (status == STATUS_OK && call->response.body.overflow)
		status = STATUS_INTERNAL;
	if (status != STATUS_OK)
		put_problem(call, status);
	duration_ns = monotonic_ns(call->server) - call->exchange->start_ns;
	finish(call, duration_ns);
	head_only = slice_eq_cstr(call->request.method, "HEAD");
	(void)response_send(&call->response, call->exchange, head_only);
	report(call, duration_ns);
}

bool server_handle(const struct server *server, unsigned lane_no, struct exchange *exchange)
{
	struct lane *lane = &server->lanes[lane_no];
	struct call *call = &lane->call;
	enum status status;

	prepare(lane, server, exchange);
	status = request_read_head(exchange, &server->ports[0].crypto, &lane->arena, &call->request);
	call->fault = call->request.fault;
	if (status == STATUS_OK)
		status = answer(call, &lane->auth);
	if (status == STATUS_PENDING)
		return false;
	server_conclude(call, status);
	return true;
}

static bool handle(void *ctx, unsigned lane, struct exchange *exchange)
{
	return server_handle(ctx, lane, exchange);
}

static void tick(void *ctx)
{
	upkeep_tick(ctx);
}

static void reload(void *ctx)
{
	upkeep_reload(ctx);
}

struct serve_app server_app(struct server *server)
{
	return (struct serve_app){.ctx = server, .handle = handle, .tick = tick, .reload = reload};
}

enum status server_start(struct server *server, unsigned lanes)
{
	const char *names[METRICS_MAX_ROUTES];
	const struct clock_port *clock = &server->ports[0].clock;
	enum status status;

	if (server->route_count > METRICS_MAX_ROUTES)
		return STATUS_INTERNAL;
	for (size_t i = 0; i < server->route_count; i++)
		names[i] = server->routes[i].name;
	server->lanes = calloc(lanes, sizeof(*server->lanes));
	if (!server->lanes)
		return STATUS_NO_MEMORY;
	status = metrics_create(lanes, names, server->route_count, &server->metrics);
	if (status != STATUS_OK) {
		free(server->lanes);
		return status;
	}
	for (unsigned i = 0; i < lanes; i++)
		arena_init(&server->lanes[i].arena, server->lanes[i].arena_mem, MAX_REQUEST_ARENA);
	server->lane_count = lanes;
	server->start_ms = clock->vtable->now_ms(clock->self);
	return STATUS_OK;
}

void server_stop(struct server *server)
{
	for (unsigned i = 0; i < server->lane_count; i++)
		auth_cache_clear(&server->lanes[i].auth);
	metrics_destroy(server->metrics);
	free(server->lanes);
}
