/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "app/recheck.h"
#include "fakes.h"
#include "wire/model_in.h"

#define NOW_MS INT64_C(1795262400000)
#define MINUTE INT64_C(60000)

static struct fakes fakes;
static struct checkout_ports ports;
static struct policy policy;
static struct model model;
static struct arena arena;
static char memory[1 << 20] __attribute__((aligned(16))), model_memory[1 << 18] __attribute__((aligned(16)));
static struct caller caller = {.tenant = SLICE_LIT("t"), .livemode = true, .policy = &policy, .model = &model};
static struct recheck_req req;

/* A good company that the register knows, and a policy whose outage rules allow what was asked. */
static void set_up(void)
{
	static const char text[] =
	        "{\"format\":\"bonigate-model/1\",\"id\":\"m\",\"version\":\"1\",\"base_points\":600,"
	        "\"characteristics\":[{\"fact\":\"enforcements\",\"good\":\"EQUITY_RATIO_STRONG\",\"bad\":\"EQUITY_"
	        "RATIO_WEAK\","
	        "\"bins\":[{\"below\":1,\"points\":1},{\"points\":0}]}],\"points_to_pd\":[[400,0.9],[700,0.001]],"
	        "\"pd_to_score\":[[0.0001,100],[1,0]]}";
	struct load_error error;

	arena_init(&arena, model_memory, sizeof(model_memory));
	cr_assert_eq(model_in_parse(slice_cstr(text), &arena, &model, &error), STATUS_OK);
	arena_init(&arena, memory, sizeof(memory));
	fakes_init(&fakes, NOW_MS);
	ports = fakes_ports(&fakes);
	policy_defaults(&policy);
	policy.token = true;
	fakes.found.match = MATCH_EXACT;
	(void)slice_copy(SLICE_LIT("reg:K1101:HRB:1"), fakes.found.key.text, sizeof(fakes.found.key.text));
	(void)slice_copy(SLICE_LIT("Test GmbH"), fakes.found.name, sizeof(fakes.found.name));
	req.checkout = (struct checkout_req){
	        .company = {.name = SLICE_LIT("Test GmbH"),
	                    .postal_code = SLICE_LIT("40213"),
	                    .country = SLICE_LIT("DE")},
	        .order = {.amount = 10000, .currency = {"EUR"}},
	};
	req.decision_id = SLICE_LIT("dec_FIRST");
	caller.recheck_of = req.decision_id;
}

TestSuite(recheck, .init = set_up);

static enum status decide(struct recheck_res *res)
{
	arena_reset(&arena);
	return recheck_decide(&ports, &caller, &req, DEADLINE_NEVER, &arena, res);
}

/* What a decision would be now, as the one before it. */
static void take_for_before(void)
{
	static struct verdict verdict;
	struct checkout_res res;

	cr_assert_eq(checkout_decide(&ports, &caller, &req.checkout, DEADLINE_NEVER, &arena, &res), STATUS_OK);
	verdict_of(res.decision, &verdict);
	req.before = verdict;
}

Test(recheck, only_a_decision_made_under_outage_is_listed)
{
	struct caller first = caller;
	struct checkout_res res;

	first.recheck_of = SLICE_NONE;
	for (int down = 0; down < 2; down++) {
		arena_reset(&arena);
		fakes.cache_works = false;
		fakes.find_status = down ? STATUS_UNAVAILABLE : STATUS_OK;
		cr_assert_eq(checkout_decide(&ports, &first, &req.checkout, DEADLINE_NEVER, &arena, &res), STATUS_OK);
		cr_assert_eq(checkout_record(&ports, &first, &req.checkout, &res, NULL, DEADLINE_NEVER, &arena),
		             STATUS_OK);
		cr_expect_eq(fakes.recheck, down == 1);
		cr_expect_str_eq(fakes.recheck_of, "");
		cr_expect_str_eq(fakes.event_type, "");
	}
}

Test(recheck, the_same_answer_is_recorded_and_not_told)
{
	struct recheck_res res;

	take_for_before();
	cr_assert_eq(decide(&res), STATUS_OK);
	cr_expect_eq(res.end, RECHECK_SAME);
	cr_expect_eq(fakes.appends, 1);
	cr_expect_str_eq(fakes.recheck_of, "dec_FIRST");
	cr_expect_not(fakes.recheck);
	cr_expect_str_eq(fakes.event_type, "");
	cr_expect_not_null(memmem(fakes.record, fakes.record_len, "\"recheck_of\":\"dec_FIRST\"", 24));
}

Test(recheck, another_answer_is_told)
{
	struct recheck_res res;

	take_for_before();
	req.before.outcome = req.before.outcome == OUTCOME_DECLINE ? OUTCOME_APPROVE : OUTCOME_DECLINE;
	cr_assert_eq(decide(&res), STATUS_OK);
	cr_expect_eq(res.end, RECHECK_DIFFERS);
	cr_expect_str_eq(fakes.event_type, "decision.recheck_differs");
	cr_expect_not_null(strstr(fakes.event_data, "\"decision_id\":\"dec_FIRST\""));
	cr_expect_not_null(strstr(fakes.event_data, res.decision_id));
}

Test(recheck, while_the_source_is_down_nothing_is_stored)
{
	struct recheck_res res;

	fakes.cache_works = false;
	fakes.find_status = STATUS_UNAVAILABLE;
	cr_assert_eq(decide(&res), STATUS_OK);
	cr_expect_eq(res.end, RECHECK_STILL_OUT);
	cr_expect_str_eq(res.decision_id, "");
	cr_expect_eq(fakes.appends, 0);
}

Test(recheck, what_the_store_says_is_passed_on)
{
	static const enum status FAULTS[] = {STATUS_NOT_FOUND, STATUS_FULL, STATUS_UNAVAILABLE, STATUS_CORRUPT};
	struct recheck_res res;

	for (size_t i = 0; i < 4; i++) {
		fakes.append_status = FAULTS[i];
		cr_expect_eq(decide(&res), FAULTS[i]);
	}
}

Test(recheck, a_method_that_is_gone_cannot_be_decided_again)
{
	struct recheck_res res;

	req.checkout.order.method_count = 1;
	req.checkout.order.methods[0] = SLICE_LIT("barter");
	cr_expect_eq(decide(&res), STATUS_INVALID);
	cr_expect_eq(fakes.appends, 0);
}

Test(recheck, pauses_grow_to_half_an_hour)
{
	cr_expect_eq(recheck_pause_ms(0), MINUTE / 2);
	cr_expect_eq(recheck_pause_ms(1), MINUTE);
	for (uint32_t tries = 0; tries < 100; tries++) {
		cr_expect_leq(recheck_pause_ms(tries), recheck_pause_ms(tries + 1));
		cr_expect_leq(recheck_pause_ms(tries), 30 * MINUTE);
	}
	cr_expect_eq(recheck_pause_ms(UINT32_MAX), 30 * MINUTE);
}

static char given_up[4096];

static enum status give_up(void *self, const struct recheck *recheck, const struct event *event)
{
	(void)self;
	(void)recheck;
	cr_expect(slice_eq_cstr(event->type, "decision.recheck_given_up"));
	cr_expect(slice_starts(event->id, SLICE_LIT("evt_")));
	(void)slice_copy(event->data, given_up, sizeof(given_up));
	return STATUS_OK;
}

Test(recheck, giving_up_tells_what_was_decided_then)
{
	static const struct recheck_vtable vtable = {.give_up = give_up};
	const struct recheck_port list = {&vtable, NULL};
	const struct recheck recheck = {.tenant = "t", .decision_id = "dec_FIRST", .tries = 7};
	const struct verdict before = {
	        .outcome = OUTCOME_REVIEW, .count = 1, .methods = {{SLICE_LIT("invoice"), false}}};

	cr_assert_eq(recheck_give_up(&ports, &list, &recheck, true, &before, &arena), STATUS_OK);
	cr_expect_str_eq(given_up, "{\"decision_id\":\"dec_FIRST\",\"tries\":7,\"before\":{\"outcome\":\"review\","
	                           "\"payment_methods\":[{\"id\":\"invoice\",\"allowed\":false}]}}");
	cr_assert_eq(recheck_give_up(&ports, &list, &recheck, true, NULL, &arena), STATUS_OK);
	cr_expect_str_eq(given_up, "{\"decision_id\":\"dec_FIRST\",\"tries\":7,\"before\":null}");
}
