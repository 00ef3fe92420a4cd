/* SPDX-License-Identifier: MIT */
#include "cache_entry.h"

#include <string.h>

#define MAGIC 0x42434832u /* "BCH2" */

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)

static uint64_t word_at(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint64_t stir(uint64_t lane, uint64_t word)
{
	lane += word * PRIME_2;
	lane = lane << 31 | lane >> 33;
	return lane * PRIME_1;
}

static uint64_t finish(uint64_t hash)
{
	hash ^= hash >> 33;
	hash *= PRIME_2;
	hash ^= hash >> 29;
	hash *= PRIME_1;
	return hash ^ hash >> 32;
}

/*
 * Four lanes of multiply and rotate: a byte-wise hash would cost more than
 * the look-up. Finds accidents; nobody who can write the file is kept out.
 */
static uint64_t digest(struct slice bytes, uint64_t seed)
{
	uint64_t lane[4] = {seed + PRIME_1, seed + PRIME_2, seed, seed - PRIME_1};
	size_t at = 0;

	for (; at + 32 <= bytes.len; at += 32)
		for (size_t i = 0; i < 4; i++)
			lane[i] = stir(lane[i], word_at(bytes.ptr + at + 8 * i));
	for (; at + 8 <= bytes.len; at += 8)
		lane[at / 8 % 4] = stir(lane[at / 8 % 4], word_at(bytes.ptr + at));
	for (; at < bytes.len; at++)
		lane[at % 4] = stir(lane[at % 4], (unsigned char)bytes.ptr[at] + UINT64_C(1));
	return finish(lane[0] ^ stir(lane[1], lane[2]) ^ stir(lane[3], bytes.len));
}

static uint64_t entry_check(const struct cache_entry_head *head, struct slice body)
{
	struct cache_entry_head clean = *head;

	clean.check = 0;
	return digest(body, digest((struct slice){(const char *)&clean, sizeof(clean)}, 0));
}

size_t cache_entry_write(struct cache_entry_head *head, struct slice key, struct slice value, char *ret_bytes)
{
	char *body = ret_bytes + sizeof(*head);

	head->magic = MAGIC;
	head->key_len = (uint32_t)key.len;
	head->value_len = (uint32_t)value.len;
	head->zero = 0;
	memcpy(body, key.ptr, key.len);
	if (value.len > 0)
		memcpy(body + key.len, value.ptr, value.len);
	head->check = entry_check(head, (struct slice){body, key.len + value.len});
	memcpy(ret_bytes, head, sizeof(*head));
	return sizeof(*head) + key.len + value.len;
}

bool cache_entry_read(struct slice bytes, struct cache_entry_head *ret_head, struct slice *ret_key,
                      struct slice *ret_value)
{
	struct cache_entry_head head;
	struct slice body;

	if (bytes.len < sizeof(head))
		return false;
	memcpy(&head, bytes.ptr, sizeof(head));
	body = (struct slice){bytes.ptr + sizeof(head), bytes.len - sizeof(head)};
	if (head.magic != MAGIC || head.key_len > MAX_CACHE_KEY || head.value_len > MAX_CACHE_VALUE ||
	    body.len != (size_t)head.key_len + head.value_len || head.check != entry_check(&head, body))
		return false;
	*ret_head = head;
	*ret_key = (struct slice){body.ptr, head.key_len};
	*ret_value = (struct slice){body.ptr + head.key_len, head.value_len};
	return true;
}

uint64_t cache_entry_hash(struct slice key)
{
	return digest(key, PRIME_2);
}
