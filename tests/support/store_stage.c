/* SPDX-License-Identifier: MIT */
#include "store_stage.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NOW_MS INT64_C(1790000000000)

static void begin(struct store_stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	stage->clock.now_ms = NOW_MS;
	cr_assert_eq(sodium_crypto_open(NULL, &stage->crypto), STATUS_OK);
}

void store_stage_open(struct store_stage *stage)
{
	struct clock_port clock = fake_clock_port(&stage->clock);
	struct crypto_port crypto = store_stage_crypto(stage);

	cr_assert_eq(sqlite_admin_open(stage->dir.path, crypto, clock, &stage->admin), STATUS_OK);
	cr_assert_eq(sqlite_store_open(stage->dir.path, crypto, clock, &stage->store), STATUS_OK);
	stage->port = sqlite_store_port(stage->store);
}

void store_stage_close(struct store_stage *stage)
{
	sqlite_store_close(stage->store);
	sqlite_admin_close(stage->admin);
}

void store_stage_sqlite(struct store_stage *stage)
{
	begin(stage);
	stage->dir = temp_dir_make();
	cr_assert_eq(sqlite_admin_init(stage->dir.path), STATUS_OK);
	store_stage_open(stage);
	cr_assert_eq(sqlite_admin_add_tenant(stage->admin, SLICE_LIT("shop"), SLICE_LIT("The shop")), STATUS_OK);
	cr_assert_eq(sqlite_admin_add_tenant(stage->admin, SLICE_LIT("other"), SLICE_LIT("Another")), STATUS_OK);
}

void store_stage_fake(struct store_stage *stage)
{
	begin(stage);
	stage->fake = fake_store_create(store_stage_crypto(stage));
	stage->port = fake_store_port(stage->fake);
	fake_store_add_tenant(stage->fake, "shop");
	fake_store_add_tenant(stage->fake, "other");
}

void store_stage_finish(struct store_stage *stage)
{
	if (stage->fake != NULL) {
		fake_store_destroy(stage->fake);
	} else {
		store_stage_close(stage);
		temp_dir_remove(&stage->dir);
	}
	sodium_crypto_close(stage->crypto);
}

void store_stage_reopen(struct store_stage *stage)
{
	store_stage_close(stage);
	store_stage_open(stage);
}

void store_stage_add_key(struct store_stage *stage, const char *text, const char *tenant, bool livemode,
                         unsigned scopes)
{
	struct admin_key_request request = {
	        .tenant = slice_cstr(tenant), .livemode = livemode, .scopes = scopes, .text = slice_cstr(text)};
	struct api_key key = {.livemode = livemode, .scopes = scopes};
	char told[MAX_API_KEY + 1];

	if (stage->fake == NULL) {
		cr_assert_eq(sqlite_admin_add_key(stage->admin, &request, told), STATUS_OK);
		return;
	}
	slice_copy(slice_cstr(tenant), key.tenant, sizeof(key.tenant));
	fake_store_add_key(stage->fake, text, &key);
}

void store_stage_put_policy(struct store_stage *stage, const char *tenant, const char *json)
{
	uint64_t number;

	if (stage->fake != NULL)
		fake_store_put_policy(stage->fake, tenant, json);
	else
		cr_assert_eq(sqlite_admin_put_policy(stage->admin, slice_cstr(tenant), slice_cstr(json), &number),
		             STATUS_OK);
}

struct crypto_port store_stage_crypto(const struct store_stage *stage)
{
	return sodium_crypto_port(stage->crypto);
}

struct store_decision store_stage_decision(const char *tenant, const char *tag)
{
	static _Thread_local char id[MAX_DECISION_ID + 1], record[256];
	int len;

	snprintf(id, sizeof(id), "dec_%s", tag);
	len = snprintf(record, sizeof(record), "{\"id\":\"%s\",\"tenant\":\"%s\",\"text\":\"Müller \\\"&\\\" Söhne\"",
	               id, tenant);
	return (struct store_decision){
	        .tenant = slice_cstr(tenant),
	        .decision_id = slice_cstr(id),
	        .livemode = true,
	        .at_ms = NOW_MS,
	        .company_key = SLICE_LIT("reg:R1101:HRB:12345"),
	        .outcome = SLICE_LIT("approve"),
	        .record = {record, (size_t)len},
	};
}

enum status store_stage_append(struct store_stage *stage, const char *tenant, const char *tag)
{
	struct store_decision decision = store_stage_decision(tenant, tag);

	return stage->port.vtable->append(stage->port.self, &decision, DEADLINE_NEVER);
}
