/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../fcgi/auth.h"
#include "fake_crypto.h"
#include "fake_store.h"
#include "temp_dir.h"

#define TEST_KEY "bg_test_0123456789abcdef0123456789abcdef"
#define LIVE_KEY "bg_live_0123456789abcdef0123456789abcdef"
#define BEARER   "Bearer "
#define NOW      INT64_C(1700000000000)
#define MODEL    "src/data/models/de-base.json"

/* A fake store whose keys can be taken away and whose look-ups are counted. */
struct stage {
	struct fake_crypto crypto;
	struct fake_store *fake;
	struct store_vtable vtable;
	struct store_port port;
	struct log *log;
	struct auth auth;
	struct auth_cache *cache;
	unsigned asked;
	enum status answer;
};

static struct stage stage;

static enum status find_key(void *self, const uint8_t digest[32], struct api_key *ret_key)
{
	struct store_port inner = fake_store_port(self);

	stage.asked++;
	return stage.answer ? stage.answer : inner.vtable->find_key(self, digest, ret_key);
}

static void set_up(void)
{
	struct api_key key = {.tenant = "shop", .scopes = SCOPE_CHECKOUT | SCOPE_READ};

	memset(&stage, 0, sizeof(stage));
	stage.fake = fake_store_create(fake_crypto_port(&stage.crypto));
	fake_store_add_tenant(stage.fake, "shop");
	fake_store_add_key(stage.fake, TEST_KEY, &key);
	key.livemode = true;
	key.expires_ms = NOW + 1000;
	fake_store_add_key(stage.fake, LIVE_KEY, &key);
	stage.port = fake_store_port(stage.fake);
	stage.vtable = *stage.port.vtable;
	stage.vtable.find_key = find_key;
	stage.port.vtable = &stage.vtable;
	cr_assert_eq(log_open("none", 1, &stage.log), STATUS_OK);
	cr_assert_eq(rulebook_open(MODEL, stage.port, stage.log, &stage.auth.book), STATUS_OK);
	stage.auth.store = stage.port;
	stage.auth.crypto = fake_crypto_port(&stage.crypto);
	stage.cache = calloc(1, sizeof(*stage.cache));
	rulebook_tick(stage.auth.book);
}

static void tear_down(void)
{
	auth_cache_clear(stage.cache);
	free(stage.cache);
	rulebook_close(stage.auth.book);
	log_close(stage.log);
	fake_store_destroy(stage.fake);
}

TestSuite(auth, .init = set_up, .fini = tear_down);

static enum status check(const char *header, unsigned scope, struct principal *ret_principal)
{
	return auth_check(&stage.auth, stage.cache, slice_cstr(header), scope, NOW, ret_principal);
}

Test(auth, a_good_key_tells_who_calls_in_which_mode)
{
	struct principal who;

	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_CHECKOUT, &who), STATUS_OK);
	cr_assert(slice_eq_cstr(who.tenant, "shop"));
	cr_assert_not(who.livemode);
	cr_assert_str_eq(who.model->id, "de-base");
	cr_assert_str_eq(who.policy->id, "default", "a tenant without a policy has the defaults");
	cr_assert_eq(check("bearer   " LIVE_KEY, SCOPE_READ, &who), STATUS_OK);
	cr_assert(who.livemode);
}

Test(auth, anything_else_is_unauthorized)
{
	static const char *const headers[] = {NULL,
	                                      "",
	                                      "Bearer",
	                                      "Bearer ",
	                                      TEST_KEY,
	                                      "Basic " TEST_KEY,
	                                      BEARER TEST_KEY "x",
	                                      BEARER "bg_test_",
	                                      BEARER "bg_live_0123456789abcdef0123456789abcdeX",
	                                      BEARER "BG_TEST_0123456789abcdef0123456789abcdef",
	                                      BEARER TEST_KEY " x"};
	struct principal who;

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		cr_assert_eq(check(headers[i], SCOPE_CHECKOUT, &who), STATUS_UNAUTHORIZED, "case %zu", i);
}

Test(auth, an_over_long_key_is_not_even_looked_up)
{
	char header[2 * MAX_API_KEY] = BEARER "bg_test_";
	struct principal who;

	memset(header + strlen(header), 'a', sizeof(header) - strlen(header) - 1);
	cr_assert_eq(check(header, SCOPE_CHECKOUT, &who), STATUS_UNAUTHORIZED);
	cr_assert_eq(stage.asked, 0);
}

Test(auth, a_key_expires_at_its_time)
{
	struct principal who;
	struct slice header = SLICE_LIT(BEARER LIVE_KEY);

	cr_assert_eq(auth_check(&stage.auth, stage.cache, header, 0, NOW + 999, &who), STATUS_OK);
	cr_assert_eq(auth_check(&stage.auth, stage.cache, header, 0, NOW + 1000, &who), STATUS_UNAUTHORIZED);
}

Test(auth, a_missing_right_is_forbidden_and_names_the_tenant)
{
	struct principal who;

	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_ADMIN, &who), STATUS_FORBIDDEN);
	cr_assert(slice_eq_cstr(who.tenant, "shop"));
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_CHECKOUT | SCOPE_LEAD, &who), STATUS_FORBIDDEN);
}

Test(auth, a_key_is_looked_up_once_until_something_changes)
{
	struct principal who;

	for (int i = 0; i < 5; i++)
		cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_OK);
	cr_assert_eq(stage.asked, 1);
	stage.answer = STATUS_NOT_FOUND;
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_OK, "nothing has told of a change yet");
	fake_store_add_tenant(stage.fake, "other");
	rulebook_tick(stage.auth.book);
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_UNAUTHORIZED, "revoked");
	cr_assert_eq(stage.asked, 2);
}

Test(auth, made_up_keys_are_asked_for_every_time_and_push_nothing_out)
{
	struct principal who;

	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_OK);
	for (int i = 0; i < 2000; i++) {
		char header[64];

		snprintf(header, sizeof(header), BEARER "bg_test_%032d", i);
		cr_assert_eq(check(header, SCOPE_READ, &who), STATUS_UNAUTHORIZED);
	}
	cr_assert_eq(stage.asked, 2001);
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_OK);
	cr_assert_eq(stage.asked, 2001);
}

Test(auth, a_store_that_cannot_be_asked_is_no_refusal)
{
	struct principal who;

	stage.answer = STATUS_UNAVAILABLE;
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_UNAVAILABLE);
	stage.answer = STATUS_OK;
	cr_assert_eq(check(BEARER TEST_KEY, SCOPE_READ, &who), STATUS_OK);
}

Test(auth, a_request_keeps_the_policy_it_started_with)
{
	struct principal before;
	struct principal after;

	fake_store_put_policy(stage.fake, "shop", "{\"format\":\"bonigate-policy/1\",\"id\":\"p\",\"version\":\"1\"}");
	rulebook_tick(stage.auth.book);
	cr_assert_eq(check(BEARER TEST_KEY, 0, &before), STATUS_OK);
	cr_assert_str_eq(before.policy->version, "1");
	fake_store_put_policy(stage.fake, "shop", "{\"format\":\"bonigate-policy/1\",\"id\":\"p\",\"version\":\"2\"}");
	rulebook_tick(stage.auth.book);
	rulebook_reload(stage.auth.book);
	cr_assert_str_eq(before.policy->version, "1", "still there until this thread's next request");
	cr_assert_str_eq(before.model->id, "de-base");
	cr_assert_eq(check(BEARER TEST_KEY, 0, &after), STATUS_OK);
	cr_assert_str_eq(after.policy->version, "2");
}

Test(auth, a_broken_policy_leaves_the_last_good_one_in_force)
{
	struct principal who;

	fake_store_put_policy(stage.fake, "shop", "{\"format\":\"bonigate-policy/1\",\"id\":\"p\",\"version\":\"1\"}");
	rulebook_tick(stage.auth.book);
	cr_assert_eq(check(BEARER TEST_KEY, 0, &who), STATUS_OK);
	fake_store_put_policy(stage.fake, "shop", "{ broken");
	rulebook_tick(stage.auth.book);
	cr_assert_eq(check(BEARER TEST_KEY, 0, &who), STATUS_OK);
	cr_assert_str_eq(who.policy->version, "1");
}

Test(auth, a_broken_first_policy_is_no_policy)
{
	struct principal who;

	fake_store_put_policy(stage.fake, "shop", "{ broken");
	rulebook_tick(stage.auth.book);
	cr_assert_eq(check(BEARER TEST_KEY, 0, &who), STATUS_INVALID);
}

Test(auth, a_model_that_cannot_be_read_is_refused_at_the_start_and_kept_out_later)
{
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "model.json");
	struct rulebook *book;
	FILE *file;

	cr_assert_eq(rulebook_open(path, stage.port, stage.log, &book), STATUS_NOT_FOUND);
	file = fopen(path, "w");
	fputs("{}", file);
	fclose(file);
	cr_assert_eq(rulebook_open(path, stage.port, stage.log, &book), STATUS_INVALID);
	temp_dir_remove(&dir);
}
