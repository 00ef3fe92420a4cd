/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include <dirent.h>
#include <stdlib.h>

#include "adapter/http_client.h"
#include "adapter/provider_panel.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "fcgi/provider_setup.h"
#include "process.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */

struct providers {
	struct http_client *client;
	struct provider_panel *panel;
	struct crypto_port crypto;
	char folder[STATE_PATH_MAX];
	struct provider_setup *setups[PANEL_PROVIDERS];
	size_t count;
};

static enum status add(struct providers *providers, const struct provider_surroundings *in, const char *name)
{
	struct provider_setup *setup = NULL;
	char path[STATE_PATH_MAX];
	enum status status = state_path(providers->folder, name, path);

	if (status == STATUS_OK && providers->count == PANEL_PROVIDERS)
		status = STATUS_FULL;
	if (status == STATUS_OK)
		status = provider_setup_open(path, in, &setup);
	if (status == STATUS_OK) {
		providers->setups[providers->count++] = setup;
		status = provider_panel_add(providers->panel, setup->config.id, web_provider_port(setup->provider));
	}
	if (status != STATUS_OK)
		process_complain("cannot use provider", path, status);
	return status;
}

static int is_configuration(const struct dirent *entry)
{
	return provider_setup_is_file(entry->d_name);
}

static enum status add_all(struct providers *providers, const char *state)
{
	struct provider_surroundings in = {providers->client, providers->crypto, state};
	struct dirent **entries = NULL;
	int count = scandir(providers->folder, &entries, is_configuration, alphasort);
	enum status status = STATUS_OK;

	for (int i = 0; i < count; i++) {
		if (status == STATUS_OK)
			status = add(providers, &in, entries[i]->d_name);
		free(entries[i]);
	}
	free((void *)entries);
	return status;
}

unsigned providers_waiters(const struct config *config)
{
	return (unsigned)(config->threads - config->threads / 4);
}

enum status providers_open(const struct config *config, struct crypto_port crypto, struct cache_port cache,
                           struct inquiry_port inquiries, struct providers **ret_providers)
{
	struct providers *providers = calloc(1, sizeof(*providers));
	char lock_file[STATE_PATH_MAX];
	struct panel_config panel = {.clock = system_clock(),
	                             .crypto = crypto,
	                             .cache = cache,
	                             .inquiries = inquiries,
	                             .lock_file = lock_file};
	enum status status = STATUS_NO_MEMORY;

	if (!providers)
		return status;
	panel.waiters = providers_waiters(config);
	providers->crypto = crypto;
	status = state_path(config->state, "providers", providers->folder);
	if (status == STATUS_OK)
		status = state_path(config->state, STATE_PROVIDER_LOCK, lock_file);
	if (status == STATUS_OK)
		status = http_client_open(system_clock(), &providers->client);
	if (status == STATUS_OK)
		status = provider_panel_open(&panel, &providers->panel);
	if (status == STATUS_OK)
		status = add_all(providers, config->state);
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
	provider_panel_stop(providers->panel);
	http_client_close(providers->client);
	provider_panel_close(providers->panel);
	for (size_t i = 0; i < providers->count; i++)
		provider_setup_close(providers->setups[i]);
	free(providers);
}

struct panel_port providers_port(const struct providers *providers)
{
	return providers->count ? provider_panel_port(providers->panel) : (struct panel_port){NULL, NULL};
}
