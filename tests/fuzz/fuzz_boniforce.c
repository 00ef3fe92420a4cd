/* SPDX-License-Identifier: MIT */
/* Answers of boniforce: the first byte chooses the step (255: a search by name), the second the HTTP code, the rest is
 * the body. */
#include "provider_check.h"
#include "wire/boniforce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Who has a register number is not searched for. */
static void check_search(struct provider_codec codec, int code, struct slice body)
{
	struct subject subject = check_subject();

	subject.reg.type = REGISTER_NONE;
	check_reply_about(codec, &subject, (struct provider_step){.number = 0},
	                  (struct http_reply){.end = HTTP_ANSWERED, .code = code, .body = body});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bureau_order order;
	struct provider_codec codec = boniforce_codec(&order);

	if (size > 1 && data[0] == 255)
		check_search(codec, check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	else if (size > 1)
		check_decode(codec, data[0], check_code(data[1]), (struct slice){(const char *)data + 2, size - 2});
	return 0;
}
