/* SPDX-License-Identifier: MIT */
#include "match_service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "core/court.h"
#include "fault_guard.h"

#define LOOK_NS INT64_C(1000000000)

struct match_service {
	char *path;
	_Atomic(struct match_index *) index; /* NULL until there is one; then for good */
	_Atomic uint64_t revision;
	_Atomic int64_t looked_ns;
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct match_scratch *idle[MATCH_SERVICE_SCRATCHES];
	size_t idle_count;
	size_t made;
	pthread_t opener; /* opens a file that came later, beside the requests */
	bool has_opener;  /* to be joined */
	_Atomic bool opening;
};

static uint64_t revision_of(struct match_index *index)
{
	const struct match_set *set = match_index_hold(index);
	uint64_t revision = set->part[0].revision;

	if (set->count > 1)
		revision = revision * UINT64_C(0x100000001b3) ^ set->part[1].revision;
	match_index_release(index, set);
	return revision == 0 ? 1 : revision;
}

static void open_index(struct match_service *service)
{
	struct match_index *index;

	if (match_index_open(service->path, &index) != STATUS_OK)
		return;
	atomic_store(&service->revision, revision_of(index));
	atomic_store(&service->index, index);
}

static void *run_opener(void *arg)
{
	struct match_service *service = arg;

	open_index(service);
	atomic_store(&service->opening, false);
	return NULL;
}

/* One thread gets here once a second. */
static void look(struct match_service *service)
{
	struct match_index *index = atomic_load(&service->index);

	if (index) {
		atomic_store(&service->revision, revision_of(index));
		return;
	}
	if (atomic_load(&service->opening) || access(service->path, R_OK) != 0)
		return;
	pthread_mutex_lock(&service->lock);
	if (service->has_opener)
		pthread_join(service->opener, NULL);
	atomic_store(&service->opening, true);
	service->has_opener = pthread_create(&service->opener, NULL, run_opener, service) == 0;
	if (!service->has_opener)
		atomic_store(&service->opening, false);
	pthread_mutex_unlock(&service->lock);
}

uint64_t match_service_revision(struct match_service *service, int64_t now_ns)
{
	int64_t looked = atomic_load(&service->looked_ns);

	if (now_ns - looked >= LOOK_NS && atomic_compare_exchange_strong(&service->looked_ns, &looked, now_ns))
		look(service);
	return atomic_load(&service->revision);
}

static struct timespec time_of(struct deadline deadline)
{
	int64_t most = INT64_C(1) << 60; /* far enough, and no overflow of what is added to it */
	int64_t at = deadline.at_ns < most ? deadline.at_ns : most;

	return (struct timespec){.tv_sec = (time_t)(at / LOOK_NS), .tv_nsec = (long)(at % LOOK_NS)};
}

static struct match_scratch *make_scratch(void)
{
	void *mem = malloc(match_scratch_size());

	return mem ? match_scratch_init(mem) : NULL;
}

static enum status take_scratch(struct match_service *service, struct deadline deadline,
                                struct match_scratch **ret_scratch)
{
	struct timespec until = time_of(deadline);
	struct match_scratch *scratch = NULL;
	int late = 0;

	pthread_mutex_lock(&service->lock);
	while (service->idle_count == 0 && service->made == MATCH_SERVICE_SCRATCHES && late == 0)
		late = pthread_cond_timedwait(&service->given, &service->lock, &until);
	if (service->idle_count > 0) {
		scratch = service->idle[--service->idle_count];
	} else if (late == 0) {
		scratch = make_scratch();
		service->made += scratch != NULL;
	}
	pthread_mutex_unlock(&service->lock);
	if (!scratch)
		return late != 0 ? STATUS_TIMEOUT : STATUS_NO_MEMORY;
	*ret_scratch = scratch;
	return STATUS_OK;
}

static void give_scratch(struct match_service *service, struct match_scratch *scratch)
{
	pthread_mutex_lock(&service->lock);
	service->idle[service->idle_count++] = scratch;
	pthread_cond_signal(&service->given);
	pthread_mutex_unlock(&service->lock);
}

/* An id that is too long for a key is no key of the register. */
static void copy_hits(const struct match_set *set, const struct match_result *result, size_t most,
                      struct match_answer *answer)
{
	answer->verdict = result->verdict;
	answer->count = 0;
	for (size_t i = 0; i < result->count && i < most; i++) {
		const struct match_image *image = &set->part[result->hits[i].part];
		struct match_copy *copy = &answer->copies[answer->count++];
		size_t len = match_image_id(image, result->hits[i].company, copy->key.text, MAX_COMPANY_KEY);

		copy->key.text[len] = '\0';
		copy->hit = result->hits[i];
		copy->earlier_name = copy->hit.row >= image->companies;
	}
}

struct running {
	const struct match_set *set;
	const struct match_query *query;
	struct match_scratch *scratch;
	size_t most;
	struct match_answer *answer;
};

static void run_search(void *ctx)
{
	const struct running *running = ctx;
	struct match_result result;

	match_search(running->set, running->query, running->scratch, &result);
	copy_hits(running->set, &result, running->most, running->answer);
}

enum status match_service_search(struct match_service *service, const struct match_query *query,
                                 struct deadline deadline, size_t most, struct match_answer *ret_answer)
{
	struct match_index *index = atomic_load(&service->index);
	struct match_scratch *scratch;
	enum status status;

	if (!index)
		return STATUS_NOT_FOUND;
	status = take_scratch(service, deadline, &scratch);
	if (status != STATUS_OK)
		return status;
	struct running running = {match_index_hold(index), query, scratch, most, ret_answer};
	if (!fault_guard_run(run_search, &running))
		status = STATUS_NOT_FOUND;
	match_index_release(index, running.set);
	give_scratch(service, scratch);
	return status;
}

void match_query_of(const struct identity_norm *norm, struct match_query *ret_query)
{
	*ret_query = (struct match_query){.name = norm->name,
	                                  .street = norm->street,
	                                  .postal_code = slice_cstr(norm->postal_code),
	                                  .city = norm->city};
	if (norm->reg.type == REGISTER_NONE)
		return;
	ret_query->type = norm->reg.type;
	ret_query->number = norm->reg.number;
	ret_query->suffix = slice_cstr(norm->reg.suffix);
	if (norm->reg.court != COURT_NONE)
		ret_query->court = slice_cstr(court_code(norm->reg.court));
}

enum status match_service_create(const char *path, struct match_service **ret_service)
{
	struct match_service *service = calloc(1, sizeof(*service));
	pthread_condattr_t monotonic;

	if (!service)
		return STATUS_NO_MEMORY;
	service->path = strdup(path);
	if (!service->path) {
		free(service);
		return STATUS_NO_MEMORY;
	}
	pthread_mutex_init(&service->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&service->given, &monotonic);
	pthread_condattr_destroy(&monotonic);
	atomic_init(&service->looked_ns, 0);
	open_index(service);
	*ret_service = service;
	return STATUS_OK;
}

void match_service_destroy(struct match_service *service)
{
	if (!service)
		return;
	if (service->has_opener)
		pthread_join(service->opener, NULL);
	match_index_close(atomic_load(&service->index));
	for (size_t i = 0; i < service->idle_count; i++)
		free(service->idle[i]);
	pthread_cond_destroy(&service->given);
	pthread_mutex_destroy(&service->lock);
	free(service->path);
	free(service);
}
