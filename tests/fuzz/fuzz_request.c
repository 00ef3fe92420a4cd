/* SPDX-License-Identifier: MIT */
/* The body of a checkout call: any bytes end in a request or in errors with sound pointers. */
#include <stdlib.h>
#include <string.h>

#include "wire/checkout_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[MAX_REQUEST_ARENA] __attribute__((aligned(16)));
	struct arena arena;
	struct checkout_req req;
	struct field_errors errors;

	arena_init(&arena, memory, sizeof(memory));
	if (checkout_in_parse((struct slice){(const char *)data, size}, &arena, &req, &errors) != STATUS_INVALID)
		return 0;
	if (!errors.count || errors.count > MAX_ERRORS)
		abort();
	for (size_t i = 0; i < errors.count; i++)
		if (memchr(errors.items[i].pointer, '\0', sizeof(errors.items[i].pointer)) == NULL)
			abort();
	return 0;
}
