/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/http_client.h"
#include "adapter/provider_panel.h"
#include "adapter/secret_line.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "adapter/web_provider.h"
#include "process.h"
#include "wire/provider_in.h"

/* Opened once, closed once. lint: allow malloc, lint: allow calloc, lint: allow free */
#define ARENA_CAP (4u << 20)
#define LINE_CAP  (MAX_SECRET + 256)
#define SUFFIX    ".json"

struct member {
	struct provider_config config;
	struct web_provider *provider;
};

struct providers {
	struct http_client *client;
	struct provider_panel *panel;
	struct crypto_port crypto;
	char folder[STATE_PATH_MAX];
	struct member members[PANEL_PROVIDERS];
	size_t count;
};

static enum status read_file(const char *path, struct arena *arena, struct slice *ret_text)
{
	char *text = arena_bytes(arena, MAX_PROVIDER_FILE + 1);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = text && file >= 0 ? 1 : -1;

	while (got > 0 && len <= MAX_PROVIDER_FILE) {
		got = read(file, text + len, MAX_PROVIDER_FILE + 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	if (file >= 0)
		close(file);
	if (got < 0)
		return STATUS_UNAVAILABLE;
	if (len > MAX_PROVIDER_FILE)
		return STATUS_TOO_LARGE;
	*ret_text = (struct slice){text, len};
	return STATUS_OK;
}

static enum status read_config(const char *path, struct provider_config *ret_config)
{
	void *mem = malloc(ARENA_CAP);
	struct load_error error = {{0}, {0}};
	struct slice text = SLICE_NONE;
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;

	if (mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = read_file(path, &arena, &text);
	}
	if (status == STATUS_OK)
		status = provider_in_parse(text, &arena, ret_config, &error);
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error.pointer[0] ? error.pointer : "/", error.detail);
	free(mem);
	return status;
}

/* "name" itself when it is absolute, else in the folder; "" stays. */
static enum status place(const struct providers *providers, const char *name, char ret_path[STATE_PATH_MAX])
{
	if (*name && *name != '/')
		return state_path(providers->folder, name, ret_path);
	return slice_copy(slice_cstr(name), ret_path, STATE_PATH_MAX) ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status open_target(struct providers *providers, const struct provider_config *config,
                               struct http_target **ret_target)
{
	char file[STATE_PATH_MAX], ca_file[STATE_PATH_MAX], secret[LINE_CAP] = "";
	struct secret_source source = {config->auth_header, config->auth_prefix, file, config->secret_env};
	struct http_target_config target = {
	        .base = config->url,
	        .private_network = config->private_network,
	        .connect_ms = config->connect_ms,
	        .total_ms = config->total_ms,
	        .body_most = (size_t)config->body_most,
	        .queue_most = (size_t)config->queue_most,
	        .rules = config->rules,
	};
	enum status status = place(providers, config->ca_file, ca_file);

	if (status == STATUS_OK)
		status = place(providers, config->secret_file, file);
	if (status == STATUS_OK && config->auth_header[0])
		status = secret_line_read(&source, secret, sizeof(secret));
	if (status != STATUS_OK) {
		process_complain("cannot read the credential of provider", config->id, status);
		return status;
	}
	target.secret = *secret ? secret : NULL;
	target.ca_file = *ca_file ? ca_file : NULL;
	status = http_client_target(providers->client, &target, ret_target);
	explicit_bzero(secret, sizeof(secret));
	return status;
}

static enum status add(struct providers *providers, const char *name)
{
	struct member *member = &providers->members[providers->count];
	struct http_target *target;
	char path[STATE_PATH_MAX];
	enum status status = state_path(providers->folder, name, path);

	if (status == STATUS_OK && providers->count == PANEL_PROVIDERS)
		status = STATUS_FULL;
	if (status == STATUS_OK)
		status = read_config(path, &member->config);
	if (status == STATUS_OK)
		status = open_target(providers, &member->config, &target);
	if (status == STATUS_OK)
		status = web_provider_open(member->config.id, member->config.url, http_target_port(target),
		                           provider_config_codec(&member->config), providers->crypto,
		                           &member->provider);
	if (status == STATUS_OK) {
		providers->count++;
		status = provider_panel_add(providers->panel, member->config.id, web_provider_port(member->provider));
	}
	if (status != STATUS_OK)
		process_complain("cannot use provider", path, status);
	return status;
}

static int is_configuration(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > strlen(SUFFIX) &&
	       strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static enum status add_all(struct providers *providers)
{
	struct dirent **entries = NULL;
	int count = scandir(providers->folder, &entries, is_configuration, alphasort);
	enum status status = STATUS_OK;

	for (int i = 0; i < count; i++) {
		if (status == STATUS_OK)
			status = add(providers, entries[i]->d_name);
		free(entries[i]);
	}
	free((void *)entries);
	return status;
}

enum status providers_open(const struct config *config, struct crypto_port crypto, struct cache_port cache,
                           struct providers **ret_providers)
{
	struct providers *providers = calloc(1, sizeof(*providers));
	struct panel_config panel = {.clock = system_clock(), .crypto = crypto, .cache = cache};
	enum status status = STATUS_NO_MEMORY;

	if (!providers)
		return status;
	/* Some threads never wait for a provider, so that one that hangs cannot hold the warm requests. */
	panel.waiters = (unsigned)(config->threads - config->threads / 4);
	providers->crypto = crypto;
	status = state_path(config->state, "providers", providers->folder);
	if (status == STATUS_OK)
		status = http_client_open(system_clock(), &providers->client);
	if (status == STATUS_OK)
		status = provider_panel_open(&panel, &providers->panel);
	if (status == STATUS_OK)
		status = add_all(providers);
	if (status != STATUS_OK) {
		providers_close(providers);
		return status;
	}
	*ret_providers = providers;
	return STATUS_OK;
}

void providers_close(struct providers *providers)
{
	if (!providers)
		return;
	http_client_close(providers->client);
	provider_panel_close(providers->panel);
	for (size_t i = 0; i < providers->count; i++)
		web_provider_close(providers->members[i].provider);
	free(providers);
}

struct panel_port providers_port(const struct providers *providers)
{
	return providers->count ? provider_panel_port(providers->panel) : (struct panel_port){NULL, NULL};
}
