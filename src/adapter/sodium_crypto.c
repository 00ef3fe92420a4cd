/* SPDX-License-Identifier: MIT */
#include "adapter/sodium_crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/openssl_sha256.h"
#include "adapter/state_dir.h"

_Static_assert(crypto_sign_BYTES == CRYPTO_SIGNATURE_LEN, "an Ed25519 signature");
_Static_assert(crypto_sign_PUBLICKEYBYTES == CRYPTO_PUBLIC_KEY_LEN, "an Ed25519 public key");

/*
 * Every request draws a few bytes for its ids, and each draw from the kernel
 * is a system call: a thread draws for many requests at once.
 */
#define POOL_BYTES   512
#define POOL_LARGEST 64 /* longer strings, keys for instance, come straight from the kernel */

struct random_pool {
	size_t left; /* at the end of "bytes" */
	unsigned forks;
	unsigned char bytes[POOL_BYTES];
};

static _Thread_local struct random_pool pool;
static _Atomic unsigned forks; /* in this process's line of descent */
static pthread_once_t forks_watched = PTHREAD_ONCE_INIT;

struct sodium_crypto {
	unsigned char *secret; /* guarded memory, NULL = no key */
	uint8_t public[CRYPTO_PUBLIC_KEY_LEN];
};

static enum status sign(void *self, struct slice message, uint8_t ret_signature[CRYPTO_SIGNATURE_LEN])
{
	struct sodium_crypto *crypto = self;
	const unsigned char *bytes = (const unsigned char *)message.ptr;

	if (crypto->secret == NULL)
		return STATUS_UNAVAILABLE;
	if (crypto_sign_detached(ret_signature, NULL, bytes, message.len, crypto->secret) != 0)
		return STATUS_INTERNAL;
	return STATUS_OK;
}

static enum status public_key(void *self, uint8_t ret_key[CRYPTO_PUBLIC_KEY_LEN])
{
	struct sodium_crypto *crypto = self;

	if (crypto->secret == NULL)
		return STATUS_UNAVAILABLE;
	for (size_t i = 0; i < CRYPTO_PUBLIC_KEY_LEN; i++)
		ret_key[i] = crypto->public[i];
	return STATUS_OK;
}

static void on_fork(void)
{
	atomic_fetch_add(&forks, 1);
}

static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, on_fork);
}

/* Bytes are handed out once and wiped behind; a child process does not share its parent's. */
static void random_bytes(void *self, void *ret_bytes, size_t len)
{
	unsigned seen = atomic_load_explicit(&forks, memory_order_relaxed);
	size_t at;

	(void)self;
	if (len > POOL_LARGEST) {
		randombytes_buf(ret_bytes, len);
		return;
	}
	if (pool.left < len || pool.forks != seen) {
		randombytes_buf(pool.bytes, sizeof(pool.bytes));
		pool.left = sizeof(pool.bytes);
		pool.forks = seen;
	}
	at = sizeof(pool.bytes) - pool.left;
	memcpy(ret_bytes, pool.bytes + at, len);
	sodium_memzero(pool.bytes + at, len);
	pool.left -= len;
}

static bool equal(void *self, const void *a, const void *b, size_t len)
{
	(void)self;
	return sodium_memcmp(a, b, len) == 0;
}

static const struct crypto_vtable vtable = {
        .sha256 = openssl_sha256,
        .sha256_start = openssl_sha256_start,
        .sha256_add = openssl_sha256_add,
        .sha256_finish = openssl_sha256_finish,
        .sign = sign,
        .public_key = public_key,
        .random = random_bytes,
        .equal = equal,
};

static enum status read_seed(const char *key_file, unsigned char ret_seed[crypto_sign_SEEDBYTES])
{
	unsigned char bytes[crypto_sign_SEEDBYTES + 1];
	enum status status = STATUS_OK;
	struct stat info;
	ssize_t len;
	int fd;

	fd = open(key_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_FORBIDDEN;
	len = read(fd, bytes, sizeof(bytes));
	if (fstat(fd, &info) != 0 || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		status = STATUS_FORBIDDEN;
	else if (len != crypto_sign_SEEDBYTES)
		status = STATUS_CORRUPT;
	close(fd);
	for (size_t i = 0; status == STATUS_OK && i < crypto_sign_SEEDBYTES; i++)
		ret_seed[i] = bytes[i];
	sodium_memzero(bytes, sizeof(bytes));
	return status;
}

static enum status load_key(struct sodium_crypto *crypto, const char *key_file)
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	enum status status;

	status = read_seed(key_file, seed);
	if (status != STATUS_OK)
		return status;
	crypto->secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
	if (crypto->secret == NULL)
		status = STATUS_NO_MEMORY;
	else
		crypto_sign_seed_keypair(crypto->public, crypto->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return status;
}

enum status sodium_crypto_open(const char *key_file, struct sodium_crypto **ret_crypto)
{
	struct sodium_crypto *crypto;
	enum status status = STATUS_OK;

	if (sodium_init() < 0)
		return STATUS_INTERNAL;
	pthread_once(&forks_watched, watch_forks);
	crypto = calloc(1, sizeof(*crypto));
	if (crypto == NULL)
		return STATUS_NO_MEMORY;
	if (key_file != NULL)
		status = load_key(crypto, key_file);
	if (status != STATUS_OK) {
		sodium_crypto_close(crypto);
		return status;
	}
	*ret_crypto = crypto;
	return STATUS_OK;
}

void sodium_crypto_close(struct sodium_crypto *crypto)
{
	if (crypto == NULL)
		return;
	sodium_free(crypto->secret);
	free(crypto);
}

struct crypto_port sodium_crypto_port(struct sodium_crypto *crypto)
{
	return (struct crypto_port){&vtable, crypto};
}

static enum status write_seed(const char *path)
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	enum status status = STATUS_OK;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return STATUS_UNAVAILABLE;
	randombytes_buf(seed, sizeof(seed));
	if (write(fd, seed, sizeof(seed)) != (ssize_t)sizeof(seed) || fsync(fd) != 0)
		status = STATUS_UNAVAILABLE;
	sodium_memzero(seed, sizeof(seed));
	close(fd);
	return status;
}

/* Whole before it has its name: one that was cut off is never taken for a key. */
enum status sodium_crypto_create_key(const char *key_file)
{
	char path[STATE_PATH_MAX];
	enum status status;
	int len;

	if (sodium_init() < 0)
		return STATUS_INTERNAL;
	if (access(key_file, F_OK) == 0)
		return STATUS_OK;
	len = snprintf(path, sizeof(path), "%s.%ld", key_file, (long)getpid());
	if (len < 0 || len >= (int)sizeof(path))
		return STATUS_TOO_LARGE;
	status = write_seed(path);
	if (status == STATUS_OK && link(path, key_file) != 0 && errno != EEXIST)
		status = STATUS_UNAVAILABLE;
	(void)unlink(path);
	return status;
}
