/* SPDX-License-Identifier: MIT */
/* Answers of creditsafe: the first byte chooses the step (255: the login), the second the HTTP code, the rest is the
 * body. */
#include "provider_check.h"
#include "wire/creditsafe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bureau_order order = {
	        .scale = {.id = "own", .point_count = 2, .points = {{0, 350000}, {100000000, 1000}}}};
	struct provider_codec codec = creditsafe_codec(&order);

	if (size > 2 && data[0] == 255)
		check_login(codec, check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	else if (size > 1)
		check_decode(codec, data[0], check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	return 0;
}
