/* SPDX-License-Identifier: MIT */
/* Answers of GLEIF: the first byte chooses the HTTP code, the rest is the body. */
#include "provider_check.h"
#include "wire/gleif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size)
		check_decode(gleif_codec(), 0, check_code(data[0]), (struct slice){(const char *)data + 1, size - 1});
	return 0;
}
