/* SPDX-License-Identifier: MIT */
#include "wire/boniforce.h"

#include <string.h>

#include "answer_part.h"
#include "ask.h"
#include "core/court.h"
#include "provider_adapter.h"

/* Steps; a poll's number is STEP_POLL and how many there were before. */
enum { STEP_BEGIN, STEP_ORDER, STEP_REPORT, STEP_FINANCIALS, STEP_POLL };

#define NUMBER_BYTES 32
#define BETWEEN_REFS '/' /* a job and its report share one reference */

/* Half of the reports take less than two minutes; who has waited for ten waits in longer steps. */
static const int32_t WAITS_S[] = {20, 20, 20, 20, 20, 20, 30, 30, 30, 30, 60, 60, 60, 60, 120, 120, 300, 300, 600, 600};

#define POLLS (sizeof(WAITS_S) / sizeof(*WAITS_S))

static const struct answer_word STATUS[] = {
        {"active", REGISTER_STATUS_ACTIVE}, {"liquidation", REGISTER_STATUS_LIQUIDATION}, {NULL, 0}};

static const struct answer_place BALANCE[] = {
        {FACT_TOTAL_ASSETS, "/bilanzsumme", JSON_SCALE_OWN}, {FACT_CURRENT_ASSETS, "/umlaufvermoegen", JSON_SCALE_OWN},
        {FACT_EQUITY, "/eigenkapital", JSON_SCALE_OWN},      {FACT_RECEIVABLES, "/forderungen", JSON_SCALE_OWN},
        {FACT_CASH, "/liquide_mittel", JSON_SCALE_OWN},      {FACT_NET_INCOME, "/jahresueberschuss", JSON_SCALE_OWN},
};

#define BALANCE_COUNT (sizeof(BALANCE) / sizeof(*BALANCE))

/* --- Questions ---------------------------------------------------------------------------------------- */

static enum status encode_search(const struct provider_question *question, struct arena *arena,
                                 struct http_request *ret_request, const char **ret_why)
{
	struct buf url = answer_url(arena, question->base, "/v1/search?query=");

	if (!question->subject->typed_name[0]) {
		*ret_why = "needs a register number with its court, or a name";
		return STATUS_INVALID;
	}
	answer_url_value(&url, slice_cstr(question->subject->typed_name));
	return ask_get(&url, SLICE_NONE, true, ret_request);
}

static void put_register(struct json_out *out, const struct subject *subject)
{
	char number[NUMBER_BYTES];
	struct slice rest;
	struct buf text;

	buf_init(&text, number, sizeof(number));
	register_number_put(&text, &subject->reg);
	rest = buf_view(&text);
	json_out_string(out, "company_name", slice_cstr(subject->typed_name));
	json_out_string(out, "register_type", slice_cut(&rest, ' '));
	json_out_string(out, "register_number", rest);
	json_out_cstr(out, "register_court", court_name(subject->reg.court));
}

/* By what a search has found, or by the register number. */
static enum status encode_order(const struct provider_question *question, struct arena *arena,
                                struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, "/v1/reports"), body;
	struct json_out out;

	ask_body(&body, &out, arena);
	json_out_object(&out, NULL);
	if (question->step.ref[0])
		json_out_cstr(&out, "search_result_id", question->step.ref);
	else
		put_register(&out, question->subject);
	json_out_object_end(&out);
	return ask_post(&url, &body, SLICE_NONE, false, ret_request);
}

static enum status encode_get(const struct provider_question *question, const char *before, const char *behind,
                              struct arena *arena, struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, before);
	struct slice ref = slice_cstr(question->step.ref);

	answer_url_value(&url, slice_cut(&ref, BETWEEN_REFS));
	buf_cstr(&url, behind);
	return ask_free(ask_get(&url, SLICE_NONE, true, ret_request), ret_request);
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	(void)self;
	switch (question->step.number) {
	case STEP_BEGIN:
		return question->subject->reg.type == REGISTER_NONE
		               ? encode_search(question, arena, ret_request, ret_why)
		               : encode_order(question, arena, ret_request);
	case STEP_ORDER:
		return encode_order(question, arena, ret_request);
	case STEP_REPORT:
		return encode_get(question, "/v1/reports/", "", arena, ret_request);
	case STEP_FINANCIALS:
		return encode_get(question, "/v1/reports/", "/financial_data", arena, ret_request);
	default:
		return encode_get(question, "/v1/jobs/", "/status", arena, ret_request);
	}
}

/* --- Answers ------------------------------------------------------------------------------------------ */

static struct identity identity_of_hit(json_t *hit)
{
	return (struct identity){.name = answer_peek(hit, "/name"),
	                         .city = answer_peek(hit, "/registered_office"),
	                         .court = answer_peek(hit, "/register_court"),
	                         .register_type = answer_peek(hit, "/register_type"),
	                         .register_number = answer_peek(hit, "/register_number")};
}

/* The list stands alone or under a name. */
static json_t *hits_of(const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root, *hits;

	hits = answer_list(reply, arena);
	if (hits)
		return hits;
	root = answer_open(answer, reply, arena);
	hits = json_object_get(root, "results");
	if (root && !json_is_array(hits))
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a list of companies");
	return json_is_array(hits) ? hits : NULL;
}

static void decode_search(const struct provider_question *question, const struct http_reply *reply, struct arena *arena,
                          struct provider_answer *answer)
{
	json_t *hits = hits_of(reply, arena, answer);

	if (hits)
		answer_follow(answer, answer_choose(answer, hits, identity_of_hit, question->subject, arena),
		              "search_result_id", "/search_result_id", STEP_ORDER);
}

/* The reference of a job that is polled: "job/report". */
static void wait_for(struct provider_answer *answer, size_t polls, struct slice ref)
{
	if (polls < POLLS)
		answer_wait(answer, (uint8_t)(STEP_POLL + polls), ref, (int64_t)WAITS_S[polls] * 1000);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "did not finish its report");
}

static void decode_order(const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	char ref[PROVIDER_STEP_REF + 2];
	struct http_reply accepted = *reply;
	struct slice job, report;
	struct buf both;
	json_t *root;

	if (accepted.code == 202)
		accepted.code = 200;
	root = answer_open(answer, &accepted, arena);
	if (!root)
		return;
	job = answer_text(answer, root, "job_id", "/job_id");
	report = answer_text(answer, root, "report_id", "/report_id");
	buf_init(&both, ref, sizeof(ref));
	buf_slice(&both, job);
	buf_char(&both, BETWEEN_REFS);
	buf_slice(&both, report);
	if (!job.len || !report.len || both.overflow || memchr(job.ptr, BETWEEN_REFS, job.len))
		answer_end(answer, SOURCE_UNAVAILABLE, "took the order without telling job and report");
	else
		wait_for(answer, 0, buf_view(&both));
}

/* Whether the word is one of a list of words separated by blanks. */
static bool is_one_of(struct slice word, const char *list)
{
	struct slice rest = slice_cstr(list);

	while (rest.len) {
		if (slice_eq_nocase(word, slice_cut(&rest, ' ')))
			return true;
	}
	return false;
}

static void decode_poll(const struct provider_question *question, const struct http_reply *reply, struct arena *arena,
                        struct provider_answer *answer)
{
	json_t *root = answer_open_own(answer, reply, arena);
	struct slice ref = slice_cstr(question->step.ref), report = ref, status;

	if (!root)
		return;
	(void)slice_cut(&report, BETWEEN_REFS);
	status = answer_text(answer, root, "status", "/status");
	if (is_one_of(status, "completed finished"))
		answer_go_on(answer, STEP_REPORT, report);
	else if (is_one_of(status, "failed error"))
		answer_end(answer, SOURCE_UNAVAILABLE, "could not make its report");
	else if (is_one_of(status, "queued pending running processing"))
		wait_for(answer, question->step.number - STEP_POLL + 1u, ref);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "does not say how far its report is");
}

/* "Hafenstraße 12, 40213 Düsseldorf": the place is behind the last comma. */
static void read_place(struct slice address, struct identity *identity)
{
	struct slice rest = address, last = SLICE_NONE, code;

	while (rest.ptr)
		last = slice_trim(slice_cut(&rest, ','));
	rest = last;
	code = slice_cut(&rest, ' ');
	identity->city = last;
	if (code.len && rest.len && code.ptr[0] >= '0' && code.ptr[0] <= '9') {
		identity->postal_code = code;
		identity->city = rest;
	}
}

/* The last day of a year told as a number, DATE_NONE when it is none. */
static int32_t end_of_year(const json_t *year)
{
	int32_t day;

	if (!json_is_integer(year) || json_integer_value(year) < 1000 || json_integer_value(year) > 9999)
		return DATE_NONE;
	return date_from_ymd((int)json_integer_value(year), 12, 31, &day) ? day : DATE_NONE;
}

static void take_company(const struct answer_part *report)
{
	static const struct answer_place PLACES[] = {{FACT_EMPLOYEES, "/employees", JSON_SCALE_OWN},
	                                             {FACT_LEGAL_FORM, "/legal_type", JSON_SCALE_OWN}};
	struct answer_part firm = answer_part_at(report, "/company/firmographics");
	int32_t founded = end_of_year(json_object_get(firm.object, "foundation_year"));

	answer_part_take(&firm, PLACES, sizeof(PLACES) / sizeof(*PLACES));
	if (founded != DATE_NONE)
		answer_part_set(&firm, FACT_FOUNDED, "/foundation_year", founded);
	else
		answer_part_show(&firm, "founded", "/foundation_year", "is no year");
}

static void take_report(const struct bureau_order *order, const struct answer_part *whole)
{
	static const struct answer_place LIMIT[] = {{FACT_BUREAU_LIMIT, "/credit_limit", JSON_SCALE_OWN}};
	struct answer_part report = *whole;

	answer_part_currency(&report, "/currency", true);
	(void)answer_part_score(&report, "score", "/score", &order->scale);
	answer_part_take(&report, LIMIT, 1);
	answer_part_show(&report, "assessment", "/credit_assessment_result", "is shown only: the policy decides here");
	answer_part_word(&report, FACT_REGISTER_STATUS, "/status", STATUS);
	take_company(&report);
}

static void decode_report(const struct bureau_order *order, const struct provider_question *question,
                          const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root = answer_open_own(answer, reply, arena);
	struct identity answered = {.country = SLICE_NONE};
	struct slice id;
	struct answer_part report;

	if (!root)
		return;
	id = answer_text(answer, root, "reference", "/report_id");
	(void)slice_copy(id, answer->reference, sizeof(answer->reference));
	answered.name = answer_text(answer, root, "name", "/company/name");
	read_place(answer_text(answer, root, "address", "/company/address"), &answered);
	answered.court = answer_text(answer, root, "court", "/company/register_info/register_court");
	answered.register_type = answer_text(answer, root, "register_type", "/company/register_info/register_type");
	answered.register_number = answer_text(answer, root, "register_number",
	                                       "/company/register_info/register_number");
	answer->as_of = answer_day(answer_text(answer, root, "as_of", "/created_at"));
	report = answer_part_of(answer, root, arena);
	take_report(order, &report);
	answer_judge(answer, question->subject, &answered, false, arena);
	if (answer->outcome == SOURCE_ANSWER)
		answer_go_on(answer, STEP_FINANCIALS, slice_cstr(question->step.ref));
}

/* The youngest year of a list, or its length. */
static size_t last_year(json_t *list)
{
	size_t found = json_array_size(list), i;
	int32_t best = DATE_NONE;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		int32_t day = end_of_year(json_object_get(item, "jahr"));

		if (day == DATE_NONE || day <= best)
			continue;
		best = day;
		found = i;
	}
	return found;
}

/* A report without balance sheets is a report all the same, and was paid for. */
static void decode_financials(const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root, *list;
	struct answer_part whole, year;

	answer_end(answer, SOURCE_ANSWER, "answered");
	root = reply->code == 200 ? answer_tree(reply, arena) : NULL;
	list = json_object_get(root, "financials");
	if (!json_is_array(list))
		return;
	whole = answer_part_of(answer, root, arena);
	year = answer_part_item(&whole, "/financials", last_year(list));
	answer_part_currency(&year, "/currency", true);
	if (json_object_get(root, "currency"))
		answer_part_currency(&whole, "/currency", true);
	if (!year.money_fault)
		year.money_fault = whole.money_fault;
	year.as_of = end_of_year(json_object_get(year.object, "jahr"));
	answer_part_set(&year, FACT_ACCOUNTS_DATE, "/jahr", year.as_of);
	answer_part_take(&year, BALANCE, BALANCE_COUNT);
	answer_part_show(&year, "debts", "/verbindlichkeiten", "is without provisions; liabilities are computed");
	answer_part_liabilities(&year);
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	bool by_register = question->subject->reg.type != REGISTER_NONE;

	if (question->step.number == STEP_BEGIN && !by_register)
		decode_search(question, reply, arena, answer);
	else if (question->step.number <= STEP_ORDER)
		decode_order(reply, arena, answer);
	else if (question->step.number == STEP_REPORT)
		decode_report(self, question, reply, arena, answer);
	else if (question->step.number == STEP_FINANCIALS)
		decode_financials(reply, arena, answer);
	else
		decode_poll(question, reply, arena, answer);
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec boniforce_codec(const struct bureau_order *order)
{
	return (struct provider_codec){&vtable, order};
}

static struct provider_codec codec(const struct provider_config *config)
{
	return boniforce_codec(&config->order);
}

const struct provider_adapter boniforce_adapter = {.name = "boniforce",
                                                   .url = {"https://api.boniforce.de"},
                                                   .needs_auth = true,
                                                   .members = "scale",
                                                   .codec = codec};
