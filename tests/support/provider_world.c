/* SPDX-License-Identifier: MIT */
#include "provider_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char memory[8 << 20] __attribute__((aligned(16)));
static struct arena arena;

struct arena *provider_world_arena(void)
{
	arena_init(&arena, memory, sizeof(memory));
	return &arena;
}

struct subject provider_world_subject(const struct identity *typed)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	struct subject subject;
	size_t count;

	if (identity_normalise(typed, provider_world_arena(), &norm, errors, IDENTITY_FIELD_COUNT, &count) != STATUS_OK)
		abort();
	subject_init(typed, &norm, &subject);
	return subject;
}

struct subject provider_world_schmidt(void)
{
	static const struct identity SCHMIDT = {
	        .name = {"Schmidt Industrie GmbH", 22},
	        .street = {"Hafenstraße 12", 15},
	        .postal_code = {"40213", 5},
	        .city = {"Düsseldorf", 11},
	        .country = {"DE", 2},
	        .vat_id = {"DE136695976", 11},
	        .lei = {"529900T8BM49AURSDO55", 20},
	        .court = {"Düsseldorf", 11},
	        .register_type = {"HRB", 3},
	        .register_number = {"12345", 5},
	};

	return provider_world_subject(&SCHMIDT);
}

struct provider_question provider_world_question(const struct subject *subject, const char *base)
{
	static const struct provider_secrets none;

	return (struct provider_question){
	        .base = slice_cstr(base), .subject = subject, .secrets = &none, .now_ms = INT64_C(1793000000000)};
}

enum status provider_world_encode(struct provider_codec codec, const struct subject *subject, const char *base,
                                  struct http_request *ret_request, const char **ret_why)
{
	struct provider_question question = provider_world_question(subject, base);

	return codec.vtable->encode(codec.self, &question, provider_world_arena(), ret_request, ret_why);
}

const struct provider_answer *provider_world_read(struct provider_codec codec, const struct provider_question *question,
                                                  const struct http_reply *reply)
{
	static struct provider_answer answer;

	memset(&answer, 0, sizeof(answer));
	answer.outcome = SOURCE_UNAVAILABLE;
	answer.verdict = SUBJECT_UNPROVEN;
	answer.as_of = DATE_NONE;
	answer.detail = "not understood";
	facts_init(&answer.facts);
	(void)facts_source(&answer.facts, "tested", SOURCE_UNAVAILABLE, DATE_NONE);
	codec.vtable->decode(codec.self, question, reply, provider_world_arena(), &answer);
	return &answer;
}

const struct provider_answer *provider_world_decode(struct provider_codec codec, const struct subject *subject,
                                                    int code, struct slice body)
{
	struct provider_question question = provider_world_question(subject, "https://x");
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = code, .body = body};

	return provider_world_read(codec, &question, &reply);
}

struct slice provider_world_file(const char *name)
{
	static char text[65536];
	char path[256];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "tests/providers/%s", name);
	file = fopen(path, "r");
	if (!file)
		abort();
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	return (struct slice){text, len};
}

const struct provider_field *provider_world_field(const struct provider_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->field_count; i++) {
		if (strcmp(answer->fields[i].name, name) == 0)
			return &answer->fields[i];
	}
	return NULL;
}
