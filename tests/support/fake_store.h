/* SPDX-License-Identifier: MIT */
#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include <stdint.h>

#include "base/status.h"
#include "fake_events.h"
#include "port/crypto.h"
#include "port/store.h"

/* The store port in memory, chained and claimed like the real one; as durable as memory is. */
struct fake_store;

#define FAKE_STORE_ROWS 1024 /* of each kind */

struct fake_store *fake_store_create(struct crypto_port crypto);
void fake_store_destroy(struct fake_store *store);
struct store_port fake_store_port(struct fake_store *store);
/* What was appended with its decisions; the store's. */
struct fake_events *fake_store_events(struct fake_store *store);
void fake_store_add_tenant(struct fake_store *store, const char *id);
/* By the text of the key. */
void fake_store_add_key(struct fake_store *store, const char *text, const struct api_key *key);
void fake_store_put_policy(struct fake_store *store, const char *tenant, const char *json);
/* What append answers from now on, storing nothing; STATUS_OK = as it should. */
void fake_store_fail_append(struct fake_store *store, enum status status);

#endif
