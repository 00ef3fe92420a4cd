/* SPDX-License-Identifier: MIT */
/* Replies of Creditreform: the first byte chooses code and step, the rest is the body, of parts when it begins with
 * one. */
#include "provider_check.h"
#include "wire/creditreform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct creditreform ampel = {.version = "0600-0021",
	                                          .product = "PRTY-4",
	                                          .interest = "LEIN-101",
	                                          .language = "de",
	                                          .faults = {{"ER-114", CREDITREFORM_NO_REPORT}},
	                                          .fault_count = 1};
	static const struct provider_step steps[] = {{.number = 0}, {.number = 1, .ref = "05190012345678"}};
	struct http_reply reply = {.end = HTTP_ANSWERED, .content_type = SLICE_LIT("application/soap+xml")};

	if (!size)
		return 0;
	reply.code = check_code(data[0]);
	reply.body = (struct slice){(const char *)data + 1, size - 1};
	if (slice_starts(reply.body, SLICE_LIT("--")))
		reply.content_type = SLICE_LIT("Multipart/Related; boundary=\"x\"");
	check_reply(creditreform_codec(&ampel), steps[data[0] >> 7], reply);
	return 0;
}
