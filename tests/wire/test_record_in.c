/* SPDX-License-Identifier: MIT */
#include "wire/record_in.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "trade.h"
#include "wire/explanation_out.h"

#define ARENA_SIZE MAX_REQUEST_ARENA

static struct trade trade;
static struct identity asked;
static struct record record;
static struct load_error error;
static struct arena arena;
static char *memory;
static char mem[MAX_RECORD];
static struct buf text;
static const uint8_t PREV[32] = {1, 2, 0xfe, [31] = 0x80};

static void init(void)
{
	memory = malloc(ARENA_SIZE);
	cr_assert_not_null(memory);
	arena_init(&arena, memory, ARENA_SIZE);
	trade_init(&trade);
	asked = (struct identity){
	        .name = SLICE_LIT("Schmidt Industrie GmbH"),
	        .postal_code = SLICE_LIT("40213"),
	        .country = SLICE_LIT("DE"),
	        .vat_id = SLICE_LIT("DE136695976"),
	};
}

static void fini(void)
{
	free(memory);
}

TestSuite(record_in, .init = init, .fini = fini);

static void normalise(const struct identity *identity, struct identity_norm *ret_norm)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	size_t count = 0;

	cr_assert_eq(identity_normalise(identity, &arena, ret_norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK);
}

static struct slice write_record(const struct record_head *head, const struct identity *identity)
{
	buf_init(&text, mem, sizeof(mem));
	cr_assert_eq(record_put(&text, head, identity, &trade.in, trade_decide(&trade)), STATUS_OK);
	record_close(&text, 42, PREV);
	return buf_view(&text);
}

static const struct record_head HEAD = {
        .decision_id = {"dec_01J0000000000000000000000", 29},
        .tenant = {"demo", 4},
        .at_ms = INT64_C(1728000000123),
        .valid_until_ms = INT64_C(1728086400000),
};

Test(record_in, what_was_written_is_read)
{
	struct slice written;

	trade_light(&trade, LIGHT_YELLOW);
	trade.in.exposure = 1234;
	trade.in.freshness = FRESHNESS_STALE;
	trade.order.ref = SLICE_LIT("cart-77");
	trade_ask(&trade, (const char *const[]){"invoice", "card", NULL});
	normalise(&asked, &trade.asked);
	written = write_record(&HEAD, &asked);
	cr_assert_eq(record_in_parse(written, &arena, &record, &error), STATUS_OK, "%s %s", error.pointer,
	             error.detail);
	cr_expect(slice_eq(record.head.decision_id, HEAD.decision_id));
	cr_expect(slice_eq(record.head.tenant, HEAD.tenant));
	cr_expect_null(record.head.request_id.ptr);
	cr_expect_not(record.head.livemode);
	cr_expect_eq(record.head.at_ms, HEAD.at_ms);
	cr_expect_eq(record.head.valid_until_ms, HEAD.valid_until_ms);
	cr_expect(slice_eq(record.asked.name, asked.name));
	cr_expect_null(record.asked.lei.ptr);
	cr_expect(slice_eq_cstr(record.order.ref, "cart-77"));
	cr_expect_eq(record.order.amount, trade.order.amount);
	cr_expect_eq(record.order.method_count, 2);
	cr_expect_eq(record.exposure, 1234);
	cr_expect_eq(record.freshness, FRESHNESS_STALE);
	cr_expect_eq(record.today, TRADE_DAY);
	cr_expect(slice_eq_cstr(record.model_id, "trade"));
	cr_expect(slice_eq_cstr(record.policy_id, "default"));
	cr_expect_eq(record.result.outcome, trade.out.outcome);
	cr_expect_eq(record.result.light, LIGHT_YELLOW);
	cr_expect_eq(record.result.score, trade.out.score.score);
	cr_expect_eq(record.result.pd_ppm, trade.out.score.pd_ppm);
	cr_expect_eq(record.result.points, trade.out.score.points);
	cr_expect_eq(record.result.limit.total, trade.out.limit.total);
	cr_expect_eq(record.result.limit.exposure, 1234);
	cr_expect_eq(record.result.limit.bound_count, trade.out.limit.bound_count);
	cr_expect_eq(record.result.method_count, 2);
	cr_expect(slice_eq_cstr(record.result.methods[0].id, "invoice"));
	cr_expect_eq(record.result.methods[0].reason_count, trade.out.methods[0].reason_count);
	cr_expect_eq(record.result.reason_count, trade.out.reason_count);
	cr_expect(slice_eq_cstr(record.result.recommended, "invoice"));
	cr_expect_eq(record.seq, 42);
	cr_expect_arr_eq(record.prev, PREV, sizeof(PREV));
}

/* The register knows the company, the bureau that the policy requires says nothing. */
static struct slice write_outage(void)
{
	trade.policy.sources.others.required = true;
	trade.policy.methods[0].outage[CUSTOMER_KNOWN] = (struct outage_terms){OUTAGE_ALLOW_UP_TO, 200000};
	trade_set(&trade, FACT_OWN_ORDERS, 4);
	(void)facts_source(&trade.facts, "bureau", SOURCE_UNAVAILABLE, DATE_NONE);
	trade.in.freshness = FRESHNESS_FALLBACK;
	normalise(&asked, &trade.asked);
	return write_record(&HEAD, &asked);
}

Test(record_in, an_outage_is_read_with_the_rules_that_held)
{
	const struct record_outage *outage = &record.result.outage;

	cr_assert_eq(record_in_parse(write_outage(), &arena, &record, &error), STATUS_OK, "%s %s", error.pointer,
	             error.detail);
	cr_assert(outage->told);
	cr_expect_eq(outage->customer, CUSTOMER_KNOWN);
	cr_assert_eq(outage->missing_count, 1);
	cr_expect(slice_eq_cstr(outage->missing[0], "bureau"));
	cr_assert_eq(outage->rule_count, 2, "of the credit methods");
	cr_expect(slice_eq_cstr(outage->rules[0].method, "invoice"));
	cr_expect_eq(outage->rules[0].terms.rule, OUTAGE_ALLOW_UP_TO);
	cr_expect_eq(outage->rules[0].terms.amount, 200000);
	cr_expect_eq(outage->rules[1].terms.rule, OUTAGE_DENY);
}

Test(record_in, an_outage_is_explained_in_both_languages)
{
	static const char *const expected[LANG_COUNT] = {
	        [LANG_DE] = "Keine Auskunft gab es zu diesem Zeitpunkt von: bureau.\n"
	                    "Deshalb galt, was der Händler für diesen Fall festgelegt hat, hier für bekannte Kunden.\n",
	        [LANG_EN] = "No information could be had at that moment from: bureau.\n"
	                    "So what the merchant has laid down for that case applied, here for known customers.\n",
	};
	static char told[16384];
	struct explanation_view view;
	struct buf out;

	cr_assert_eq(record_in_parse(write_outage(), &arena, &record, &error), STATUS_OK);
	explanation_view_make(&record, &trade.model, &trade.policy.events, &view);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		buf_init(&out, told, sizeof(told) - 1);
		explanation_out_text(&view, (enum lang)lang, &out);
		buf_char(&out, '\0');
		cr_expect_not_null(strstr(told, expected[lang]), "%s", told);
	}
	buf_init(&out, told, sizeof(told) - 1);
	explanation_out_json(&view, LANG_EN, &out);
	buf_char(&out, '\0');
	cr_expect_not_null(strstr(told, "\"outage\":{\"customer\":\"known\",\"missing\":[\"bureau\"],\"rules\":["
	                                "{\"method\":\"invoice\",\"rule\":\"allow_up_to\",\"amount\":200000},"
	                                "{\"method\":\"sepa_debit\",\"rule\":\"deny\"}]}"),
	                   "%s", told);
}

static uint64_t seed;

static int64_t below(int64_t n)
{
	return trade_below(&seed, n);
}

static void maybe(struct slice *field, const char *value)
{
	*field = below(2) ? slice_cstr(value) : SLICE_NONE;
}

static void any_asked(void)
{
	maybe(&asked.name, "Bäcker & Söhne \"Zum Löffel\" \\ GmbH u. Co. KG");
	maybe(&asked.street, "Hafenstraße 12");
	maybe(&asked.postal_code, "40213");
	maybe(&asked.city, "Düsseldorf");
	maybe(&asked.vat_id, "DE 136695976");
	maybe(&asked.lei, "529900T8BM49AURSDO55");
	maybe(&asked.economic_id, "DE136695976-00001");
	maybe(&asked.customer_ref, "K/1001");
	if (below(2)) {
		asked.court = SLICE_LIT("Amtsgericht Köln");
		asked.register_type = SLICE_LIT("HRB");
		asked.register_number = SLICE_LIT("12345 B");
	}
	if (!asked.name.ptr && !asked.court.ptr)
		asked.vat_id = SLICE_LIT("DE136695976");
	normalise(&asked, &trade.asked);
}

static int64_t any_value(enum fact_id id)
{
	static const int64_t EDGES[] = {0, 1, 2, 3, 7, 99, -1, 160000, 20000, FACT_MONEY_MAX, -FACT_MONEY_MAX};
	int64_t value;

	do
		value = below(2) ? EDGES[below(11)] : below(1000000);
	while (!fact_valid(id, value));
	return value;
}

static void any_facts(void)
{
	struct facts *facts = &trade.facts;

	facts->match = (enum match_kind)below(4);
	facts->match_probability = (int32_t)below(1000001);
	(void)facts_source(facts, "accounts", (enum source_state)below(4), below(2) ? DATE_NONE : 19000);
	(void)facts_source(facts, "bureau", (enum source_state)below(4), 19990);
	if (below(2))
		facts_source_hash(facts, facts->source_count - 1, (const uint8_t[SOURCE_HASH]){0x9a, '"', 0xff});
	for (int i = 0; i < 8; i++) {
		enum fact_id id = (enum fact_id)(1 + below(FACT_FIRST_DERIVED - 1));

		facts_set(facts, id, any_value(id), below(3) ? 19980 + (int32_t)below(4) : DATE_NONE,
		          (uint8_t)below(3));
	}
	if (below(2))
		facts_alias(facts, &(struct company_key){"vat:DE136695976"});
	if (below(3) == 0)
		facts->key.text[0] = '\0';
}

static void any_trade(int round)
{
	seed = (uint64_t)round;
	arena_reset(&arena);
	fini();
	init();
	any_asked();
	any_facts();
	trade.policy.ambiguous_match = (enum policy_action)below(3);
	trade.policy.unknown_company = (enum policy_action)below(3);
	if (below(2))
		cr_assert_eq(policy_list_add(&trade.policy, &(struct company_key){"vat:DE136695976"}, below(2)),
		             STATUS_OK);
	trade.order.amount = 1 + below(2000000);
	trade.order.ref = below(2) ? SLICE_LIT("ü/1\n") : SLICE_NONE;
	trade.order.other_delivery_address = below(4) == 0;
	if (below(2))
		trade_ask(&trade, (const char *const[]){"prepayment", "sepa_debit", "invoice", NULL});
	else if (below(3) == 0)
		trade_ask(&trade, (const char *const[]){"invoice", "cheque", NULL});
	trade.in.exposure = below(3) ? below(1000000) : INT64_MIN;
	trade.in.freshness = (enum freshness)below(3);
	trade.policy.sources.others.required = below(2);
	for (int i = 0; i < CUSTOMER_CLASS_COUNT; i++)
		trade.policy.methods[0].outage[i] = (struct outage_terms){(enum outage_rule)below(3), below(2000000)};
}

/* From nothing but the record, the model and the policy. */
static void replay(struct slice written, char *again, size_t cap)
{
	struct decision_input in = {.policy = &trade.policy, .model = &trade.model, .facts = &record.facts};
	struct identity_norm norm;
	struct decision decision;
	struct buf out;

	cr_assert_eq(record_in_parse(written, &arena, &record, &error), STATUS_OK, "%s %s", error.pointer,
	             error.detail);
	normalise(&record.asked, &norm);
	facts_derive(&record.facts, record.today);
	in.order = &record.order;
	in.asked = &norm;
	in.exposure = record.exposure;
	in.freshness = record.freshness;
	in.today = record.today;
	decision_make(&in, &decision);
	buf_init(&out, again, cap);
	cr_assert_eq(record_put(&out, &record.head, &record.asked, &in, &decision), STATUS_OK);
	record_close(&out, record.seq, record.prev);
	cr_assert_eq(out.len, written.len);
	cr_assert_eq(memcmp(out.ptr, written.ptr, out.len), 0);
}

Test(record_in, every_decision_is_replayed_bit_for_bit)
{
	static char again[MAX_RECORD];

	for (int round = 0; round < 600; round++) {
		struct record_head head = HEAD;

		any_trade(round);
		head.livemode = below(2);
		head.request_id = below(2) ? SLICE_LIT("req-\"1\"") : SLICE_NONE;
		head.at_ms += below(INT64_C(100000000000));
		replay(write_record(&head, &asked), again, sizeof(again));
	}
}

/* Replaces the one place of "from" in the record. */
static struct slice changed(const char *from, const char *to)
{
	static char copy[MAX_RECORD];
	struct slice written = write_record(&HEAD, &asked);
	const char *at;
	struct buf out;

	buf_char(&text, '\0');
	at = strstr(mem, from);
	cr_assert_not_null(at, "%s", from);
	buf_init(&out, copy, sizeof(copy));
	buf_bytes(&out, mem, (size_t)(at - mem));
	buf_cstr(&out, to);
	buf_bytes(&out, at + strlen(from), written.len - (size_t)(at - mem) - strlen(from));
	return buf_view(&out);
}

static const struct {
	const char *from, *to, *pointer;
} FAULTS[] = {
        {"{\"v\":1", "{\"v\":2", "/v"},
        {"{\"v\":1,", "{", "/v"},
        {"\"id\":\"dec_01J0000000000000000000000\"", "\"id\":7", "/id"},
        {"\"livemode\":false", "\"livemode\":0", "/livemode"},
        {"\"at\":\"2024-10-04T00:00:00.123Z\"", "\"at\":\"2024-10-04\"", "/at"},
        {"\"asked\":{", "\"asked\":{\"iban\":\"x\",", "/asked/iban"},
        {"\"asked\":{\"name\":\"Schmidt Industrie GmbH\"", "\"asked\":{\"name\":1", "/asked/name"},
        {"\"amount\":100000", "\"amount\":\"100000\"", "/order/amount"},
        {"\"currency\":\"EUR\"", "\"currency\":\"EUX\"", "/order/currency"},
        {"\"amount\":", "\"other_delivery_address\":null,\"amount\":", "/order/other_delivery_address"},
        {"\"amount\":", "\"methods\":7,\"amount\":", "/order/methods"},
        {"\"amount\":", "\"methods\":[7],\"amount\":", "/order/methods"},
        {"\"freshness\":", "\"exposure\":0.5,\"freshness\":", "/exposure"},
        {"\"valid_ms\":86399877", "\"valid_ms\":null", "/valid_ms"},
        {"\"freshness\":\"fresh\"", "\"freshness\":\"rotten\"", "/freshness"},
        {"\"limit\":{", "\"outage\":{},\"limit\":{", "/outage/customer"},
        {"\"limit\":{", "\"outage\":{\"customer\":\"new\",\"missing\":[1],\"rules\":[]},\"limit\":{",
         "/outage/missing/0"},
        {"\"limit\":{", "\"outage\":{\"customer\":\"new\",\"missing\":[],\"rules\":[[\"a\",\"deny\",1]]},\"limit\":{",
         "/outage/rules/0"},
        {"\"limit\":{", "\"outage\":{\"customer\":\"new\",\"missing\":[],\"rules\":[[\"a\",\"perhaps\"]]},\"limit\":{",
         "/outage/rules/0"},
        {"\"freshness\":", "\"today\":\"2024-13-04\",\"freshness\":", "/today"},
        {"\"kind\":\"exact\"", "\"kind\":\"sure\"", "/match/kind"},
        {"\"kind\":", "\"probability\":99999999999,\"kind\":", "/match/probability"},
        {"\"key\":\"reg:R1101:HRB:12345\"", "\"key\":\"\"", "/match/key"},
        {"\"key\":\"reg:R1101:HRB:12345\"", "\"key\":\"k\",\"aliases\":[\"a\",\"a\"]", "/match/aliases"},
        {"\"key\":\"reg:R1101:HRB:12345\"", "\"key\":\"k\",\"aliases\":[7]", "/match/aliases/0"},
        {"\"DE\"},\"sources\"", "\"DEU\"},\"sources\"", "/match/country"},
        {"\"DE\"},\"sources\"", "1},\"sources\"", "/match/country"},
        {"\"Schmidt Industrie GmbH\",\"country\"", "1,\"country\"", "/match/name"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\"]", "/sources/0"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\",\"2024-09-24\",\"maybe\"]", "/sources/0"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\",\"answer\"]", "/sources/0"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\",\"2024-09-24\",\"answer\",\"0g\"]", "/sources/0"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\",\"2024-09-24\",\"answer\",7]", "/sources/0"},
        {"[\"register\",\"2024-09-24\"]", "[\"register\",null],[\"register\",null]", "/sources/1"},
        {"\"sources\":[[", "\"sources\":[7,[", "/sources/0"},
        {"\"facts\":[[0,", "\"facts\":[[16,", "/facts/0"},
        {"\"facts\":[[0,", "\"facts\":[[0,0,", "/facts/0"},
        {"\"facts\":[[0,", "\"facts\":[[", "/facts/0"},
        {"\"facts\":[[0,", "\"facts\":[[0,null,null,", "/facts/0"},
        {"\"legal_form\":\"GmbH\"", "\"legal_form\":\"Firma\"", "/facts/0/legal_form"},
        {"\"legal_form\":\"GmbH\"", "\"legal_form\":0", "/facts/0/legal_form"},
        {"\"legal_form\":\"GmbH\"", "\"form\":\"GmbH\"", "/facts/0/form"},
        {"\"legal_form\":\"GmbH\"", "\"age\":3", "/facts/0/age"},
        {"\"founded\":\"2004-09-19\"", "\"founded\":12680", "/facts/0/founded"},
        {"\"employees\":20", "\"employees\":-20", "/facts/0/employees"},
        {"\"model\":[\"trade\",\"1\"]", "\"model\":[\"trade\"]", "/model"},
        {"\"policy\":[\"default\",\"1\"]", "\"policy\":{}", "/policy"},
        {"\"points\":200", "\"points\":2.5", "/score/points"},
        {"\"effects\":[[\"STAFF_LARGE\",100]]", "\"effects\":[[\"STAFF_HUGE\",100]]", "/score/effects/0"},
        {"\"effects\":[[\"STAFF_LARGE\",100]]", "\"effects\":[[\"STAFF_LARGE\"]]", "/score/effects/0"},
        {"\"effects\":[[\"STAFF_LARGE\",100]]", "\"effects\":{}", "/score/effects"},
        {"\"score\":{", "\"score\":{\"luck\":1,", "/score/luck"},
        {"\"light\":\"green\"", "\"light\":\"blue\"", "/light"},
        {"\"light\":", "\"natural_person\":1,\"light\":", "/natural_person"},
        {"\"light\":", "\"identified\":null,\"light\":", "/identified"},
        {"\"bound_by\":[", "\"bound_by\":[\"NONE\",", "/limit/bound_by/0"},
        {"\"limit\":{", "\"limit\":[],\"limitx\":{", "/limitx"},
        {"[\"invoice\",true,30,0]", "[\"invoice\",true,30]", "/methods/0"},
        {"[\"invoice\",true,30,0]", "[\"invoice\",1,30,0]", "/methods/0"},
        {"[\"invoice\",true,30,0]", "[\"invoice\",true,30,0,\"WHY\"]", "/methods/0"},
        {"\"methods\":[[", "\"methods\":7,\"method\":[[", "/method"},
        {"\"outcome\":\"approve\"", "\"outcome\":\"yes\"", "/outcome"},
        {"\"recommendation\":\"release\"", "\"recommendation\":\"hold\"", "/recommendation"},
        {"\"reasons\":[\"LIGHT_GREEN\"]", "\"reasons\":[\"LIGHT_GREEN\",1]", "/reasons/1"},
        {"\"reasons\":[\"LIGHT_GREEN\"]", "\"reasons\":null", "/reasons"},
        {"\"seq\":42", "\"seq\":0", "/seq"},
        {",\"seq\":42", "", "/seq"},
        {"\"prev\":\"0102fe", "\"prev\":\"0102FE", "/prev"},
        {"\"prev\":\"0102fe", "\"prev\":\"02fe", "/prev"},
        {"\"prev\":\"0102fe", "\"prev\":\"0102f", "/prev"},
        {"}", "", ""},
};

Test(record_in, every_fault_is_corrupt_and_named)
{
	normalise(&asked, &trade.asked);
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
		memset(&error, 0, sizeof(error));
		record.seq = 77;
		cr_expect_eq(record_in_parse(changed(FAULTS[i].from, FAULTS[i].to), &arena, &record, &error),
		             STATUS_CORRUPT, "%s", FAULTS[i].to);
		cr_expect_str_eq(error.pointer, FAULTS[i].pointer);
		cr_expect_eq(record.seq, 77, "nothing is written on failure");
		arena_reset(&arena);
		normalise(&asked, &trade.asked);
	}
}

Test(record_in, too_many_of_anything_is_corrupt)
{
	static const struct {
		const char *from, *member, *item, *to, *pointer;
		int count;
	} CASES[] = {
	        {"\"reasons\":[\"LIGHT_GREEN\"]", "\"reasons\":[", "\"LIGHT_RED\"", "]", "/reasons", MAX_REASONS + 1},
	        {"\"bound_by\":[", "\"bound_by\":[", "\"CAP_PD\"", ",", "/limit/bound_by", LIMIT_BOUNDS},
	        {"\"methods\":[", "\"methods\":[", "[\"a\",true,0,0]", ",", "/methods", MAX_METHODS},
	        {"\"sources\":[", "\"sources\":[", "[]", ",", "/sources", MAX_SOURCES},
	        {"[[\"STAFF_LARGE\",100]]", "[", "[\"STAFF_LARGE\",1]", "]", "/score/effects", DECISION_TOP + 1},
	};
	static char mass[8192];

	normalise(&asked, &trade.asked);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct buf out;

		buf_init(&out, mass, sizeof(mass));
		buf_cstr(&out, CASES[i].member);
		for (int k = 0; k < CASES[i].count; k++) {
			buf_cstr(&out, k ? "," : "");
			buf_cstr(&out, CASES[i].item);
		}
		buf_cstr(&out, CASES[i].to);
		buf_char(&out, '\0');
		cr_expect_eq(record_in_parse(changed(CASES[i].from, mass), &arena, &record, &error), STATUS_CORRUPT);
		cr_expect_str_eq(error.pointer, CASES[i].pointer);
	}
}

Test(record_in, no_cut_is_taken_and_none_harms)
{
	struct slice written;

	normalise(&asked, &trade.asked);
	written = write_record(&HEAD, &asked);
	for (size_t len = 0; len < written.len; len++) {
		arena_reset(&arena);
		cr_assert_eq(record_in_parse((struct slice){written.ptr, len}, &arena, &record, &error),
		             STATUS_CORRUPT);
	}
}

Test(record_in, an_arena_too_small_is_told_wherever_it_ends)
{
	struct slice written;
	size_t need;

	normalise(&asked, &trade.asked);
	written = write_record(&HEAD, &asked);
	arena_init(&arena, memory, ARENA_SIZE);
	cr_assert_eq(record_in_parse(written, &arena, &record, &error), STATUS_OK);
	need = arena.peak;
	cr_expect_lt(need, ARENA_SIZE);
	for (size_t cap = 0; cap < need; cap += 41) {
		arena_init(&arena, memory, cap);
		cr_assert_eq(record_in_parse(written, &arena, &record, &error), STATUS_NO_MEMORY, "%zu of %zu", cap,
		             need);
	}
}
