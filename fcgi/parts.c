/* SPDX-License-Identifier: MIT */
#include "parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapter/demo_bureau.h"
#include "adapter/document_keeper.h"
#include "adapter/lmdb_cache.h"
#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_events.h"
#include "adapter/sqlite_inquiries.h"
#include "adapter/sqlite_links.h"
#include "adapter/sqlite_register.h"
#include "adapter/sqlite_store.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "process.h"
#include "providers.h"
#include "shipped.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */
#define BYTES_PER_MB (UINT64_C(1024) * 1024)
#define HOUR_MS      3600000

struct parts {
	struct sodium_crypto *crypto;
	struct sqlite_store *store;
	struct sqlite_links *links;
	struct sqlite_inquiries *inquiries;
	struct inquiry_writer *writer; /* of the inquiries */
	struct sqlite_documents *documents;
	struct document_keeper *keeper;
	struct sqlite_events *events;
	struct sqlite_register *registers[2]; /* test, live */
	struct lmdb_cache *cache;
	struct providers *providers;
	struct demo_bureau *demo;
	struct rulebook *book;
	struct rate_limit forms; /* posts of public forms */
	char model[STATE_PATH_MAX];
};

static enum status find_model(const struct config *config, char ret_path[STATE_PATH_MAX])
{
	if (config->model)
		return slice_copy(slice_cstr(config->model), ret_path, STATE_PATH_MAX) ? STATUS_OK : STATUS_TOO_LARGE;
	return shipped_find("models/de-base.json", ret_path);
}

static enum status open_crypto(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_TOKEN_KEY, path);

	if (status == STATUS_OK)
		status = sodium_crypto_open(path, &parts->crypto);
	if (status != STATUS_OK)
		process_complain("cannot use the token key of", config->state, status);
	return status;
}

static enum status open_store(const struct config *config, struct parts *parts)
{
	enum status status = sqlite_store_open(config->state, sodium_crypto_port(parts->crypto), system_clock(),
	                                       &parts->store);
	const char *advice = sqlite_store_advice(status);

	if (status != STATUS_OK)
		process_complain("cannot open the store of", config->state, status);
	if (advice)
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, advice);
	return status;
}

static enum status open_events(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_STORE, path);

	if (status == STATUS_OK)
		status = sqlite_events_open(path, &parts->events);
	if (status != STATUS_OK)
		process_complain("cannot open the events of", config->state, status);
	return status;
}

static enum status open_links(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_LINKS, path);

	if (status == STATUS_OK)
		status = sqlite_links_open(path, &parts->links);
	if (status != STATUS_OK)
		process_complain("cannot open the links in", config->state, status);
	return status;
}

static enum status open_inquiries(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_INQUIRIES, path);

	if (status == STATUS_OK)
		status = sqlite_inquiries_open(path, &parts->inquiries);
	if (status == STATUS_OK)
		status = inquiry_writer_open(sqlite_inquiries_port(parts->inquiries), &parts->writer);
	if (status != STATUS_OK)
		process_complain("cannot open the inquiries in", config->state, status);
	return status;
}

static void tell_document_fault(void *ctx, const char *provider, enum status status)
{
	char message[MAX_SOURCE_ID + 64] = "documents whose time is over are not deleted";

	if (*provider)
		snprintf(message, sizeof(message), "a document of %s is not kept", provider);
	log_note(ctx, LOG_ERROR, message, status_name(status));
}

static enum status open_documents(const struct config *config, struct parts *parts, struct log *log)
{
	struct document_keeper_config keeper = {.clock = system_clock(),
	                                        .crypto = sodium_crypto_port(parts->crypto),
	                                        .fault = tell_document_fault,
	                                        .ctx = log};
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_DOCUMENTS, path);

	if (status == STATUS_OK)
		status = sqlite_documents_open(path, &parts->documents);
	keeper.documents = parts->documents;
	if (status == STATUS_OK)
		status = document_keeper_open(&keeper, &parts->keeper);
	if (status != STATUS_OK)
		process_complain("cannot open the documents in", config->state, status);
	return status;
}

static enum status open_providers(const struct config *config, struct parts *parts)
{
	struct panel_config ports = {.crypto = sodium_crypto_port(parts->crypto),
	                             .cache = lmdb_cache_port(parts->cache),
	                             .inquiries = parts->writer,
	                             .documents = document_keeper_port(parts->keeper)};

	return providers_open(config, &ports, &parts->providers);
}

static enum status open_registers(const struct config *config, struct parts *parts)
{
	static const char *const names[] = {STATE_REGISTER_TEST, STATE_REGISTER_LIVE};
	enum status status = STATUS_OK;

	for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
		char path[STATE_PATH_MAX];

		status = state_path(config->state, names[i], path);
		if (status == STATUS_OK)
			status = sqlite_register_open(path, &parts->registers[i]);
		if (status != STATUS_OK)
			process_complain("cannot open register", names[i], status);
	}
	return status;
}

static enum status open_cache(const struct config *config, struct parts *parts)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(config->state, STATE_CACHE, path);

	if (status == STATUS_OK)
		status = lmdb_cache_open(path, config->cache_mb * BYTES_PER_MB, &parts->cache);
	if (status != STATUS_OK)
		process_complain("cannot open the cache in", config->state, status);
	return status;
}

static enum status open_rules(const struct config *config, struct parts *parts, struct log *log)
{
	enum status status = find_model(config, parts->model);

	if (status == STATUS_OK)
		status = rulebook_open(parts->model, sqlite_store_port(parts->store), log, &parts->book);
	if (status != STATUS_OK)
		process_complain("cannot use model", config->model ? config->model : "de-base", status);
	return status;
}

static void plug(const struct config *config, struct parts *parts, struct server *server)
{
	struct crypto_port crypto = sodium_crypto_port(parts->crypto);
	uint64_t seed;

	crypto.vtable->random(crypto.self, &seed, sizeof(seed));
	rate_limit_init(&parts->forms, (uint32_t)config->quota, HOUR_MS, seed);
	server->rate_limit = &parts->forms;
	for (size_t i = 0; i < 2; i++) {
		server->ports[i] = (struct checkout_ports){
		        .clock = system_clock(),
		        .crypto = sodium_crypto_port(parts->crypto),
		        .cache = lmdb_cache_port(parts->cache),
		        .reg = sqlite_register_port(parts->registers[i]),
		        .store = sqlite_store_port(parts->store),
		        .links = sqlite_links_port(parts->links),
		};
	}
	/* Test keys see the demo register and a bureau that costs nothing. */
	server->ports[0].panel = demo_bureau_panel(parts->demo);
	server->ports[1].panel = providers_port(parts->providers);
	server->providers = parts->providers;
	server->events = sqlite_events_port(parts->events);
	server->rechecks = sqlite_rechecks_port(parts->events);
	server->inquiries = sqlite_inquiries_port(parts->inquiries);
	server->documents = document_keeper_port(parts->keeper);
	server->auth = (struct auth){server->ports[0].store, server->ports[0].crypto, parts->book};
}

enum status parts_open(const struct config *config, struct server *server, void **ret_parts)
{
	struct parts *parts = calloc(1, sizeof(*parts));
	enum status status = parts ? STATUS_OK : STATUS_NO_MEMORY;

	/* The cache first: it forks, which is best done before there are other threads. */
	if (status == STATUS_OK)
		status = open_cache(config, parts);
	if (status == STATUS_OK)
		status = open_crypto(config, parts);
	if (status == STATUS_OK)
		status = open_store(config, parts);
	if (status == STATUS_OK)
		status = open_events(config, parts);
	if (status == STATUS_OK)
		status = open_links(config, parts);
	if (status == STATUS_OK)
		status = open_inquiries(config, parts);
	if (status == STATUS_OK)
		status = open_registers(config, parts);
	if (status == STATUS_OK)
		status = open_rules(config, parts, server->log);
	if (status == STATUS_OK)
		status = open_documents(config, parts, server->log);
	if (status == STATUS_OK)
		status = open_providers(config, parts);
	if (status == STATUS_OK)
		status = demo_bureau_open(system_clock(), sodium_crypto_port(parts->crypto), providers_waiters(config),
		                          &parts->demo);
	if (status != STATUS_OK) {
		parts_close(parts);
		return status;
	}
	plug(config, parts, server);
	*ret_parts = parts;
	return STATUS_OK;
}

void parts_close(void *parts)
{
	struct parts *all = parts;

	if (!all)
		return;
	providers_close(all->providers);
	document_keeper_close(all->keeper);
	sqlite_documents_close(all->documents);
	demo_bureau_close(all->demo);
	rulebook_close(all->book);
	sqlite_register_close(all->registers[0]);
	sqlite_register_close(all->registers[1]);
	inquiry_writer_close(all->writer);
	sqlite_inquiries_close(all->inquiries);
	sqlite_links_close(all->links);
	sqlite_events_close(all->events);
	sqlite_store_close(all->store);
	sodium_crypto_close(all->crypto);
	lmdb_cache_close(all->cache);
	free(all);
}
