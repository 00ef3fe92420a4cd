/* SPDX-License-Identifier: MIT */
#include "adapter/document_keeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Documents that wait for a slow disk take memory; more than this is not risked for them. */
#define WAITING_MOST  ((size_t)4 * MAX_DOCUMENT)
#define PURGE_EVERY_S 3600
#define TRIES         3 /* another process may be deleting a great many */

#define PDF_TYPE  "application/pdf"
#define PDF_START "%PDF-"

/* One document on its way to the disk. */
struct parcel {
	struct parcel *next;
	struct document document;
	size_t len;
	char bytes[];
};

struct document_keeper {
	struct document_keeper_config config;
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t wake;
	struct parcel *first, **last;
	size_t waiting; /* bytes */
	bool stop;
	struct document_stats stats;
};

static void count(struct document_keeper *keeper, uint64_t *counter)
{
	pthread_mutex_lock(&keeper->lock);
	(*counter)++;
	pthread_mutex_unlock(&keeper->lock);
}

/* --- Taking in -------------------------------------------------------------------------------------- */

/* RFC 6838, 4.2, without parameters. */
static bool is_type(struct slice type)
{
	static const char OTHERS[] = "!#$&-^_.+";
	size_t slashes = 0;

	for (size_t i = 0; i < type.len; i++) {
		char c = type.ptr[i];

		if (c == '/')
			slashes++;
		else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) &&
		         !memchr(OTHERS, c, sizeof(OTHERS) - 1))
			return false;
	}
	return slashes == 1 && type.len <= MAX_DOCUMENT_TYPE && type.ptr[0] != '/' && type.ptr[type.len - 1] != '/';
}

/* What calls itself a PDF is one at its beginning; what bureaus may send besides is not known here. */
static enum status check(const struct provider_answer *answer)
{
	if (answer->attachment.len > MAX_DOCUMENT)
		return STATUS_TOO_LARGE;
	if (answer->attachment.len == 0 || !is_type(answer->attachment_type))
		return STATUS_INVALID;
	if (slice_eq_cstr(answer->attachment_type, PDF_TYPE) && !slice_starts(answer->attachment, SLICE_LIT(PDF_START)))
		return STATUS_INVALID;
	return STATUS_OK;
}

static struct parcel *pack(const struct document_keeper *keeper, const struct document_owner *owner,
                           const struct provider_answer *answer)
{
	const struct clock_port *clock = &keeper->config.clock;
	struct parcel *parcel = malloc(sizeof(*parcel) + answer->attachment.len);
	struct document *document;

	if (!parcel)
		return NULL;
	document = &parcel->document;
	*document = (struct document){.owner = *owner, .received_ms = clock->vtable->now_ms(clock->self)};
	(void)slice_copy(slice_cstr(answer->facts.sources[0].id), document->provider, sizeof(document->provider));
	(void)slice_copy(answer->attachment_type, document->type, sizeof(document->type));
	(void)slice_copy(slice_cstr(answer->reference), document->reference, sizeof(document->reference));
	memcpy(document->answer_sha256, answer->raw_sha256, sizeof(document->answer_sha256));
	parcel->next = NULL;
	parcel->len = answer->attachment.len;
	memcpy(parcel->bytes, answer->attachment.ptr, parcel->len);
	return parcel;
}

/* False: too much waits already. */
static bool hand_over(struct document_keeper *keeper, struct parcel *parcel)
{
	bool room;

	pthread_mutex_lock(&keeper->lock);
	room = keeper->waiting + parcel->len <= WAITING_MOST;
	if (room) {
		keeper->waiting += parcel->len;
		*keeper->last = parcel;
		keeper->last = &parcel->next;
		pthread_cond_signal(&keeper->wake);
	}
	pthread_mutex_unlock(&keeper->lock);
	return room;
}

static void keep(void *self, const struct document_owner *owner, const struct provider_answer *answer)
{
	struct document_keeper *keeper = self;
	const char *provider = answer->facts.sources[0].id;
	struct parcel *parcel;
	enum status status;

	if (!answer->attachment.ptr || answer->outcome != SOURCE_ANSWER || !owner->tenant[0])
		return;
	status = check(answer);
	if (status != STATUS_OK) {
		count(keeper, &keeper->stats.refused);
		keeper->config.fault(keeper->config.ctx, provider, status);
		return;
	}
	parcel = pack(keeper, owner, answer);
	if (parcel && hand_over(keeper, parcel))
		return;
	free(parcel);
	count(keeper, &keeper->stats.lost);
	keeper->config.fault(keeper->config.ctx, provider, STATUS_NO_MEMORY);
}

static void stats(void *self, struct document_stats *ret_stats)
{
	struct document_keeper *keeper = self;

	pthread_mutex_lock(&keeper->lock);
	*ret_stats = keeper->stats;
	pthread_mutex_unlock(&keeper->lock);
}

static const struct document_vtable vtable = {.keep = keep, .stats = stats};

/* --- The thread ------------------------------------------------------------------------------------- */

static void store(struct document_keeper *keeper, struct parcel *parcel)
{
	const struct crypto_port *crypto = &keeper->config.crypto;
	struct slice bytes = {parcel->bytes, parcel->len};
	enum status status = STATUS_UNAVAILABLE;

	crypto->vtable->sha256(crypto->self, bytes, parcel->document.sha256);
	for (int i = 0; i < TRIES && status == STATUS_UNAVAILABLE; i++)
		status = sqlite_documents_put(keeper->config.documents, &parcel->document, bytes);
	if (status != STATUS_OK)
		keeper->config.fault(keeper->config.ctx, parcel->document.provider, status);
	count(keeper, status == STATUS_OK ? &keeper->stats.kept : &keeper->stats.lost);
}

static void purge(struct document_keeper *keeper)
{
	const struct clock_port *clock = &keeper->config.clock;
	uint64_t deleted;
	enum status status = sqlite_documents_purge(keeper->config.documents, clock->vtable->now_ms(clock->self),
	                                            &deleted);

	if (status != STATUS_OK)
		keeper->config.fault(keeper->config.ctx, "", status);
}

/* The next one; NULL: the hour is over, or it ends (*ret_stop) and nothing is left. */
static struct parcel *wait_for_parcel(struct document_keeper *keeper, const struct timespec *until, bool *ret_stop)
{
	struct parcel *parcel;

	pthread_mutex_lock(&keeper->lock);
	while (!keeper->first && !keeper->stop) {
		if (pthread_cond_timedwait(&keeper->wake, &keeper->lock, until) != 0)
			break;
	}
	parcel = keeper->first;
	if (parcel) {
		keeper->first = parcel->next;
		keeper->waiting -= parcel->len;
		if (!keeper->first)
			keeper->last = &keeper->first;
	}
	*ret_stop = keeper->stop;
	pthread_mutex_unlock(&keeper->lock);
	return parcel;
}

static void *run(void *ctx)
{
	struct document_keeper *keeper = ctx;
	struct timespec until;
	struct parcel *parcel;
	bool stop = false;

	while (!stop) {
		purge(keeper);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += PURGE_EVERY_S;
		while ((parcel = wait_for_parcel(keeper, &until, &stop)) != NULL) {
			store(keeper, parcel);
			free(parcel);
		}
	}
	return NULL;
}

enum status document_keeper_open(const struct document_keeper_config *config, struct document_keeper **ret_keeper)
{
	struct document_keeper *keeper = calloc(1, sizeof(*keeper));
	pthread_condattr_t monotonic;

	if (!keeper)
		return STATUS_NO_MEMORY;
	keeper->config = *config;
	keeper->last = &keeper->first;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&keeper->thread, NULL, run, keeper) == 0) {
		*ret_keeper = keeper;
		return STATUS_OK;
	}
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
	return STATUS_NO_MEMORY;
}

void document_keeper_close(struct document_keeper *keeper)
{
	if (!keeper)
		return;
	pthread_mutex_lock(&keeper->lock);
	keeper->stop = true;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

struct document_port document_keeper_port(struct document_keeper *keeper)
{
	return (struct document_port){&vtable, keeper};
}
