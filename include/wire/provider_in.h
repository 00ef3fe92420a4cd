/* SPDX-License-Identifier: MIT */
#ifndef WIRE_PROVIDER_IN_H
#define WIRE_PROVIDER_IN_H

#include "core/call_guard.h"
#include "wire/bureau_order.h"
#include "wire/creditreform.h"
#include "wire/model_in.h"
#include "wire/openregister.h"
#include "wire/provider_map.h"
#include "wire/vies.h"

enum provider_kind {
	PROVIDER_VIES,
	PROVIDER_GLEIF,
	PROVIDER_JSON,
	PROVIDER_CREDITREFORM,
	PROVIDER_BONIFORCE,
	PROVIDER_SCHUFA,
	PROVIDER_CREDITSAFE,
	PROVIDER_OPENREGISTER,
	PROVIDER_NORTHDATA,
	PROVIDER_KINDS
};

/* Where a credential is: one of the two. A relative file stands beside the configuration. */
struct provider_secret_place {
	char file[256];
	char env[64];
};

struct provider_credential {
	char name[PROVIDER_SECRET_NAME + 1];
	struct provider_secret_place place;
};

/* One provider's configuration file; what it leaves out has the kind's defaults. */
struct provider_config {
	char id[MAX_SOURCE_ID + 1];
	enum provider_kind kind;
	char url[MAX_HTTP_URL + 1];
	char login_url[MAX_HTTP_URL + 1]; /* gives tokens; "" = url does */
	/* the credential itself is never in this file */
	char auth_header[64], auth_prefix[64];
	struct provider_secret_place auth;
	struct provider_credential credentials[PROVIDER_SECRETS];
	size_t credential_count;
	char ca_file[256];
	bool private_network;
	int32_t connect_ms, total_ms, body_most, queue_most;
	struct call_rules rules;
	char scale_file[256]; /* a table of wire/bureau_in.h for order.scale, which its reader fills; "" = none */
	struct bureau_order order;
	/* of its kind */
	union {
		struct vies vies;
		struct provider_map map;
		struct creditreform creditreform;
		struct openregister openregister;
	};
};

/*
 * Reads a configuration; every member and the placeholders stand in
 * bonigate-provider(5). The arena is scratch. STATUS_INVALID fills ret_error.
 */
enum status provider_in_parse(struct slice json, struct arena *arena, struct provider_config *ret_config,
                              struct load_error *ret_error) MUST_CHECK;
/* The codec of its kind; borrows the configuration. */
struct provider_codec provider_config_codec(const struct provider_config *config);

#endif
