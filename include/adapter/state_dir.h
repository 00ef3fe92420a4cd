/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_STATE_DIR_H
#define ADAPTER_STATE_DIR_H

#include "base/status.h"

/*
 * Where an installation keeps what it must not lose (--state DIR):
 *   store.db          tenants, API keys, policies, decisions, stored answers
 *   store.lock        one byte per idempotency key being answered
 *   links.db          which company a tenant's customer number means, confirmed by a person
 *   inquiries.db      reports that were ordered and are being prepared
 *   documents.db      reports that came beside providers' answers, as they came
 *   register-test.db  the demo register, for bg_test_ keys
 *   register-live.db  the imported register, for bg_live_ keys
 *   *.db-index        the search index of a register (bonigate index), with *.db-index.update
 *   *.db-hint         a counter that says "look again" to running processes
 *   cache/            may be deleted at any time
 *   calls/            per provider the calls and cost of today; deleted, the day starts again
 *   provider.lock     one byte per question to a provider under way
 *   token.key         Ed25519 seed that signs tokens
 */
#define STATE_STORE         "store.db"
#define STATE_LOCK          "store.lock"
#define STATE_REGISTER_TEST "register-test.db"
#define STATE_REGISTER_LIVE "register-live.db"
#define STATE_LINKS         "links.db"
#define STATE_INQUIRIES     "inquiries.db"
#define STATE_DOCUMENTS     "documents.db"
#define STATE_CALLS         "calls"
#define STATE_CACHE         "cache"
#define STATE_PROVIDER_LOCK "provider.lock"
#define STATE_TOKEN_KEY     "token.key"

#define STATE_PATH_MAX 1024 /* bytes with NUL */

/* "dir/name". STATUS_TOO_LARGE. */
enum status state_path(const char *dir, const char *name, char ret_path[STATE_PATH_MAX]) MUST_CHECK;
/* Creates the directory (one level, mode 0700) when it is not there. On failure errno says why. */
enum status state_dir_create(const char *dir) MUST_CHECK;

#endif
