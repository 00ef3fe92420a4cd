/* SPDX-License-Identifier: MIT */
#include "wire/creditsafe.h"

#include <string.h>

#include "answer_part.h"
#include "ask.h"
#include "provider_adapter.h"

enum { STEP_SEARCH, STEP_REPORT };

#define PAGE         "&page=1&pageSize=20"
#define BASIC        "/companyIdentification/basicInformation"
#define MAIN         "/contactInformation/mainAddress"
#define TOKEN_MS     3600000
#define LARGEST_CODE 999

static const struct answer_word STATUS[] = {
        {"Active", REGISTER_STATUS_ACTIVE}, {"NonActive", REGISTER_STATUS_DELETED}, {NULL, 0}};

static const struct answer_place ACCOUNTS[] = {
        {FACT_TOTAL_ASSETS, "/balanceSheet/totalAssets", JSON_SCALE_OWN},
        {FACT_FIXED_ASSETS, "/balanceSheet/totalFixedAssets", JSON_SCALE_OWN},
        {FACT_CURRENT_ASSETS, "/balanceSheet/totalCurrentAssets", JSON_SCALE_OWN},
        {FACT_INVENTORY, "/balanceSheet/totalInventories", JSON_SCALE_OWN},
        {FACT_RECEIVABLES, "/balanceSheet/totalReceivables", JSON_SCALE_OWN},
        {FACT_CASH, "/balanceSheet/cash", JSON_SCALE_OWN},
        {FACT_EQUITY, "/balanceSheet/totalShareholdersEquity", JSON_SCALE_OWN},
        {FACT_LIABILITIES, "/balanceSheet/totalLiabilities", JSON_SCALE_OWN},
        {FACT_CURRENT_LIABILITIES, "/balanceSheet/totalCurrentLiabilities", JSON_SCALE_OWN},
        {FACT_REVENUE, "/profitAndLoss/revenue", JSON_SCALE_OWN},
        {FACT_OPERATING_PROFIT, "/profitAndLoss/operatingProfit", JSON_SCALE_OWN},
        {FACT_FINANCIAL_EXPENSES, "/profitAndLoss/financialExpenses", JSON_SCALE_OWN},
        {FACT_DEPRECIATION, "/profitAndLoss/depreciation", JSON_SCALE_OWN},
        {FACT_NET_INCOME, "/profitAndLoss/profitAfterTax", JSON_SCALE_OWN},
};

#define ACCOUNTS_COUNT (sizeof(ACCOUNTS) / sizeof(*ACCOUNTS))

/* --- Questions ---------------------------------------------------------------------------------------- */

static void put_parameter(struct buf *url, const char *name, const char *value)
{
	if (!*value)
		return;
	buf_char(url, '&');
	buf_cstr(url, name);
	buf_char(url, '=');
	answer_url_value(url, slice_cstr(value));
}

/* By name and place, as Creditsafe advises where there is no number of its own; else by VAT id. */
static enum status encode_search(const struct provider_question *question, struct arena *arena,
                                 struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	struct buf url = answer_url(arena, question->base, "/companies?countries=");

	answer_url_value(&url, slice_cstr(subject->country));
	buf_cstr(&url, PAGE);
	if (subject->typed_name[0]) {
		put_parameter(&url, "name", subject->typed_name);
		put_parameter(&url, "postCode", subject->postal_code);
		if (!subject->postal_code[0])
			put_parameter(&url, "city", subject->typed_city);
	} else if (subject->vat_id[0]) {
		put_parameter(&url, "vatNo", subject->vat_id);
	} else {
		*ret_why = "needs a name or a VAT id";
		return STATUS_INVALID;
	}
	return ask_get(&url, answer_bearer(question->token, arena), true, ret_request);
}

/* A report is charged for. */
static enum status encode_report(const struct bureau_order *order, const struct provider_question *question,
                                 struct arena *arena, struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, "/companies/");

	answer_url_value(&url, slice_cstr(question->step.ref));
	buf_cstr(&url, "?language=en");
	put_parameter(&url, "template", order->product);
	if (strcmp(question->subject->country, "DE") == 0 && order->interest[0]) {
		buf_cstr(&url, "&customData=de_reason_code%3A%3A");
		answer_url_value(&url, slice_cstr(order->interest));
	}
	return ask_get(&url, answer_bearer(question->token, arena), false, ret_request);
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	if (question->step.number == STEP_SEARCH)
		return encode_search(question, arena, ret_request, ret_why);
	return encode_report(self, question, arena, ret_request);
}

/* --- Answers ------------------------------------------------------------------------------------------ */

static struct identity identity_of_hit(json_t *hit)
{
	struct identity identity = {.name = answer_peek(hit, "/name"),
	                            .street = answer_peek(hit, "/address/street"),
	                            .postal_code = answer_peek(hit, "/address/postCode"),
	                            .city = answer_peek(hit, "/address/city"),
	                            .country = answer_peek(hit, "/country"),
	                            .register_number = answer_peek(hit, "/regNo")};

	/* Two writings are seen. */
	if (!identity.postal_code.ptr)
		identity.postal_code = answer_peek(hit, "/address/postalCode");
	return identity;
}

static void decode_search(const struct provider_question *question, const struct http_reply *reply, struct arena *arena,
                          struct provider_answer *answer)
{
	json_t *root = answer_open(answer, reply, arena), *hits = json_object_get(root, "companies");

	if (!root)
		return;
	if (!json_is_array(hits)) {
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a list of companies");
		return;
	}
	answer_follow(answer, answer_choose(answer, hits, identity_of_hit, question->subject, arena), "connect_id",
	              "/id", STEP_REPORT);
}

/* The rating as a number, else as the letter that is comparable between countries. */
static void take_rating(const struct bureau_order *order, const struct answer_part *report)
{
	struct answer_part rating = answer_part_at(report, "/creditScore/currentCreditRating"), limit;
	int32_t since = answer_part_day(report, "/creditScore/latestRatingChangeDate");

	if (!rating.object)
		rating = answer_part_at(report, "/companySummary/creditRating");
	if (!answer_part_score(&rating, "score", "/providerValue/value", &order->scale))
		(void)answer_part_score(&rating, "rating", "/commonValue", &order->scale);
	else
		answer_part_show(&rating, "rating", "/commonValue", "is the same as a letter");
	if (since != DATE_NONE)
		answer_part_show(report, "rating_since", "/creditScore/latestRatingChangeDate", NULL);
	limit = answer_part_at(&rating, "/creditLimit");
	answer_part_currency(&limit, "/currency", false);
	answer_part_take(&limit, &(struct answer_place){FACT_BUREAU_LIMIT, "/value", JSON_SCALE_OWN}, 1);
	answer_part_show(report, "contract_limit", "/creditScore/currentContractLimit/value",
	                 "is a limit of one contract's volume, not of credit");
}

static size_t last_accounts(const struct answer_part *report, json_t *list)
{
	size_t found = json_array_size(list);
	int32_t best = DATE_NONE;

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part item = answer_part_item(report, "/financialStatements", i);
		int32_t day = answer_part_day(&item, "/yearEndDate");

		if (day == DATE_NONE || day <= best)
			continue;
		best = day;
		found = i;
	}
	return found;
}

static void take_accounts(const struct answer_part *report)
{
	json_t *list = json_object_get(report->object, "financialStatements");
	struct answer_part accounts = answer_part_item(report, "/financialStatements", last_accounts(report, list));

	accounts.as_of = answer_part_day(&accounts, "/yearEndDate");
	answer_part_currency(&accounts, "/currency", false);
	if (json_is_true(json_object_get(accounts.object, "consolidatedAccounts")))
		accounts.fault = "is of the group, not of the company";
	answer_part_set(&accounts, FACT_ACCOUNTS_DATE, "/yearEndDate", accounts.as_of);
	answer_part_take(&accounts, ACCOUNTS, ACCOUNTS_COUNT);
}

static bool is_filled(const json_t *value)
{
	return json_object_size(value) + json_array_size(value) > 0;
}

static void take_company(const struct answer_part *report)
{
	static const struct answer_place FOUNDED[] = {{FACT_FOUNDED, "/companyRegistrationDate", JSON_SCALE_OWN}};
	static const struct answer_place STAFF[] = {{FACT_EMPLOYEES, "/numberOfEmployees", JSON_SCALE_OWN}};
	struct answer_part summary = answer_part_at(report, "/companySummary");
	struct answer_part basic = answer_part_at(report, BASIC);
	struct answer_part other = answer_part_at(report, "/otherInformation");
	struct answer_part staff = answer_part_item(&other, "/employeesInformation", 0);

	answer_part_word(&summary, FACT_REGISTER_STATUS, "/companyStatus/status", STATUS);
	answer_part_take(&basic, FOUNDED, json_object_get(basic.object, "companyRegistrationDate") ? 1 : 0);
	answer_part_form(&summary, "/businessName");
	answer_part_take(&staff, STAFF, 1);
	if (is_filled(json_object_get(report->object, "negativeInformation")))
		answer_part_show(report, "negative", "/negativeInformation",
		                 "is shown only: what stands there differs by country");
}

/* Several places tell the same: the first that tells it. */
static struct slice told(const struct answer_part *report, const char *name, const char *first, const char *second)
{
	bool at_first = answer_peek(report->object, first).len > 0;

	return answer_part_text(report, name, at_first ? first : second);
}

static struct identity take_identity(const struct answer_part *report)
{
	struct identity identity = {
	        .name = told(report, "name", "/companySummary/businessName", BASIC "/registeredCompanyName")};

	identity.street = told(report, "street", MAIN "/street", BASIC "/contactAddress/street");
	identity.postal_code = told(report, "postal_code", MAIN "/postalCode", MAIN "/postCode");
	identity.city = told(report, "city", MAIN "/city", BASIC "/contactAddress/city");
	identity.country = told(report, "country", "/companySummary/country", BASIC "/country");
	identity.register_number = told(report, "register_number", "/companySummary/companyRegistrationNumber",
	                                BASIC "/companyRegistrationNumber");
	identity.court = answer_part_text(report, "court", BASIC "/commercialCourt");
	identity.vat_id = answer_part_text(report, "vat_id", BASIC "/vatRegistrationNumber");
	return identity;
}

static void decode_report(const struct bureau_order *order, const struct provider_question *question,
                          const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root = answer_open_own(answer, reply, arena);
	struct answer_part whole, report;
	struct identity answered;

	if (!root)
		return;
	whole = answer_part_of(answer, root, arena);
	report = answer_part_at(&whole, "/report");
	if (!report.object) {
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a report");
		return;
	}
	answer->as_of = answer_part_day(&whole, "/dateOfOrder");
	report.as_of = answer->as_of;
	(void)slice_copy(answer_part_text(&whole, "reference", "/orderId"), answer->reference,
	                 sizeof(answer->reference));
	answered = take_identity(&report);
	take_company(&report);
	take_rating(order, &report);
	take_accounts(&report);
	answer_judge(answer, question->subject, &answered, false, arena);
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	if (question->step.number == STEP_SEARCH)
		decode_search(question, reply, arena, answer);
	else
		decode_report(self, question, reply, arena, answer);
}

/* --- Login -------------------------------------------------------------------------------------------- */

static enum status encode_login(const void *self, const struct provider_question *question, struct arena *arena,
                                struct http_request *ret_request, const char **ret_why)
{
	struct slice user = answer_secret(question, "username"), password = answer_secret(question, "password");
	struct buf url = answer_url(arena, question->base, "/authenticate"), body;
	struct json_out out;

	(void)self;
	if (!user.len || !password.len) {
		*ret_why = "needs the credentials username and password";
		return STATUS_INVALID;
	}
	ask_body(&body, &out, arena);
	json_out_object(&out, NULL);
	json_out_string(&out, "username", user);
	json_out_string(&out, "password", password);
	json_out_object_end(&out);
	return ask_free(ask_post(&url, &body, SLICE_NONE, true, ret_request), ret_request);
}

static enum status decode_login(const void *self, const struct http_reply *reply, struct arena *arena,
                                struct provider_login *ret_login)
{
	(void)self;
	ret_login->lifetime_ms = TOKEN_MS;
	return ask_token(reply, "token", arena, ret_login);
}

static const struct provider_codec_vtable vtable = {
        .encode = encode, .decode = decode, .encode_login = encode_login, .decode_login = decode_login};

struct provider_codec creditsafe_codec(const struct bureau_order *order)
{
	return (struct provider_codec){&vtable, order};
}

/* --- Configuration ------------------------------------------------------------------------------------ */

static bool is_word(const char *text)
{
	for (const char *c = text; *c; c++) {
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-' ||
		      *c == '_'))
			return false;
	}
	return true;
}

static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	int64_t reason = 0;
	struct buf digits;

	load_require(load, root, "legitimate_interest");
	load_integer(load, root, "legitimate_interest", &reason);
	if (reason < 1 || reason > LARGEST_CODE)
		load_fault_at(load, "legitimate_interest", "must be one of Creditsafe's reason codes, from 1 on");
	buf_init(&digits, config->order.interest, sizeof(config->order.interest) - 1);
	buf_i64(&digits, reason);
	load_text(load, root, "product", config->order.product, sizeof(config->order.product));
	if (!is_word(config->order.product))
		load_fault_at(load, "product", "must be the name of a report template");
}

static struct provider_codec codec(const struct provider_config *config)
{
	return creditsafe_codec(&config->order);
}

const struct provider_adapter creditsafe_adapter = {
        .name = "creditsafe",
        .url = {"https://connect.creditsafe.com/v1", "https://connect.sandbox.creditsafe.com/v1"},
        .credentials = "username password",
        .members = "product legitimate_interest scale",
        .configure = configure,
        .codec = codec,
};
