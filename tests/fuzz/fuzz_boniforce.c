/* SPDX-License-Identifier: MIT */
/* Answers of boniforce: the first byte chooses the step, the second the HTTP code, the rest is the body. */
#include "provider_check.h"
#include "wire/boniforce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bureau_order order;
	struct provider_codec codec = boniforce_codec(&order);

	if (size > 1)
		check_decode(codec, data[0], check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	return 0;
}
