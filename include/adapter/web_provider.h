/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_WEB_PROVIDER_H
#define ADAPTER_WEB_PROVIDER_H

#include "port/clock.h"
#include "port/crypto.h"
#include "port/http.h"
#include "port/provider.h"

/* A provider that is one web service (http) and one codec: exchange after exchange until an inquiry ends or waits. */
struct web_provider;

struct web_provider_config {
	const char *id;
	const char *base;
	struct http_port http;
	const char *login_base;      /* of the service that gives tokens, when that is another; NULL = the same */
	struct http_port login_http; /* of login_base */
	struct provider_codec codec;
	struct crypto_port crypto;
	struct clock_port clock;
	const struct provider_secrets *secrets; /* NULL = none */
};

/* Strings and secrets are copied; ports and codec outlive it. STATUS_INVALID: no id of at most MAX_SOURCE_ID bytes. */
enum status web_provider_open(const struct web_provider_config *config, struct web_provider **ret_provider) MUST_CHECK;
/* After the last answer was told: close the http client before. NULL is fine. */
void web_provider_close(struct web_provider *provider);
struct provider_port web_provider_port(struct web_provider *provider);

#endif
