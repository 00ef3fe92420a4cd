/* SPDX-License-Identifier: MIT */
/* A provider's configuration up to the first NUL, behind it one byte for the HTTP code and an answer. */
#include "provider_check.h"
#include "wire/provider_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_encode(const struct provider_config *config, uint8_t step)
{
	struct provider_codec codec = provider_config_codec(config);
	static const struct provider_secrets none;
	struct subject subject = check_subject();
	struct provider_question question = {.base = slice_cstr(config->url),
	                                     .subject = &subject,
	                                     .step = {.number = step, .ref = "J/1"},
	                                     .secrets = &none};
	struct http_request request = {.method = HTTP_GET};
	const char *why = NULL;
	struct arena arena;
	enum status status;

	arena_init(&arena, check_memory, sizeof(check_memory));
	status = codec.vtable->encode(codec.self, &question, &arena, &request, &why);
	if (status == STATUS_OK && !slice_starts(request.url, slice_cstr(config->url)))
		abort();
	if (status == STATUS_INVALID && !why)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct provider_config config;
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	struct load_error error = {.detail = ""};
	struct arena arena;
	enum status status;

	arena_init(&arena, check_memory, sizeof(check_memory));
	status = provider_in_parse((struct slice){(const char *)data, len}, &arena, &config, &error);
	if (status == STATUS_INVALID && !error.detail[0])
		abort();
	if (status != STATUS_OK)
		return 0;
	for (uint8_t step = 0; step < 2; step++) {
		check_encode(&config, step);
		if (size - len > 2)
			check_decode(provider_config_codec(&config), step, check_code(data[len + 1]),
			             (struct slice){(const char *)data + len + 2, size - len - 2});
	}
	return 0;
}
