/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/sodium_crypto.h"
#include "adapter/system_clock.h"
#include "base/buf.h"
#include "base/date.h"
#include "fake_crypto.h"
#include "temp_dir.h"

static struct sodium_crypto *opened;

static struct crypto_port open_without_key(void)
{
	cr_assert_eq(sodium_crypto_open(NULL, &opened), STATUS_OK);
	return sodium_crypto_port(opened);
}

static void expect_hex(const uint8_t *bytes, size_t len, const char *hex)
{
	char mem[256];
	struct buf buf;

	buf_init(&buf, mem, sizeof(mem));
	buf_hex(&buf, bytes, len);
	cr_expect(slice_eq_cstr(buf_view(&buf), hex), "%.*s", (int)buf.len, buf.ptr);
}

/* FIPS 180-4, examples of the NIST page. */
static const struct {
	const char *text, *digest;
} sha_cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

Test(crypto, hashes_as_the_standard_says)
{
	struct crypto_port crypto = open_without_key();
	uint8_t digest[32];

	for (size_t i = 0; i < sizeof(sha_cases) / sizeof(*sha_cases); i++) {
		crypto.vtable->sha256(crypto.self, slice_cstr(sha_cases[i].text), digest);
		expect_hex(digest, 32, sha_cases[i].digest);
	}
	crypto.vtable->sha256(crypto.self, SLICE_NONE, digest);
	expect_hex(digest, 32, sha_cases[0].digest);
	sodium_crypto_close(opened);
}

Test(crypto, hashes_in_pieces_and_from_copies)
{
	struct crypto_port crypto = open_without_key();
	static char text[1000];
	uint8_t whole[32], pieces[32], copied[32];
	struct crypto_sha256 state, copy;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	crypto.vtable->sha256(crypto.self, (struct slice){text, sizeof(text)}, whole);
	for (size_t cut = 0; cut <= sizeof(text); cut += 37) {
		crypto.vtable->sha256_start(crypto.self, &state);
		crypto.vtable->sha256_add(crypto.self, &state, (struct slice){text, cut});
		copy = state;
		crypto.vtable->sha256_add(crypto.self, &state, (struct slice){text + cut, sizeof(text) - cut});
		crypto.vtable->sha256_finish(crypto.self, &state, pieces);
		cr_expect_eq(memcmp(whole, pieces, 32), 0);
		crypto.vtable->sha256_add(crypto.self, &copy, (struct slice){text + cut, sizeof(text) - cut});
		crypto.vtable->sha256_finish(crypto.self, &copy, copied);
		cr_expect_eq(memcmp(whole, copied, 32), 0);
	}
	sodium_crypto_close(opened);
}

/* RFC 8032, 7.1, test 1: its seed, its public key, its signature of the empty message. */
static const char seed[] = "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4"
                           "\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
static const char public_hex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
static const char signature_hex[] = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

static void write_file(const char *path, const void *bytes, size_t len, mode_t mode)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	fwrite(bytes, 1, len, file);
	fclose(file);
	chmod(path, mode);
}

static void expect_rfc_8032(struct crypto_port crypto)
{
	uint8_t key[CRYPTO_PUBLIC_KEY_LEN], signature[CRYPTO_SIGNATURE_LEN];

	cr_assert_eq(crypto.vtable->public_key(crypto.self, key), STATUS_OK);
	expect_hex(key, sizeof(key), public_hex);
	cr_assert_eq(crypto.vtable->sign(crypto.self, SLICE_LIT(""), signature), STATUS_OK);
	expect_hex(signature, sizeof(signature), signature_hex);
}

Test(crypto, signs_with_the_key_in_the_file)
{
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "token.key");

	write_file(path, seed, 32, 0600);
	cr_assert_eq(sodium_crypto_open(path, &opened), STATUS_OK);
	expect_rfc_8032(sodium_crypto_port(opened));
	sodium_crypto_close(opened);
	temp_dir_remove(&dir);
}

Test(crypto, the_fake_signs_alike)
{
	struct fake_crypto fake = {0};
	uint8_t signature[CRYPTO_SIGNATURE_LEN];
	struct crypto_port crypto = fake_crypto_port(&fake);

	expect_rfc_8032(crypto);
	fake.no_key = true;
	cr_expect_eq(crypto.vtable->sign(crypto.self, SLICE_LIT(""), signature), STATUS_UNAVAILABLE);
}

Test(crypto, refuses_key_files_that_are_none)
{
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "token.key");

	cr_expect_eq(sodium_crypto_open(path, &opened), STATUS_NOT_FOUND);
	write_file(path, seed, 31, 0600);
	cr_expect_eq(sodium_crypto_open(path, &opened), STATUS_CORRUPT);
	write_file(path, seed, 33, 0600);
	cr_expect_eq(sodium_crypto_open(path, &opened), STATUS_CORRUPT);
	write_file(path, seed, 32, 0640);
	cr_expect_eq(sodium_crypto_open(path, &opened), STATUS_FORBIDDEN);
	temp_dir_remove(&dir);
}

Test(crypto, without_a_key_it_does_not_sign)
{
	struct crypto_port crypto = open_without_key();
	uint8_t signature[CRYPTO_SIGNATURE_LEN], key[CRYPTO_PUBLIC_KEY_LEN];

	cr_expect_eq(crypto.vtable->sign(crypto.self, SLICE_LIT("x"), signature), STATUS_UNAVAILABLE);
	cr_expect_eq(crypto.vtable->public_key(crypto.self, key), STATUS_UNAVAILABLE);
	sodium_crypto_close(opened);
}

Test(crypto, creates_a_key_once)
{
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "token.key");
	uint8_t first[CRYPTO_PUBLIC_KEY_LEN], second[CRYPTO_PUBLIC_KEY_LEN];
	struct stat info;

	for (int i = 0; i < 2; i++) {
		struct crypto_port crypto;

		cr_assert_eq(sodium_crypto_create_key(path), STATUS_OK);
		cr_assert_eq(sodium_crypto_open(path, &opened), STATUS_OK);
		crypto = sodium_crypto_port(opened);
		cr_assert_eq(crypto.vtable->public_key(crypto.self, i == 0 ? first : second), STATUS_OK);
		sodium_crypto_close(opened);
	}
	cr_expect_eq(memcmp(first, second, sizeof(first)), 0);
	cr_assert_eq(stat(path, &info), 0);
	cr_expect_eq(info.st_mode & 0777, 0600);
	temp_dir_remove(&dir);
}

Test(crypto, random_bytes_differ)
{
	struct crypto_port crypto = open_without_key();
	uint8_t first[700], second[700];

	crypto.vtable->random(crypto.self, first, sizeof(first));
	crypto.vtable->random(crypto.self, second, sizeof(second));
	cr_expect_neq(memcmp(first, second, sizeof(first)), 0);
	for (size_t i = 0; i + 16 <= sizeof(first); i += 16)
		cr_expect_neq(memcmp(first + i, second + i, 16), 0);
	for (size_t len = 0; len < 40; len++) {
		uint8_t bytes[41];

		memset(bytes, 0xaa, sizeof(bytes));
		crypto.vtable->random(crypto.self, bytes, len);
		cr_expect_eq(bytes[len], 0xaa, "writes no more than asked");
	}
	sodium_crypto_close(opened);
}

Test(crypto, a_child_process_draws_other_bytes)
{
	struct crypto_port crypto = open_without_key();
	uint8_t own[16], childs[16];
	int ends[2];
	pid_t child;

	cr_assert_eq(pipe(ends), 0);
	crypto.vtable->random(crypto.self, own, sizeof(own));
	child = fork();
	if (child == 0) {
		crypto.vtable->random(crypto.self, own, sizeof(own));
		_exit(write(ends[1], own, sizeof(own)) == (ssize_t)sizeof(own) ? 0 : 1);
	}
	crypto.vtable->random(crypto.self, own, sizeof(own));
	cr_assert_eq(read(ends[0], childs, sizeof(childs)), (ssize_t)sizeof(childs));
	waitpid(child, NULL, 0);
	cr_expect_neq(memcmp(own, childs, sizeof(own)), 0);
	sodium_crypto_close(opened);
}

Test(crypto, compares_whole_strings)
{
	struct crypto_port crypto = open_without_key();

	cr_expect(crypto.vtable->equal(crypto.self, "same", "same", 4));
	cr_expect_not(crypto.vtable->equal(crypto.self, "same", "sane", 4));
	cr_expect(crypto.vtable->equal(crypto.self, "a", "b", 0));
	sodium_crypto_close(opened);
}

Test(clock, tells_a_time_of_this_century_and_never_goes_back)
{
	struct clock_port clock = system_clock();
	int64_t before = clock.vtable->monotonic_ns(clock.self), after;

	for (int i = 0; i < 1000; i++) {
		after = clock.vtable->monotonic_ns(clock.self);
		cr_assert_geq(after, before);
		before = after;
	}
	cr_expect_gt(date_of_instant(clock.vtable->now_ms(clock.self)), 18262, "after 2020");
	cr_expect_lt(date_of_instant(clock.vtable->now_ms(clock.self)), 47482, "before 2100");
}
