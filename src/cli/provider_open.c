/* SPDX-License-Identifier: MIT */
#include "provider_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/secret_line.h"
#include "adapter/system_clock.h"
#include "state.h"

#define ARENA_CAP (4u << 20)
#define LINE_CAP  (MAX_SECRET + 256)
#define PATH_CAP  1024

static bool complain(const char *path, const char *why)
{
	fprintf(stderr, "bonigate provider: %s: %s\n", path, why);
	return false;
}

bool provider_read(const char *path, struct provider_config *ret_config)
{
	size_t len;
	char *text = state_read_file(path, MAX_PROVIDER_FILE, &len);
	void *mem = text ? malloc(ARENA_CAP) : NULL;
	struct load_error error = {{0}, {0}};
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;

	if (mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = provider_in_parse((struct slice){text, len}, &arena, ret_config, &error);
	}
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error.pointer[0] ? error.pointer : "/", error.detail);
	else if (status && text)
		state_complain("provider", path, status);
	free(mem);
	free(text);
	return status == STATUS_OK;
}

/* "name" itself when it is absolute, else beside the file at "path". */
static bool beside(const char *path, const char *name, char *ret_path)
{
	const char *slash = strrchr(path, '/');
	int dir = *name != '/' && slash ? (int)(slash - path + 1) : 0;
	int len = snprintf(ret_path, PATH_CAP, "%.*s%s", dir, path, name);

	return len > 0 && len < PATH_CAP;
}

static const char *secret_fault(enum status status)
{
	if (status == STATUS_FORBIDDEN)
		return "is open to others (chmod 600), or may not be read";
	if (status == STATUS_NOT_FOUND)
		return "does not exist";
	return "is no credential of one printable line";
}

/* The header line with the credential; "" when the provider takes none. */
static bool read_secret(const char *path, const struct provider_config *config, char *ret_line)
{
	char file[PATH_CAP] = "";
	struct secret_source source = {config->auth_header, config->auth_prefix, file, config->secret_env};
	enum status status;

	ret_line[0] = '\0';
	if (!config->auth_header[0])
		return true;
	if (config->secret_file[0] && !beside(path, config->secret_file, file))
		return complain(path, "the path of the credential is too long");
	status = secret_line_read(&source, ret_line, LINE_CAP);
	return status == STATUS_OK || complain(*file ? file : config->secret_env, secret_fault(status));
}

static enum status open_provider(struct provider_open *open, const char *secret, const char *ca_file)
{
	const struct provider_config *config = &open->config;
	struct http_target_config target_config = {
	        .base = config->url,
	        .secret = *secret ? secret : NULL,
	        .ca_file = *ca_file ? ca_file : NULL,
	        .private_network = config->private_network,
	        .connect_ms = config->connect_ms,
	        .total_ms = config->total_ms,
	        .body_most = (size_t)config->body_most,
	        .queue_most = (size_t)config->queue_most,
	        .rules = config->rules,
	};
	struct http_target *target;
	enum status status = sodium_crypto_open(NULL, &open->crypto);

	if (status == STATUS_OK)
		status = http_client_open(system_clock(), &open->client);
	if (status == STATUS_OK)
		status = http_client_target(open->client, &target_config, &target);
	if (status == STATUS_OK)
		status = web_provider_open(config->id, config->url, http_target_port(target),
		                           provider_config_codec(config), sodium_crypto_port(open->crypto),
		                           &open->provider);
	return status;
}

struct provider_open *provider_open(const char *path)
{
	struct provider_open *open = calloc(1, sizeof(*open));
	char secret[LINE_CAP], ca_file[PATH_CAP] = "";
	enum status status;

	if (!open || !provider_read(path, &open->config) || !read_secret(path, &open->config, secret)) {
		free(open);
		return NULL;
	}
	if (open->config.ca_file[0] && !beside(path, open->config.ca_file, ca_file))
		status = STATUS_TOO_LARGE;
	else
		status = open_provider(open, secret, ca_file);
	explicit_bzero(secret, sizeof(secret));
	if (status == STATUS_OK)
		return open;
	state_complain("provider", path, status);
	provider_close(open);
	return NULL;
}

void provider_close(struct provider_open *open)
{
	if (!open)
		return;
	http_client_close(open->client);
	web_provider_close(open->provider);
	sodium_crypto_close(open->crypto);
	free(open);
}
