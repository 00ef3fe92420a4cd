/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "adapter/http_client.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "fcgi/provider_setup.h"
#include "process.h"

/* Opened once, closed once. lint: allow calloc, lint: allow free */

/* What was read at one time. */
struct set {
	struct set *next; /* among those retired */
	unsigned users;   /* who asks at this moment; with the lock held */
	struct http_client *client;
	struct provider_panel *panel;
	struct provider_setup *setups[PANEL_PROVIDERS];
	size_t count;
};

struct providers {
	struct panel_config panel; /* of every set */
	const char *state;
	char lock_file[STATE_PATH_MAX];
	char folder[STATE_PATH_MAX];
	char faulty[STATE_PATH_MAX]; /* the file that was wrong the last time */
	atomic_bool empty;
	pthread_mutex_t lock; /* of what follows, and of users */
	struct set *current;
	struct set *retired;
};

static enum status add(struct providers *providers, struct set *set, const char *name)
{
	struct provider_surroundings in = {
	        .client = set->client, .crypto = providers->panel.crypto, .state = providers->state};
	struct provider_setup *setup = NULL;
	char path[STATE_PATH_MAX];
	enum status status = state_path(providers->folder, name, path);

	if (status == STATUS_OK && set->count == PANEL_PROVIDERS)
		status = STATUS_FULL;
	if (status == STATUS_OK)
		status = provider_setup_open(path, &in, &setup);
	if (status == STATUS_OK) {
		set->setups[set->count++] = setup;
		status = provider_panel_add(set->panel, setup->config.id, web_provider_port(setup->provider));
	}
	if (status != STATUS_OK) {
		process_complain("cannot use provider", path, status);
		(void)slice_copy(slice_cstr(path), providers->faulty, sizeof(providers->faulty));
	}
	return status;
}

static int is_configuration(const struct dirent *entry)
{
	return provider_setup_is_file(entry->d_name);
}

static enum status add_all(struct providers *providers, struct set *set)
{
	struct dirent **entries = NULL;
	int count = scandir(providers->folder, &entries, is_configuration, alphasort);
	enum status status = STATUS_OK;

	for (int i = 0; i < count; i++) {
		if (status == STATUS_OK)
			status = add(providers, set, entries[i]->d_name);
		free(entries[i]);
	}
	free((void *)entries);
	return status;
}

static void close_set(struct set *set)
{
	if (!set)
		return;
	if (set->panel)
		provider_panel_stop(set->panel);
	http_client_close(set->client);
	provider_panel_close(set->panel);
	for (size_t i = 0; i < set->count; i++)
		provider_setup_close(set->setups[i]);
	free(set);
}

static enum status open_set(struct providers *providers, struct set **ret_set)
{
	struct set *set = calloc(1, sizeof(*set));
	enum status status = set ? STATUS_OK : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = http_client_open(system_clock(), &set->client);
	if (status == STATUS_OK)
		status = provider_panel_open(&providers->panel, &set->panel);
	if (status == STATUS_OK)
		status = add_all(providers, set);
	if (status != STATUS_OK) {
		close_set(set);
		return status;
	}
	*ret_set = set;
	return STATUS_OK;
}

/* The set in force stays open until it is given back. */
static struct set *take(struct providers *providers)
{
	struct set *set;

	pthread_mutex_lock(&providers->lock);
	set = providers->current;
	set->users++;
	pthread_mutex_unlock(&providers->lock);
	return set;
}

static void give(struct providers *providers, struct set *set)
{
	pthread_mutex_lock(&providers->lock);
	set->users--;
	pthread_mutex_unlock(&providers->lock);
}

static void consult(void *self, const struct panel_question *question, struct deadline deadline, struct arena *arena,
                    struct facts *facts, struct panel_reply *ret_reply)
{
	struct set *set = take(self);
	struct panel_port port = provider_panel_port(set->panel);

	port.vtable->consult(port.self, question, deadline, arena, facts, ret_reply);
	give(self, set);
}

static enum status prefetch(void *self, const struct panel_question *question, const struct facts *facts,
                            struct arena *arena, struct panel_source ret_sources[PANEL_PROVIDERS], size_t *ret_count)
{
	struct set *set = take(self);
	struct panel_port port = provider_panel_port(set->panel);
	enum status status = port.vtable->prefetch(port.self, question, facts, arena, ret_sources, ret_count);

	give(self, set);
	return status;
}

static enum status resume(void *self, struct slice key, const struct inquiry *inquiry, struct deadline deadline,
                          struct panel_resumed_done done)
{
	struct set *set = take(self);
	struct panel_port port = provider_panel_port(set->panel);
	enum status status = port.vtable->resume(port.self, key, inquiry, deadline, done);

	give(self, set);
	return status;
}

static bool is_empty(void *self)
{
	struct providers *providers = self;

	return atomic_load_explicit(&providers->empty, memory_order_relaxed);
}

static bool stats(void *self, size_t index, struct panel_stats *ret_stats)
{
	struct set *set = take(self);
	struct panel_port port = provider_panel_port(set->panel);
	bool found = port.vtable->stats(port.self, index, ret_stats);

	give(self, set);
	return found;
}

static const struct panel_vtable vtable = {
        .consult = consult, .prefetch = prefetch, .resume = resume, .is_empty = is_empty, .stats = stats};

unsigned providers_waiters(const struct config *config)
{
	return (unsigned)(config->threads - config->threads / 4);
}

enum status providers_open(const struct config *config, const struct panel_config *ports,
                           struct providers **ret_providers)
{
	struct providers *providers = calloc(1, sizeof(*providers));
	enum status status;

	if (!providers)
		return STATUS_NO_MEMORY;
	providers->state = config->state;
	providers->panel = *ports;
	providers->panel.clock = system_clock();
	providers->panel.lock_file = providers->lock_file;
	providers->panel.waiters = providers_waiters(config);
	status = state_path(config->state, "providers", providers->folder);
	if (status == STATUS_OK)
		status = state_path(config->state, STATE_PROVIDER_LOCK, providers->lock_file);
	if (status == STATUS_OK)
		status = open_set(providers, &providers->current);
	if (status != STATUS_OK) {
		free(providers);
		return status;
	}
	pthread_mutex_init(&providers->lock, NULL);
	atomic_init(&providers->empty, providers->current->count == 0);
	*ret_providers = providers;
	return STATUS_OK;
}

void providers_reload(struct providers *providers, struct log *log)
{
	enum status status;
	struct set *set;

	providers->faulty[0] = '\0';
	status = open_set(providers, &set);
	if (status != STATUS_OK) {
		log_note(log, LOG_ERROR, "providers not loaded, those before stay",
		         providers->faulty[0] ? providers->faulty : status_name(status));
		return;
	}
	pthread_mutex_lock(&providers->lock);
	providers->current->next = providers->retired;
	providers->retired = providers->current;
	providers->current = set;
	pthread_mutex_unlock(&providers->lock);
	atomic_store(&providers->empty, set->count == 0);
	log_note(log, LOG_INFO, "providers loaded", providers->folder);
}

void providers_tick(struct providers *providers)
{
	struct set *ended = NULL;

	pthread_mutex_lock(&providers->lock);
	for (struct set **at = &providers->retired; *at;) {
		struct set *set = *at;

		if (set->users > 0 || provider_panel_under_way(set->panel) > 0) {
			at = &set->next;
			continue;
		}
		*at = set->next;
		set->next = ended;
		ended = set;
	}
	pthread_mutex_unlock(&providers->lock);
	while (ended) {
		struct set *set = ended;

		ended = set->next;
		close_set(set);
	}
}

void providers_close(struct providers *providers)
{
	if (!providers)
		return;
	close_set(providers->current);
	while (providers->retired) {
		struct set *set = providers->retired;

		providers->retired = set->next;
		close_set(set);
	}
	pthread_mutex_destroy(&providers->lock);
	free(providers);
}

struct panel_port providers_port(struct providers *providers)
{
	return (struct panel_port){&vtable, providers};
}
