/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_ADDRESS_H
#define CORE_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether an IP address (4 or 16 bytes, network order) is one of the public
 * Internet: none of the special-purpose registries of RFC 6890 (loopback,
 * private, link-local, shared, documentation, multicast, reserved, ...), also
 * not wrapped into IPv6 (mapped, NAT64, 6to4, Teredo). A provider's address that is
 * not public is not called unless the operator allows it: a name that
 * resolves into the own network must not make this program knock there.
 */
bool net_address_is_public(const uint8_t *address, size_t len);

#endif
