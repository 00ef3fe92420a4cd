/* SPDX-License-Identifier: MIT */
#include "fcgi/provider_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/secret_line.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "wire/bureau_in.h"

/* Opened once, closed once. lint: allow malloc, lint: allow calloc, lint: allow free */
#define ARENA_CAP (4u << 20)
#define LINE_CAP  (MAX_SECRET + 256)
#define PATH_CAP  1024
#define SUFFIX    ".json"

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
	if (got < 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (file >= 0)
		close(file);
	if (got < 0)
		return STATUS_UNAVAILABLE;
	if (len > MAX_PROVIDER_FILE) {
		fprintf(stderr, "%s: is longer than %d bytes\n", path, MAX_PROVIDER_FILE);
		return STATUS_TOO_LARGE;
	}
	*ret_text = (struct slice){text, len};
	return STATUS_OK;
}

/* "name" itself when it is absolute, else beside the file at "path"; "" stays. */
static bool beside(const char *path, const char *name, char ret_path[PATH_CAP])
{
	const char *slash = strrchr(path, '/');
	int dir = *name && *name != '/' && slash ? (int)(slash - path + 1) : 0;
	int len = snprintf(ret_path, PATH_CAP, "%.*s%s", dir, path, name);

	return len >= 0 && len < PATH_CAP;
}

static enum status refuse(const char *path, const struct load_error *error)
{
	fprintf(stderr, "%s: %s: %s\n", path, error->pointer[0] ? error->pointer : "/", error->detail);
	return STATUS_INVALID;
}

/* The table of the bureau's scale that the configuration names. */
static enum status read_scale(const char *path, struct arena *arena, struct provider_config *config)
{
	struct load_error error = {{0}, {0}};
	struct slice text = SLICE_NONE;
	char file[PATH_CAP];
	enum status status = beside(path, config->scale_file, file) ? STATUS_OK : STATUS_TOO_LARGE;

	if (status == STATUS_OK)
		status = read_file(file, arena, &text);
	if (status == STATUS_OK)
		status = bureau_in_parse(text, arena, &config->order.scale, &error);
	return status == STATUS_INVALID ? refuse(file, &error) : status;
}

enum status provider_setup_read(const char *path, struct provider_config *ret_config)
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
	if (status == STATUS_OK) {
		status = provider_in_parse(text, &arena, ret_config, &error);
		if (status == STATUS_INVALID)
			status = refuse(path, &error);
	}
	if (status == STATUS_OK && ret_config->scale_file[0])
		status = read_scale(path, &arena, ret_config);
	free(mem);
	return status;
}

static const char *secret_fault(enum status status)
{
	if (status == STATUS_FORBIDDEN)
		return "is open to others (chmod 600), or may not be read";
	if (status == STATUS_NOT_FOUND)
		return "does not exist";
	return "is no credential of one printable line";
}

/* The credential at its place, or the header line with it. */
static enum status read_secret(const char *path, const struct provider_secret_place *place, const char *header,
                               const char *prefix, char *ret_text, size_t cap)
{
	char file[PATH_CAP];
	struct secret_source source = {header, prefix, file, place->env};
	enum status status = beside(path, place->file, file) ? STATUS_OK : STATUS_TOO_LARGE;

	if (status == STATUS_OK)
		status = header ? secret_line_read(&source, ret_text, cap) : secret_read(&source, ret_text, cap);
	if (status != STATUS_OK)
		fprintf(stderr, "%s: credential %s %s\n", path, *place->file ? place->file : place->env,
		        secret_fault(status));
	return status;
}

static enum status read_secrets(const char *path, const struct provider_config *config,
                                struct provider_secrets *ret_secrets)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < config->credential_count; i++) {
		const struct provider_credential *credential = &config->credentials[i];

		memcpy(ret_secrets->items[i].name, credential->name, sizeof(credential->name));
		status = read_secret(path, &credential->place, NULL, NULL, ret_secrets->items[i].value,
		                     sizeof(ret_secrets->items[i].value));
		ret_secrets->count = i + 1;
	}
	return status;
}

/* Where all processes of the state directory count the provider's calls; "" without one. */
static enum status find_ledger(const char *state, const char *id, char ret_path[STATE_PATH_MAX])
{
	char folder[STATE_PATH_MAX];
	enum status status;

	ret_path[0] = '\0';
	if (!state)
		return STATUS_OK;
	status = state_path(state, STATE_CALLS, folder);
	if (status == STATUS_OK)
		status = state_dir_create(folder);
	return status == STATUS_OK ? state_path(folder, id, ret_path) : status;
}

/* One address of the provider, with what is its own filled in before. */
static enum status open_target(const char *path, const struct provider_config *config, struct http_client *client,
                               const struct http_target_config *own, struct http_port *ret_port)
{
	struct http_target_config target = *own;
	struct http_target *opened;
	char ca_file[PATH_CAP];
	enum status status = beside(path, config->ca_file, ca_file) ? STATUS_OK : STATUS_TOO_LARGE;

	target.private_network = config->private_network;
	target.connect_ms = config->connect_ms;
	target.total_ms = config->total_ms;
	target.body_most = (size_t)config->body_most;
	target.queue_most = (size_t)config->queue_most;
	target.ca_file = *ca_file ? ca_file : NULL;
	if (status == STATUS_OK)
		status = http_client_target(client, &target, &opened);
	if (status == STATUS_OK)
		*ret_port = http_target_port(opened);
	return status;
}

/* Where the questions go. */
static enum status open_service(const char *path, const struct provider_config *config,
                                const struct provider_surroundings *in, struct http_port *ret_port)
{
	char ledger[STATE_PATH_MAX] = "", secret[LINE_CAP] = "";
	struct http_target_config target = {.base = config->url, .own_health = in->own_health, .rules = config->rules};
	enum status status = find_ledger(in->state, config->id, ledger);

	if (status == STATUS_OK && config->auth_header[0])
		status = read_secret(path, &config->auth, config->auth_header, config->auth_prefix, secret,
		                     sizeof(secret));
	target.ledger = *ledger ? ledger : NULL;
	target.secret = *secret ? secret : NULL;
	if (status == STATUS_OK)
		status = open_target(path, config, in->client, &target, ret_port);
	explicit_bzero(secret, sizeof(secret));
	return status;
}

/* Where tokens come from, when that is another service. */
static enum status open_login(const char *path, const struct provider_config *config,
                              const struct provider_surroundings *in, struct http_port *ret_port)
{
	struct http_target_config target = {.base = config->login_url, .rules = config->rules};

	return open_target(path, config, in->client, &target, ret_port);
}

static enum status open_provider(const char *path, const struct provider_surroundings *in, struct provider_setup *setup)
{
	struct provider_secrets *secrets = calloc(1, sizeof(*secrets));
	struct web_provider_config config = {
	        .id = setup->config.id,
	        .base = setup->config.url,
	        .codec = provider_config_codec(&setup->config),
	        .crypto = in->crypto,
	        .clock = system_clock(),
	        .secrets = secrets,
	};
	enum status status = secrets ? read_secrets(path, &setup->config, secrets) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = open_service(path, &setup->config, in, &config.http);
	if (status == STATUS_OK && setup->config.login_url[0]) {
		config.login_base = setup->config.login_url;
		status = open_login(path, &setup->config, in, &config.login_http);
	}
	if (status == STATUS_OK)
		status = web_provider_open(&config, &setup->provider);
	if (secrets)
		explicit_bzero(secrets, sizeof(*secrets));
	free(secrets);
	return status;
}

enum status provider_setup_open(const char *path, const struct provider_surroundings *in,
                                struct provider_setup **ret_setup)
{
	struct provider_setup *setup = calloc(1, sizeof(*setup));
	enum status status = setup ? provider_setup_read(path, &setup->config) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = open_provider(path, in, setup);
	if (status != STATUS_OK) {
		provider_setup_close(setup);
		return status;
	}
	*ret_setup = setup;
	return STATUS_OK;
}

void provider_setup_close(struct provider_setup *setup)
{
	if (setup)
		web_provider_close(setup->provider);
	free(setup);
}

bool provider_setup_is_file(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > strlen(SUFFIX) && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}
