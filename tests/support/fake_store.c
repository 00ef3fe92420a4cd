/* SPDX-License-Identifier: MIT */
#include "fake_store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/maxima.h"
#include "core/record.h"

#define REPLAY_MS (INT64_C(24) * 3600 * 1000)

struct key_row {
	uint8_t digest[32];
	struct api_key key;
};

struct policy_row {
	char *tenant;
	char *json;
};

struct decision_row {
	char *tenant;
	char *id;
	uint64_t seq;
	struct slice text;
	uint8_t digest[32];
};

struct answer_row {
	char *tenant;
	char *key;
	uint8_t body_digest[32];
	int64_t expires_ms;
	struct slice body; /* absent: claimed, not answered */
	bool claimed;
};

struct fake_store {
	struct crypto_port crypto;
	pthread_mutex_t lock;
	enum status append_status;
	uint64_t generation;
	size_t tenant_count, key_count, policy_count, decision_count, answer_count;
	char *tenants[FAKE_STORE_ROWS];
	struct key_row keys[FAKE_STORE_ROWS];
	struct policy_row policies[FAKE_STORE_ROWS];
	struct decision_row decisions[FAKE_STORE_ROWS];
	struct answer_row answers[FAKE_STORE_ROWS];
	struct store_stats stats;
	struct fake_events *events;
};

static char *copy_text(struct slice text)
{
	char *copy = malloc(text.len + 1);

	if (copy == NULL)
		abort();
	if (text.len > 0)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return copy;
}

static void need_row(size_t count)
{
	if (count == FAKE_STORE_ROWS)
		abort();
}

static bool has_tenant(const struct fake_store *store, struct slice tenant)
{
	for (size_t i = 0; i < store->tenant_count; i++)
		if (slice_eq_cstr(tenant, store->tenants[i]))
			return true;
	return false;
}

static enum status find_key(void *self, const uint8_t digest[32], struct api_key *ret_key)
{
	struct fake_store *store = self;
	enum status status = STATUS_NOT_FOUND;

	pthread_mutex_lock(&store->lock);
	for (size_t i = 0; i < store->key_count; i++) {
		if (memcmp(store->keys[i].digest, digest, 32) != 0)
			continue;
		*ret_key = store->keys[i].key;
		status = STATUS_OK;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static enum status find_form(void *self, const uint8_t digest[32], struct arena *arena, struct form_site *ret_site)
{
	(void)self;
	(void)digest;
	(void)arena;
	(void)ret_site;
	return STATUS_NOT_FOUND; /* this store has no forms */
}

static enum status find_policy(void *self, struct slice tenant, struct arena *arena, struct slice *ret_json)
{
	struct fake_store *store = self;
	enum status status = STATUS_NOT_FOUND;

	pthread_mutex_lock(&store->lock);
	for (size_t i = store->policy_count; i > 0 && status == STATUS_NOT_FOUND; i--) {
		if (!slice_eq_cstr(tenant, store->policies[i - 1].tenant))
			continue;
		*ret_json = arena_copy(arena, slice_cstr(store->policies[i - 1].json));
		status = ret_json->ptr != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static enum status generation(void *self, uint64_t *ret_generation)
{
	struct fake_store *store = self;

	pthread_mutex_lock(&store->lock);
	*ret_generation = store->generation;
	pthread_mutex_unlock(&store->lock);
	return STATUS_OK;
}

static struct answer_row *find_answer(struct fake_store *store, struct slice tenant, struct slice key)
{
	for (size_t i = store->answer_count; i > 0; i--) {
		struct answer_row *row = &store->answers[i - 1];

		if (slice_eq_cstr(tenant, row->tenant) && slice_eq_cstr(key, row->key))
			return row;
	}
	return NULL;
}

static struct answer_row *add_answer(struct fake_store *store, struct slice tenant, struct slice key)
{
	struct answer_row *row = &store->answers[store->answer_count];

	need_row(store->answer_count++);
	row->tenant = copy_text(tenant);
	row->key = copy_text(key);
	return row;
}

static enum status claim_locked(struct fake_store *store, struct answer_row *row, const uint8_t body_digest[32],
                                int64_t now_ms, struct arena *arena, struct slice *ret_answer, int *ret_claim)
{
	if (row->claimed)
		return STATUS_RUNNING;
	if (row->body.ptr != NULL && row->expires_ms > now_ms) {
		if (memcmp(row->body_digest, body_digest, 32) != 0)
			return STATUS_MISMATCH;
		*ret_answer = arena_copy(arena, row->body);
		*ret_claim = -1;
		return ret_answer->ptr != NULL ? STATUS_OK : STATUS_NO_MEMORY;
	}
	row->claimed = true;
	*ret_answer = SLICE_NONE;
	*ret_claim = (int)(row - store->answers);
	return STATUS_OK;
}

static enum status claim(void *self, struct slice tenant, struct slice key, const uint8_t body_digest[32],
                         int64_t now_ms, struct arena *arena, struct slice *ret_answer, int *ret_claim)
{
	struct fake_store *store = self;
	struct answer_row *row;
	enum status status;

	if (tenant.len > MAX_TENANT_ID || key.len > MAX_STORED_KEY)
		return STATUS_TOO_LARGE;
	pthread_mutex_lock(&store->lock);
	row = find_answer(store, tenant, key);
	if (row == NULL)
		row = add_answer(store, tenant, key);
	status = claim_locked(store, row, body_digest, now_ms, arena, ret_answer, ret_claim);
	pthread_mutex_unlock(&store->lock);
	return status;
}

static void release(void *self, int claimed)
{
	struct fake_store *store = self;

	pthread_mutex_lock(&store->lock);
	if (claimed >= 0)
		store->answers[claimed].claimed = false;
	pthread_mutex_unlock(&store->lock);
}

static struct decision_row *last_of(struct fake_store *store, struct slice tenant)
{
	for (size_t i = store->decision_count; i > 0; i--)
		if (slice_eq_cstr(tenant, store->decisions[i - 1].tenant))
			return &store->decisions[i - 1];
	return NULL;
}

static void add_decision(struct fake_store *store, const struct store_decision *decision)
{
	static const uint8_t none[32] = {0};
	struct decision_row *row = &store->decisions[store->decision_count];
	const struct decision_row *last = last_of(store, decision->tenant);
	char mem[MAX_RECORD + RECORD_CLOSE];
	struct buf text;

	need_row(store->decision_count);
	buf_init(&text, mem, sizeof(mem));
	buf_slice(&text, decision->record);
	row->seq = last != NULL ? last->seq + 1 : 1;
	record_close(&text, row->seq, last != NULL ? last->digest : none);
	row->tenant = copy_text(decision->tenant);
	row->id = copy_text(decision->decision_id);
	row->text = (struct slice){copy_text(buf_view(&text)), text.len};
	store->crypto.vtable->sha256(store->crypto.self, row->text, row->digest);
	store->decision_count++;
	store->stats.decisions++;
	store->stats.commits++;
}

static void keep_answer(struct fake_store *store, const struct store_decision *decision)
{
	struct answer_row *row = find_answer(store, decision->tenant, decision->idempotency_key);

	if (row == NULL)
		row = add_answer(store, decision->tenant, decision->idempotency_key);
	free((void *)(uintptr_t)row->body.ptr);
	row->body = (struct slice){copy_text(decision->answer), decision->answer.len};
	row->expires_ms = decision->at_ms + REPLAY_MS;
	memcpy(row->body_digest, decision->body_digest, sizeof(row->body_digest));
}

static enum status check_append(struct fake_store *store, const struct store_decision *decision)
{
	if (store->append_status != STATUS_OK)
		return store->append_status;
	if (decision->record.len > MAX_RECORD || decision->answer.len > MAX_ANSWER ||
	    decision->idempotency_key.len > MAX_STORED_KEY)
		return STATUS_TOO_LARGE;
	if (!has_tenant(store, decision->tenant))
		return STATUS_NOT_FOUND;
	for (size_t i = 0; i < store->decision_count; i++)
		if (slice_eq_cstr(decision->decision_id, store->decisions[i].id))
			return STATUS_MISMATCH;
	return STATUS_OK;
}

static enum status append(void *self, const struct store_decision *decision, struct deadline deadline)
{
	struct fake_store *store = self;
	enum status status;

	(void)deadline;
	pthread_mutex_lock(&store->lock);
	status = check_append(store, decision);
	if (status == STATUS_OK)
		status = fake_events_append(store->events, decision);
	if (status == STATUS_OK) {
		add_decision(store, decision);
		if (decision->idempotency_key.ptr != NULL)
			keep_answer(store, decision);
	} else {
		store->stats.failures++;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static void begin_append(void *self, const struct store_decision *decision, struct deadline deadline,
                         struct arena *arena, struct store_done done)
{
	(void)arena;
	done.tell(done.ctx, append(self, decision, deadline));
}

static void expire(void *self)
{
	(void)self; /* nothing is ever under way */
}

static void fill_record(const struct decision_row *row, struct store_record *ret_record)
{
	ret_record->seq = row->seq;
	ret_record->decision_id = slice_cstr(row->id);
	ret_record->text = row->text;
	memcpy(ret_record->digest, row->digest, sizeof(row->digest));
}

static enum status find_decision(void *self, struct slice tenant, struct slice decision_id, struct arena *arena,
                                 struct store_record *ret_record)
{
	struct fake_store *store = self;
	enum status status = STATUS_NOT_FOUND;

	pthread_mutex_lock(&store->lock);
	for (size_t i = 0; i < store->decision_count; i++) {
		const struct decision_row *row = &store->decisions[i];

		if (!slice_eq_cstr(tenant, row->tenant) || !slice_eq_cstr(decision_id, row->id))
			continue;
		fill_record(row, ret_record);
		ret_record->text = arena_copy(arena, ret_record->text);
		ret_record->decision_id = arena_copy(arena, ret_record->decision_id);
		status = ret_record->text.ptr != NULL && ret_record->decision_id.ptr != NULL ? STATUS_OK
		                                                                             : STATUS_NO_MEMORY;
	}
	pthread_mutex_unlock(&store->lock);
	return status;
}

static enum status each_decision(void *self, struct slice tenant, uint64_t from_seq,
                                 bool (*visit)(void *ctx, const struct store_record *record), void *ctx)
{
	struct fake_store *store = self;

	if (!has_tenant(store, tenant))
		return STATUS_NOT_FOUND;
	for (size_t i = 0; i < store->decision_count; i++) {
		struct store_record record;

		if (!slice_eq_cstr(tenant, store->decisions[i].tenant) || store->decisions[i].seq < from_seq)
			continue;
		fill_record(&store->decisions[i], &record);
		if (!visit(ctx, &record))
			break;
	}
	return STATUS_OK;
}

static void stats(void *self, struct store_stats *ret_stats)
{
	struct fake_store *store = self;

	pthread_mutex_lock(&store->lock);
	*ret_stats = store->stats;
	pthread_mutex_unlock(&store->lock);
}

static const struct store_vtable vtable = {
        .find_key = find_key,
        .find_form = find_form,
        .find_policy = find_policy,
        .generation = generation,
        .claim = claim,
        .release = release,
        .append = append,
        .begin_append = begin_append,
        .expire = expire,
        .find_decision = find_decision,
        .each_decision = each_decision,
        .stats = stats,
};

struct fake_store *fake_store_create(struct crypto_port crypto)
{
	struct fake_store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		abort();
	store->crypto = crypto;
	store->generation = 1;
	store->events = fake_events_create();
	pthread_mutex_init(&store->lock, NULL);
	return store;
}

void fake_store_destroy(struct fake_store *store)
{
	for (size_t i = 0; i < store->tenant_count; i++)
		free(store->tenants[i]);
	for (size_t i = 0; i < store->policy_count; i++) {
		free(store->policies[i].tenant);
		free(store->policies[i].json);
	}
	for (size_t i = 0; i < store->decision_count; i++) {
		free(store->decisions[i].tenant);
		free(store->decisions[i].id);
		free((void *)(uintptr_t)store->decisions[i].text.ptr);
	}
	for (size_t i = 0; i < store->answer_count; i++) {
		free(store->answers[i].tenant);
		free(store->answers[i].key);
		free((void *)(uintptr_t)store->answers[i].body.ptr);
	}
	fake_events_destroy(store->events);
	pthread_mutex_destroy(&store->lock);
	free(store);
}

struct store_port fake_store_port(struct fake_store *store)
{
	return (struct store_port){&vtable, store};
}

struct fake_events *fake_store_events(struct fake_store *store)
{
	return store->events;
}

void fake_store_add_tenant(struct fake_store *store, const char *id)
{
	need_row(store->tenant_count);
	store->tenants[store->tenant_count++] = copy_text(slice_cstr(id));
	store->generation++;
}

void fake_store_add_key(struct fake_store *store, const char *text, const struct api_key *key)
{
	struct key_row *row = &store->keys[store->key_count];

	need_row(store->key_count++);
	store->crypto.vtable->sha256(store->crypto.self, slice_cstr(text), row->digest);
	row->key = *key;
	store->generation++;
}

void fake_store_put_policy(struct fake_store *store, const char *tenant, const char *json)
{
	need_row(store->policy_count);
	store->policies[store->policy_count++] = (struct policy_row){copy_text(slice_cstr(tenant)),
	                                                             copy_text(slice_cstr(json))};
	store->generation++;
}

void fake_store_fail_append(struct fake_store *store, enum status status)
{
	pthread_mutex_lock(&store->lock);
	store->append_status = status;
	pthread_mutex_unlock(&store->lock);
}
