/* SPDX-License-Identifier: MIT */
/* Answers of openregister: the first byte chooses the step, the second the HTTP code, the rest is the body. */
#include "provider_check.h"
#include "wire/openregister.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct openregister options;
	struct provider_codec codec = openregister_codec(&options);

	if (size > 1)
		check_decode(codec, data[0], check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	return 0;
}
