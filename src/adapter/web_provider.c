/* SPDX-License-Identifier: MIT */
#include "adapter/web_provider.h"

#include <stdlib.h>
#include <string.h>

#define QUESTION_BYTES 32768 /* address, headers and body of a question */
/* A parsed answer takes several times its bytes; a tree that takes more than this is refused. */
#define TREE_FACTOR    24
#define TREE_LEAST     65536

struct web_provider {
	char id[MAX_SOURCE_ID + 1];
	char *base;
	struct http_port http;
	struct provider_codec codec;
	struct crypto_port crypto;
};

/* One question, from begin() until its answer is told. */
struct question {
	struct web_provider *provider;
	struct provider_done done;
	struct subject subject;
	struct provider_answer answer;
};

static const char *sentence(enum http_end end)
{
	static const char *const SENTENCES[HTTP_END_COUNT] = {
	        [HTTP_ANSWERED] = "answered with something that is not understood",
	        [HTTP_REFUSED] = "the request may not be sent",
	        [HTTP_BREAKER_OPEN] = "failed too often lately and is left alone",
	        [HTTP_PAUSED] = "asked to be left alone for a while",
	        [HTTP_BUDGET_SPENT] = "the budget of the day is spent",
	        [HTTP_BUSY] = "too many calls were in flight",
	        [HTTP_FORBIDDEN] = "its name leads to an address of the private network",
	        [HTTP_NO_HOST] = "its name leads nowhere",
	        [HTTP_NO_CONNECTION] = "takes no connection",
	        [HTTP_TLS_FAILED] = "does not prove who it is (TLS)",
	        [HTTP_TIMEOUT] = "did not answer in time",
	        [HTTP_BROKEN] = "broke off its answer",
	        [HTTP_TOO_LARGE] = "answered more than the maximum",
	        [HTTP_STOPPED] = "this program is ending",
	        [HTTP_NO_MEMORY] = "there was no memory",
	};

	return SENTENCES[end];
}

static void decode(struct question *question, const struct http_reply *reply)
{
	struct web_provider *provider = question->provider;
	struct provider_answer *answer = &question->answer;
	size_t cap = TREE_LEAST + TREE_FACTOR * reply->body.len;
	void *mem = malloc(cap);
	struct arena arena;

	provider->crypto.vtable->sha256(provider->crypto.self, reply->body, answer->raw_sha256);
	answer->raw = reply->body;
	if (mem) {
		arena_init(&arena, mem, cap);
		provider->codec.vtable->decode(provider->codec.self, &question->subject, reply, &arena, answer);
	} else {
		answer->detail = sentence(HTTP_NO_MEMORY);
	}
	(void)facts_source(&answer->facts, provider->id, answer->outcome, answer->as_of);
	question->done.tell(question->done.ctx, answer);
	free(mem);
}

static void take_reply(void *ctx, const struct http_reply *reply)
{
	struct question *question = ctx;
	struct provider_answer *answer = &question->answer;

	answer->end = reply->end;
	answer->http_code = reply->code;
	answer->tries = reply->tries;
	answer->took_ns = reply->took_ns;
	answer->detail = sentence(reply->end);
	if (reply->end == HTTP_ANSWERED)
		decode(question, reply);
	else
		question->done.tell(question->done.ctx, answer);
	free(question);
}

static void prepare(struct provider_answer *answer, const char *id)
{
	answer->outcome = SOURCE_UNAVAILABLE;
	answer->verdict = SUBJECT_UNPROVEN;
	answer->as_of = DATE_NONE;
	facts_init(&answer->facts);
	(void)facts_source(&answer->facts, id, SOURCE_UNAVAILABLE, DATE_NONE);
}

static void refuse(struct question *question, enum source_state outcome, const char *why)
{
	question->answer.outcome = outcome;
	question->answer.end = HTTP_REFUSED;
	question->answer.detail = why;
	(void)facts_source(&question->answer.facts, question->provider->id, outcome, DATE_NONE);
	question->done.tell(question->done.ctx, &question->answer);
}

static void begin(void *self, const struct subject *subject, struct deadline deadline, struct provider_done done)
{
	struct web_provider *provider = self;
	struct question *question = calloc(1, sizeof(*question));
	char mem[QUESTION_BYTES] __attribute__((aligned(16)));
	struct question poor = {.provider = provider, .done = done};
	struct http_request request = {0};
	const char *why = sentence(HTTP_REFUSED);
	struct arena arena;

	if (!question) {
		prepare(&poor.answer, provider->id);
		refuse(&poor, SOURCE_UNAVAILABLE, sentence(HTTP_NO_MEMORY));
		return;
	}
	question->provider = provider;
	question->done = done;
	question->subject = *subject;
	prepare(&question->answer, provider->id);
	arena_init(&arena, mem, sizeof(mem));
	if (provider->codec.vtable->encode(provider->codec.self, slice_cstr(provider->base), subject, &arena, &request,
	                                   &why) != STATUS_OK) {
		refuse(question, SOURCE_INVALID_INPUT, why);
		free(question);
		return;
	}
	provider->http.vtable->begin(provider->http.self, &request, deadline, (struct http_done){take_reply, question});
}

static void stats(void *self, struct http_stats *ret_stats)
{
	struct web_provider *provider = self;

	provider->http.vtable->stats(provider->http.self, ret_stats);
}

static const struct provider_vtable vtable = {.begin = begin, .stats = stats};

enum status web_provider_open(const char *id, const char *base, struct http_port http, struct provider_codec codec,
                              struct crypto_port crypto, struct web_provider **ret_provider)
{
	struct web_provider *provider = calloc(1, sizeof(*provider));
	enum status status = STATUS_NO_MEMORY;

	if (!provider)
		return status;
	provider->base = strdup(base);
	if (provider->base)
		status = *id && slice_copy(slice_cstr(id), provider->id, sizeof(provider->id)) ? STATUS_OK
		                                                                               : STATUS_INVALID;
	if (status) {
		web_provider_close(provider);
		return status;
	}
	provider->http = http;
	provider->codec = codec;
	provider->crypto = crypto;
	*ret_provider = provider;
	return STATUS_OK;
}

void web_provider_close(struct web_provider *provider)
{
	if (provider)
		free(provider->base);
	free(provider);
}

struct provider_port web_provider_port(struct web_provider *provider)
{
	return (struct provider_port){&vtable, provider};
}
