/* SPDX-License-Identifier: MIT */
#include "sandbox_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "adapter/demo_bureau.h"
#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_register.h"
#include "adapter/system_clock.h"
#include "process.h"
#include "providers.h"
#include "rate_limit.h"
#include "shipped.h"
#include "wire/model_in.h"
#include "wire/policy_in.h"

/* Opened once, closed once. lint: allow calloc, lint: allow malloc, lint: allow free */
#define SCRATCH   (16u << 20)
#define WINDOW_MS 60000

struct parts {
	struct sodium_crypto *crypto;
	struct sqlite_register *reg;
	struct demo_bureau *demo;
	struct model model;
	struct policy policy;
	struct rate_limit rate_limit;
};

static enum status complain(const char *path, enum status status, const struct load_error *error)
{
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error->pointer, error->detail);
	else
		process_complain("cannot use", path, status);
	return status;
}

static enum status load_model(const struct config *config, struct arena *arena, struct model *ret_model)
{
	struct load_error error = {0};
	char path[STATE_PATH_MAX] = "models/de-base.json";
	struct slice text;
	enum status status = config->model
	                             ? (slice_copy(slice_cstr(config->model), path, sizeof(path)) ? STATUS_OK
	                                                                                          : STATUS_TOO_LARGE)
	                             : shipped_find("models/de-base.json", path);

	if (status == STATUS_OK)
		status = shipped_read(path, MAX_MODEL_FILE, arena, &text);
	if (status == STATUS_OK)
		status = model_in_parse(text, arena, ret_model, &error);
	return status == STATUS_OK ? status : complain(path, status, &error);
}

static enum status load_policy(struct arena *arena, struct policy *ret_policy)
{
	struct load_error error = {0};
	char path[STATE_PATH_MAX] = "policies/demo.json";
	struct slice text;
	enum status status = shipped_find("policies/demo.json", path);

	if (status == STATUS_OK)
		status = shipped_read(path, MAX_POLICY_FILE, arena, &text);
	if (status == STATUS_OK)
		status = policy_in_parse(text, arena, ret_policy, &error);
	ret_policy->token = false; /* there is no key here, and nothing to prove */
	return status == STATUS_OK ? status : complain(path, status, &error);
}

static enum status load(const struct config *config, struct parts *parts)
{
	void *memory = malloc(SCRATCH);
	struct arena arena;
	enum status status = memory ? STATUS_OK : STATUS_NO_MEMORY;

	arena_init(&arena, memory, memory ? SCRATCH : 0);
	if (status == STATUS_OK)
		status = load_model(config, &arena, &parts->model);
	arena_reset(&arena);
	if (status == STATUS_OK)
		status = load_policy(&arena, &parts->policy);
	free(memory);
	return status;
}

static enum status open_adapters(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_REGISTER_TEST, path);

	if (status == STATUS_OK)
		status = sqlite_register_open(path, &parts->reg);
	if (status == STATUS_OK)
		status = sodium_crypto_open(NULL, &parts->crypto);
	if (status == STATUS_OK)
		status = demo_bureau_open(system_clock(), sodium_crypto_port(parts->crypto), providers_waiters(config),
		                          &parts->demo);
	if (status != STATUS_OK)
		process_complain("cannot open the demo register of", config->state, status);
	return status;
}

static void plug(const struct config *config, struct parts *parts, struct server *server)
{
	struct crypto_port crypto = sodium_crypto_port(parts->crypto);
	uint64_t seed;

	crypto.vtable->random(crypto.self, &seed, sizeof(seed));
	rate_limit_init(&parts->rate_limit, (uint32_t)config->quota, WINDOW_MS, seed);
	server->ports[0] = (struct checkout_ports){
	        .clock = system_clock(), .crypto = crypto, .reg = sqlite_register_port(parts->reg)};
	server->ports[1] = server->ports[0];
	server->ports[0].panel = demo_bureau_panel(parts->demo);
	server->rate_limit = &parts->rate_limit;
	server->anonymous = (struct principal){
	        .tenant = SLICE_LIT("sandbox"), .policy = &parts->policy, .model = &parts->model};
}

enum status sandbox_parts_open(const struct config *config, struct server *server, void **ret_parts)
{
	struct parts *parts = calloc(1, sizeof(*parts));
	enum status status = parts ? load(config, parts) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = open_adapters(config, parts);
	if (status != STATUS_OK) {
		sandbox_parts_close(parts);
		return status;
	}
	plug(config, parts, server);
	*ret_parts = parts;
	return STATUS_OK;
}

void sandbox_parts_close(void *parts)
{
	struct parts *all = parts;

	if (!all)
		return;
	demo_bureau_close(all->demo);
	sqlite_register_close(all->reg);
	sodium_crypto_close(all->crypto);
	free(all);
}
