/* SPDX-License-Identifier: MIT */
#include "wire/schufa.h"

#include <string.h>

#include "answer_part.h"
#include "ask.h"
#include "base/base64.h"
#include "person_name.h"
#include "provider_adapter.h"

/* STEP_FETCH and how often it was fetched before. */
enum { STEP_ORDER, STEP_FETCH };

#define LINE_BYTES 1024
#define GRANT      "grant_type=client_credentials&scope=default"

/* People look at it: nobody knows how long. */
static const int32_t WAITS_S[] = {300,   600,   900,   1800,  3600,  3600,  7200,  7200,  14400,
                                  14400, 28800, 28800, 28800, 28800, 28800, 28800, 28800, 28800};

#define FETCHES (sizeof(WAITS_S) / sizeof(*WAITS_S))

/* Every documented path; a wrong one would be answered like an unknown person. */
static const char *const INTERESTS[] = {"checks",
                                        "collection",
                                        "commerce",
                                        "conditions/loans",
                                        "conditions/real-estate-loans",
                                        "energy",
                                        "freelancers",
                                        "freelancers/secured-investment-credits",
                                        "leasing",
                                        "mail-orders",
                                        "payment-methods",
                                        "potential-tenants",
                                        "secured-loans",
                                        "services",
                                        "services/financial",
                                        "small-businesses",
                                        "small-businesses/checks",
                                        "small-businesses/secured-investment-credits",
                                        "unsecured-loans",
                                        NULL};

/* Entries of public registers that are a state of proceedings. */
static const struct answer_word PROCEEDINGS[] = {
        {"INSOLVENCY_INITIATED", INSOLVENCY_OPENED},
        {"INSOLVENCY_CANCELLED", INSOLVENCY_ENDED},
        {"DISCHARGE_OF_RESIDUAL_DEBT_ANNOUNCEMENT", INSOLVENCY_DISCHARGE_ANNOUNCED},
        {"DISCHARGE_OF_RESIDUAL_DEBT_GRANTED", INSOLVENCY_DISCHARGE_GRANTED},
        {"DISCHARGE_OF_RESIDUAL_DEBT_DENIAL", INSOLVENCY_DISCHARGE_REFUSED},
        {NULL, 0}};

/* Entries of the debtors' register. */
static const char *const ENFORCED[] = {"NO_SUBMISSION_OF_ASSETS_REPORT", "ASSETS_UNSUITABLE_FOR_COLLECTION",
                                       "DEBTOR_HAS_NOT_DEMONSTRATED_CREDIT_SATISFACTION", NULL};

/* States of a claim that is neither settled nor disputed. */
static const char *const OWED[] = {"OPEN",
                                   "HANDOVER_TO_COLLECTION",
                                   "IRRECOVERABLE_CLAIM_WITH_TITLE",
                                   "IRRECOVERABLE_CLAIM_WITHOUT_TITLE",
                                   "RETURN_OF_CLAIM_TO_CREDITOR_BY_COLLECTION",
                                   "BALANCE_SOLD",
                                   NULL};

static bool is_listed(const char *const *list, struct slice word)
{
	while (*list && !slice_eq_cstr(word, *list))
		list++;
	return *list != NULL;
}

/* --- Questions ---------------------------------------------------------------------------------------- */

/* The codes of the neighbours; a country may be left out. */
static const char *country_of(const struct subject *subject)
{
	static const char *const CODES[][2] = {{"DE", "DEU"}, {"AT", "AUT"}, {"CH", "CHE"}};

	for (size_t i = 0; i < sizeof(CODES) / sizeof(*CODES); i++) {
		if (strcmp(subject->country, CODES[i][0]) == 0)
			return CODES[i][1];
	}
	return NULL;
}

static void put_person(struct json_out *out, const struct subject *subject, const struct person_name *person)
{
	json_out_object(out, NULL);
	json_out_object(out, "personData");
	json_out_string(out, "firstName", person->first);
	json_out_string(out, "lastName", person->last);
	json_out_cstr(out, "gender", "UNKNOWN");
	if (person->title.len)
		json_out_string(out, "title", person->title);
	json_out_object(out, "addresses");
	json_out_object(out, "currentAddress");
	json_out_cstr(out, "streetWithNumber", subject->typed_street);
	json_out_cstr(out, "postalCode", subject->postal_code);
	json_out_cstr(out, "city", subject->typed_city);
	if (country_of(subject))
		json_out_cstr(out, "country", country_of(subject));
	json_out_object_end(out);
	json_out_object_end(out);
	json_out_object_end(out);
	json_out_object_end(out);
}

static enum status encode_order(const struct bureau_order *order, const struct provider_question *question,
                                struct arena *arena, struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	struct buf url = answer_url(arena, question->base, "/"), body;
	struct person_name person;
	struct json_out out;

	if (!person_name_read(subject, &person) || subject->reg.type == REGISTER_HRB)
		*ret_why = "needs a natural person with first and last name";
	else if (!subject->typed_street[0] || !subject->postal_code[0] || !subject->typed_city[0])
		*ret_why = "needs street, postal code and city";
	else
		*ret_why = NULL;
	if (*ret_why)
		return STATUS_INVALID;
	buf_cstr(&url, order->interest);
	ask_body(&body, &out, arena);
	put_person(&out, subject, &person);
	return ask_post(&url, &body, answer_bearer(question->token, arena), false, ret_request);
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	struct buf url;

	if (question->step.number == STEP_ORDER)
		return encode_order(self, question, arena, ret_request, ret_why);
	url = answer_url(arena, question->base, "/manual-processing/");
	answer_url_value(&url, slice_cstr(question->step.ref));
	/* A report is given out once. */
	return ask_free(ask_get(&url, answer_bearer(question->token, arena), false, ret_request), ret_request);
}

/* --- Answers ------------------------------------------------------------------------------------------ */

/* Of the answered names with the form that was asked for: a person's name tells none. */
static struct slice name_of(const struct provider_question *question, json_t *root, struct arena *arena)
{
	struct slice first = answer_peek(root, "/personData/firstName"),
	             last = answer_peek(root, "/personData/lastName");
	struct person_name person = {.form = SLICE_NONE};
	char *mem = arena_bytes(arena, LINE_BYTES);
	struct buf name;

	(void)person_name_read(question->subject, &person);
	buf_init(&name, mem, mem ? LINE_BYTES : 0);
	buf_slice(&name, first);
	buf_char(&name, ' ');
	buf_slice(&name, last);
	buf_char(&name, ' ');
	buf_slice(&name, person.form);
	return first.len && last.len && !name.overflow ? slice_trim(buf_view(&name)) : SLICE_NONE;
}

/* The lists that a report has, be they empty. */
static bool is_report(const json_t *root)
{
	return json_is_array(json_object_get(root, "courtData")) && json_is_array(json_object_get(root, "contracts")) &&
	       json_is_array(json_object_get(root, "identificationReservations"));
}

/* Nobody orders any more whose death was reported: whoever does is not this person. */
static bool is_deceased(struct provider_answer *answer, json_t *root)
{
	bool deceased = json_is_true(json_fact_at(root, SLICE_LIT("/personData/deceasedInformation/deceased")));

	if (deceased)
		answer_end(answer, SOURCE_NO_DATA, "the person is reported as deceased; not used");
	return deceased;
}

/* Whether the report is of somebody who may be another. */
static bool is_reserved(struct provider_answer *answer, json_t *root)
{
	json_t *list = json_object_get(root, "identificationReservations"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || strcmp(json_string_value(item), "NO_DATE_OF_BIRTH") == 0)
			continue;
		answer_end(answer, SOURCE_NO_DATA, "is not sure that the report is of this person; not used");
		return true;
	}
	return false;
}

/* The youngest state of proceedings, and how often the other entries stand there. */
static void take_court(const struct answer_part *report)
{
	json_t *list = json_object_get(report->object, "courtData");
	int64_t enforced = 0, rejected = 0;

	if (!json_is_array(list))
		return;
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part entry = answer_part_item(report, "/courtData", i);
		struct slice word = answer_peek(entry.object, "/attributeName");
		const struct answer_word *state = PROCEEDINGS;

		entry.as_of = answer_part_day(&entry, "/date");
		enforced += is_listed(ENFORCED, word);
		rejected += slice_eq_cstr(word, "INSOLVENCY_REFUSED");
		while (state->word && !slice_eq_cstr(word, state->word))
			state++;
		if (state->word)
			answer_part_set(&entry, FACT_INSOLVENCY_STATUS, "/attributeName", state->value);
	}
	answer_part_set(report, FACT_ENFORCEMENTS, "/courtData", enforced);
	answer_part_set(report, FACT_REJECTED_NO_ASSETS, "/courtData", rejected);
}

static void take_claims(const struct answer_part *report)
{
	json_t *list = json_object_get(report->object, "contracts"), *contract;
	int64_t owed = 0;
	size_t i;

	if (!json_is_array(list))
		return;
	json_array_foreach(list, i, contract)
	{
		if (!json_is_true(json_object_get(contract, "settled")))
			owed += is_listed(OWED, answer_peek(contract, "/claim/status"));
	}
	answer_part_set(report, FACT_COLLECTION_CASES, "/contracts", owed);
}

/* The rate is the risk of default as told, in percent; the value alone needs the operator's table. */
static void take_score(const struct bureau_order *order, const struct answer_part *report)
{
	static const struct answer_place RATE[] = {{FACT_BUREAU_PD, "/riskRate", JSON_SCALE_PERCENT}};
	struct answer_part details = answer_part_at(report, "/score/details");

	answer_part_show(report, "score_status", "/score/status", NULL);
	if (!slice_eq_cstr(answer_peek(report->object, "/score/status"), "OK"))
		details.fault = "is of a score whose status is not OK";
	(void)answer_part_score(&details, "score", "/value", &order->scale);
	if (json_object_get(details.object, "riskRate"))
		answer_part_take(&details, RATE, 1);
}

static void decode_report(const struct bureau_order *order, const struct provider_question *question, json_t *root,
                          struct arena *arena, struct provider_answer *answer)
{
	struct identity answered = {.country = SLICE_NONE};
	struct answer_part report;

	(void)slice_copy(answer_text(answer, root, "reference", "/reportId"), answer->reference,
	                 sizeof(answer->reference));
	(void)answer_text(answer, root, "first_name", "/personData/firstName");
	(void)answer_text(answer, root, "last_name", "/personData/lastName");
	answered.name = name_of(question, root, arena);
	answered.street = answer_text(answer, root, "street", "/personData/addresses/currentAddress/streetWithNumber");
	answered.postal_code = answer_text(answer, root, "postal_code",
	                                   "/personData/addresses/currentAddress/postalCode");
	answered.city = answer_text(answer, root, "city", "/personData/addresses/currentAddress/city");
	if (!is_report(root))
		answer_end(answer, SOURCE_UNAVAILABLE, "answered something that is no report");
	if (!is_report(root) || is_reserved(answer, root) || is_deceased(answer, root))
		return;
	/* A report is made when it is asked for, and tells no day. */
	answer->as_of = date_of_instant(question->now_ms);
	report = answer_part_of(answer, root, arena);
	take_court(&report);
	take_claims(&report);
	take_score(order, &report);
	answer_judge(answer, question->subject, &answered, false, arena);
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	bool ordered = question->step.number == STEP_ORDER;
	size_t fetches = question->step.number;
	struct http_reply accepted = *reply;
	struct slice id;
	json_t *root;

	if (reply->code == 202)
		accepted.code = 200;
	root = ordered ? answer_open(answer, &accepted, arena) : answer_open_own(answer, &accepted, arena);
	if (!root)
		return;
	if (reply->code != 202) {
		decode_report(self, question, root, arena, answer);
		return;
	}
	id = ordered ? answer_text(answer, root, "reference", "/reportId") : slice_cstr(question->step.ref);
	if (!id.len)
		answer_end(answer, SOURCE_UNAVAILABLE, "has people look at it without telling the report's number");
	else if (fetches < FETCHES)
		answer_wait(answer, (uint8_t)(STEP_FETCH + fetches), id, (int64_t)WAITS_S[fetches] * 1000);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "did not finish its report");
}

/* --- Login -------------------------------------------------------------------------------------------- */

/* RFC 6749, 2.3.1: id and secret as the two halves of Basic, each in the form's writing. */
static struct slice basic(struct slice id, struct slice secret, struct arena *arena)
{
	struct buf pair = answer_url(arena, SLICE_NONE, ""), line = answer_url(arena, SLICE_NONE, "");

	answer_url_value(&pair, id);
	buf_char(&pair, ':');
	answer_url_value(&pair, secret);
	buf_cstr(&line, "Authorization: Basic ");
	base64_put(&line, pair.ptr, pair.len);
	return pair.overflow || line.overflow ? SLICE_NONE : buf_view(&line);
}

static enum status encode_login(const void *self, const struct provider_question *question, struct arena *arena,
                                struct http_request *ret_request, const char **ret_why)
{
	struct slice id = answer_secret(question, "client_id"), secret = answer_secret(question, "client_secret");
	struct buf url = answer_url(arena, question->base, ""), body;

	(void)self;
	if (!id.len || !secret.len) {
		*ret_why = "needs the credentials client_id and client_secret";
		return STATUS_INVALID;
	}
	body = answer_url(arena, SLICE_NONE, GRANT);
	if (ask_post(&url, &body, basic(id, secret, arena), true, ret_request) != STATUS_OK)
		return STATUS_TOO_LARGE;
	ret_request->content_type = SLICE_LIT("application/x-www-form-urlencoded");
	return ask_free(STATUS_OK, ret_request);
}

static enum status decode_login(const void *self, const struct http_reply *reply, struct arena *arena,
                                struct provider_login *ret_login)
{
	static const int64_t MOST_S = 86400, USUAL_S = 300;
	enum status status = ask_token(reply, "access_token", arena, ret_login);
	json_t *lifetime;

	(void)self;
	if (status != STATUS_OK)
		return status;
	lifetime = json_object_get(answer_tree(reply, arena), "expires_in");
	ret_login->lifetime_ms = USUAL_S * 1000;
	if (json_is_integer(lifetime) && json_integer_value(lifetime) > 0 && json_integer_value(lifetime) <= MOST_S)
		ret_login->lifetime_ms = json_integer_value(lifetime) * 1000;
	return STATUS_OK;
}

static const struct provider_codec_vtable vtable = {
        .encode = encode, .decode = decode, .encode_login = encode_login, .decode_login = decode_login};

struct provider_codec schufa_codec(const struct bureau_order *order)
{
	return (struct provider_codec){&vtable, order};
}

/* --- Configuration ------------------------------------------------------------------------------------ */

static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	unsigned interest = 0;

	load_require(load, root, "legitimate_interest");
	load_choice(load, root, "legitimate_interest", INTERESTS, &interest);
	(void)slice_copy(slice_cstr(INTERESTS[interest]), config->order.interest, sizeof(config->order.interest));
}

static struct provider_codec codec(const struct provider_config *config)
{
	return schufa_codec(&config->order);
}

const struct provider_adapter schufa_adapter = {
        .name = "schufa",
        .url = {"https://api.schufa.de/credit-report", "https://api.sandbox.schufa.de/credit-report"},
        .login_url = {"https://auth.api.schufa.de/token", "https://auth.api.sandbox.schufa.de/token"},
        .credentials = "client_id client_secret",
        .members = "legitimate_interest scale token_url",
        .configure = configure,
        .codec = codec,
};
