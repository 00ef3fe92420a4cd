/* SPDX-License-Identifier: MIT */
#ifndef FCGI_FORM_TOKEN_H
#define FCGI_FORM_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "port/crypto.h"

/*
 * What a public form sends back: when it was handed out and a nonce, proven
 * with the installation's key for this form's key. It keeps out posts that
 * nobody made on a page: too quick, long after, or made up. No cookie, no
 * third party.
 */
#define FORM_TOKEN_LEN     128 /* at most, without NUL */
#define FORM_TOKEN_NONCE   24
#define FORM_TOKEN_LEAST_S 2
#define FORM_TOKEN_MOST_S  7200

/* STATUS_UNAVAILABLE: the installation has no key. */
enum status form_token_make(const struct crypto_port *crypto, struct slice form_key, int64_t now_ms,
                            char ret_token[FORM_TOKEN_LEN + 1]) MUST_CHECK;
/* STATUS_INVALID: made up, too young or too old. The nonce borrows from token. */
enum status form_token_check(const struct crypto_port *crypto, struct slice form_key, struct slice token,
                             int64_t now_ms, struct slice *ret_nonce) MUST_CHECK;

#endif
