/* SPDX-License-Identifier: MIT */
#include "adapter/web_provider.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define QUESTION_BYTES (96 * 1024) /* address, headers, body and token of one exchange */
/* A parsed answer takes several times its bytes; a tree that takes more than this is refused. */
#define TREE_FACTOR    24
#define TREE_LEAST     65536
#define TREE_MOST      (24 << 20) /* what is larger carries a report, whose bytes are not parsed */
#define UNAUTHORIZED   401
#define NS_PER_MS      1000000

/* The token of all exchanges: whoever finds none fetches it, the others wait for that one call. */
struct login {
	pthread_mutex_t lock;
	char token[MAX_SECRET + 1];
	int64_t until_ns; /* monotonic */
	bool fetching;
	struct question *waiting;
};

struct web_provider {
	char id[MAX_SOURCE_ID + 1];
	char *base, *login_base;
	struct http_port http, login_http;
	struct provider_codec codec;
	struct crypto_port crypto;
	struct clock_port clock;
	struct provider_secrets *secrets;
	struct login login;
};

/* One reply with what was parsed of it: fields of an answer point into the replies of all its exchanges. */
struct reading {
	struct reading *next;
	_Alignas(16) char mem[];
};

/* One inquiry, from begin() until its answer is told. */
struct question {
	struct question *next; /* waiting for the login */
	struct web_provider *provider;
	struct provider_done done;
	struct deadline deadline;
	struct subject subject;
	struct provider_step step;
	struct reading *readings;
	struct crypto_sha256 digest;
	unsigned exchanges;
	bool logged_in_anew;
	struct provider_answer answer;
};

static void advance(struct question *question);

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

static size_t tree_room(size_t len)
{
	return len < (TREE_MOST - TREE_LEAST) / TREE_FACTOR ? TREE_LEAST + TREE_FACTOR * len : TREE_MOST;
}

static int64_t now_ns(const struct web_provider *provider)
{
	return provider->clock.vtable->monotonic_ns(provider->clock.self);
}

static void question_free(struct question *question)
{
	while (question->readings) {
		struct reading *reading = question->readings;

		question->readings = reading->next;
		free(reading);
	}
	free(question);
}

/* The end of it: told, and gone. */
static void finish(struct question *question)
{
	struct web_provider *provider = question->provider;
	struct provider_answer *answer = &question->answer;
	int source;

	if (answer->turn != PROVIDER_ENDS)
		answer->outcome = SOURCE_UNAVAILABLE;
	source = facts_source(&answer->facts, provider->id, answer->outcome, answer->as_of);
	if (question->readings) {
		provider->crypto.vtable->sha256_finish(provider->crypto.self, &question->digest, answer->raw_sha256);
		facts_source_hash(&answer->facts, source, answer->raw_sha256);
	}
	answer->subject = &question->subject;
	question->done.tell(question->done.ctx, answer);
	question_free(question);
}

/* What the replies before have set must not be taken for the answer. */
static void fail(struct question *question, enum source_state outcome, const char *why)
{
	facts_init(&question->answer.facts);
	question->answer.turn = PROVIDER_ENDS;
	question->answer.outcome = outcome;
	question->answer.detail = why;
	finish(question);
}

static void fail_call(struct question *question, enum http_end end)
{
	question->answer.end = end;
	fail(question, SOURCE_UNAVAILABLE, sentence(end));
}

static struct provider_question exchange_of(struct question *question, struct slice token)
{
	struct web_provider *provider = question->provider;
	struct provider_question exchange = {
	        .base = slice_cstr(provider->base),
	        .subject = &question->subject,
	        .step = question->step,
	        .secrets = provider->secrets,
	        .token = token,
	        .now_ms = provider->clock.vtable->now_ms(provider->clock.self),
	};

	provider->crypto.vtable->random(provider->crypto.self, exchange.nonce, sizeof(exchange.nonce));
	return exchange;
}

/* --- Login ------------------------------------------------------------------------------------------ */

static bool token_is_good(const struct web_provider *provider)
{
	return provider->login.token[0] && now_ns(provider) < provider->login.until_ns;
}

/* Keeps the token there is, if any; returns all who waited for it. */
static struct question *end_login(struct web_provider *provider, const struct provider_login *login)
{
	struct question *waiting;

	pthread_mutex_lock(&provider->login.lock);
	if (login) {
		memcpy(provider->login.token, login->token, sizeof(login->token));
		/* A tenth earlier than told: a call takes its time too. */
		provider->login.until_ns = now_ns(provider) + login->lifetime_ms / 10 * 9 * NS_PER_MS;
	}
	provider->login.fetching = false;
	waiting = provider->login.waiting;
	provider->login.waiting = NULL;
	pthread_mutex_unlock(&provider->login.lock);
	return waiting;
}

static struct question *pop(struct question **waiting)
{
	struct question *question = *waiting;

	if (!question)
		return NULL;
	*waiting = question->next;
	question->next = NULL;
	return question;
}

static void go_on(struct web_provider *provider, const struct provider_login *login)
{
	struct question *waiting = end_login(provider, login);

	for (struct question *question; (question = pop(&waiting));)
		advance(question);
}

/* Who waited ends as the login ended. */
static void fail_login(struct web_provider *provider, enum http_end end, const char *why)
{
	struct question *waiting = end_login(provider, NULL);

	for (struct question *question; (question = pop(&waiting));) {
		question->answer.end = end;
		fail(question, SOURCE_UNAVAILABLE, why);
	}
}

static void take_login(void *ctx, const struct http_reply *reply)
{
	struct web_provider *provider = ctx;
	size_t cap = tree_room(reply->body.len);
	struct provider_login login = {.lifetime_ms = 0};
	void *mem = malloc(cap);
	enum status status = STATUS_NO_MEMORY;
	struct arena arena;

	if (reply->end != HTTP_ANSWERED) {
		fail_login(provider, reply->end, sentence(reply->end));
	} else {
		if (mem) {
			arena_init(&arena, mem, cap);
			status = provider->codec.vtable->decode_login(provider->codec.self, reply, &arena, &login);
		}
		if (status == STATUS_OK)
			go_on(provider, &login);
		else
			fail_login(provider, HTTP_ANSWERED,
			           status == STATUS_FORBIDDEN ? "does not take the credentials"
			                                      : "gave no token for the credentials");
	}
	if (mem)
		explicit_bzero(mem, cap);
	explicit_bzero(&login, sizeof(login));
	free(mem);
}

static void fetch_token(struct web_provider *provider)
{
	char *mem = malloc(QUESTION_BYTES);
	struct question nobody = {.provider = provider};
	struct provider_question exchange = exchange_of(&nobody, SLICE_NONE);
	struct http_request request = {0};
	const char *why = sentence(HTTP_NO_MEMORY);
	enum status status = STATUS_NO_MEMORY;
	struct arena arena;

	exchange.base = slice_cstr(provider->login_base);
	if (mem) {
		arena_init(&arena, mem, QUESTION_BYTES);
		status = provider->codec.vtable->encode_login(provider->codec.self, &exchange, &arena, &request, &why);
	}
	if (status == STATUS_OK)
		provider->login_http.vtable->begin(provider->login_http.self, &request, DEADLINE_NEVER,
		                                   (struct http_done){take_login, provider});
	else
		fail_login(provider, mem ? HTTP_REFUSED : HTTP_NO_MEMORY, why);
	if (mem)
		explicit_bzero(mem, QUESTION_BYTES);
	free(mem);
}

/* The token of now, or false: the question is taken up again when there is one. */
static bool get_token(struct question *question, char ret_token[MAX_SECRET + 1])
{
	struct web_provider *provider = question->provider;
	bool good, fetch;

	pthread_mutex_lock(&provider->login.lock);
	good = token_is_good(provider);
	fetch = !good && !provider->login.fetching;
	if (good) {
		memcpy(ret_token, provider->login.token, sizeof(provider->login.token));
	} else {
		question->next = provider->login.waiting;
		provider->login.waiting = question;
		provider->login.fetching = true;
	}
	pthread_mutex_unlock(&provider->login.lock);
	if (fetch)
		fetch_token(provider);
	return good;
}

/* A token that is refused is forgotten; once in an inquiry, so that a refused account is not asked forever. */
static bool logs_in_anew(struct question *question, const struct http_reply *reply)
{
	struct web_provider *provider = question->provider;

	if (reply->code != UNAUTHORIZED || !provider->codec.vtable->encode_login || question->logged_in_anew)
		return false;
	question->logged_in_anew = true;
	pthread_mutex_lock(&provider->login.lock);
	provider->login.until_ns = 0;
	pthread_mutex_unlock(&provider->login.lock);
	return true;
}

/* --- Exchanges -------------------------------------------------------------------------------------- */

/* Body and tree of a reply, kept until the end of the inquiry. */
static struct reading *keep(struct question *question, struct slice *body, struct arena *ret_arena)
{
	size_t tree = tree_room(body->len), text = (body->len + 16) & ~(size_t)15;
	struct reading *reading = malloc(sizeof(*reading) + text + tree);

	if (!reading)
		return NULL;
	reading->next = question->readings;
	question->readings = reading;
	memcpy(reading->mem, body->ptr, body->len);
	*body = (struct slice){reading->mem, body->len};
	arena_init(ret_arena, reading->mem + text, tree);
	return reading;
}

static void read_reply(struct question *question, const struct http_reply *reply)
{
	struct web_provider *provider = question->provider;
	struct provider_answer *answer = &question->answer;
	struct provider_question exchange = exchange_of(question, SLICE_NONE);
	struct http_reply kept = *reply;
	bool first = !question->readings;
	struct arena arena;

	if (!keep(question, &kept.body, &arena)) {
		fail_call(question, HTTP_NO_MEMORY);
		return;
	}
	if (first)
		provider->crypto.vtable->sha256_start(provider->crypto.self, &question->digest);
	provider->crypto.vtable->sha256_add(provider->crypto.self, &question->digest, kept.body);
	answer->raw = kept.body;
	answer->turn = PROVIDER_ENDS;
	answer->outcome = SOURCE_UNAVAILABLE;
	answer->detail = sentence(HTTP_ANSWERED);
	provider->codec.vtable->decode(provider->codec.self, &exchange, &kept, &arena, answer);
	if (answer->turn != PROVIDER_GOES_ON) {
		finish(question);
	} else if (question->exchanges == PROVIDER_EXCHANGES) {
		fail(question, SOURCE_UNAVAILABLE, "wants more exchanges than are made");
	} else {
		question->step = answer->next;
		advance(question);
	}
}

static void take_reply(void *ctx, const struct http_reply *reply)
{
	struct question *question = ctx;
	struct provider_answer *answer = &question->answer;

	answer->end = reply->end;
	answer->http_code = reply->code;
	answer->tries += reply->tries;
	answer->took_ns += reply->took_ns;
	if (reply->end != HTTP_ANSWERED)
		fail_call(question, reply->end);
	else if (logs_in_anew(question, reply))
		advance(question);
	else
		read_reply(question, reply);
}

static void ask(struct question *question, struct slice token, char *mem)
{
	struct web_provider *provider = question->provider;
	struct provider_question exchange = exchange_of(question, token);
	struct http_request request = {0};
	const char *why = sentence(HTTP_REFUSED);
	struct arena arena;

	arena_init(&arena, mem, QUESTION_BYTES);
	if (provider->codec.vtable->encode(provider->codec.self, &exchange, &arena, &request, &why) != STATUS_OK) {
		question->answer.end = HTTP_REFUSED;
		fail(question, SOURCE_INVALID_INPUT, why);
		return;
	}
	question->exchanges++;
	provider->http.vtable->begin(provider->http.self, &request, question->deadline,
	                             (struct http_done){take_reply, question});
}

/* The exchange of the question's step; with a login, as soon as there is a token. */
static void advance(struct question *question)
{
	char token[MAX_SECRET + 1] = "", *mem;

	if (question->provider->codec.vtable->encode_login && !get_token(question, token))
		return;
	mem = malloc(QUESTION_BYTES);
	if (mem)
		ask(question, slice_cstr(token), mem);
	else
		fail_call(question, HTTP_NO_MEMORY);
	if (mem)
		explicit_bzero(mem, QUESTION_BYTES);
	explicit_bzero(token, sizeof(token));
	free(mem);
}

static void prepare(struct provider_answer *answer, const char *id)
{
	answer->outcome = SOURCE_UNAVAILABLE;
	answer->verdict = SUBJECT_UNPROVEN;
	answer->as_of = DATE_NONE;
	facts_init(&answer->facts);
	(void)facts_source(&answer->facts, id, SOURCE_UNAVAILABLE, DATE_NONE);
}

static void begin(void *self, const struct subject *subject, const struct provider_step *from, struct deadline deadline,
                  struct provider_done done)
{
	struct web_provider *provider = self;
	struct question *question = calloc(1, sizeof(*question));

	if (!question) {
		struct provider_answer poor = {.detail = sentence(HTTP_NO_MEMORY), .end = HTTP_NO_MEMORY};

		prepare(&poor, provider->id);
		done.tell(done.ctx, &poor);
		return;
	}
	question->provider = provider;
	question->done = done;
	question->deadline = deadline;
	question->subject = *subject;
	if (from)
		question->step = *from;
	prepare(&question->answer, provider->id);
	advance(question);
}

static void stats(void *self, struct http_stats *ret_stats)
{
	struct web_provider *provider = self;

	provider->http.vtable->stats(provider->http.self, ret_stats);
}

static const struct provider_vtable vtable = {.begin = begin, .stats = stats};

enum status web_provider_open(const struct web_provider_config *config, struct web_provider **ret_provider)
{
	struct web_provider *provider = calloc(1, sizeof(*provider));
	enum status status = STATUS_NO_MEMORY;

	if (!provider)
		return status;
	pthread_mutex_init(&provider->login.lock, NULL);
	provider->base = strdup(config->base);
	provider->login_base = strdup(config->login_base ? config->login_base : config->base);
	provider->secrets = calloc(1, sizeof(*provider->secrets));
	if (provider->base && provider->login_base && provider->secrets)
		status = *config->id && slice_copy(slice_cstr(config->id), provider->id, sizeof(provider->id))
		                 ? STATUS_OK
		                 : STATUS_INVALID;
	if (status) {
		web_provider_close(provider);
		return status;
	}
	if (config->secrets)
		*provider->secrets = *config->secrets;
	provider->http = config->http;
	provider->login_http = config->login_base ? config->login_http : config->http;
	provider->codec = config->codec;
	provider->crypto = config->crypto;
	provider->clock = config->clock;
	*ret_provider = provider;
	return STATUS_OK;
}

void web_provider_close(struct web_provider *provider)
{
	if (!provider)
		return;
	pthread_mutex_destroy(&provider->login.lock);
	explicit_bzero(provider->login.token, sizeof(provider->login.token));
	if (provider->secrets)
		explicit_bzero(provider->secrets, sizeof(*provider->secrets));
	free(provider->secrets);
	free(provider->login_base);
	free(provider->base);
	free(provider);
}

struct provider_port web_provider_port(struct web_provider *provider)
{
	return (struct provider_port){&vtable, provider};
}
