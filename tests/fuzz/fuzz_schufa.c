/* SPDX-License-Identifier: MIT */
/* Answers of schufa: the first byte chooses the step (255: the login), the second the HTTP code, the rest is the body.
 */
#include "provider_check.h"
#include "wire/schufa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bureau_order order = {.interest = "small-businesses"};
	struct provider_codec codec = schufa_codec(&order);

	if (size > 2 && data[0] == 255)
		check_login(codec, check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	else if (size > 1)
		check_decode(codec, data[0], check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	return 0;
}
