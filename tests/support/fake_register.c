/* SPDX-License-Identifier: MIT */
#include "fake_register.h"

#include <pthread.h>
#include <stdlib.h>

#include "../../src/adapter/register_entry.h"
#include "../../src/adapter/register_match.h"

struct fake_register {
	pthread_mutex_t lock;
	enum status status;
	unsigned asked;
	uint64_t revision;
	size_t count;
	struct register_entry *companies[FAKE_REGISTER_COMPANIES];
};

static void load(const struct register_entry *company, struct facts *ret_facts)
{
	struct company_key key;

	*ret_facts = company->facts;
	for (size_t i = 0; i < company->names.key_count; i++) {
		slice_copy(company->names.keys[i], key.text, sizeof(key.text));
		if (i == 0)
			ret_facts->key = key;
		else
			facts_alias(ret_facts, &key);
	}
	if (company->names.key_count == 0 && company->names.name_count > 0 &&
	    register_name_key(company->names.country, company->names.postal_code, company->names.names[0].name, &key))
		ret_facts->key = key;
}

static void answer(struct fake_register *reg, const struct identity_norm *asked, struct facts *ret_facts)
{
	struct register_verdict verdicts[FAKE_REGISTER_COMPANIES] = {0};
	struct register_question question;
	struct register_choice choice;

	register_question_init(&question, asked);
	for (size_t i = 0; i < reg->count; i++) {
		verdicts[i].company = (int64_t)i;
		register_judge(&question, &reg->companies[i]->names, &verdicts[i]);
	}
	register_choose(verdicts, reg->count, &choice);
	facts_init(ret_facts);
	if (choice.chosen != NULL)
		load(reg->companies[choice.chosen->company], ret_facts);
	ret_facts->match = choice.match;
	ret_facts->match_probability = choice.probability;
}

static enum status find(void *self, const struct identity_norm *asked, struct deadline deadline,
                        struct facts *ret_facts)
{
	struct fake_register *reg = self;
	enum status status;

	(void)deadline;
	pthread_mutex_lock(&reg->lock);
	reg->asked++;
	status = reg->status;
	if (status == STATUS_OK)
		answer(reg, asked, ret_facts);
	pthread_mutex_unlock(&reg->lock);
	return status;
}

static uint64_t revision(void *self)
{
	struct fake_register *reg = self;
	uint64_t number;

	pthread_mutex_lock(&reg->lock);
	number = reg->revision;
	pthread_mutex_unlock(&reg->lock);
	return number;
}

static const struct register_vtable vtable = {.find = find, .revision = revision};

struct fake_register *fake_register_create(void)
{
	struct fake_register *reg = calloc(1, sizeof(*reg));

	if (reg == NULL)
		abort();
	pthread_mutex_init(&reg->lock, NULL);
	reg->revision = 1;
	return reg;
}

void fake_register_destroy(struct fake_register *reg)
{
	for (size_t i = 0; i < reg->count; i++)
		free(reg->companies[i]);
	pthread_mutex_destroy(&reg->lock);
	free(reg);
}

struct register_port fake_register_port(struct fake_register *reg)
{
	return (struct register_port){&vtable, reg};
}

void fake_register_add(struct fake_register *reg, const struct identity_norm *norm,
                       const struct identity_norm *previous, const struct facts *facts)
{
	struct register_company company = {norm, previous, previous != NULL ? 1 : 0, facts};
	struct register_entry *entry = calloc(1, sizeof(*entry));

	if (entry == NULL || reg->count == FAKE_REGISTER_COMPANIES)
		abort();
	register_entry_clear(entry);
	if (register_entry_update(entry, &company) != STATUS_OK)
		abort();
	pthread_mutex_lock(&reg->lock);
	reg->companies[reg->count++] = entry;
	reg->revision++;
	pthread_mutex_unlock(&reg->lock);
}

void fake_register_fail(struct fake_register *reg, enum status status)
{
	pthread_mutex_lock(&reg->lock);
	reg->status = status;
	pthread_mutex_unlock(&reg->lock);
}

unsigned fake_register_asked(const struct fake_register *reg)
{
	return reg->asked;
}
