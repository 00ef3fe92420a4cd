/* SPDX-License-Identifier: MIT */
#include "call_ledger.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "byte_lock.h"

#define LOCK_RECORD  (INT64_C(1) << 40)
#define LOCK_PLACES  (INT64_C(1) << 41)
#define LOCK_PROBE   (INT64_C(1) << 42)
/* Who holds the record does so for a few system calls; somebody who is stopped just then must not stop us. */
#define RECORD_TRIES 64
#define PART_MOST    128
#define PART_FRAME   (2 * sizeof(uint64_t))

/* What lies in the file, each part by itself: magic, bytes, hash of both. Damage to one is none to the other. */
struct part {
	off_t at;
	uint64_t magic;
	size_t size;
};

static const struct part budget_part = {0, UINT64_C(0x31736c6c61636762) /* "bgcalls1" */, sizeof(struct call_budget)};
static const struct part health_part = {64, UINT64_C(0x316874686c656762) /* "bgelhth1" */, sizeof(struct call_health)};

_Static_assert(sizeof(struct call_budget) + PART_FRAME <= 64, "the parts lie one behind the other");
_Static_assert(sizeof(struct call_health) + PART_FRAME <= PART_MOST, "a part fits");

struct call_ledger {
	const struct call_rules *rules;
	int file; /* -1: of this process alone */
	bool own_health;
	struct call_guard guard; /* its health is the last one read */
	struct call_budget own;
	uint32_t next_place;
	bool unsaved; /* the file did not take the health: this process knows better until it does */
	bool probing; /* the probe is this process's */
	bool held[];  /* places, by this process */
};

static uint64_t check_of(const char *bytes, size_t len)
{
	return hash_fnv64((struct slice){bytes, len});
}

/* False: damaged. What was never written is zeroed. */
static bool load(const struct call_ledger *ledger, const struct part *part, void *ret_bytes)
{
	char mem[PART_MOST] = {0};
	size_t head = sizeof(part->magic) + part->size;
	ssize_t got = pread(ledger->file, mem, head + sizeof(uint64_t), part->at);
	uint64_t check = check_of(mem, head);

	if (got == 0) {
		memset(ret_bytes, 0, part->size);
		return true;
	}
	if (got != (ssize_t)(head + sizeof(check)) || memcmp(mem, &part->magic, sizeof(part->magic)) != 0 ||
	    memcmp(mem + head, &check, sizeof(check)) != 0)
		return false;
	memcpy(ret_bytes, mem + sizeof(part->magic), part->size);
	return true;
}

static bool save(const struct call_ledger *ledger, const struct part *part, const void *bytes)
{
	char mem[PART_MOST];
	size_t head = sizeof(part->magic) + part->size;
	uint64_t check;

	memcpy(mem, &part->magic, sizeof(part->magic));
	memcpy(mem + sizeof(part->magic), bytes, part->size);
	check = check_of(mem, head);
	memcpy(mem + head, &check, sizeof(check));
	return pwrite(ledger->file, mem, head + sizeof(check), part->at) == (ssize_t)(head + sizeof(check));
}

static bool lock_record(const struct call_ledger *ledger)
{
	if (ledger->file < 0)
		return true;
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
	if (ledger->file >= 0)
		byte_lock_give(ledger->file, LOCK_RECORD);
}

/* --- Budget: all with the record locked ----------------------------------------------------------------- */

static void load_or_exhaust(const struct call_ledger *ledger, int32_t today, struct call_budget *ret_budget)
{
	if (!load(ledger, &budget_part, ret_budget))
		call_budget_exhaust(ret_budget, ledger->rules, today);
}

static enum call_verdict take_budget(struct call_ledger *ledger, int32_t today)
{
	struct call_budget budget;
	enum call_verdict verdict;

	if (ledger->file < 0)
		return call_budget_take(&ledger->own, ledger->rules, today) ? CALL_GO : CALL_BUDGET_SPENT;
	load_or_exhaust(ledger, today, &budget);
	verdict = call_budget_take(&budget, ledger->rules, today) ? CALL_GO : CALL_BUDGET_SPENT;
	if (!save(ledger, &budget_part, &budget) && call_rules_limited(ledger->rules))
		verdict = CALL_BUDGET_SPENT;
	return verdict;
}

static void return_budget(struct call_ledger *ledger, int32_t day)
{
	struct call_budget budget;

	if (ledger->file < 0) {
		call_budget_return(&ledger->own, ledger->rules, day);
	} else if (load(ledger, &budget_part, &budget)) {
		call_budget_return(&budget, ledger->rules, day);
		(void)save(ledger, &budget_part, &budget);
	}
}

/* --- Health: all with the record locked ----------------------------------------------------------------- */

static bool shares_health(const struct call_ledger *ledger)
{
	return ledger->file >= 0 && !ledger->own_health;
}

static void load_health(const struct call_ledger *ledger, int64_t now_ms, struct call_health *ret_health)
{
	if (shares_health(ledger) && !ledger->unsaved &&
	    (!load(ledger, &health_part, ret_health) || !call_health_is_plausible(ret_health, ledger->rules, now_ms)))
		memset(ret_health, 0, sizeof(*ret_health));
}

static void save_health(struct call_ledger *ledger)
{
	if (shares_health(ledger))
		ledger->unsaved = !save(ledger, &health_part, &ledger->guard.health);
}

/* A probe is its process's who holds the byte; when nobody does, whoever probed is gone. */
static void see_to_probe(struct call_ledger *ledger)
{
	struct breaker *breaker = &ledger->guard.health.breaker;

	if (!shares_health(ledger) || !breaker->probing || ledger->probing ||
	    byte_lock_take(ledger->file, LOCK_PROBE) == STATUS_RUNNING)
		return;
	breaker_lose_probe(breaker);
	byte_lock_give(ledger->file, LOCK_PROBE);
}

static bool take_probe(struct call_ledger *ledger)
{
	if (ledger->probing || (shares_health(ledger) && byte_lock_take(ledger->file, LOCK_PROBE) == STATUS_RUNNING))
		return false;
	ledger->probing = true;
	return true;
}

static void give_probe(struct call_ledger *ledger)
{
	ledger->probing = false;
	if (shares_health(ledger))
		byte_lock_give(ledger->file, LOCK_PROBE);
}

/* --- Places --------------------------------------------------------------------------------------------- */

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

/* --- Calls ---------------------------------------------------------------------------------------------- */

/* What the guard lets pass also needs a place, and money. */
static enum call_verdict take_all(struct call_ledger *ledger, struct call_entry *entry)
{
	enum call_verdict verdict = CALL_GO;

	if (entry->pass.probe && !take_probe(ledger))
		return CALL_BREAKER_OPEN;
	if (!take_place(ledger, &entry->place))
		verdict = CALL_WAIT;
	else if (!entry->free)
		verdict = take_budget(ledger, entry->day);
	if (verdict == CALL_BUDGET_SPENT)
		give_place(ledger, entry->place);
	if (verdict != CALL_GO && entry->pass.probe)
		give_probe(ledger);
	return verdict;
}

static enum call_verdict admit(struct call_ledger *ledger, int64_t now_ms, struct call_entry *entry)
{
	struct call_guard *guard = &ledger->guard;
	enum call_verdict verdict;

	see_to_probe(ledger);
	verdict = call_guard_admit(guard, ledger->rules, now_ms, &entry->pass);
	if (verdict != CALL_GO)
		return verdict;
	verdict = take_all(ledger, entry);
	if (verdict != CALL_GO)
		call_guard_end(guard, ledger->rules, now_ms,
		               &(struct call_end){.pass = entry->pass, .result = BREAKER_VOID});
	return verdict;
}

enum status call_ledger_open(const char *path, const struct call_rules *rules, bool own_health,
                             struct call_ledger **ret_ledger)
{
	struct call_ledger *ledger = calloc(1, sizeof(*ledger) + rules->in_flight * sizeof(ledger->held[0]));
	enum status status = STATUS_OK;

	if (!ledger)
		return STATUS_NO_MEMORY;
	ledger->rules = rules;
	ledger->own_health = own_health;
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

bool call_ledger_is_full(const struct call_ledger *ledger)
{
	return ledger->guard.in_flight >= ledger->rules->in_flight;
}

enum call_verdict call_ledger_enter(struct call_ledger *ledger, struct call_time time, bool free,
                                    struct call_entry *ret_entry)
{
	struct call_entry entry = {.day = time.today, .free = free};
	enum call_verdict verdict;

	/* It cannot go, and the file need not be asked each time a call ends elsewhere. */
	if (call_ledger_is_full(ledger))
		return call_guard_admit(&ledger->guard, ledger->rules, time.now_ms, &entry.pass);
	if (!lock_record(ledger))
		return CALL_WAIT;
	load_health(ledger, time.now_ms, &ledger->guard.health);
	verdict = admit(ledger, time.now_ms, &entry);
	/* Whom a closed or an open one lets go or not changes nothing in it. */
	if (ledger->guard.health.breaker.state == BREAKER_HALF_OPEN)
		save_health(ledger);
	unlock_record(ledger);
	if (verdict == CALL_GO)
		*ret_entry = entry;
	return verdict;
}

void call_ledger_leave(struct call_ledger *ledger, int64_t now_ms, const struct call_entry *entry,
                       const struct call_exit *exit)
{
	struct call_end end = {entry->pass, exit->result, exit->pause_ms};
	bool locked = lock_record(ledger);

	give_place(ledger, entry->place);
	if (locked)
		load_health(ledger, now_ms, &ledger->guard.health);
	call_guard_end(&ledger->guard, ledger->rules, now_ms, &end);
	if (entry->pass.probe)
		give_probe(ledger);
	/* Without the record: what cannot be given back stays counted, and a probe's result is lost with the probe. */
	if (!locked)
		return;
	save_health(ledger);
	if (exit->unsent && !entry->free)
		return_budget(ledger, entry->day);
	unlock_record(ledger);
}

void call_ledger_read(const struct call_ledger *ledger, struct call_time time, struct call_standing *ret_standing)
{
	struct call_standing standing = {.budget = ledger->own,
	                                 .in_flight = ledger->guard.in_flight,
	                                 .peak_in_flight = ledger->guard.peak_in_flight};
	struct call_health health = ledger->guard.health;
	bool locked = lock_record(ledger);

	if (ledger->file >= 0)
		load_or_exhaust(ledger, time.today, &standing.budget);
	load_health(ledger, time.now_ms, &health);
	if (locked)
		unlock_record(ledger);
	standing.breaker = health.breaker.state;
	if (standing.budget.day != time.today)
		standing.budget = (struct call_budget){.day = time.today};
	*ret_standing = standing;
}
