/* SPDX-License-Identifier: MIT */
#ifndef CLI_PROVIDER_OPEN_H
#define CLI_PROVIDER_OPEN_H

#include <stdbool.h>

#include "adapter/http_client.h"
#include "adapter/sodium_crypto.h"
#include "adapter/web_provider.h"
#include "wire/provider_in.h"

/* One provider, ready to be asked. */
struct provider_open {
	struct provider_config config;
	struct http_client *client;
	struct sodium_crypto *crypto;
	struct web_provider *provider;
};

/* Reads and checks a configuration file; false after a message on standard error. */
bool provider_read(const char *path, struct provider_config *ret_config);
/*
 * Opens the provider of a file: credentials come from the file or environment variable it
 * names, relative files stand beside it. NULL after a message. provider_close() takes it back.
 */
struct provider_open *provider_open(const char *path);
void provider_close(struct provider_open *open);

#endif
