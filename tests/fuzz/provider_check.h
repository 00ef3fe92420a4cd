/* SPDX-License-Identifier: MIT */
#ifndef PROVIDER_CHECK_H
#define PROVIDER_CHECK_H

#include <stdlib.h>
#include <string.h>

#include "port/provider.h"

static char check_memory[8 << 20] __attribute__((aligned(16)));

static inline struct subject check_subject(void)
{
	static const struct identity SCHMIDT = {
	        .name = {"Schmidt Industrie GmbH", 22},
	        .postal_code = {"40213", 5},
	        .city = {"Düsseldorf", 11},
	        .country = {"DE", 2},
	        .vat_id = {"DE136695976", 11},
	        .lei = {"529900T8BM49AURSDO55", 20},
	        .court = {"Düsseldorf", 11},
	        .register_type = {"HRB", 3},
	        .register_number = {"12345", 5},
	};
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	struct subject subject;
	struct arena arena;
	size_t count;

	arena_init(&arena, check_memory, sizeof(check_memory));
	if (identity_normalise(&SCHMIDT, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count) != STATUS_OK)
		abort();
	subject_init(&SCHMIDT, &norm, &subject);
	return subject;
}

/* Any bytes end in one of the outcomes with a sentence, and only an answer carries facts, of one source. */
static inline void check_reply_about(struct provider_codec codec, const struct subject *subject,
                                     struct provider_step step, struct http_reply reply)
{
	static const struct provider_secrets none;
	static struct provider_answer answer;
	struct provider_question question = {
	        .base = SLICE_LIT("https://x"), .subject = subject, .step = step, .secrets = &none};
	struct arena arena;

	memset(&answer, 0, sizeof(answer));
	answer.outcome = SOURCE_UNAVAILABLE;
	answer.detail = "not understood";
	answer.as_of = DATE_NONE;
	facts_init(&answer.facts);
	(void)facts_source(&answer.facts, "fuzzed", SOURCE_UNAVAILABLE, DATE_NONE);
	arena_init(&arena, check_memory, sizeof(check_memory));
	codec.vtable->decode(codec.self, &question, &reply, &arena, &answer);
	if (answer.turn > PROVIDER_WAITS || strlen(answer.next.ref) > PROVIDER_STEP_REF)
		abort();
	if (answer.outcome > SOURCE_UNAVAILABLE || !answer.detail[0] || answer.field_count > PROVIDER_FIELDS ||
	    answer.facts.source_count != 1)
		abort();
	for (int i = 0; i < FACT_COUNT; i++) {
		const struct fact *fact = &answer.facts.items[i];

		if (fact->known && answer.turn == PROVIDER_ENDS &&
		    (answer.outcome != SOURCE_ANSWER || answer.verdict == SUBJECT_OTHER ||
		     !fact_valid((enum fact_id)i, fact->value)))
			abort();
	}
}

static inline void check_reply(struct provider_codec codec, struct provider_step step, struct http_reply reply)
{
	struct subject subject = check_subject();

	check_reply_about(codec, &subject, step, reply);
}

static inline void check_decode(struct provider_codec codec, uint8_t step, int code, struct slice body)
{
	check_reply(codec, (struct provider_step){.number = step, .ref = "job/report"},
	            (struct http_reply){.end = HTTP_ANSWERED, .code = code, .body = body});
}

/* Any bytes give a token of printable bytes with a lifetime, or none. */
static inline void check_login(struct provider_codec codec, int code, struct slice body)
{
	struct http_reply reply = {.end = HTTP_ANSWERED, .code = code, .body = body};
	static struct provider_login login;
	struct arena arena;

	memset(&login, 0, sizeof(login));
	arena_init(&arena, check_memory, sizeof(check_memory));
	if (codec.vtable->decode_login(codec.self, &reply, &arena, &login) != STATUS_OK)
		return;
	if (!login.token[0] || login.lifetime_ms <= 0)
		abort();
	for (const char *c = login.token; *c; c++) {
		if (*c <= ' ' || *c > '~')
			abort();
	}
}

/* The first byte chooses among the codes of answers that are read differently. */
static inline int check_code(uint8_t byte)
{
	static const int CODES[] = {200, 200, 200, 200, 200, 404, 400, 500};

	return CODES[byte % 8];
}

#endif
