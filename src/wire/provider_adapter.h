/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_PROVIDER_ADAPTER_H
#define SRC_WIRE_PROVIDER_ADAPTER_H

#include "load.h"
#include "wire/provider_in.h"

enum provider_endpoint { ENDPOINT_LIVE, ENDPOINT_TEST, ENDPOINT_COUNT };

/*
 * What provider_in.c knows of an adapter. A new one is a file that defines its row, a name in
 * enum provider_kind, and a line in provider_in.c's table.
 */
struct provider_adapter {
	const char *name;                      /* the word of "adapter" */
	const char *url[ENDPOINT_COUNT];       /* base address when the file has none; NULL = none is known */
	const char *login_url[ENDPOINT_COUNT]; /* the whole address that gives tokens; NULL = it is within the base */
	bool needs_auth;                       /* its credential is the line in "auth" */
	const char *credentials;               /* those there must be by name: "username password"; NULL = none */
	const char *members;                   /* its own, beside those of all adapters: "requester"; NULL = none */
	/* Reads them; NULL = there is nothing to read. The configuration comes zeroed, with the common members read. */
	void (*configure)(struct load *load, const json_t *root, struct provider_config *config);
	struct provider_codec (*codec)(const struct provider_config *config);
};

extern const struct provider_adapter vies_adapter;
extern const struct provider_adapter gleif_adapter;
extern const struct provider_adapter provider_map_adapter;
extern const struct provider_adapter creditreform_adapter;
extern const struct provider_adapter boniforce_adapter;
extern const struct provider_adapter schufa_adapter;
extern const struct provider_adapter creditsafe_adapter;
extern const struct provider_adapter openregister_adapter;
extern const struct provider_adapter northdata_adapter;

#endif
