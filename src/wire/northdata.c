/* SPDX-License-Identifier: MIT */
#include "wire/northdata.h"

#include "answer_part.h"
#include "ask.h"
#include "core/court.h"
#include "provider_adapter.h"

enum { STEP_COMPANY, STEP_NOTICES };

#define NUMBER_BYTES 32
#define MOST_NOTICES 100 /* ten come at a time */
#define EXTRAS       "&financials=true&events=true&eventTypes=Insolvency%7CInsolvencyChange%7CLiquidation%7CTermination"

static const struct answer_word STATUS[] = {{"active", REGISTER_STATUS_ACTIVE},
                                            {"liquidation", REGISTER_STATUS_LIQUIDATION},
                                            {"terminated", REGISTER_STATUS_DELETED},
                                            {NULL, 0}};

/* Topics of a notice; "Aufhebung" means what was there before it. */
static const struct answer_word TOPICS[] = {{"Sicherungsmassnahme", INSOLVENCY_APPLIED},
                                            {"VorlaufigerInsolvenzverwalter", INSOLVENCY_APPLIED},
                                            {"VorlaufigeEroeffnung", INSOLVENCY_APPLIED},
                                            {"Eroeffnung", INSOLVENCY_OPENED},
                                            {"Masseunzulänglichkeit", INSOLVENCY_OPENED},
                                            {"Einstellung", INSOLVENCY_ENDED},
                                            {"EinstellungMangelsMasse", INSOLVENCY_ENDED},
                                            {"AnkuendigungRestschuldbefreiung", INSOLVENCY_DISCHARGE_ANNOUNCED},
                                            {"Restschuldbefreiung", INSOLVENCY_DISCHARGE_GRANTED},
                                            {NULL, 0}};

static const struct {
	const char *id;
	enum fact_id fact;
} FIGURES[] = {{"revenue", FACT_REVENUE},
               {"earnings", FACT_NET_INCOME},
               {"equity", FACT_EQUITY},
               {"employees", FACT_EMPLOYEES}};

/* --- Questions ---------------------------------------------------------------------------------------- */

static void put_register(struct buf *url, const struct register_number *reg)
{
	char number[NUMBER_BYTES];
	struct buf text;

	buf_init(&text, number, sizeof(number));
	register_number_put(&text, reg);
	buf_cstr(url, "registerId=");
	answer_url_value(url, buf_view(&text));
	buf_cstr(url, "&registerCity=");
	answer_url_value(url, slice_cstr(court_name(reg->court)));
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	struct buf url;

	(void)self;
	if (question->step.number == STEP_NOTICES) {
		url = answer_url(arena, question->base, "/company/v1/publications?source=Ins&registerKey=");
		answer_url_value(&url, slice_cstr(question->step.ref));
		return ask_get(&url, SLICE_NONE, true, ret_request);
	}
	url = answer_url(arena, question->base, "/company/v1/company?");
	if (subject->reg.type != REGISTER_NONE) {
		put_register(&url, &subject->reg);
	} else if (subject->typed_name[0] && subject->typed_city[0]) {
		buf_cstr(&url, "name=");
		answer_url_value(&url, slice_cstr(subject->typed_name));
		buf_cstr(&url, "&address=");
		answer_url_value(&url, slice_cstr(subject->typed_city));
	} else {
		*ret_why = "needs a register number with its court, or name and city";
		return STATUS_INVALID;
	}
	buf_cstr(&url, EXTRAS);
	return ask_get(&url, SLICE_NONE, true, ret_request);
}

/* --- The company -------------------------------------------------------------------------------------- */

static struct identity take_identity(const struct answer_part *company)
{
	struct identity identity = {.name = answer_part_text(company, "name", "/name/name")};

	identity.street = answer_part_text(company, "street", "/address/street");
	identity.postal_code = answer_part_text(company, "postal_code", "/address/postalCode");
	identity.city = answer_part_text(company, "city", "/address/city");
	identity.country = answer_part_text(company, "country", "/address/country");
	identity.court = answer_part_text(company, "court", "/register/city");
	identity.register_number = answer_part_text(company, "register_number", "/register/id");
	identity.lei = answer_part_text(company, "lei", "/lei");
	return identity;
}

/* One key figure; its unit is told with each. */
static void take_figure(const struct answer_part *item, enum fact_id fact)
{
	struct answer_part figure = *item;
	struct answer_place place = {fact, "/value", JSON_SCALE_OWN};

	if (!figure.fault && json_is_true(json_object_get(item->object, "estimate")))
		figure.fault = "is an estimate";
	answer_part_currency(&figure, "/unit", false);
	answer_part_take(&figure, &place, 1);
}

static enum fact_id figure_of(struct slice id)
{
	for (size_t i = 0; i < sizeof(FIGURES) / sizeof(*FIGURES); i++) {
		if (slice_eq_nocase(id, slice_cstr(FIGURES[i].id)))
			return FIGURES[i].fact;
	}
	return FACT_NONE;
}

static void take_figures(const struct answer_part *company)
{
	struct answer_part accounts = answer_part_at(company, "/financials");
	json_t *list = json_object_get(accounts.object, "items");

	accounts.as_of = answer_part_day(&accounts, "/date");
	if (json_is_true(json_object_get(accounts.object, "consolidated")))
		accounts.fault = "is of the group, not of the company";
	if (json_array_size(list))
		answer_part_set(&accounts, FACT_ACCOUNTS_DATE, "/date", accounts.as_of);
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part item = answer_part_item(&accounts, "/items", i);
		enum fact_id fact = figure_of(answer_peek(item.object, "/id"));

		if (fact != FACT_NONE)
			take_figure(&item, fact);
		else
			answer_part_show(&item, "figure", "/id", "stands for no fact");
	}
}

static void take_capital(const struct answer_part *company)
{
	struct answer_part capital = answer_part_at(company, "/capital"), item;

	capital.as_of = answer_part_day(&capital, "/date");
	item = answer_part_item(&capital, "/items", 0);
	if (item.object)
		take_figure(&item, FACT_CAPITAL);
}

/* Whether an event tells of insolvency: that one was filed for at the least, of its day. */
static bool take_events(const struct answer_part *company)
{
	json_t *list = json_fact_at(company->object, SLICE_LIT("/events/items"));
	bool found = false;

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part event = answer_part_item(company, "/events/items", i);
		struct slice type = answer_peek(event.object, "/type");

		event.as_of = answer_part_day(&event, "/date");
		if (slice_eq_cstr(type, "Insolvency"))
			answer_part_set(&event, FACT_INSOLVENCY_STATUS, "/type", INSOLVENCY_APPLIED);
		else
			answer_part_show(&event, "event", "/type", NULL);
		found |= slice_eq_cstr(type, "Insolvency") || slice_eq_cstr(type, "InsolvencyChange");
	}
	return found;
}

static void decode_company(const struct provider_question *question, const struct http_reply *reply,
                           struct arena *arena, struct provider_answer *answer)
{
	json_t *root = answer_open(answer, reply, arena);
	struct answer_part company;
	struct identity answered;
	struct slice key;
	bool insolvent;

	if (!root)
		return;
	if (!answer_peek(root, "/name/name").len) {
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a company");
		return;
	}
	answer->as_of = answer_day(answer_peek(root, "/lastUpdateTime"));
	if (answer->as_of == DATE_NONE)
		answer->as_of = date_of_instant(question->now_ms);
	company = answer_part_of(answer, root, arena);
	answered = take_identity(&company);
	key = answer_part_text(&company, "reference", "/register/uniqueKey");
	(void)slice_copy(key, answer->reference, sizeof(answer->reference));
	answer_part_word(&company, FACT_REGISTER_STATUS, "/status", STATUS);
	answer_part_form(&company, "/name/name");
	take_capital(&company);
	take_figures(&company);
	insolvent = take_events(&company);
	answer_judge(answer, question->subject, &answered, false, arena);
	if (answer->outcome == SOURCE_ANSWER && insolvent && key.len)
		answer_go_on(answer, STEP_NOTICES, key);
}

/* --- Notices of insolvency courts --------------------------------------------------------------------- */

/* What ends with an "Aufhebung": measures before the opening, or the proceedings. */
static int64_t lifted(const struct facts *facts)
{
	const struct fact *status = &facts->items[FACT_INSOLVENCY_STATUS];

	return status->known && status->value == INSOLVENCY_APPLIED ? INSOLVENCY_APPLICATION_LIFTED : INSOLVENCY_ENDED;
}

static void take_topics(const struct answer_part *notice)
{
	json_t *list = json_fact_at(notice->object, SLICE_LIT("/structure/topics"));

	for (size_t i = 0; i < json_array_size(list); i++) {
		struct answer_part topic = answer_part_item(notice, "/structure/topics", i);
		struct slice type = answer_peek(topic.object, "/type");
		const struct answer_word *word = TOPICS;

		while (word->word && !slice_eq_cstr(type, word->word))
			word++;
		if (word->word)
			answer_part_set(&topic, FACT_INSOLVENCY_STATUS, "/type", word->value);
		else if (slice_eq_cstr(type, "Aufhebung"))
			answer_part_set(&topic, FACT_INSOLVENCY_STATUS, "/type", lifted(&topic.answer->facts));
		else if (slice_eq_cstr(type, "AbweisungMangelsMasse"))
			answer_part_set(&topic, FACT_REJECTED_NO_ASSETS, "/type", 1);
	}
}

/* The next by day, then by place, behind the one at "at" of the day "after"; MOST_NOTICES when there is none. */
static size_t next_notice(json_t *list, int32_t after, size_t at, int32_t *ret_day)
{
	size_t found = MOST_NOTICES;

	for (size_t i = 0; i < json_array_size(list) && i < MOST_NOTICES; i++) {
		int32_t day = answer_day(answer_peek(json_array_get(list, i), "/date"));

		if (day < after || (day == after && i <= at) || (found < MOST_NOTICES && day >= *ret_day))
			continue;
		found = i;
		*ret_day = day;
	}
	return found;
}

/* Notices come in no promised order, and what one lifts is what those before it had ordered. */
static void decode_notices(const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	json_t *root, *list;
	struct answer_part whole;
	int32_t day = DATE_NONE;
	size_t at;

	/* That an insolvency was filed for is known already, and worth more than nothing. */
	answer_end(answer, SOURCE_ANSWER, "answered");
	root = reply->code == 200 ? answer_tree(reply, arena) : NULL;
	list = json_object_get(root, "publications");
	whole = answer_part_of(answer, root, arena);
	at = next_notice(list, DATE_NONE + 1, MOST_NOTICES, &day);
	while (at < MOST_NOTICES) {
		struct answer_part notice = answer_part_item(&whole, "/publications", at);

		notice.as_of = day;
		take_topics(&notice);
		at = next_notice(list, day, at, &day);
	}
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	(void)self;
	if (question->step.number == STEP_NOTICES)
		decode_notices(reply, arena, answer);
	else
		decode_company(question, reply, arena, answer);
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec northdata_codec(void)
{
	return (struct provider_codec){&vtable, NULL};
}

static struct provider_codec codec(const struct provider_config *config)
{
	(void)config;
	return northdata_codec();
}

const struct provider_adapter northdata_adapter = {
        .name = "northdata", .url = {"https://www.northdata.com/_api"}, .needs_auth = true, .codec = codec};
