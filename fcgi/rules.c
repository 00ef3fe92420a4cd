/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "wire/model_in.h"
#include "wire/policy_in.h"

/* Loading happens outside of requests. lint: allow malloc, lint: allow calloc, lint: allow free */
#define SLOTS        64 /* tenants kept loaded; two that share a slot take turns */
#define SCRATCH_SIZE (8 * MAX_MODEL_FILE)

struct slot {
	struct rules *rules;
	uint64_t epoch; /* when it was last known to be in force */
};

struct rulebook {
	const char *model_file;
	struct store_port store;
	struct log *log;
	_Atomic uint64_t epoch;
	uint64_t generation;  /* of the store, at the last look */
	pthread_mutex_t lock; /* of what follows */
	struct scorecard *card;
	struct slot slots[SLOTS];
};

static void complain(const struct rulebook *book, const char *what, const char *which, enum status status,
                     const struct load_error *error)
{
	char text[sizeof(error->pointer) + sizeof(error->detail) + 64];

	if (status == STATUS_INVALID)
		snprintf(text, sizeof(text), "%s: %s %s", which, error->pointer, error->detail);
	else
		snprintf(text, sizeof(text), "%s: %s", which, status_name(status));
	log_note(book->log, LOG_ERROR, what, text);
}

static enum status read_file(const char *path, struct arena *arena, struct slice *ret_text)
{
	char *room = arena_alloc(arena, MAX_MODEL_FILE + 1);
	size_t len = 0;
	ssize_t count;
	int fd;

	if (!room)
		return STATUS_NO_MEMORY;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return STATUS_NOT_FOUND;
	do {
		count = read(fd, room + len, MAX_MODEL_FILE + 1 - len);
		len += count > 0 ? (size_t)count : 0;
	} while (count > 0 && len <= MAX_MODEL_FILE);
	close(fd);
	if (count < 0)
		return STATUS_UNAVAILABLE;
	*ret_text = (struct slice){room, len};
	return len > MAX_MODEL_FILE ? STATUS_TOO_LARGE : STATUS_OK;
}

static enum status load_model(const struct rulebook *book, struct arena *arena, struct model *ret_model)
{
	struct load_error error = {0};
	struct slice text;
	enum status status = read_file(book->model_file, arena, &text);

	if (status == STATUS_OK)
		status = model_in_parse(text, arena, ret_model, &error);
	if (status != STATUS_OK)
		complain(book, "model not loaded", book->model_file, status, &error);
	return status;
}

static enum status load_policy(const struct rulebook *book, struct slice tenant, struct arena *arena,
                               struct rules *rules)
{
	struct load_error error = {0};
	struct slice text;
	enum status status = book->store.vtable->find_policy(book->store.self, tenant, arena, &text);

	if (status == STATUS_NOT_FOUND) {
		policy_defaults(&rules->policy);
		return STATUS_OK;
	}
	if (status == STATUS_OK)
		status = policy_in_parse(text, arena, &rules->policy, &error);
	if (status != STATUS_OK)
		complain(book, "policy not loaded", rules->tenant, status, &error);
	return status;
}

static enum status renew_card(struct rulebook *book)
{
	struct scorecard *card = calloc(1, sizeof(*card));
	void *scratch = malloc(SCRATCH_SIZE);
	enum status status = STATUS_NO_MEMORY;
	struct scorecard *old;
	struct arena arena;

	if (card && scratch) {
		arena_init(&arena, scratch, SCRATCH_SIZE);
		status = load_model(book, &arena, &card->model);
	}
	free(scratch);
	if (status != STATUS_OK) {
		free(card);
		return status;
	}
	card->users = 1;
	pthread_mutex_lock(&book->lock);
	old = book->card;
	book->card = card;
	pthread_mutex_unlock(&book->lock);
	scorecard_release(old);
	return STATUS_OK;
}

static enum status make_rules(const struct rulebook *book, struct slice tenant, struct rules **ret_rules)
{
	struct rules *rules = calloc(1, sizeof(*rules));
	void *scratch = malloc(SCRATCH_SIZE);
	enum status status = STATUS_NO_MEMORY;
	struct arena arena;

	if (rules && scratch) {
		arena_init(&arena, scratch, SCRATCH_SIZE);
		rules->users = 1;
		status = slice_copy(tenant, rules->tenant, sizeof(rules->tenant)) ? STATUS_OK : STATUS_TOO_LARGE;
	}
	if (status == STATUS_OK)
		status = load_policy(book, tenant, &arena, rules);
	free(scratch);
	if (status == STATUS_OK)
		*ret_rules = rules;
	else
		free(rules);
	return status;
}

enum status rulebook_open(const char *model_file, struct store_port store, struct log *log, struct rulebook **ret_book)
{
	struct rulebook *book = calloc(1, sizeof(*book));
	enum status status;

	if (!book)
		return STATUS_NO_MEMORY;
	book->model_file = model_file;
	book->store = store;
	book->log = log;
	book->epoch = 1;
	pthread_mutex_init(&book->lock, NULL);
	status = renew_card(book);
	if (status != STATUS_OK) {
		rulebook_close(book);
		return status;
	}
	*ret_book = book;
	return STATUS_OK;
}

void rulebook_close(struct rulebook *book)
{
	if (!book)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		rules_release(book->slots[i].rules);
	scorecard_release(book->card);
	pthread_mutex_destroy(&book->lock);
	free(book);
}

uint64_t rulebook_epoch(const struct rulebook *book)
{
	return atomic_load_explicit(&book->epoch, memory_order_acquire);
}

void rulebook_tick(struct rulebook *book)
{
	uint64_t generation;

	/* A store that cannot be asked is noticed by the requests; what is loaded stays in force. */
	if (book->store.vtable->generation(book->store.self, &generation) != STATUS_OK)
		return;
	if (generation == book->generation)
		return;
	book->generation = generation;
	atomic_fetch_add(&book->epoch, 1);
}

void rulebook_reload(struct rulebook *book)
{
	if (renew_card(book) == STATUS_OK)
		log_note(book->log, LOG_INFO, "model loaded", book->model_file);
	atomic_fetch_add(&book->epoch, 1);
}

static bool is_for(const struct rules *rules, struct slice tenant)
{
	return rules && slice_eq_cstr(tenant, rules->tenant);
}

enum status rulebook_policy(struct rulebook *book, struct slice tenant, struct rules **ret_rules)
{
	struct slot *slot = &book->slots[hash_fnv64(tenant) % SLOTS];
	uint64_t epoch = rulebook_epoch(book);
	enum status status = STATUS_OK;
	struct rules *rules;

	pthread_mutex_lock(&book->lock);
	if (!is_for(slot->rules, tenant) || slot->epoch != epoch) {
		status = make_rules(book, tenant, &rules);
		if (status == STATUS_OK) {
			rules_release(slot->rules);
			slot->rules = rules;
		} else if (is_for(slot->rules, tenant)) {
			status = STATUS_OK;
		}
		if (status == STATUS_OK)
			slot->epoch = epoch;
	}
	if (status == STATUS_OK) {
		atomic_fetch_add(&slot->rules->users, 1);
		*ret_rules = slot->rules;
	}
	pthread_mutex_unlock(&book->lock);
	return status;
}

void rules_release(struct rules *rules)
{
	if (rules && atomic_fetch_sub(&rules->users, 1) == 1)
		free(rules);
}

struct scorecard *rulebook_scorecard(struct rulebook *book)
{
	struct scorecard *card;

	pthread_mutex_lock(&book->lock);
	card = book->card;
	atomic_fetch_add(&card->users, 1);
	pthread_mutex_unlock(&book->lock);
	return card;
}

void scorecard_release(struct scorecard *card)
{
	if (card && atomic_fetch_sub(&card->users, 1) == 1)
		free(card);
}
