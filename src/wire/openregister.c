/* SPDX-License-Identifier: MIT */
#include "wire/openregister.h"

#include "answer_part.h"
#include "ask.h"
#include "provider_adapter.h"

enum { STEP_SEARCH, STEP_COMPANY, STEP_INSOLVENCY };

#define NUMBER_BYTES 32
#define PER_PAGE     20
#define YEAR_DAYS    366

static const struct answer_word STATUS[] = {{"active", REGISTER_STATUS_ACTIVE},
                                            {"inactive", REGISTER_STATUS_DELETED},
                                            {"liquidation", REGISTER_STATUS_LIQUIDATION},
                                            {NULL, 0}};

/* Where proceedings stand; that there was nothing to divide is a fact of its own. */
static const struct answer_word PROCEEDINGS[] = {{"preliminary", INSOLVENCY_APPLIED},
                                                 {"opened", INSOLVENCY_OPENED},
                                                 {"mass_insufficient", INSOLVENCY_OPENED},
                                                 {"plan_supervised", INSOLVENCY_ENDED},
                                                 {"lifted", INSOLVENCY_ENDED},
                                                 {"discontinued", INSOLVENCY_ENDED},
                                                 {"discharge_pending", INSOLVENCY_DISCHARGE_ANNOUNCED},
                                                 {"discharge_granted", INSOLVENCY_DISCHARGE_GRANTED},
                                                 {"discharge_denied", INSOLVENCY_DISCHARGE_REFUSED},
                                                 {"discharge_revoked", INSOLVENCY_DISCHARGE_REFUSED},
                                                 {NULL, 0}};

static const struct answer_place FIGURES[] = {
        {FACT_TOTAL_ASSETS, "/balance_sheet_total", JSON_SCALE_CENT},
        {FACT_EQUITY, "/equity", JSON_SCALE_CENT},
        {FACT_CASH, "/cash", JSON_SCALE_CENT},
        {FACT_REVENUE, "/revenue", JSON_SCALE_CENT},
        {FACT_NET_INCOME, "/net_income", JSON_SCALE_CENT},
        {FACT_EMPLOYEES, "/employees", JSON_SCALE_OWN},
};

#define FIGURES_COUNT (sizeof(FIGURES) / sizeof(*FIGURES))

/* --- Questions ---------------------------------------------------------------------------------------- */

static void put_filter(struct json_out *out, const char *field, struct slice value)
{
	json_out_object(out, NULL);
	json_out_cstr(out, "field", field);
	json_out_string(out, "value", value);
	json_out_object_end(out);
}

/* By number; the court is compared afterwards, because each writes it in its own way. */
static enum status encode_by_number(const struct provider_question *question, struct arena *arena,
                                    struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, "/search/company"), body, text;
	char number[NUMBER_BYTES];
	struct json_out out;
	struct slice rest;

	buf_init(&text, number, sizeof(number));
	register_number_put(&text, &question->subject->reg);
	rest = buf_view(&text);
	ask_body(&body, &out, arena);
	json_out_object(&out, NULL);
	json_out_array(&out, "filters");
	put_filter(&out, "register_type", slice_cut(&rest, ' '));
	put_filter(&out, "register_number", rest);
	json_out_array_end(&out);
	json_out_object(&out, "pagination");
	json_out_i64(&out, "page", 1);
	json_out_i64(&out, "per_page", PER_PAGE);
	json_out_object_end(&out);
	json_out_object_end(&out);
	return ask_post(&url, &body, SLICE_NONE, false, ret_request);
}

static enum status encode_search(const struct provider_question *question, struct arena *arena,
                                 struct http_request *ret_request, const char **ret_why)
{
	struct buf url;

	if (question->subject->reg.type != REGISTER_NONE)
		return encode_by_number(question, arena, ret_request);
	if (!question->subject->typed_name[0]) {
		*ret_why = "needs a register number with its court, or a name";
		return STATUS_INVALID;
	}
	url = answer_url(arena, question->base, "/autocomplete/company?query=");
	answer_url_value(&url, slice_cstr(question->subject->typed_name));
	return ask_get(&url, SLICE_NONE, true, ret_request);
}

static enum status encode_insolvency(const struct provider_question *question, struct arena *arena,
                                     struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, "/search/insolvency"), body;
	struct json_out out;

	ask_body(&body, &out, arena);
	json_out_object(&out, NULL);
	json_out_array(&out, "filters");
	put_filter(&out, "company_id", slice_cstr(question->step.ref));
	json_out_array_end(&out);
	json_out_object_end(&out);
	return ask_post(&url, &body, SLICE_NONE, false, ret_request);
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	const struct openregister *options = self;
	struct buf url;

	if (question->step.number == STEP_SEARCH)
		return encode_search(question, arena, ret_request, ret_why);
	if (question->step.number == STEP_INSOLVENCY)
		return encode_insolvency(question, arena, ret_request);
	url = answer_url(arena, question->base, "/company/");
	answer_url_value(&url, slice_cstr(question->step.ref));
	buf_cstr(&url, options->realtime ? "?realtime=true" : "");
	return ask_get(&url, SLICE_NONE, false, ret_request);
}

/* --- Answers ------------------------------------------------------------------------------------------ */

static struct identity identity_of_hit(json_t *hit)
{
	return (struct identity){.name = answer_peek(hit, "/name"),
	                         .postal_code = answer_peek(hit, "/address/postal_code"),
	                         .city = answer_peek(hit, "/address/city"),
	                         .country = answer_peek(hit, "/country"),
	                         .court = answer_peek(hit, "/register_court"),
	                         .register_type = answer_peek(hit, "/register_type"),
	                         .register_number = answer_peek(hit, "/register_number")};
}

/* The list under "results", NULL when the answer has ended. */
static json_t *results_of(struct provider_answer *answer, json_t *root)
{
	json_t *results = json_object_get(root, "results");

	if (root && !json_is_array(results))
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a list of results");
	return json_is_array(results) ? results : NULL;
}

static void decode_search(const struct provider_question *question, const struct http_reply *reply, struct arena *arena,
                          struct provider_answer *answer)
{
	json_t *hits = results_of(answer, answer_open(answer, reply, arena));

	if (hits)
		answer_follow(answer, answer_choose(answer, hits, identity_of_hit, question->subject, arena),
		              "company_id", "/company_id", STEP_COMPANY);
}

/* The youngest figures not younger than "before" (DATE_NONE = of all); the list's length when there are none. */
static size_t last_figures(const struct answer_part *company, int32_t before, int32_t *ret_day)
{
	json_t *list = json_object_get(company->object, "indicators");
	size_t found = json_array_size(list);

	*ret_day = DATE_NONE;
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part item = answer_part_item(company, "/indicators", i);
		int32_t day = answer_part_day(&item, "/date");

		if (day == DATE_NONE || day <= *ret_day || (before != DATE_NONE && day >= before))
			continue;
		*ret_day = day;
		found = i;
	}
	return found;
}

static void take_figures(const struct answer_part *company)
{
	static const struct answer_place PREVIOUS[] = {{FACT_REVENUE_PREVIOUS, "/revenue", JSON_SCALE_CENT}};
	struct answer_part figures, previous;
	int32_t day, day_before;

	figures = answer_part_item(company, "/indicators", last_figures(company, DATE_NONE, &day));
	figures.as_of = day;
	answer_part_set(&figures, FACT_ACCOUNTS_DATE, "/date", day);
	answer_part_take(&figures, FIGURES, FIGURES_COUNT);
	answer_part_show(&figures, "debts", "/liabilities", "may be without provisions; liabilities are computed");
	answer_part_liabilities(&figures);
	previous = answer_part_item(company, "/indicators", last_figures(company, day, &day_before));
	if (day == DATE_NONE || day_before == DATE_NONE || day - day_before > YEAR_DAYS)
		return;
	/* What the year before brought is a fact of this balance sheet. */
	previous.as_of = day;
	answer_part_take(&previous, PREVIOUS, 1);
}

static void take_company(const struct answer_part *company)
{
	static const struct answer_place PLACES[] = {{FACT_FOUNDED, "/incorporated_at", JSON_SCALE_OWN},
	                                             {FACT_LEGAL_FORM, "/legal_form", JSON_SCALE_OWN}};
	static const struct answer_place AMOUNT[] = {{FACT_CAPITAL, "/amount", JSON_SCALE_OWN}};
	struct answer_part capital = answer_part_at(company, "/capital");
	struct answer_part codes = answer_part_item(company, "/industry_codes/WZ2025", 0);

	answer_part_word(company, FACT_REGISTER_STATUS, "/status", STATUS);
	answer_part_take(company, PLACES, sizeof(PLACES) / sizeof(*PLACES));
	capital.as_of = answer_part_day(&capital, "/start_date");
	answer_part_currency(&capital, "/currency", false);
	answer_part_take(&capital, AMOUNT, 1);
	answer_part_show(&codes, "branch", "/code", "is of WZ 2025, branches here are of WZ 2008");
}

static struct identity take_identity(const struct answer_part *company)
{
	struct identity identity = {.name = answer_part_text(company, "name", "/name/name")};

	identity.street = answer_part_text(company, "street", "/address/street");
	identity.postal_code = answer_part_text(company, "postal_code", "/address/postal_code");
	identity.city = answer_part_text(company, "city", "/address/city");
	identity.court = answer_part_text(company, "court", "/register/register_court");
	identity.register_type = answer_part_text(company, "register_type", "/register/register_type");
	identity.register_number = answer_part_text(company, "register_number", "/register/register_number");
	identity.vat_id = answer_part_text(company, "vat_id", "/contact/vat_id");
	return identity;
}

static void decode_company(const struct openregister *options, const struct provider_question *question,
                           const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root = answer_open_own(answer, reply, arena);
	struct answer_part company;
	struct identity answered;
	struct slice id;

	if (!root)
		return;
	id = answer_text(answer, root, "reference", "/id");
	(void)slice_copy(id, answer->reference, sizeof(answer->reference));
	/* A register tells the state of the day it is asked. */
	answer->as_of = date_of_instant(question->now_ms);
	company = answer_part_of(answer, root, arena);
	answered = take_identity(&company);
	take_company(&company);
	take_figures(&company);
	answer_judge(answer, question->subject, &answered, false, arena);
	if (answer->outcome == SOURCE_ANSWER && !options->no_insolvency)
		answer_go_on(answer, STEP_INSOLVENCY, slice_cstr(question->step.ref));
}

static void take_proceedings(const struct answer_part *item)
{
	struct answer_part proceedings = *item;
	struct slice word = answer_peek(item->object, "/current_status");

	proceedings.as_of = answer_part_day(item, "/last_event_at");
	if (slice_eq_cstr(word, "rejected_no_assets"))
		answer_part_set(&proceedings, FACT_REJECTED_NO_ASSETS, "/current_status", 1);
	else
		answer_part_word(&proceedings, FACT_INSOLVENCY_STATUS, "/current_status", PROCEEDINGS);
}

/* Without this list the rest must not be taken for a company that is not insolvent. */
static void decode_insolvency(const struct provider_question *question, const struct http_reply *reply,
                              struct arena *arena, struct provider_answer *answer)
{
	json_t *root = answer_open_own(answer, reply, arena), *list = results_of(answer, root);
	struct answer_part whole;

	if (!list)
		return;
	answer_end(answer, SOURCE_ANSWER, "answered");
	whole = answer_part_of(answer, root, arena);
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part item = answer_part_item(&whole, "/results", i);

		if (slice_eq_cstr(answer_peek(item.object, "/company_id"), question->step.ref))
			take_proceedings(&item);
		else
			answer_part_show(&item, "insolvency", "/company_id", "is another company's");
	}
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	if (question->step.number == STEP_SEARCH)
		decode_search(question, reply, arena, answer);
	else if (question->step.number == STEP_COMPANY)
		decode_company(self, question, reply, arena, answer);
	else
		decode_insolvency(question, reply, arena, answer);
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec openregister_codec(const struct openregister *options)
{
	return (struct provider_codec){&vtable, options};
}

/* --- Configuration ------------------------------------------------------------------------------------ */

static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	bool insolvency = true;

	load_bool(load, root, "realtime", &config->openregister.realtime);
	load_bool(load, root, "insolvency", &insolvency);
	config->openregister.no_insolvency = !insolvency;
}

static struct provider_codec codec(const struct provider_config *config)
{
	return openregister_codec(&config->openregister);
}

const struct provider_adapter openregister_adapter = {
        .name = "openregister",
        .url = {"https://api.openregister.de/v1"},
        .needs_auth = true,
        .members = "realtime insolvency",
        .configure = configure,
        .codec = codec,
};
