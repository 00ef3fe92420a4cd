/* SPDX-License-Identifier: MIT */
/* Answers of VIES: the first byte chooses the HTTP code, the rest is the body. */
#include "provider_check.h"
#include "wire/vies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vies vies = {""};

	if (size)
		check_decode(vies_codec(&vies), 0, check_code(data[0]),
		             (struct slice){(const char *)data + 1, size - 1});
	return 0;
}
