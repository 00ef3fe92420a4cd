/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fakes.h"
#include "wire/model_in.h"
#include "wire/policy_in.h"

#define NOW_MS INT64_C(1795262400000)
#define HOUR   INT64_C(3600000)

static struct fakes fakes;
static struct policy policy;
static struct model model;
static struct arena arena;
static char memory[1 << 20] __attribute__((aligned(16)));
static struct caller caller = {.tenant = SLICE_LIT("t"), .livemode = true, .policy = &policy, .model = &model};

static struct checkout_req make_req(void)
{
	struct checkout_req req = {
	        .company = {.name = SLICE_LIT("Test GmbH"),
	                    .postal_code = SLICE_LIT("40213"),
	                    .country = SLICE_LIT("DE")},
	        .order = {.amount = 10000, .currency = {"EUR"}},
	};

	return req;
}

static void setup(void)
{
	static const char text[] =
	        "{\"format\":\"bonigate-model/1\",\"id\":\"m\",\"version\":\"1\",\"base_points\":600,"
	        "\"characteristics\":[{\"fact\":\"enforcements\",\"good\":\"EQUITY_RATIO_STRONG\",\"bad\":\"EQUITY_"
	        "RATIO_WEAK\",\"bins\":[{\"below\":1,\"points\":1},{\"points\":0}]}],\"points_to_pd\":[[400,0.9],[700,"
	        "0.001]],"
	        "\"pd_to_score\":[[0.0001,100],[1,0]]}";
	struct load_error error;

	arena_init(&arena, memory, sizeof(memory));
	fakes_init(&fakes, NOW_MS);
	policy_defaults(&policy);
	fakes.found.match = MATCH_EXACT;
	(void)slice_copy(SLICE_LIT("reg:K1101:HRB:1"), fakes.found.key.text, sizeof(fakes.found.key.text));
	(void)slice_copy(SLICE_LIT("Test GmbH"), fakes.found.name, sizeof(fakes.found.name));
	cr_assert_eq(model_in_parse(slice_cstr(text), &arena, &model, &error), STATUS_OK, "%s %s", error.pointer,
	             error.detail);
	arena_reset(&arena);
}

TestSuite(checkout, .init = setup);

static enum status decide(const struct checkout_req *req, struct checkout_res *res)
{
	struct checkout_ports ports = fakes_ports(&fakes);

	arena_reset(&arena);
	return checkout_decide(&ports, &caller, req, DEADLINE_NEVER, &arena, res);
}

Test(checkout, the_second_call_comes_from_the_cache)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_not(res.cache_hit);
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert(res.cache_hit);
	cr_assert_eq(fakes.finds, 1);
	cr_assert_eq(res.decision->freshness, FRESHNESS_FRESH);
}

Test(checkout, a_changed_register_is_asked_again_at_once)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	cr_assert_eq(decide(&req, &res), STATUS_OK);
	fakes.revision++;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(fakes.finds, 2);
}

Test(checkout, live_and_test_mode_never_share_a_cached_value)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	cr_assert_eq(decide(&req, &res), STATUS_OK);
	caller.livemode = false;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	caller.livemode = true;
	cr_assert_eq(fakes.finds, 2);
}

Test(checkout, any_other_identity_is_another_look_up)
{
	struct checkout_req req = make_req(), other = make_req();
	struct checkout_res res;

	other.company.city = SLICE_LIT("Bonn");
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(decide(&other, &res), STATUS_OK);
	cr_assert_eq(fakes.finds, 2);
}

Test(checkout, a_dead_register_uses_old_facts_then_the_outage_rules)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	cr_assert_eq(decide(&req, &res), STATUS_OK);
	fakes.find_status = STATUS_UNAVAILABLE;
	fakes.now_ms += 25 * HOUR;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(res.decision->freshness, FRESHNESS_STALE);
	fakes.now_ms += 8 * 24 * HOUR;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(res.decision->freshness, FRESHNESS_FALLBACK);
	cr_assert_eq(res.facts->sources[0].state, SOURCE_UNAVAILABLE);
}

Test(checkout, nobody_found_is_asked_again_after_a_minute)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	fakes.found.match = MATCH_NONE;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	fakes.now_ms += 61000;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(fakes.finds, 2);
}

Test(checkout, a_damaged_cached_value_is_a_miss)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	cr_assert_eq(decide(&req, &res), STATUS_OK);
	memset(fakes.cache_value, 0xff, fakes.cache_value_len);
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(fakes.finds, 2);
}

Test(checkout, ids_name_time_and_chance)
{
	struct checkout_req req = make_req();
	struct checkout_res first, second;

	cr_assert_eq(decide(&req, &first), STATUS_OK);
	fakes.random_byte = 7;
	cr_assert_eq(decide(&req, &second), STATUS_OK);
	cr_assert_eq(strlen(first.decision_id), 30);
	cr_assert_eq(memcmp(first.decision_id, second.decision_id, 14), 0);
	cr_assert_str_neq(first.decision_id, second.decision_id);
	cr_assert_eq(first.valid_until_ms, NOW_MS + policy.valid_hours * HOUR);
}

Test(checkout, a_bad_identifier_and_an_unknown_method_are_the_callers_faults)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	req.company.vat_id = SLICE_LIT("DE123456789");
	cr_assert_eq(decide(&req, &res), STATUS_INVALID);
	cr_assert_eq(res.error_count, 1);
	cr_assert_eq(res.errors[0].field, IDENTITY_VAT_ID);
	req = make_req();
	req.order.method_count = 1;
	req.order.methods[0] = SLICE_LIT("barter");
	cr_assert_eq(decide(&req, &res), STATUS_INVALID);
	cr_assert_eq(res.unknown_method, 0);
	cr_assert_eq(fakes.finds, 0);
}

Test(checkout, a_token_that_cannot_be_signed_is_no_answer)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	policy.token = true;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_not_null(res.token.ptr);
	fakes.sign_status = STATUS_UNAVAILABLE;
	cr_assert_eq(decide(&req, &res), STATUS_UNAVAILABLE);
	policy.token = false;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_null(res.token.ptr);
}

Test(checkout, what_cannot_be_stored_is_told)
{
	struct checkout_ports ports = fakes_ports(&fakes);
	struct checkout_req req = make_req();
	struct checkout_res res;

	fakes.append_status = STATUS_FULL;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_eq(checkout_record(&ports, &caller, &req, &res, NULL, DEADLINE_NEVER, &arena), STATUS_FULL);
}

Test(checkout, the_same_address_written_otherwise_is_no_other_address)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	policy.other_delivery_address = ACTION_DENY;
	req.company.street = SLICE_LIT("Hafenstraße 12");
	req.has_delivery_address = true;
	req.delivery = (struct identity){
	        .street = SLICE_LIT("Hafenstr. 12"), .postal_code = SLICE_LIT("40213"), .country = SLICE_LIT("de")};
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert_not(res.input->order->other_delivery_address);
	req.delivery.street = SLICE_LIT("Hafenstr. 14");
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_assert(res.input->order->other_delivery_address);
}

Test(checkout, who_tells_no_address_has_the_one_the_register_knows)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	req.company = (struct identity){.vat_id = SLICE_LIT("DE136695976"), .country = SLICE_LIT("DE")};
	req.has_delivery_address = true;
	req.delivery = (struct identity){
	        .street = SLICE_LIT("Hafenstr. 12"), .postal_code = SLICE_LIT("40213"), .country = SLICE_LIT("DE")};
	(void)slice_copy(SLICE_LIT("Hafenstraße 12"), fakes.found.street, sizeof(fakes.found.street));
	(void)slice_copy(SLICE_LIT("40213"), fakes.found.postal_code, sizeof(fakes.found.postal_code));
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect_not(res.input->order->other_delivery_address);
	req.delivery.street = SLICE_LIT("Woanders 1");
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect(res.input->order->other_delivery_address);
	cr_expect_eq(res.decision->outcome, OUTCOME_REVIEW);
	req.company.street = SLICE_LIT("Woanders 1");
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect_not(res.input->order->other_delivery_address, "what the company tells of itself goes first");
}

Test(checkout, the_address_of_a_stranger_is_nobodys)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	req.has_delivery_address = true;
	req.delivery = (struct identity){
	        .street = SLICE_LIT("Woanders 1"), .postal_code = SLICE_LIT("40213"), .country = SLICE_LIT("DE")};
	fakes.found.match = MATCH_FUZZY;
	fakes.found.match_probability = policy.min_match_ppm - 1;
	(void)slice_copy(SLICE_LIT("Hafenstraße 12"), fakes.found.street, sizeof(fakes.found.street));
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect_not(res.input->order->other_delivery_address);
	fakes.found.match_probability = policy.min_match_ppm;
	fakes.revision++;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect(res.input->order->other_delivery_address);
}

/* Every allocation may be the one that fails: a status, never a crash or half a result. */
Test(checkout, allocation_failure_sweep)
{
	struct checkout_ports ports = fakes_ports(&fakes);
	struct checkout_req req = make_req();
	bool fits = false;

	for (size_t cap = 0; !fits && cap < sizeof(memory); cap += 64) {
		struct checkout_res res;
		enum status status;

		fakes.cache_works = cap % 128 == 0;
		arena_init(&arena, memory, cap);
		status = checkout_decide(&ports, &caller, &req, DEADLINE_NEVER, &arena, &res);
		if (status == STATUS_OK)
			status = checkout_record(&ports, &caller, &req, &res, NULL, DEADLINE_NEVER, &arena);
		cr_assert(status == STATUS_OK || status == STATUS_NO_MEMORY, "cap %zu: %s", cap, status_name(status));
		fits = status == STATUS_OK;
	}
	cr_assert(fits);
	cr_assert_eq(fakes.appends, 1);
}

/* A weak match is a stranger until a person says otherwise: neither its key nor its name leave. */
Test(checkout, a_weak_match_keeps_who_was_asked)
{
	struct checkout_req req = make_req();
	struct checkout_res res;

	fakes.found.match = MATCH_FUZZY;
	fakes.found.match_probability = policy.min_match_ppm - 1;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect_not(res.decision->identified);
	cr_expect_eq(strncmp(res.key.text, "name:DE:40213:", 14), 0, "%s", res.key.text);
	fakes.cache_works = false;
	fakes.revision++;
	fakes.found.match_probability = policy.min_match_ppm;
	cr_assert_eq(decide(&req, &res), STATUS_OK);
	cr_expect(res.decision->identified);
	cr_expect_str_eq(res.key.text, "reg:K1101:HRB:1");
}

#define FOUNDED 0 /* 1970-01-01 */

static unsigned consulted;

static void count_question(void *self, const struct panel_question *question, struct deadline deadline,
                           struct arena *scratch, struct facts *facts, struct panel_reply *ret_reply)
{
	(void)self;
	(void)question;
	(void)deadline;
	(void)scratch;
	facts_set(facts, FACT_FOUNDED, FOUNDED, FOUNDED + 1,
	          (uint8_t)facts_source(facts, "bureau", SOURCE_ANSWER, FOUNDED + 1));
	consulted++;
	*ret_reply = (struct panel_reply){.proven = false};
}

/* A question to a bureau may cost money, and leads come by the thousand. */
Test(checkout, a_shop_asks_providers_and_sales_does_not)
{
	static const struct panel_vtable panel = {.consult = count_question};
	struct checkout_ports ports = fakes_ports(&fakes);
	struct checkout_req req = make_req();
	struct checkout_res res;
	int64_t age;

	ports.panel = (struct panel_port){&panel, NULL};
	cr_assert_eq(checkout_decide(&ports, &caller, &req, DEADLINE_NEVER, &arena, &res), STATUS_OK);
	cr_expect_eq(consulted, 1);
	cr_expect_str_eq(res.facts->sources[res.facts->source_count - 1].id, "bureau");
	cr_assert(facts_get(res.facts, FACT_AGE, &age), "derived from what the provider said");
	cr_expect_eq(age, 56);
	caller.lead = true;
	cr_assert_eq(checkout_decide(&ports, &caller, &req, DEADLINE_NEVER, &arena, &res), STATUS_OK);
	cr_expect_eq(consulted, 1);
}
