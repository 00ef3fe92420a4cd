/* SPDX-License-Identifier: MIT */
#include "../../src/adapter/call_ledger.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_dir.h"

#define TODAY 20000

/* Two openings of one file are what two processes are. */
#define OPENINGS 3

static const struct call_rules rules = {.in_flight = 4, .cost_micros = 400000, .day_micros = 4000000};
static const struct call_rules unlimited = {.in_flight = 4, .cost_micros = 400000};

static struct temp_dir dir;
static char path[128];
static struct call_ledger *ledgers[OPENINGS];

static struct call_ledger *open_ledger(const struct call_rules *with)
{
	struct call_ledger *ledger;

	cr_assert_eq(call_ledger_open(path, with, &ledger), STATUS_OK);
	return ledger;
}

static void set_up(void)
{
	dir = temp_dir_make();
	(void)snprintf(path, sizeof(path), "%s", temp_dir_path(&dir, "bureau"));
	for (size_t i = 0; i < OPENINGS; i++)
		ledgers[i] = open_ledger(&rules);
}

static void tear_down(void)
{
	for (size_t i = 0; i < OPENINGS; i++)
		call_ledger_close(ledgers[i]);
	temp_dir_remove(&dir);
}

static struct call_budget read_budget(struct call_ledger *ledger)
{
	struct call_budget budget;

	call_ledger_read(ledger, TODAY, &budget);
	return budget;
}

/* One call from beginning to end. */
static enum call_verdict call(struct call_ledger *ledger, int32_t today)
{
	struct call_entry entry;
	enum call_verdict verdict = call_ledger_enter(ledger, today, &entry);

	if (verdict == CALL_GO)
		call_ledger_leave(ledger, &entry, false);
	return verdict;
}

Test(call_ledger, all_openings_share_the_places, .init = set_up, .fini = tear_down)
{
	struct call_entry entries[4], more;

	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < 4; i++)
			cr_assert_eq(call_ledger_enter(ledgers[i % OPENINGS], TODAY, &entries[i]), CALL_GO);
		for (size_t i = 0; i < OPENINGS; i++)
			cr_expect_eq(call_ledger_enter(ledgers[i], TODAY, &more), CALL_WAIT);
		for (size_t i = 0; i < 4; i++) {
			call_ledger_leave(ledgers[i % OPENINGS], &entries[i], true);
			cr_expect_eq(call(ledgers[(i + 1) % OPENINGS], TODAY + (int32_t)round), CALL_GO);
		}
	}
}

Test(call_ledger, all_openings_spend_from_one_budget, .init = set_up, .fini = tear_down)
{
	for (size_t i = 0; i < 10; i++)
		cr_assert_eq(call(ledgers[i % OPENINGS], TODAY), CALL_GO);
	for (size_t i = 0; i < OPENINGS; i++) {
		cr_expect_eq(call(ledgers[i], TODAY), CALL_BUDGET_SPENT);
		cr_expect_eq(read_budget(ledgers[i]).spent_micros, 4000000);
		cr_expect_eq(read_budget(ledgers[i]).calls, 10);
	}
	cr_expect_eq(call(ledgers[0], TODAY + 1), CALL_GO);
	cr_expect_eq(read_budget(ledgers[1]).calls, 0, "of a day that is over");
}

Test(call_ledger, what_was_spent_survives_a_restart, .init = set_up, .fini = tear_down)
{
	for (size_t i = 0; i < 10; i++)
		cr_assert_eq(call(ledgers[0], TODAY), CALL_GO);
	for (size_t i = 0; i < OPENINGS; i++) {
		call_ledger_close(ledgers[i]);
		ledgers[i] = NULL;
	}
	ledgers[0] = open_ledger(&rules);
	cr_expect_eq(call(ledgers[0], TODAY), CALL_BUDGET_SPENT);
}

Test(call_ledger, what_was_never_sent_is_not_paid_for, .init = set_up, .fini = tear_down)
{
	struct call_entry entry;

	for (size_t i = 0; i < 100; i++) {
		cr_assert_eq(call_ledger_enter(ledgers[i % OPENINGS], TODAY, &entry), CALL_GO);
		call_ledger_leave(ledgers[i % OPENINGS], &entry, true);
	}
	cr_expect_eq(read_budget(ledgers[0]).calls, 0);
	cr_expect_eq(read_budget(ledgers[0]).spent_micros, 0);
}

static void write_file(const char *bytes, size_t len)
{
	int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	cr_assert_geq(file, 0);
	cr_assert_eq(write(file, bytes, len), (ssize_t)len);
	close(file);
}

Test(call_ledger, a_record_that_cannot_be_believed_stops_the_day, .init = set_up, .fini = tear_down)
{
	char good[256];
	ssize_t len;
	int file;

	cr_assert_eq(call(ledgers[0], TODAY), CALL_GO);
	file = open(path, O_RDONLY | O_CLOEXEC);
	len = read(file, good, sizeof(good));
	close(file);
	cr_assert_gt(len, 0);
	for (ssize_t i = 0; i < len; i++) {
		good[i] ^= 0x10;
		write_file(good, (size_t)len);
		good[i] ^= 0x10;
		cr_expect_eq(read_budget(ledgers[0]).spent_micros, rules.day_micros, "byte %zd", i);
		cr_expect_eq(call(ledgers[1], TODAY), CALL_BUDGET_SPENT, "byte %zd", i);
		cr_expect_eq(call(ledgers[2], TODAY + 1), CALL_GO, "byte %zd", i);
	}
	write_file(good, (size_t)len - 1);
	cr_expect_eq(call(ledgers[1], TODAY), CALL_BUDGET_SPENT);
	write_file(good, (size_t)len);
	cr_expect_eq(read_budget(ledgers[0]).calls, 1);
	/* Deleted or emptied: by somebody who wants the day to start again. */
	write_file("", 0);
	cr_expect_eq(call(ledgers[1], TODAY), CALL_GO);
	cr_expect_eq(read_budget(ledgers[0]).calls, 1);
}

Test(call_ledger, without_a_limit_damage_stops_nothing, .init = set_up, .fini = tear_down)
{
	struct call_ledger *ledger = open_ledger(&unlimited);

	write_file("damaged", 7);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(call(ledger, TODAY), CALL_GO);
	cr_expect_eq(read_budget(ledger).calls, 100);
	call_ledger_close(ledger);
}

Test(call_ledger, a_killed_process_gives_its_places_back_and_its_cost_stays, .init = set_up, .fini = tear_down)
{
	struct call_entry entry;
	int ready[2];
	pid_t child;
	char byte;

	cr_assert_eq(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		/* An opening of its own: what a fork shares would not be given back. */
		struct call_ledger *own = open_ledger(&rules);

		for (int i = 0; i < 4; i++)
			(void)call_ledger_enter(own, TODAY, &entry);
		(void)!write(ready[1], "", 1);
		pause();
	}
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	cr_expect_eq(call_ledger_enter(ledgers[0], TODAY, &entry), CALL_WAIT);
	kill(child, SIGKILL);
	cr_assert_eq(waitpid(child, NULL, 0), child);
	cr_expect_eq(call(ledgers[0], TODAY), CALL_GO);
	cr_expect_eq(read_budget(ledgers[0]).calls, 5);
	close(ready[0]);
	close(ready[1]);
}

Test(call_ledger, without_a_file_a_process_counts_alone)
{
	struct call_ledger *ledger;

	cr_assert_eq(call_ledger_open(NULL, &rules, &ledger), STATUS_OK);
	for (size_t i = 0; i < 10; i++)
		cr_expect_eq(call(ledger, TODAY), CALL_GO);
	cr_expect_eq(call(ledger, TODAY), CALL_BUDGET_SPENT);
	cr_expect_eq(read_budget(ledger).calls, 10);
	call_ledger_close(ledger);
	cr_expect_eq(call_ledger_open("/nowhere/at/all", &rules, &ledger), STATUS_UNAVAILABLE);
}

/* A free call takes a place, and nothing else: also of a budget that is spent, and gives nothing back. */
Test(call_ledger, lets_what_costs_nothing_pass_a_spent_budget)
{
	struct call_rules dear = {.in_flight = 2, .cost_micros = 500000, .day_micros = 500000};
	struct call_ledger *ledger;
	struct call_entry paid, refused, first, second, third;
	struct call_budget budget;

	cr_assert_eq(call_ledger_open(NULL, &dear, &ledger), STATUS_OK);
	cr_assert_eq(call_ledger_enter(ledger, TODAY, &paid), CALL_GO);
	call_ledger_leave(ledger, &paid, false);
	cr_expect_eq(call_ledger_enter(ledger, TODAY, &refused), CALL_BUDGET_SPENT);
	cr_assert_eq(call_ledger_enter_free(ledger, &first), CALL_GO);
	cr_assert_eq(call_ledger_enter_free(ledger, &second), CALL_GO);
	cr_expect_eq(call_ledger_enter_free(ledger, &third), CALL_WAIT);
	call_ledger_leave(ledger, &first, true);
	call_ledger_leave(ledger, &second, false);
	call_ledger_read(ledger, TODAY, &budget);
	cr_expect_eq(budget.calls, 1);
	cr_expect_eq(budget.spent_micros, 500000);
	call_ledger_close(ledger);
}
