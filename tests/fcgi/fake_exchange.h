/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FCGI_FAKE_EXCHANGE_H
#define TESTS_FCGI_FAKE_EXCHANGE_H

#include <string.h>

#include "../../fcgi/exchange.h"

/* A peer that hands out its body in small pieces and keeps what it is sent. */
struct fake_exchange {
	struct exchange exchange;
	const char *body;
	size_t left;
	size_t piece;
	bool broken; /* gone instead of at its end */
	char sent[65536];
	size_t sent_len;
};

static bool fake_read(void *self, char *ret_bytes, size_t cap, size_t *ret_len)
{
	struct fake_exchange *fake = self;
	size_t count = fake->left < fake->piece ? fake->left : fake->piece;

	if (fake->left == 0 && fake->broken)
		return false;
	if (count > cap)
		count = cap;
	memcpy(ret_bytes, fake->body, count);
	fake->body += count;
	fake->left -= count;
	*ret_len = count;
	return true;
}

static bool fake_write(void *self, struct slice bytes)
{
	struct fake_exchange *fake = self;

	if (bytes.len > sizeof(fake->sent) - fake->sent_len)
		return false;
	memcpy(fake->sent + fake->sent_len, bytes.ptr, bytes.len);
	fake->sent_len += bytes.len;
	return true;
}

static void fake_resume(struct exchange *exchange, void (*rest)(void *ctx), void *ctx)
{
	(void)exchange;
	rest(ctx);
}

static inline void fake_exchange_init(struct fake_exchange *fake, char **env, const char *body, size_t len)
{
	static const struct exchange_vtable vtable = {.read = fake_read, .write = fake_write};

	memset(fake, 0, sizeof(*fake));
	fake->exchange = (struct exchange){&vtable, fake, env, 0, fake_resume};
	fake->body = body;
	fake->left = len;
	fake->piece = 1000;
}

#endif
