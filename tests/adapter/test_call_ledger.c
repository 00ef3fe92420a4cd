/* SPDX-License-Identifier: MIT */
#include "../../src/adapter/call_ledger.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_dir.h"

#define TODAY   20000
#define NOW     INT64_C(5000000)
#define AT(day) ((struct call_time){NOW, day})

/* Where the two parts of the file lie. */
#define BUDGET 32
#define HEALTH 64

/* Two openings of one file are what two processes are. */
#define OPENINGS 3

static const struct call_rules rules = {
        .breaker = {1000, 100, 400, 3, 50, 1}, .in_flight = 4, .cost_micros = 400000, .day_micros = 4000000};
static const struct call_rules unlimited = {
        .breaker = {1000, 100, 400, 3, 50, 1}, .in_flight = 4, .cost_micros = 400000};

static struct temp_dir dir;
static char path[128];
static struct call_ledger *ledgers[OPENINGS];

static struct call_ledger *open_ledger(const struct call_rules *with)
{
	struct call_ledger *ledger;

	cr_assert_eq(call_ledger_open(path, with, false, &ledger), STATUS_OK);
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
	struct call_standing standing;

	call_ledger_read(ledger, AT(TODAY), &standing);
	return standing.budget;
}

static void leave(struct call_ledger *ledger, const struct call_entry *entry, bool unsent)
{
	call_ledger_leave(ledger, NOW, entry, &(struct call_exit){.result = BREAKER_GOOD, .unsent = unsent});
}

/* One call from beginning to end. */
static enum call_verdict call(struct call_ledger *ledger, int32_t today)
{
	struct call_entry entry;
	enum call_verdict verdict = call_ledger_enter(ledger, AT(today), false, &entry);

	if (verdict == CALL_GO)
		leave(ledger, &entry, false);
	return verdict;
}

Test(call_ledger, all_openings_share_the_places, .init = set_up, .fini = tear_down)
{
	struct call_entry entries[4], more;

	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < 4; i++)
			cr_assert_eq(call_ledger_enter(ledgers[i % OPENINGS], AT(TODAY), false, &entries[i]), CALL_GO);
		for (size_t i = 0; i < OPENINGS; i++)
			cr_expect_eq(call_ledger_enter(ledgers[i], AT(TODAY), false, &more), CALL_WAIT);
		for (size_t i = 0; i < 4; i++) {
			leave(ledgers[i % OPENINGS], &entries[i], true);
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
		cr_assert_eq(call_ledger_enter(ledgers[i % OPENINGS], AT(TODAY), false, &entry), CALL_GO);
		leave(ledgers[i % OPENINGS], &entry, true);
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

Test(call_ledger, a_budget_that_cannot_be_believed_stops_the_day, .init = set_up, .fini = tear_down)
{
	char good[256];
	ssize_t len;
	int file;

	cr_assert_eq(call(ledgers[0], TODAY), CALL_GO);
	file = open(path, O_RDONLY | O_CLOEXEC);
	len = read(file, good, sizeof(good));
	close(file);
	cr_assert_gt(len, HEALTH);
	for (ssize_t i = 0; i < BUDGET; i++) {
		good[i] ^= 0x10;
		write_file(good, (size_t)len);
		good[i] ^= 0x10;
		cr_expect_eq(read_budget(ledgers[0]).spent_micros, rules.day_micros, "byte %zd", i);
		cr_expect_eq(call(ledgers[1], TODAY), CALL_BUDGET_SPENT, "byte %zd", i);
		cr_expect_eq(call(ledgers[2], TODAY + 1), CALL_GO, "byte %zd", i);
	}
	write_file(good, BUDGET - 1);
	cr_expect_eq(call(ledgers[1], TODAY), CALL_BUDGET_SPENT);
	write_file(good, (size_t)len);
	cr_expect_eq(read_budget(ledgers[0]).calls, 1);
	/* Deleted or emptied: by somebody who wants the day to start again. */
	write_file("", 0);
	cr_expect_eq(call(ledgers[1], TODAY), CALL_GO);
	cr_expect_eq(read_budget(ledgers[0]).calls, 1);
}

Test(call_ledger, what_cannot_be_written_down_is_not_spent, .init = set_up, .fini = tear_down)
{
	struct call_ledger *ledger = open_ledger(&unlimited);
	struct rlimit limit;
	rlim_t before;

	(void)signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = 0;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_expect_eq(call(ledgers[0], TODAY), CALL_BUDGET_SPENT);
	cr_expect_eq(call(ledger, TODAY), CALL_GO);
	limit.rlim_cur = before;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_expect_eq(call(ledgers[0], TODAY), CALL_GO);
	call_ledger_close(ledger);
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
			(void)call_ledger_enter(own, AT(TODAY), false, &entry);
		(void)!write(ready[1], "", 1);
		pause();
	}
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	cr_expect_eq(call_ledger_enter(ledgers[0], AT(TODAY), false, &entry), CALL_WAIT);
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

	cr_assert_eq(call_ledger_open(NULL, &rules, false, &ledger), STATUS_OK);
	for (size_t i = 0; i < 10; i++)
		cr_expect_eq(call(ledger, TODAY), CALL_GO);
	cr_expect_eq(call(ledger, TODAY), CALL_BUDGET_SPENT);
	cr_expect_eq(read_budget(ledger).calls, 10);
	call_ledger_close(ledger);
	cr_expect_eq(call_ledger_open("/nowhere/at/all", &rules, false, &ledger), STATUS_UNAVAILABLE);
}

/* A free call takes a place, and nothing else: also of a budget that is spent, and gives nothing back. */
Test(call_ledger, lets_what_costs_nothing_pass_a_spent_budget)
{
	struct call_rules dear = {.in_flight = 2, .cost_micros = 500000, .day_micros = 500000};
	struct call_ledger *ledger;
	struct call_entry paid, refused, first, second, third;

	cr_assert_eq(call_ledger_open(NULL, &dear, false, &ledger), STATUS_OK);
	cr_assert_eq(call_ledger_enter(ledger, AT(TODAY), false, &paid), CALL_GO);
	leave(ledger, &paid, false);
	cr_expect_eq(call_ledger_enter(ledger, AT(TODAY), false, &refused), CALL_BUDGET_SPENT);
	cr_assert_eq(call_ledger_enter(ledger, AT(TODAY), true, &first), CALL_GO);
	cr_assert_eq(call_ledger_enter(ledger, AT(TODAY), true, &second), CALL_GO);
	cr_expect_eq(call_ledger_enter(ledger, AT(TODAY), true, &third), CALL_WAIT);
	leave(ledger, &first, true);
	leave(ledger, &second, false);
	cr_expect_eq(read_budget(ledger).calls, 1);
	cr_expect_eq(read_budget(ledger).spent_micros, 500000);
	call_ledger_close(ledger);
}

/* --- Health --------------------------------------------------------------------------------------------- */

static void set_up_unlimited(void)
{
	dir = temp_dir_make();
	(void)snprintf(path, sizeof(path), "%s", temp_dir_path(&dir, "bureau"));
	for (size_t i = 0; i < OPENINGS; i++)
		ledgers[i] = open_ledger(&unlimited);
}

static enum call_verdict enter(struct call_ledger *ledger, int64_t now_ms, struct call_entry *ret_entry)
{
	return call_ledger_enter(ledger, (struct call_time){now_ms, TODAY}, false, ret_entry);
}

static enum call_verdict enter_free(struct call_ledger *ledger, int64_t now_ms, struct call_entry *ret_entry)
{
	return call_ledger_enter(ledger, (struct call_time){now_ms, TODAY}, true, ret_entry);
}

static enum call_verdict call_at(struct call_ledger *ledger, int64_t now_ms, struct call_exit exit)
{
	struct call_entry entry;
	enum call_verdict verdict = enter(ledger, now_ms, &entry);

	if (verdict == CALL_GO)
		call_ledger_leave(ledger, now_ms, &entry, &exit);
	return verdict;
}

static enum breaker_state breaker_of(const struct call_ledger *ledger, int64_t now_ms)
{
	struct call_standing standing;

	call_ledger_read(ledger, (struct call_time){now_ms, TODAY}, &standing);
	return standing.breaker;
}

static const struct call_exit GOOD = {.result = BREAKER_GOOD};
static const struct call_exit BAD = {.result = BREAKER_BAD};

/* Three failures, each seen by another opening. */
static void break_it(void)
{
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(call_at(ledgers[i % OPENINGS], NOW, BAD), CALL_GO);
}

Test(call_ledger, what_one_opening_finds_dead_all_leave_alone, .init = set_up_unlimited, .fini = tear_down)
{
	break_it();
	for (size_t i = 0; i < OPENINGS; i++) {
		cr_expect_eq(call_at(ledgers[i], NOW + 99, GOOD), CALL_BREAKER_OPEN);
		cr_expect_eq(breaker_of(ledgers[i], NOW + 99), BREAKER_OPEN);
	}
	cr_expect_eq(call_at(ledgers[1], NOW + 100, GOOD), CALL_GO);
	for (size_t i = 0; i < OPENINGS; i++) {
		cr_expect_eq(breaker_of(ledgers[i], NOW + 100), BREAKER_CLOSED);
		cr_expect_eq(call_at(ledgers[i], NOW + 100, GOOD), CALL_GO);
	}
}

Test(call_ledger, what_was_found_dead_is_so_after_a_restart, .init = set_up_unlimited, .fini = tear_down)
{
	break_it();
	for (size_t i = 0; i < OPENINGS; i++) {
		call_ledger_close(ledgers[i]);
		ledgers[i] = open_ledger(&unlimited);
		cr_expect_eq(call_at(ledgers[i], NOW + 99, GOOD), CALL_BREAKER_OPEN);
	}
}

Test(call_ledger, one_opening_probes_at_a_time, .init = set_up_unlimited, .fini = tear_down)
{
	struct call_entry probe, other;

	break_it();
	for (int64_t now = NOW + 100, round = 0; round < 5; round++, now += 1000) {
		cr_assert_eq(enter(ledgers[round % OPENINGS], now, &probe), CALL_GO);
		for (size_t i = 0; i < OPENINGS; i++) {
			cr_expect_eq(enter(ledgers[i], now, &other), CALL_BREAKER_OPEN);
			cr_expect_eq(enter(ledgers[i], now + 500000, &other), CALL_BREAKER_OPEN, "however long");
			cr_expect_eq(breaker_of(ledgers[i], now), BREAKER_HALF_OPEN);
		}
		call_ledger_leave(ledgers[round % OPENINGS], now, &probe, &BAD);
		cr_expect_eq(enter(ledgers[(round + 1) % OPENINGS], now + 99, &other), CALL_BREAKER_OPEN);
	}
}

/* What the budget does not let go is no probe; what costs nothing may be one. */
Test(call_ledger, a_probe_that_is_not_sent_lets_another_one_go, .init = set_up, .fini = tear_down)
{
	struct call_entry probe, other;

	for (size_t i = 0; i < 10; i++)
		cr_assert_eq(call_at(ledgers[0], NOW, i < 2 ? GOOD : BAD), i < 5 ? CALL_GO : CALL_BREAKER_OPEN);
	for (int64_t now = NOW + 100; call_at(ledgers[1], now, GOOD) == CALL_GO; now++)
		;
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(enter_free(ledgers[2], NOW + 10000, &other), CALL_GO);
		call_ledger_leave(ledgers[2], NOW + 10000, &other, &BAD);
	}
	cr_expect_eq(enter(ledgers[0], NOW + 10099, &probe), CALL_BREAKER_OPEN);
	for (size_t i = 0; i < OPENINGS; i++)
		cr_expect_eq(enter(ledgers[i], NOW + 10100, &probe), CALL_BUDGET_SPENT);
	cr_assert_eq(enter_free(ledgers[1], NOW + 10100, &probe), CALL_GO);
	cr_expect_eq(enter_free(ledgers[0], NOW + 10100, &other), CALL_BREAKER_OPEN);
	call_ledger_leave(ledgers[1], NOW + 10100, &probe, &GOOD);
	cr_expect_eq(breaker_of(ledgers[0], NOW + 10100), BREAKER_CLOSED);
}

Test(call_ledger, the_probe_of_a_killed_process_is_made_by_another, .init = set_up_unlimited, .fini = tear_down)
{
	struct call_entry probe, other;
	int ready[2];
	pid_t child;
	char byte;

	break_it();
	cr_assert_eq(pipe2(ready, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		bool probes = enter(open_ledger(&unlimited), NOW + 100, &probe) == CALL_GO;

		(void)!write(ready[1], probes ? "y" : "n", 1);
		pause();
	}
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	cr_assert_eq(byte, 'y');
	cr_expect_eq(enter(ledgers[0], NOW + 200, &other), CALL_BREAKER_OPEN);
	kill(child, SIGKILL);
	cr_assert_eq(waitpid(child, NULL, 0), child);
	cr_assert_eq(enter(ledgers[0], NOW + 200, &probe), CALL_GO);
	cr_expect_eq(enter(ledgers[1], NOW + 200, &other), CALL_BREAKER_OPEN);
	call_ledger_leave(ledgers[0], NOW + 200, &probe, &GOOD);
	cr_expect_eq(call_at(ledgers[1], NOW + 200, GOOD), CALL_GO);
	close(ready[0]);
	close(ready[1]);
}

Test(call_ledger, all_openings_keep_the_pause_a_provider_asked_for, .init = set_up_unlimited, .fini = tear_down)
{
	cr_assert_eq(call_at(ledgers[0], NOW, (struct call_exit){.result = BREAKER_VOID, .pause_ms = 2000}), CALL_GO);
	for (size_t i = 0; i < OPENINGS; i++) {
		cr_expect_eq(call_at(ledgers[i], NOW + 1999, GOOD), CALL_PAUSED);
		cr_expect_eq(call_at(ledgers[i], NOW + 2000, GOOD), CALL_GO);
	}
}

/* A machine's clock begins anew with it. */
Test(call_ledger, a_health_of_before_the_last_start_of_the_machine_tells_nothing, .init = set_up_unlimited,
     .fini = tear_down)
{
	break_it();
	cr_expect_eq(call_at(ledgers[1], 50, GOOD), CALL_GO);
	cr_expect_eq(call_at(ledgers[0], 50, (struct call_exit){.result = BREAKER_VOID, .pause_ms = 3000}), CALL_GO);
	cr_expect_eq(call_at(ledgers[1], 60, GOOD), CALL_PAUSED);
}

Test(call_ledger, a_health_that_cannot_be_believed_is_a_good_one, .init = set_up_unlimited, .fini = tear_down)
{
	char broken[256];
	ssize_t len;
	int file;

	break_it();
	file = open(path, O_RDONLY | O_CLOEXEC);
	len = read(file, broken, sizeof(broken));
	close(file);
	cr_assert_gt(len, HEALTH);
	for (ssize_t i = HEALTH; i < len; i++) {
		broken[i] ^= 0x10;
		write_file(broken, (size_t)len);
		broken[i] ^= 0x10;
		cr_expect_eq(call_at(ledgers[1], NOW, GOOD), CALL_GO, "byte %zd", i);
		cr_expect_eq(read_budget(ledgers[0]).calls, 4, "byte %zd", i);
	}
	write_file(broken, (size_t)len);
	cr_expect_eq(call_at(ledgers[1], NOW, GOOD), CALL_BREAKER_OPEN);
}

Test(call_ledger, one_with_its_own_health_is_not_held_back, .init = set_up_unlimited, .fini = tear_down)
{
	struct call_ledger *own;

	cr_assert_eq(call_ledger_open(path, &unlimited, true, &own), STATUS_OK);
	break_it();
	for (int i = 0; i < 3; i++)
		cr_expect_eq(call_at(own, NOW, BAD), CALL_GO);
	cr_expect_eq(call_at(own, NOW, BAD), CALL_BREAKER_OPEN);
	cr_expect_eq(call_at(ledgers[0], NOW + 100, GOOD), CALL_GO);
	cr_expect_eq(read_budget(ledgers[0]).calls, 7);
	call_ledger_close(own);
}
