/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adapter/state_dir.h"
#include "store_stage.h"

Test(sqlite_admin, init_makes_what_is_missing_and_keeps_what_is_there)
{
	struct temp_dir dir = temp_dir_make();
	const char *state = temp_dir_path(&dir, "state");
	struct stat info, again;
	char key[STATE_PATH_MAX], store[STATE_PATH_MAX];

	cr_assert_eq(sqlite_admin_init(state), STATUS_OK);
	cr_assert_eq(state_path(state, STATE_TOKEN_KEY, key), STATUS_OK);
	cr_assert_eq(state_path(state, STATE_STORE, store), STATUS_OK);
	cr_assert_eq(stat(key, &info), 0);
	cr_expect_eq(info.st_mode & 0777, 0600);
	cr_expect_eq(info.st_size, 32);
	cr_assert_eq(sqlite_admin_init(state), STATUS_OK);
	cr_assert_eq(stat(key, &again), 0);
	cr_expect_eq(info.st_ino, again.st_ino);
	cr_expect_eq(info.st_mtim.tv_nsec, again.st_mtim.tv_nsec);
	cr_assert_eq(stat(store, &info), 0);
	cr_expect_eq(info.st_mode & 0777, 0600);
	temp_dir_remove(&dir);
}

Test(sqlite_admin, init_tells_when_there_is_no_place)
{
	cr_expect_eq(sqlite_admin_init("/proc/bonigate"), STATUS_UNAVAILABLE);
	cr_expect_eq(sqlite_admin_init("/dev/null"), STATUS_UNAVAILABLE);
}

Test(sqlite_admin, opens_what_was_initialised)
{
	struct temp_dir dir = temp_dir_make();
	struct sqlite_admin *admin;

	cr_expect_eq(sqlite_admin_open(dir.path, (struct crypto_port){0}, (struct clock_port){0}, &admin),
	             STATUS_NOT_FOUND);
	temp_dir_remove(&dir);
}

/* ---- tenants ---- */

static bool collect_tenants(void *ctx, const struct admin_tenant *tenant)
{
	char *list = ctx;
	size_t len = strlen(list);

	snprintf(list + len, 256 - len, "%s=%s:%lu;", tenant->id, tenant->name, (unsigned long)tenant->decisions);
	return true;
}

Test(sqlite_admin, lists_tenants_with_their_decisions)
{
	struct store_stage stage;
	char list[256] = "";

	store_stage_sqlite(&stage);
	cr_assert_eq(store_stage_append(&stage, "shop", "1"), STATUS_OK);
	cr_assert_eq(sqlite_admin_each_tenant(stage.admin, collect_tenants, list), STATUS_OK);
	cr_expect_str_eq(list, "other=Another:0;shop=The shop:1;");
	store_stage_finish(&stage);
}

Test(sqlite_admin, refuses_tenants_that_are_none)
{
	static const char *const bad[] = {"",     "Shop", "sh op",
	                                  "shöp", "a/b",  "0123456789012345678901234567890123456789012345678"};
	struct store_stage stage;

	store_stage_sqlite(&stage);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_eq(sqlite_admin_add_tenant(stage.admin, slice_cstr(bad[i]), SLICE_LIT("x")), STATUS_INVALID,
		             "%s", bad[i]);
	cr_expect_eq(sqlite_admin_add_tenant(stage.admin, SLICE_LIT("shop"), SLICE_LIT("x")), STATUS_MISMATCH);
	cr_expect_eq(sqlite_admin_add_tenant(stage.admin, SLICE_LIT("shop-2_b"), SLICE_LIT("x")), STATUS_OK);
	store_stage_finish(&stage);
}

/* ---- keys ---- */

static enum status find(struct store_stage *stage, const char *text, struct api_key *ret_key)
{
	struct crypto_port crypto = store_stage_crypto(stage);
	uint8_t digest[32];

	crypto.vtable->sha256(crypto.self, slice_cstr(text), digest);
	return stage->port.vtable->find_key(stage->port.self, digest, ret_key);
}

Test(sqlite_admin, makes_keys_nobody_guesses)
{
	struct admin_key_request request = {.tenant = SLICE_LIT("shop"), .livemode = true, .scopes = SCOPE_CHECKOUT};
	char first[MAX_API_KEY + 1], second[MAX_API_KEY + 1];
	struct store_stage stage;
	struct api_key key;

	store_stage_sqlite(&stage);
	request.expires_ms = 1234567;
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, first), STATUS_OK);
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, second), STATUS_OK);
	cr_expect_str_neq(first, second);
	cr_expect_eq(strlen(first), ADMIN_KEY_TEXT - 1);
	cr_expect_eq(strncmp(first, "bg_live_", 8), 0);
	cr_expect_eq(strspn(first + 8, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 32);
	cr_assert_eq(find(&stage, first, &key), STATUS_OK);
	cr_expect_eq(key.expires_ms, 1234567);
	request.livemode = false;
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, first), STATUS_OK);
	cr_expect_eq(strncmp(first, "bg_test_", 8), 0);
	store_stage_finish(&stage);
}

static bool file_holds(const char *path, const char *text)
{
	static char bytes[1 << 20];
	FILE *file = fopen(path, "r");
	size_t len = file != NULL ? fread(bytes, 1, sizeof(bytes), file) : 0;

	if (file != NULL)
		fclose(file);
	return memmem(bytes, len, text, strlen(text)) != NULL;
}

Test(sqlite_admin, stores_no_key_in_clear)
{
	struct admin_key_request request = {.tenant = SLICE_LIT("shop"), .label = SLICE_LIT("a label"), .scopes = 1};
	char text[MAX_API_KEY + 1];
	struct store_stage stage;

	store_stage_sqlite(&stage);
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_OK);
	store_stage_reopen(&stage);
	cr_expect(file_holds(temp_dir_path(&stage.dir, STATE_STORE), "a label"));
	cr_expect_not(file_holds(temp_dir_path(&stage.dir, STATE_STORE), text + 8));
	store_stage_finish(&stage);
}

Test(sqlite_admin, takes_a_chosen_key_of_its_mode)
{
	static const char *const bad[] = {"bg_live_demo", "bg_test_0123456789ABCDEFGHJKMNPQRSTV",
	                                  "bg_live_0123456789ABCDEFGHJK NPQRSTV",
	                                  "xx_live_0123456789ABCDEFGHJKMNPQRSTV"};
	struct admin_key_request request = {.tenant = SLICE_LIT("shop"), .livemode = true, .scopes = SCOPE_CHECKOUT};
	char text[MAX_API_KEY + 1];
	struct store_stage stage;
	struct api_key key;

	store_stage_sqlite(&stage);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		request.text = slice_cstr(bad[i]);
		cr_expect_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_INVALID, "%s", bad[i]);
	}
	request.text = SLICE_LIT("bg_live_0123456789ABCDEFGHJKMNPQRSTV");
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_OK);
	request.scopes = SCOPE_ADMIN;
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_OK, "again: updated");
	cr_assert_eq(find(&stage, text, &key), STATUS_OK);
	cr_expect_eq(key.scopes, SCOPE_ADMIN);
	request.tenant = SLICE_LIT("other");
	cr_expect_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_MISMATCH, "another tenant's");
	request.tenant = SLICE_LIT("nobody");
	request.text = SLICE_NONE;
	cr_expect_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_NOT_FOUND);
	store_stage_finish(&stage);
}

static bool first_key(void *ctx, const struct admin_key *key)
{
	memcpy(ctx, key, sizeof(*key));
	return false;
}

Test(sqlite_admin, a_revoked_key_is_unknown_at_once)
{
	struct admin_key_request request = {.tenant = SLICE_LIT("shop"), .livemode = true, .scopes = SCOPE_CHECKOUT};
	char text[MAX_API_KEY + 1];
	struct store_stage stage;
	struct admin_key listed;
	struct api_key key;
	uint64_t before, after;

	store_stage_sqlite(&stage);
	cr_assert_eq(sqlite_admin_add_key(stage.admin, &request, text), STATUS_OK);
	cr_assert_eq(sqlite_admin_each_key(stage.admin, first_key, &listed), STATUS_OK);
	cr_expect_str_eq(listed.tenant, "shop");
	cr_expect_eq(listed.revoked_ms, 0);
	cr_expect_eq(strlen(listed.id), ADMIN_KEY_ID - 1);
	cr_expect_eq(sqlite_admin_revoke_key(stage.admin, SLICE_LIT("0000")), STATUS_NOT_FOUND);
	cr_expect_eq(sqlite_admin_revoke_key(stage.admin, SLICE_LIT("%%%%%%%%")), STATUS_NOT_FOUND);
	cr_assert_eq(stage.port.vtable->generation(stage.port.self, &before), STATUS_OK);
	cr_assert_eq(sqlite_admin_revoke_key(stage.admin, slice_cstr(listed.id)), STATUS_OK);
	cr_assert_eq(stage.port.vtable->generation(stage.port.self, &after), STATUS_OK);
	cr_expect_gt(after, before);
	cr_expect_eq(find(&stage, text, &key), STATUS_NOT_FOUND);
	cr_assert_eq(sqlite_admin_each_key(stage.admin, first_key, &listed), STATUS_OK);
	cr_expect_eq(listed.revoked_ms, stage.clock.now_ms);
	store_stage_finish(&stage);
}

/* ---- policies ---- */

static bool collect_policies(void *ctx, const struct admin_policy *policy)
{
	char *list = ctx;
	size_t len = strlen(list);

	snprintf(list + len, 256 - len, "%s/%lu=%.*s;", policy->tenant, (unsigned long)policy->number,
	         (int)policy->json.len, policy->json.ptr);
	return true;
}

Test(sqlite_admin, numbers_the_policies_of_each_tenant)
{
	struct store_stage stage;
	char all[256] = "", own[256] = "";
	uint64_t number;

	store_stage_sqlite(&stage);
	cr_assert_eq(sqlite_admin_put_policy(stage.admin, SLICE_LIT("shop"), SLICE_LIT("a"), &number), STATUS_OK);
	cr_expect_eq(number, 1);
	cr_assert_eq(sqlite_admin_put_policy(stage.admin, SLICE_LIT("other"), SLICE_LIT("b"), &number), STATUS_OK);
	cr_expect_eq(number, 1);
	cr_assert_eq(sqlite_admin_put_policy(stage.admin, SLICE_LIT("shop"), SLICE_LIT("c"), &number), STATUS_OK);
	cr_expect_eq(number, 2);
	cr_expect_eq(sqlite_admin_put_policy(stage.admin, SLICE_LIT("nobody"), SLICE_LIT("d"), &number),
	             STATUS_NOT_FOUND);
	cr_assert_eq(sqlite_admin_each_policy(stage.admin, SLICE_NONE, collect_policies, all), STATUS_OK);
	cr_expect_str_eq(all, "other/1=b;shop/1=a;shop/2=c;");
	cr_assert_eq(sqlite_admin_each_policy(stage.admin, SLICE_LIT("shop"), collect_policies, own), STATUS_OK);
	cr_expect_str_eq(own, "shop/1=a;shop/2=c;");
	store_stage_finish(&stage);
}
