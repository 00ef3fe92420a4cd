/* SPDX-License-Identifier: MIT */
#include "core/record.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json_out.h"
#include "core/fact_code.h"
#include "core/legal_form.h"
#include "trade.h"

static struct trade trade;
static char mem[MAX_RECORD];
static struct buf out;

static const struct identity ASKED = {
        .name = {"Schmidt \"Industrie\" GmbH", 24},
        .country = {"DE", 2},
        .vat_id = {"DE 136695976", 12},
};

static const struct record_head HEAD = {
        .decision_id = {"dec_01J0000000000000000000000", 29},
        .tenant = {"demo", 4},
        .request_id = {"req-1", 5},
        .livemode = true,
        .at_ms = INT64_C(1728000000123),
        .valid_until_ms = INT64_C(1728086400123),
};

static void init(void)
{
	trade_init(&trade);
	buf_init(&out, mem, sizeof(mem));
}

TestSuite(record, .init = init);

static enum status put(void)
{
	return record_put(&out, &HEAD, &ASKED, &trade.in, trade_decide(&trade));
}

Test(record, the_text_is_fixed_to_the_byte)
{
	static const char EXPECTED[] =
	        "{\"v\":1,\"id\":\"dec_01J0000000000000000000000\",\"tenant\":\"demo\",\"request_id\":\"req-1\","
	        "\"livemode\":true,\"at\":\"2024-10-04T00:00:00.123Z\",\"valid_ms\":86400000,"
	        "\"asked\":{\"name\":\"Schmidt \\\"Industrie\\\" GmbH\",\"country\":\"DE\",\"vat_id\":\"DE "
	        "136695976\"},"
	        "\"order\":{\"amount\":100000,\"currency\":\"EUR\"},\"freshness\":\"fresh\",\"match\":{\"kind\":"
	        "\"exact\","
	        "\"key\":\"reg:R1101:HRB:12345\",\"name\":\"Schmidt Industrie GmbH\",\"country\":\"DE\"},"
	        "\"sources\":[[\"register\",\"2024-09-24\"]],\"facts\":[[0,{\"legal_form\":\"GmbH\","
	        "\"founded\":\"2004-09-19\",\"register_status\":\"active\",\"employees\":20,\"equity\":500000000,"
	        "\"revenue\":2500000000}]],\"model\":[\"trade\",\"1\"],\"policy\":[\"default\",\"1\"],"
	        "\"score\":{\"points\":200,\"pd\":500,\"score\":100,\"known\":1000000,"
	        "\"effects\":[[\"STAFF_LARGE\",100]]},\"light\":\"green\",\"limit\":{\"total\":10000000,"
	        "\"available\":10000000,\"per_order\":5000000,\"bound_by\":[\"CAP_POLICY\",\"CAP_PER_ORDER\"]},"
	        "\"methods\":[[\"invoice\",true,30,0],[\"sepa_debit\",true,0,0],[\"prepayment\",true,0,0],[\"card\","
	        "true,0,0]],"
	        "\"recommended\":\"invoice\",\"recommendation\":\"release\",\"outcome\":\"approve\","
	        "\"reasons\":[\"LIGHT_GREEN\"]";

	cr_assert_eq(put(), STATUS_OK);
	buf_char(&out, '\0');
	cr_expect_str_eq(mem, EXPECTED);
}

Test(record, closing_chains_it)
{
	uint8_t prev[32] = {0xab, 0x01};

	buf_cstr(&out, "{\"v\":1");
	record_close(&out, UINT64_MAX, prev);
	buf_char(&out, '\0');
	cr_expect_str_eq(mem, "{\"v\":1,\"seq\":18446744073709551615,\"prev\":"
	                      "\"ab01000000000000000000000000000000000000000000000000000000000000\"}");
	cr_expect_leq(out.len - 1 - 6, RECORD_CLOSE);
}

Test(record, facts_are_grouped_by_source_and_day)
{
	int accounts;

	facts_init(&trade.facts);
	accounts = facts_source(&trade.facts, "accounts", SOURCE_ANSWER, DATE_NONE);
	cr_expect_eq(facts_source(&trade.facts, "register", SOURCE_NO_DATA, 19000), 1);
	facts_set(&trade.facts, FACT_EQUITY, -5, 19000, (uint8_t)accounts);
	facts_set(&trade.facts, FACT_REVENUE, 7, DATE_NONE, (uint8_t)accounts);
	facts_set(&trade.facts, FACT_CASH, 8, 19000, (uint8_t)accounts);
	facts_set(&trade.facts, FACT_CAPITAL, 9, DATE_NONE, 1);
	cr_assert_eq(put(), STATUS_OK);
	buf_char(&out, '\0');
	cr_expect_not_null(strstr(mem, "\"match\":{\"kind\":\"none\"},"));
	cr_expect_not_null(strstr(mem, "\"sources\":[[\"accounts\",null],[\"register\",\"2022-01-08\",\"no_data\"]],"));
	cr_expect_not_null(strstr(mem, "\"facts\":[[1,null,{\"capital\":9}],[0,\"2022-01-08\",{\"cash\":8,\"equity\":-"
	                               "5}],[0,{\"revenue\":7}]],"));
}

Test(record, a_source_keeps_the_hash_of_its_answer)
{
	uint8_t hash[SOURCE_HASH] = {0x01, 0xab};

	facts_init(&trade.facts);
	facts_source_hash(&trade.facts, facts_source(&trade.facts, "vies", SOURCE_ANSWER, 19000), hash);
	cr_assert_eq(put(), STATUS_OK);
	buf_char(&out, '\0');
	cr_expect_not_null(
	        strstr(mem, "\"sources\":[[\"vies\",\"2022-01-08\",\"answer\",\"01ab000000000000000000000000000000"
	                    "000000000000000000000000000000\"]],"));
}

static void expect_member(const char *member)
{
	buf_reset(&out);
	cr_assert_eq(put(), STATUS_OK);
	buf_char(&out, '\0');
	cr_expect_not_null(strstr(mem, member), "%s is not in %s", member, mem);
}

Test(record, what_is_not_as_usual_is_said)
{
	trade.in.freshness = FRESHNESS_FALLBACK;
	expect_member("\"outage\":{\"customer\":\"new\",\"missing\":[],\"rules\":[[\"invoice\",\"deny\"],"
	              "[\"sepa_debit\",\"deny\"]]},\"limit\":{");
	trade.in.freshness = FRESHNESS_FRESH;
	trade.in.exposure = 7;
	expect_member("\"exposure\":7,");
	trade.in.today--;
	expect_member("\"today\":\"2024-10-03\",");
	trade.facts.match_probability = 0;
	expect_member("\"probability\":0,");
	trade.order.other_delivery_address = true;
	expect_member("\"other_delivery_address\":true}");
	trade.order.currency = (struct currency){"CHF"};
	expect_member("\"limit\":{\"currency\":\"EUR\",");
	trade_set(&trade, FACT_LEGAL_FORM, LEGAL_FORM_EK);
	expect_member("\"natural_person\":true,");
	trade.facts.match = MATCH_AMBIGUOUS;
	expect_member("\"identified\":false,");
	trade_ask(&trade, (const char *const[]){"card", "invoice", NULL});
	expect_member("\"methods\":true},");
	trade_ask(&trade, (const char *const[]){"card", "cheque", NULL});
	expect_member("\"methods\":[\"card\",\"cheque\"]},");
}

Test(record, what_does_not_fit_is_refused_whole)
{
	char small[2048];
	size_t full;

	cr_assert_eq(put(), STATUS_OK);
	full = out.len;
	for (size_t cap = 0; cap < full; cap++) {
		buf_init(&out, small, cap);
		cr_expect_eq(put(), STATUS_TOO_LARGE, "%zu bytes", cap);
	}
	buf_init(&out, small, full);
	cr_expect_eq(put(), STATUS_OK);
}

Test(record, there_is_room_left_to_close_it)
{
	static char large[2 * MAX_RECORD];
	static char name[MAX_RECORD];
	struct identity asked = {.name = {name, sizeof(name) - 1000}};

	memset(name, 'x', sizeof(name));
	buf_init(&out, large, sizeof(large));
	cr_expect_eq(record_put(&out, &HEAD, &asked, &trade.in, trade_decide(&trade)), STATUS_TOO_LARGE);
}

/* Everything as long as it may be, as buyers and sources could make it. */
Test(record, the_largest_decision_fits)
{
	static char text[MAX_NAME];
	struct slice name = {text, MAX_NAME};
	struct identity asked = {name,
	                         {text, MAX_STREET},
	                         {text, MAX_POSTAL_CODE},
	                         {text, MAX_CITY},
	                         {text, 2},
	                         {text, 40},
	                         {text, 40},
	                         {text, 40},
	                         {text, MAX_COURT},
	                         {text, 24},
	                         {text, 24},
	                         {text, MAX_CUSTOMER_REF}};
	char id[MAX_SOURCE_ID + 1] = "source-of-the-longest-name-it-may";

	memset(text, '"', sizeof(text));
	memset(trade.facts.name, '\\', MAX_NAME);
	for (char c = 'a'; trade.facts.alias_count < MAX_ALIASES; c++) {
		struct company_key key;

		memset(key.text, c, MAX_COMPANY_KEY);
		key.text[MAX_COMPANY_KEY] = '\0';
		facts_alias(&trade.facts, &key);
	}
	for (int i = 1; i < MAX_SOURCES; i++) {
		id[0] = (char)('a' + i);
		id[MAX_SOURCE_ID] = '\0';
		cr_assert_eq(facts_source(&trade.facts, id, SOURCE_INVALID_INPUT, 19000), i);
		facts_source_hash(&trade.facts, i, (const uint8_t *)text);
	}
	for (int i = FACT_NONE + 1; i < FACT_FIRST_DERIVED; i++) {
		facts_set(&trade.facts, (enum fact_id)i, 1, 19000 + i, (uint8_t)(i % MAX_SOURCES));
		facts_set(&trade.facts, (enum fact_id)i, FACT_MONEY_MAX, 19000 + i, (uint8_t)(i % MAX_SOURCES));
	}
	cr_expect_eq(record_put(&out, &HEAD, &asked, &trade.in, trade_decide(&trade)), STATUS_OK);
}

static void expect_word(const char *word)
{
	char escaped[1024];
	char plain[1024];
	struct buf bufs[2];
	struct json_out outs[2];

	buf_init(&bufs[0], escaped, sizeof(escaped));
	buf_init(&bufs[1], plain, sizeof(plain));
	json_out_init(&outs[0], &bufs[0]);
	json_out_init(&outs[1], &bufs[1]);
	json_out_cstr(&outs[0], NULL, word);
	json_out_word(&outs[1], NULL, word);
	cr_expect(slice_eq(buf_view(&bufs[0]), buf_view(&bufs[1])), "%s", word);
	cr_expect_not(bufs[0].overflow);
}

/* The record and the answer write these as they are. */
Test(record, no_word_of_this_program_needs_an_escape)
{
	for (int i = 0; i < REASON_COUNT; i++) {
		expect_word(reason_code((enum reason)i));
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			expect_word(reason_text((enum reason)i, (enum lang)lang));
			expect_word(reason_public((enum reason)i, (enum lang)lang));
		}
	}
	for (int i = 0; i < FACT_COUNT; i++)
		expect_word(fact_name((enum fact_id)i));
	for (int i = 1; i < LEGAL_FORM_COUNT; i++)
		expect_word(fact_code_name(FACT_LEGAL_FORM, i));
	for (int i = REGISTER_STATUS_ACTIVE; i <= REGISTER_STATUS_DELETED; i++)
		expect_word(fact_code_name(FACT_REGISTER_STATUS, i));
	for (int i = BUREAU_SCALE_UNKNOWN + 1; i <= BUREAU_SCALE_CREDITREFORM_2_0; i++)
		expect_word(fact_code_name(FACT_BUREAU_SCALE, i));
	for (int i = 0; i <= OUTCOME_APPROVE; i++)
		expect_word(outcome_name((enum outcome)i));
	for (int i = 0; i <= LIGHT_GREEN; i++)
		expect_word(light_name((enum light)i));
	for (int i = 0; i <= FRESHNESS_FALLBACK; i++)
		expect_word(freshness_name((enum freshness)i));
	for (int i = 0; i <= MATCH_EXACT; i++)
		expect_word(match_kind_name((enum match_kind)i));
	for (int i = 0; i <= SOURCE_UNAVAILABLE; i++)
		expect_word(source_state_name((enum source_state)i));
	for (int i = 0; i <= RECOMMEND_RELEASE; i++) {
		expect_word(recommendation_name((enum recommendation)i));
		for (const char *const *action = recommendation_actions((enum recommendation)i); *action; action++)
			expect_word(*action);
		for (int lang = 0; lang < LANG_COUNT; lang++)
			expect_word(recommendation_text((enum recommendation)i, (enum lang)lang));
	}
}
