/* SPDX-License-Identifier: MIT */
#include "call_ledger.h"

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "byte_lock.h"

#define MAGIC        UINT64_C(0x31736c6c61636762) /* "bgcalls1" */
#define LOCK_RECORD  (INT64_C(1) << 40)
#define LOCK_PLACES  (INT64_C(1) << 41)
/* Who holds the record does so for two system calls; somebody who is stopped just then must not stop us. */
#define RECORD_TRIES 64

/* As it lies in the file. */
struct record {
	uint64_t magic;
	struct call_budget budget;
	uint64_t check;
};

struct call_ledger {
	const struct call_rules *rules;
	int file; /* -1: of this process alone */
	struct call_budget own;
	uint32_t next_place;
	bool held[]; /* places, by this process */
};

static uint64_t check_of(const struct record *record)
{
	return hash_fnv64((struct slice){(const char *)record, offsetof(struct record, check)});
}

/* False: damaged. An empty file is a budget of nothing. */
static bool load(const struct call_ledger *ledger, struct call_budget *ret_budget)
{
	struct record record = {0};
	ssize_t got = pread(ledger->file, &record, sizeof(record), 0);

	if (got == 0) {
		*ret_budget = (struct call_budget){0};
		return true;
	}
	if (got != (ssize_t)sizeof(record) || record.magic != MAGIC || record.check != check_of(&record))
		return false;
	*ret_budget = record.budget;
	return true;
}

static bool save(const struct call_ledger *ledger, const struct call_budget *budget)
{
	struct record record;

	memset(&record, 0, sizeof(record));
	record.magic = MAGIC;
	record.budget = *budget;
	record.check = check_of(&record);
	return pwrite(ledger->file, &record, sizeof(record), 0) == (ssize_t)sizeof(record);
}

static bool lock_record(const struct call_ledger *ledger)
{
	for (int i = 0; i < RECORD_TRIES; i++) {
		enum status status = byte_lock_take(ledger->file, LOCK_RECORD);

		if (status != STATUS_RUNNING)
			return status == STATUS_OK;
		(void)sched_yield();
	}
	return false;
}

static void unlock_record(const struct call_ledger *ledger)
{
	byte_lock_give(ledger->file, LOCK_RECORD);
}

/* With the record locked. */
static void load_or_exhaust(const struct call_ledger *ledger, int32_t today, struct call_budget *ret_budget)
{
	if (!load(ledger, ret_budget))
		call_budget_exhaust(ret_budget, ledger->rules, today);
}

static enum call_verdict take_budget(struct call_ledger *ledger, int32_t today)
{
	struct call_budget budget;
	enum call_verdict verdict;

	if (ledger->file < 0)
		return call_budget_take(&ledger->own, ledger->rules, today) ? CALL_GO : CALL_BUDGET_SPENT;
	if (!lock_record(ledger))
		return CALL_WAIT;
	load_or_exhaust(ledger, today, &budget);
	verdict = call_budget_take(&budget, ledger->rules, today) ? CALL_GO : CALL_BUDGET_SPENT;
	if (!save(ledger, &budget) && call_rules_limited(ledger->rules))
		verdict = CALL_BUDGET_SPENT;
	unlock_record(ledger);
	return verdict;
}

static void return_budget(struct call_ledger *ledger, int32_t day)
{
	struct call_budget budget;

	if (ledger->file < 0) {
		call_budget_return(&ledger->own, ledger->rules, day);
		return;
	}
	/* What cannot be given back stays counted: too little is spent, never too much. */
	if (!lock_record(ledger))
		return;
	if (load(ledger, &budget)) {
		call_budget_return(&budget, ledger->rules, day);
		(void)save(ledger, &budget);
	}
	unlock_record(ledger);
}

/* Where bytes cannot be locked at all, the places are this process's own. */
static bool try_place(const struct call_ledger *ledger, uint32_t place)
{
	return ledger->file < 0 || byte_lock_take(ledger->file, LOCK_PLACES + place) != STATUS_RUNNING;
}

static bool take_place(struct call_ledger *ledger, uint32_t *ret_place)
{
	for (uint32_t i = 0; i < ledger->rules->in_flight; i++) {
		uint32_t place = (ledger->next_place + i) % ledger->rules->in_flight;

		if (ledger->held[place] || !try_place(ledger, place))
			continue;
		ledger->held[place] = true;
		ledger->next_place = place + 1;
		*ret_place = place;
		return true;
	}
	return false;
}

static void give_place(struct call_ledger *ledger, uint32_t place)
{
	ledger->held[place] = false;
	if (ledger->file >= 0)
		byte_lock_give(ledger->file, LOCK_PLACES + place);
}

enum status call_ledger_open(const char *path, const struct call_rules *rules, struct call_ledger **ret_ledger)
{
	struct call_ledger *ledger = calloc(1, sizeof(*ledger) + rules->in_flight * sizeof(ledger->held[0]));
	enum status status = STATUS_OK;

	if (!ledger)
		return STATUS_NO_MEMORY;
	ledger->rules = rules;
	ledger->file = -1;
	if (path)
		status = byte_lock_open(path, &ledger->file);
	if (status != STATUS_OK) {
		free(ledger);
		return status;
	}
	*ret_ledger = ledger;
	return STATUS_OK;
}

void call_ledger_close(struct call_ledger *ledger)
{
	if (ledger && ledger->file >= 0)
		close(ledger->file);
	free(ledger);
}

enum call_verdict call_ledger_enter(struct call_ledger *ledger, int32_t today, struct call_entry *ret_entry)
{
	struct call_entry entry = {.day = today};
	enum call_verdict verdict;

	if (!take_place(ledger, &entry.place))
		return CALL_WAIT;
	verdict = take_budget(ledger, today);
	if (verdict == CALL_GO)
		*ret_entry = entry;
	else
		give_place(ledger, entry.place);
	return verdict;
}

enum call_verdict call_ledger_enter_free(struct call_ledger *ledger, struct call_entry *ret_entry)
{
	struct call_entry entry = {.free = true};

	if (!take_place(ledger, &entry.place))
		return CALL_WAIT;
	*ret_entry = entry;
	return CALL_GO;
}

void call_ledger_leave(struct call_ledger *ledger, const struct call_entry *entry, bool unsent)
{
	give_place(ledger, entry->place);
	if (unsent && !entry->free)
		return_budget(ledger, entry->day);
}

void call_ledger_read(struct call_ledger *ledger, int32_t today, struct call_budget *ret_budget)
{
	struct call_budget budget = ledger->own;

	if (ledger->file >= 0) {
		bool locked = lock_record(ledger);

		load_or_exhaust(ledger, today, &budget);
		if (locked)
			unlock_record(ledger);
	}
	*ret_budget = budget.day == today ? budget : (struct call_budget){.day = today};
}
