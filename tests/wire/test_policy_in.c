/* SPDX-License-Identifier: MIT */
#include "wire/policy_in.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_SIZE (8 * 1024 * 1024)
#define DEMO       "src/data/policies/demo.json"
#define README     "src/data/policies/README.md"

static struct arena arena;
static char *memory;
static struct policy policy;
static struct load_error error;

static void init(void)
{
	memory = malloc(ARENA_SIZE);
	cr_assert_not_null(memory);
	arena_init(&arena, memory, ARENA_SIZE);
	memset(&policy, 0xa5, sizeof(policy));
	memset(&error, 0, sizeof(error));
}

static void fini(void)
{
	free(memory);
}

TestSuite(policy_in, .init = init, .fini = fini);

static char *read_file(const char *path, size_t *ret_len)
{
	static char text[65536];
	FILE *file = fopen(path, "rb");

	cr_assert_not_null(file, "%s", path);
	*ret_len = fread(text, 1, sizeof(text) - 1, file);
	text[*ret_len] = '\0';
	cr_assert_eq(fclose(file), 0);
	return text;
}

static enum status parse(const char *json)
{
	arena_reset(&arena);
	return policy_in_parse(slice_cstr(json), &arena, &policy, &error);
}

/* A policy of the required members and these. */
static enum status parse_with(const char *members)
{
	static char json[65536];

	(void)snprintf(json, sizeof(json), "{\"format\": \"bonigate-policy/1\", \"id\": \"t\", \"version\": \"7\"%s%s}",
	               members[0] ? ", " : "", members);
	return parse(json);
}

static void expect_sound(const char *members)
{
	cr_assert_eq(parse_with(members), STATUS_OK, "%s: %s %s", members, error.pointer, error.detail);
}

Test(policy_in, what_is_left_out_keeps_its_default)
{
	struct policy defaults;

	policy_defaults(&defaults);
	(void)slice_copy(SLICE_LIT("t"), defaults.id, sizeof(defaults.id));
	(void)slice_copy(SLICE_LIT("7"), defaults.version, sizeof(defaults.version));
	memset(&policy, 0, sizeof(policy));
	expect_sound("");
	cr_expect_eq(memcmp(&policy, &defaults, sizeof(policy)), 0);
}

Test(policy_in, the_demo_policy_says_what_it_says)
{
	size_t len;
	const struct method_rule *invoice;
	struct company_key key = {"vat:DE990001232"};

	cr_assert_eq(parse(read_file(DEMO, &len)), STATUS_OK, "%s %s", error.pointer, error.detail);
	cr_expect_str_eq(policy.id, "demo");
	cr_expect_eq(policy.method_count, 4);
	invoice = policy_method(&policy, SLICE_LIT("invoice"));
	cr_assert_not_null(invoice);
	cr_expect(invoice->credit);
	cr_expect_eq(invoice->max_amount, 5000000);
	cr_expect_eq(invoice->yellow_net_days, 14);
	cr_expect_eq(invoice->yellow_deposit_percent, 30);
	cr_expect_eq(invoice->outage[CUSTOMER_KNOWN].rule, OUTAGE_ALLOW_UP_TO);
	cr_expect_eq(invoice->outage[CUSTOMER_KNOWN].amount, 250000);
	cr_expect_eq(invoice->outage[CUSTOMER_NEW].rule, OUTAGE_ALLOW_UP_TO);
	cr_expect_eq(invoice->outage[CUSTOMER_NEW].amount, 50000);
	cr_expect_eq(invoice->outage[CUSTOMER_PERSON].rule, OUTAGE_DENY);
	cr_expect_eq(policy.limit.equity_share, 100000);
	cr_expect_eq(policy.limit.revenue_share, 20000);
	cr_expect_eq(policy.limit.pd_full_ppm, 3000);
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_EK], 1000000);
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_GMBH], POLICY_OFF);
	cr_expect_eq(policy.events.insolvency_forget_days[6], 180);
	cr_expect_eq(policy.currencies[0].rate, 1070000);
	cr_expect_eq(policy.list_count, 3);
	cr_assert_not_null(policy_list_find(&policy, &key));
	cr_expect(policy_list_find(&policy, &key)->allow);
}

static void expect_documented(const char *readme, const json_t *value)
{
	const char *name;
	const json_t *item;
	size_t i;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, name, member)
	{
		cr_expect_not_null(strstr(readme, name), "README.md does not tell of %s", name);
		if (strcmp(name, "legal_form_caps") != 0 && strcmp(name, "insolvency") != 0)
			expect_documented(readme, member);
	}
	json_array_foreach(value, i, item)
	{
		expect_documented(readme, item);
	}
}

Test(policy_in, the_readme_tells_of_every_member_of_the_demo)
{
	size_t len;
	json_t *demo = json_loads(read_file(DEMO, &len), 0, NULL);

	cr_assert_not_null(demo);
	expect_documented(read_file(README, &len), demo);
	json_decref(demo);
}

Test(policy_in, null_switches_a_cap_off_and_zero_does_not)
{
	expect_sound("\"limit\": {\"equity_share\": null, \"revenue_share\": 0, \"pd_base\": null, \"max_total\": 0, "
	             "\"first_order_max\": null}");
	cr_expect_eq(policy.limit.equity_share, POLICY_OFF);
	cr_expect_eq(policy.limit.revenue_share, 0);
	cr_expect_eq(policy.limit.pd_base, POLICY_OFF);
	cr_expect_eq(policy.limit.max_total, 0);
	cr_expect_eq(policy.limit.first_order_max, POLICY_OFF);
}

Test(policy_in, methods_take_the_defaults_of_their_type)
{
	const struct method_rule *rule;

	expect_sound("\"payment_methods\": [{\"id\": \"invoice\", \"type\": \"credit\", \"net_days\": 21, "
	             "\"deposit_percent\": 5}, {\"id\": \"paypal\", \"type\": \"prepayment\"}]");
	cr_expect_eq(policy.method_count, 2);
	rule = policy_method(&policy, SLICE_LIT("invoice"));
	cr_expect_eq(rule->yellow_net_days, 21);
	cr_expect_eq(rule->yellow_deposit_percent, 5);
	cr_expect_eq(rule->min_light, LIGHT_YELLOW);
	cr_expect_eq(rule->max_amount, POLICY_OFF);
	cr_expect_eq(rule->outage[CUSTOMER_NEW].rule, OUTAGE_DENY);
	cr_expect_not(policy_method(&policy, SLICE_LIT("paypal"))->credit);
}

Test(policy_in, legal_form_caps_given_replace_all_defaults)
{
	expect_sound("\"limit\": {\"legal_form_caps\": {\"UG\": 100, \"none\": 200, \"AG\": null}}");
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_UG], 100);
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_NONE], 200);
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_AG], POLICY_OFF);
	cr_expect_eq(policy.limit.form_cap[LEGAL_FORM_EK], POLICY_OFF);
}

Test(policy_in, rates_are_of_whole_units_whatever_their_minor_digits)
{
	int64_t amount = 0;

	expect_sound("\"currencies\": [{\"code\": \"JPY\", \"rate\": 0.0061}, {\"code\": \"TND\", \"rate\": 0.3}, "
	             "{\"code\": \"CHF\", \"rate\": 1.07}]");
	cr_expect(policy_convert(&policy, 10000, (struct currency){"JPY"}, &amount));
	cr_expect_eq(amount, 6100, "10,000 yen are 61 EUR");
	cr_expect(policy_convert(&policy, 10000, (struct currency){"TND"}, &amount));
	cr_expect_eq(amount, 300, "10 dinars are 3 EUR");
	cr_expect(policy_convert(&policy, 10000, (struct currency){"CHF"}, &amount));
	cr_expect_eq(amount, 10700);
}

Test(policy_in, listed_companies_are_found_by_their_keys)
{
	static const struct {
		const char *key;
		bool allow;
	} CASES[] = {
	        {"vat:DE136695976", true},
	        {"vat:ATU12345675", false},
	        {"lei:529900T8BM49AURSDO55", false},
	        {"eco:DE136695976-00001", false},
	};

	expect_sound("\"allow\": [{\"vat_id\": \"DE 136 695 976\", \"note\": \"x\"}], "
	             "\"deny\": [{\"vat_id\": \"ATU12345675\"}, {\"lei\": \"529900T8BM49AURSDO55\"}, "
	             "{\"economic_id\": \"DE136695976-00001\"}, "
	             "{\"register\": {\"court\": \"Amtsgericht Köln\", \"type\": \"HRB\", \"number\": \"1\"}}, "
	             "{\"name\": \"Muster GmbH\", \"postal_code\": \"10115\", \"country\": \"DE\"}]");
	cr_expect_eq(policy.list_count, 6);
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct company_key key = {{0}};
		const struct list_entry *entry;

		cr_assert(slice_copy(slice_cstr(CASES[i].key), key.text, sizeof(key.text)));
		entry = policy_list_find(&policy, &key);
		cr_assert_not_null(entry, "%s", CASES[i].key);
		cr_expect_eq(entry->allow, CASES[i].allow);
	}
}

Test(policy_in, what_a_provider_leaves_out_is_as_for_all_others)
{
	const struct source_terms *bureau;

	expect_sound("\"recheck_basket_percent\": 25, \"providers\": {"
	             "\"bureau\": {\"required\": true, \"stale_days\": 60}, "
	             "\"*\": {\"fresh_hours\": 12, \"unavailable_seconds\": 60}, "
	             "\"vies\": {\"ask\": false}}");
	cr_expect_eq(policy.sources.recheck_basket_percent, 25);
	bureau = source_rules_of(&policy.sources, "bureau");
	cr_expect(bureau->required);
	cr_expect(bureau->ask);
	cr_expect_eq(bureau->stale_days, 60);
	cr_expect_eq(bureau->fresh_hours, 12);
	cr_expect_eq(bureau->unavailable_seconds, 60);
	cr_expect_not(source_rules_of(&policy.sources, "vies")->ask);
	cr_expect_eq(source_rules_of(&policy.sources, "gleif")->fresh_hours, 12);
	expect_sound("\"recheck_basket_percent\": null");
	cr_expect_eq(policy.sources.recheck_basket_percent, RECHECK_OFF);
}

/* Members behind the required ones, and the pointer of the fault. */
static const struct {
	const char *members;
	const char *pointer;
} FAULTS[] = {
        {"\"colour\": 1", "/colour"},
        {"\"id\": \"u\"", "/id"}, /* twice */
        {"\"description\": 1", "/description"},
        {"\"light\": []", "/light"},
        {"\"light\": {\"green_from\": \"70\"}", "/light/green_from"},
        {"\"light\": {\"green_from\": 70.5}", "/light/green_from"},
        {"\"light\": {\"green_from\": 4294967366}", "/light/green_from"},
        {"\"light\": {\"green_from\": 40}", "/light/yellow_from"},
        {"\"light\": {\"red_from\": 1}", "/light/red_from"},
        {"\"unknown_company\": \"perhaps\"", "/unknown_company"},
        {"\"ambiguous_match\": true", "/ambiguous_match"},
        {"\"other_delivery_address\": null", "/other_delivery_address"},
        {"\"min_match\": 1.5", "/min_match"},
        {"\"min_match\": -0.1", "/min_match"},
        {"\"min_match\": 0.1234567", "/min_match"},
        {"\"min_match\": 1e300", "/min_match"},
        {"\"recheck_days\": -1", "/recheck_days"},
        {"\"recheck_basket_percent\": -1", "/recheck_basket_percent"},
        {"\"recheck_basket_percent\": 10001", "/recheck_basket_percent"},
        {"\"recheck_basket_percent\": \"50\"", "/recheck_basket_percent"},
        {"\"providers\": []", "/providers"},
        {"\"providers\": null", "/providers"},
        {"\"providers\": {\"vies\": true}", "/providers/vies"},
        {"\"providers\": {\"vies\": {\"speed\": 1}}", "/providers/vies/speed"},
        {"\"providers\": {\"*\": {\"ask\": 1}}", "/providers/*/ask"},
        {"\"providers\": {\"*\": {\"fresh_hours\": -1}}", "/providers/*/fresh_hours"},
        {"\"providers\": {\"vies\": {\"fresh_hours\": 800}}", "/providers/vies/stale_days"},
        {"\"providers\": {\"vies\": {\"ask\": false, \"required\": true}}", "/providers/vies/required"},
        {"\"providers\": {\"vies\": {\"unavailable_seconds\": 1.5}}", "/providers/vies/unavailable_seconds"},
        {"\"providers\": {\"register\": {}}", "/providers"},
        {"\"providers\": {\"VIES\": {}}", "/providers"},
        {"\"providers\": {\"\": {}}", "/providers"},
        {"\"providers\": {\"a-name-that-is-much-longer-than-any-id\": {}}",
         "/providers/a-name-that-is-much-longer-than-any-id"},
        {"\"valid_hours\": 0", "/valid_hours"},
        {"\"person_review\": 1", "/person_review"},
        {"\"token\": \"yes\"", "/token"},
        {"\"payment_methods\": {}", "/payment_methods"},
        {"\"payment_methods\": []", "/payment_methods"},
        {"\"payment_methods\": [1]", "/payment_methods/0"},
        {"\"payment_methods\": [{\"id\": \"a\"}]", "/payment_methods/0/type"},
        {"\"payment_methods\": [{\"type\": \"credit\"}]", "/payment_methods/0/id"},
        {"\"payment_methods\": [{\"id\": \"\", \"type\": \"credit\"}]", "/payment_methods/0/id"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"loan\"}]", "/payment_methods/0/type"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\"}]", "/payment_methods"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"prepayment\", \"net_days\": 3}]", "/payment_methods/0"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"prepayment\"}, {\"id\": \"a\", \"type\": \"prepayment\"}]",
         "/payment_methods/1/id"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"max_amount\": -1}]",
         "/payment_methods/0/max_amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"max_amount\": 12.5}]",
         "/payment_methods/0/max_amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"min_light\": \"blue\"}]",
         "/payment_methods/0/min_light"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"yellow\": 14}]", "/payment_methods/0/yellow"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"yellow\": {\"net_days\": 400}}]",
         "/payment_methods/0/yellow/net_days"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {}}]",
         "/payment_methods/0/outage/rule"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"allow_up_to\"}}]",
         "/payment_methods/0/outage/amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"deny\", \"amount\": "
         "1}}]",
         "/payment_methods/0/outage/amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"deny\", \"known\": "
         "{}}}]",
         "/payment_methods/0/outage/known/rule"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"deny\", \"new\": "
         "{\"rule\": \"allow\", \"amount\": 1}}}]",
         "/payment_methods/0/outage/new/amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"deny\", \"person\": "
         "{\"rule\": \"allow_up_to\", \"amount\": -1}}}]",
         "/payment_methods/0/outage/person/amount"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"deny\", "
         "\"friend\": {}}}]",
         "/payment_methods/0/outage/friend"},
        {"\"payment_methods\": [{\"id\": \"a\", \"type\": \"credit\", \"outage\": {\"rule\": \"allow_up_to\", "
         "\"amount\": 100000000000000}}]",
         "/payment_methods/0/outage/amount"},
        {"\"limit\": null", "/limit"},
        {"\"limit\": {\"equity_share\": 10}", "/limit/equity_share"},
        {"\"limit\": {\"equity_share\": -1}", "/limit/equity_share"},
        {"\"limit\": {\"equity_share\": \"10%\"}", "/limit/equity_share"},
        {"\"limit\": {\"max_total\": -1}", "/limit/max_total"},
        {"\"limit\": {\"max_total\": 99999999999999999999}", "/limit/max_total"},
        {"\"limit\": {\"pd_full\": 0}", "/limit/pd_full"},
        {"\"limit\": {\"currency\": \"EURO\"}", "/limit/currency"},
        {"\"limit\": {\"currency\": \"XXX\"}", "/limit/currency"},
        {"\"limit\": {\"currency\": \"USD\"}", "/limit/currency"},
        {"\"limit\": {\"legal_form_caps\": []}", "/limit/legal_form_caps"},
        {"\"limit\": {\"legal_form_caps\": {\"Verein auf Zuruf\": 1}}", "/limit/legal_form_caps/Verein auf Zuruf"},
        {"\"limit\": {\"legal_form_caps\": {\"UG\": 1, \"UG (haftungsbeschränkt)\": 2}}",
         "/limit/legal_form_caps/UG (haftungsbeschränkt)"},
        {"\"limit\": {\"legal_form_caps\": {\"AG\": -1}}", "/limit/legal_form_caps/AG"},
        {"\"insolvency\": {\"1\": {}}", "/insolvency/1"},
        {"\"insolvency\": {\"2\": {\"points\": 5}}", "/insolvency/2/points"},
        {"\"insolvency\": {\"7\": {\"forget_days\": -1}}", "/insolvency/7/forget_days"},
        {"\"insolvency\": {\"7\": {\"weeks\": 1}}", "/insolvency/7/weeks"},
        {"\"countries\": \"DE\"", "/countries"},
        {"\"countries\": [\"DE\", \"Deutschland\"]", "/countries/1"},
        {"\"countries\": [\"de\"]", "/countries/0"},
        {"\"countries\": [49]", "/countries/0"},
        {"\"currencies\": [\"CHF\"]", "/currencies/0"},
        {"\"currencies\": [{\"code\": \"CHF\"}]", "/currencies/0/rate"},
        {"\"currencies\": [{\"code\": \"CHF\", \"rate\": -1}]", "/currencies/0/rate"},
        {"\"currencies\": [{\"code\": \"chf\", \"rate\": 1}]", "/currencies/0/code"},
        {"\"currencies\": [{\"code\": \"EUR\", \"rate\": 2}]", "/currencies/0/rate"},
        {"\"allow\": {}", "/allow"},
        {"\"allow\": [1]", "/allow/0"},
        {"\"allow\": [{}]", "/allow/0"},
        {"\"deny\": [{\"note\": \"nobody\"}]", "/deny/0"},
        {"\"deny\": [{\"vat_id\": 1}]", "/deny/0/vat_id"},
        {"\"deny\": [{\"vat_id\": \" \"}]", "/deny/0/vat_id"},
        {"\"deny\": [{\"vat_id\": \"DE123456789\"}]", "/deny/0/vat_id"},
        {"\"deny\": [{\"vat_id\": \"DE136695976\", \"lei\": \"529900T8BM49AURSDO55\"}]", "/deny/0"},
        {"\"deny\": [{\"name\": \"Muster GmbH\"}]", "/deny/0"},
        {"\"deny\": [{\"vat_id\": \"DE136695976\", \"country\": \"DE\"}]", "/deny/0"},
        {"\"deny\": [{\"name\": \"Muster GmbH\", \"postal_code\": \"1\", \"country\": \"DE\"}]", "/deny/0/postal_code"},
        {"\"deny\": [{\"register\": {\"court\": \"Köln\", \"type\": \"HRB\"}}]", "/deny/0/register"},
        {"\"deny\": [{\"register\": {\"court\": \"Entenhausen\", \"type\": \"HRB\", \"number\": \"1\"}}]",
         "/deny/0/register/court"},
        {"\"deny\": [{\"register\": {\"court\": \"Köln\", \"type\": \"XYZ\", \"number\": \"1\"}}]",
         "/deny/0/register/type"},
        {"\"deny\": [{\"register\": {\"court\": \"Köln\", \"type\": \"HRB\", \"number\": \"x\"}}]",
         "/deny/0/register/number"},
        {"\"deny\": [{\"vat_id\": \"DE136695976\"}, {\"vat_id\": \"DE136695976\"}]", "/deny/1"},
        {"\"allow\": [{\"vat_id\": \"DE136695976\"}], \"deny\": [{\"vat_id\": \"DE136695976\"}]", "/deny/0"},
};

Test(policy_in, every_fault_is_named_by_its_pointer)
{
	for (size_t i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
		memset(&error, 0, sizeof(error));
		memset(&policy, 0xa5, sizeof(policy));
		cr_expect_eq(parse_with(FAULTS[i].members), STATUS_INVALID, "%s", FAULTS[i].members);
		cr_expect_str_eq(error.pointer, FAULTS[i].pointer);
		cr_expect_gt(strlen(error.detail), 5);
		cr_expect_eq((unsigned char)policy.id[0], 0xa5, "nothing is written on failure");
	}
}

Test(policy_in, the_head_is_required)
{
	static const struct {
		const char *json;
		const char *pointer;
	} CASES[] = {
	        {"", ""},
	        {"[]", ""},
	        {"null", ""},
	        {"{}", "/format"},
	        {"{\"format\": \"bonigate-policy/2\", \"id\": \"a\", \"version\": \"1\"}", "/format"},
	        {"{\"format\": 1, \"id\": \"a\", \"version\": \"1\"}", "/format"},
	        {"{\"format\": \"bonigate-policy/1\", \"version\": \"1\"}", "/id"},
	        {"{\"format\": \"bonigate-policy/1\", \"id\": \"a\"}", "/version"},
	        {"{\"format\": \"bonigate-policy/1\", \"id\": \"a b\", \"version\": \"1\"}", "/id"},
	        {"{\"format\": \"bonigate-policy/1\", \"id\": \"a\", \"version\": \"1\"} x", ""},
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		cr_expect_eq(parse(CASES[i].json), STATUS_INVALID, "%s", CASES[i].json);
		cr_expect_str_eq(error.pointer, CASES[i].pointer);
	}
}

Test(policy_in, too_many_of_anything_is_refused)
{
	static char members[65536];
	static const struct {
		const char *name, *item;
		int count;
	} CASES[] = {{"payment_methods", "{\"id\":\"a\",\"type\":\"prepayment\"}", MAX_METHODS + 1},
	             {"countries", "\"DE\"", MAX_COUNTRIES + 1},
	             {"currencies", "{\"code\":\"CHF\",\"rate\":1}", MAX_CURRENCIES + 1},
	             {"deny", "{}", MAX_LIST_ENTRIES + 1}};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int len = snprintf(members, sizeof(members), "\"%s\": [", CASES[i].name);

		for (int k = 0; k < CASES[i].count; k++)
			len += snprintf(members + len, sizeof(members) - (size_t)len, "%s%s", k ? "," : "",
			                CASES[i].item);
		(void)snprintf(members + len, sizeof(members) - (size_t)len, "]");
		cr_expect_eq(parse_with(members), STATUS_INVALID);
		cr_expect_str_eq(error.pointer + 1, CASES[i].name);
	}
}

Test(policy_in, a_file_beyond_the_maximum_is_not_read)
{
	static char large[MAX_POLICY_FILE + 2];

	memset(large, ' ', sizeof(large) - 1);
	cr_expect_eq(parse(large), STATUS_TOO_LARGE);
}

Test(policy_in, no_cut_of_the_file_is_taken_and_none_harms)
{
	size_t len;
	const char *demo = read_file(DEMO, &len);

	while (demo[len - 1] != '}')
		len--;
	for (size_t cut = 0; cut < len; cut += cut % 7 + 1) {
		arena_reset(&arena);
		cr_assert_eq(policy_in_parse((struct slice){demo, cut}, &arena, &policy, &error), STATUS_INVALID,
		             "%zu of %zu", cut, len);
	}
}

Test(policy_in, an_arena_too_small_is_told_wherever_it_ends)
{
	size_t len;
	struct slice demo = {read_file(DEMO, &len), len};
	size_t need;

	cr_assert_eq(policy_in_parse(demo, &arena, &policy, &error), STATUS_OK);
	need = arena.peak;
	for (size_t cap = 0; cap < need; cap += cap < sizeof(policy) ? 4096 : 97) {
		enum status status;

		arena_init(&arena, memory, cap);
		status = policy_in_parse(demo, &arena, &policy, &error);
		cr_assert(status == STATUS_NO_MEMORY, "%zu of %zu bytes: %s %s %s", cap, need, status_name(status),
		          error.pointer, error.detail);
	}
}
