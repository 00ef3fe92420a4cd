/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <criterion/criterion.h>

#include "core/net_address.h"

static bool is_public(const char *text)
{
	uint8_t bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1)
		return net_address_is_public(bytes, 4);
	cr_assert_eq(inet_pton(AF_INET6, text, bytes), 1, "%s", text);
	return net_address_is_public(bytes, 16);
}

Test(net_address, knows_the_public_internet)
{
	static const char *const cases[] = {"1.1.1.1",        "9.255.255.255",        "11.0.0.0",
	                                    "100.63.255.255", "100.128.0.0",          "126.255.255.255",
	                                    "128.0.0.1",      "147.67.34.45",         "169.253.255.255",
	                                    "172.15.255.255", "172.32.0.0",           "192.167.255.255",
	                                    "198.17.255.255", "198.20.0.0",           "223.255.255.255",
	                                    "2a00:1450::1",   "2001:4860:4860::8888", "2003::1",
	                                    "3fff:1000::1"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect(is_public(cases[i]), "%s", cases[i]);
}

Test(net_address, knows_what_is_not)
{
	static const char *const cases[] = {"0.0.0.0",
	                                    "0.1.2.3",
	                                    "10.0.0.1",
	                                    "100.64.0.1",
	                                    "127.0.0.1",
	                                    "127.255.255.255",
	                                    "169.254.169.254",
	                                    "172.16.0.1",
	                                    "172.31.255.255",
	                                    "192.0.0.8",
	                                    "192.0.2.1",
	                                    "192.168.1.1",
	                                    "198.18.0.1",
	                                    "198.19.255.255",
	                                    "198.51.100.7",
	                                    "203.0.113.9",
	                                    "224.0.0.1",
	                                    "239.1.2.3",
	                                    "240.0.0.1",
	                                    "255.255.255.255",
	                                    "::",
	                                    "::1",
	                                    "::ffff:10.0.0.1",
	                                    "::ffff:8.8.8.8",
	                                    "64:ff9b::808:808",
	                                    "fc00::1",
	                                    "fd12::1",
	                                    "fe80::1",
	                                    "ff02::1",
	                                    "2001:db8::1",
	                                    "2001::1",
	                                    "2002:7f00:1::1",
	                                    "3fff:fff::1",
	                                    "100::1"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_not(is_public(cases[i]), "%s", cases[i]);
}

Test(net_address, takes_nothing_else_for_an_address)
{
	static const uint8_t bytes[16] = {1, 1, 1, 1};

	for (size_t len = 0; len <= sizeof(bytes); len++)
		cr_expect_eq(net_address_is_public(bytes, len), len == 4);
}
