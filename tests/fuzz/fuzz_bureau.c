/* SPDX-License-Identifier: MIT */
/* A bureau's table, a zero byte, a value: refused with a sentence, or a PD between 0 and 1. */
#include <stdlib.h>
#include <string.h>

#include "wire/bureau_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[1024 * 1024] __attribute__((aligned(16)));
	const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
	struct load_error error = {.detail = ""};
	struct bureau_table table;
	struct arena arena;
	int32_t ppm = 0;

	if (!end)
		return 0;
	arena_init(&arena, memory, sizeof(memory));
	enum status status = bureau_in_parse((struct slice){(const char *)data, (size_t)(end - data)}, &arena, &table,
	                                     &error);
	if (status == STATUS_INVALID && error.detail[0] == '\0')
		abort();
	if (status != STATUS_OK)
		return 0;
	struct slice value = {(const char *)end + 1, size - (size_t)(end + 1 - data)};
	enum bureau_result result = bureau_pd(&table, value, &ppm);
	if ((result == BUREAU_PD || result == BUREAU_DEFAULT) && (ppm < 1 || ppm > 999999))
		abort();
	return 0;
}
