/* SPDX-License-Identifier: MIT */
#include "../../fcgi/form_token.h"

#include <criterion/criterion.h>
#include <string.h>

#include "fake_crypto.h"

#define NOW   INT64_C(1795262400000)
#define KEY   SLICE_LIT("bf_test_ONE")
#define OTHER SLICE_LIT("bf_test_TWO")
#define LEAST (FORM_TOKEN_LEAST_S * INT64_C(1000))
#define MOST  (FORM_TOKEN_MOST_S * INT64_C(1000))

static struct fake_crypto fake;
static struct crypto_port crypto;
static char token[FORM_TOKEN_LEN + 1];

static void setup(void)
{
	fake = (struct fake_crypto){0};
	crypto = fake_crypto_port(&fake);
	cr_assert_eq(form_token_make(&crypto, KEY, NOW, token), STATUS_OK);
}

TestSuite(form_token, .init = setup);

static enum status check(struct slice key, const char *text, int64_t now_ms)
{
	struct slice nonce;

	return form_token_check(&crypto, key, slice_cstr(text), now_ms, &nonce);
}

Test(form_token, it_is_good_between_its_two_ages)
{
	cr_expect_eq(check(KEY, token, NOW - 1), STATUS_INVALID, "from the future");
	cr_expect_eq(check(KEY, token, NOW + LEAST - 1), STATUS_INVALID, "too quick for a person");
	cr_expect_eq(check(KEY, token, NOW + LEAST), STATUS_OK);
	cr_expect_eq(check(KEY, token, NOW + MOST), STATUS_OK);
	cr_expect_eq(check(KEY, token, NOW + MOST + 1), STATUS_INVALID, "too old");
}

Test(form_token, it_is_good_for_its_form_alone)
{
	cr_expect_eq(check(OTHER, token, NOW + LEAST), STATUS_INVALID);
}

Test(form_token, no_byte_of_it_may_change)
{
	for (size_t i = 0; token[i]; i++) {
		char kept = token[i];

		token[i] = kept == '1' ? '2' : '1';
		cr_expect_eq(check(KEY, token, NOW + LEAST), STATUS_INVALID, "byte %zu", i);
		token[i] = kept;
	}
	for (size_t len = 0; token[len]; len++) {
		char kept = token[len];

		token[len] = '\0';
		cr_expect_eq(check(KEY, token, NOW + LEAST), STATUS_INVALID, "cut at %zu", len);
		token[len] = kept;
	}
	cr_expect_eq(check(KEY, token, NOW + LEAST), STATUS_OK, "as it was");
}

Test(form_token, each_has_a_nonce_of_its_own)
{
	char second[FORM_TOKEN_LEN + 1];
	struct slice a, b;

	cr_assert_eq(form_token_make(&crypto, KEY, NOW, second), STATUS_OK);
	cr_assert_eq(form_token_check(&crypto, KEY, slice_cstr(token), NOW + LEAST, &a), STATUS_OK);
	cr_assert_eq(form_token_check(&crypto, KEY, slice_cstr(second), NOW + LEAST, &b), STATUS_OK);
	cr_assert_eq(a.len, FORM_TOKEN_NONCE);
	cr_assert_not(slice_eq(a, b));
}

Test(form_token, without_a_key_there_is_none)
{
	fake.no_key = true;
	cr_assert_eq(form_token_make(&crypto, KEY, NOW, token), STATUS_UNAVAILABLE);
	cr_assert_eq(check(KEY, token, NOW + LEAST), STATUS_UNAVAILABLE);
}
