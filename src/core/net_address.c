/* SPDX-License-Identifier: MIT */
#include "core/net_address.h"

#include <string.h>

#define IPV4_LEN 4
#define IPV6_LEN 16

struct block {
	uint8_t prefix[IPV6_LEN];
	uint8_t bits;
};

/* IANA IPv4 special-purpose address registry, multicast and reserved space. */
static const struct block SPECIAL_V4[] = {
        {{0}, 8},
        {{10}, 8},
        {{100, 64}, 10},
        {{127}, 8},
        {{169, 254}, 16},
        {{172, 16}, 12},
        {{192, 0, 0}, 24},
        {{192, 0, 2}, 24},
        {{192, 31, 196}, 24},
        {{192, 52, 193}, 24},
        {{192, 88, 99}, 24},
        {{192, 168}, 16},
        {{192, 175, 48}, 24},
        {{198, 18}, 15},
        {{198, 51, 100}, 24},
        {{203, 0, 113}, 24},
        {{224}, 3},
};

/* Of IPv6 only 2000::/3 is given out; these are its special parts. */
static const struct block SPECIAL_V6[] = {
        {{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments, Teredo */
        {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
        {{0x20, 0x02}, 16},             /* 6to4 */
        {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48},
        {{0x3f, 0xff, 0x00}, 20}, /* documentation */
};

static bool is_within(const uint8_t *address, const struct block *block)
{
	size_t whole = block->bits / 8;
	unsigned rest = block->bits % 8;

	if (memcmp(address, block->prefix, whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ block->prefix[whole]) >> (8 - rest)) == 0;
}

static bool is_listed(const uint8_t *address, const struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_within(address, &blocks[i]))
			return true;
	}
	return false;
}

bool net_address_is_public(const uint8_t *address, size_t len)
{
	if (len == IPV4_LEN)
		return !is_listed(address, SPECIAL_V4, sizeof(SPECIAL_V4) / sizeof(SPECIAL_V4[0]));
	if (len != IPV6_LEN || address[0] >> 5 != 1)
		return false;
	return !is_listed(address, SPECIAL_V6, sizeof(SPECIAL_V6) / sizeof(SPECIAL_V6[0]));
}
