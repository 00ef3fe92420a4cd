/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROVIDER_SETUP_H
#define FCGI_PROVIDER_SETUP_H

#include "adapter/http_client.h"
#include "adapter/web_provider.h"
#include "wire/provider_in.h"

/* One provider made from its configuration file, for every program that asks providers. */
struct provider_setup {
	struct provider_config config;
	struct web_provider *provider;
};

/* Where it is opened. */
struct provider_surroundings {
	struct http_client *client;
	struct crypto_port crypto;
	/* The state directory, whose processes keep its limits together (calls/ID); NULL: this process alone. */
	const char *state;
	/* A person wants to know how it is now: whatever happened to other processes does not hold the question back.
	 */
	bool own_health;
};

/* Reads and checks a file; what is wrong with it is told on standard error. */
enum status provider_setup_read(const char *path, struct provider_config *ret_config) MUST_CHECK;
/*
 * Opens it as a service of the client: credentials come from the files or
 * environment variables it names, relative files stand beside it. What is wrong is told on
 * standard error. To be closed after the client.
 */
enum status provider_setup_open(const char *path, const struct provider_surroundings *in,
                                struct provider_setup **ret_setup) MUST_CHECK;
/* NULL is fine. */
void provider_setup_close(struct provider_setup *setup);
/* Whether a file name of a folder of providers is a provider: "x.json", not hidden. */
bool provider_setup_is_file(const char *name);

#endif
