/* SPDX-License-Identifier: MIT */
#include "creditreform_report.h"

#include "answer.h"
#include "base/money.h"
#include "core/legal_form.h"
#include "json_fact.h"

#define PDF_START     "%PDF-"
#define PDF_END       "%%EOF"
#define PDF_TAIL      1024 /* a PDF's last mark stands in its last bytes */
#define STREET_BYTES  (MAX_STREET + 1)
#define WZ_2008       "BRCDED-7"
#define DIVISION_LEN  2
#define CENTS_PER_ONE 100
#define PERCENT       100

/* Legal forms by the service's keys; those of other countries and rare ones are told by their short name. */
static const struct {
	const char *key;
	enum legal_form form;
} FORMS[] = {
        {"LEFO-DE-2", LEGAL_FORM_FREELANCER},   {"LEFO-DE-3", LEGAL_FORM_SOLE_TRADER},
        {"LEFO-DE-4", LEGAL_FORM_GBR},          {"LEFO-DE-5", LEGAL_FORM_GBR},
        {"LEFO-DE-6", LEGAL_FORM_SOLE_TRADER},  {"LEFO-DE-7", LEGAL_FORM_OHG},
        {"LEFO-DE-8", LEGAL_FORM_KG},           {"LEFO-DE-10", LEGAL_FORM_GMBH},
        {"LEFO-DE-11", LEGAL_FORM_AG},          {"LEFO-DE-12", LEGAL_FORM_EG},
        {"LEFO-DE-13", LEGAL_FORM_EV},          {"LEFO-DE-14", LEGAL_FORM_KGAA},
        {"LEFO-DE-17", LEGAL_FORM_KDOER},       {"LEFO-DE-18", LEGAL_FORM_STIFTUNG},
        {"LEFO-DE-19", LEGAL_FORM_AOER},        {"LEFO-DE-45", LEGAL_FORM_PARTG},
        {"LEFO-DE-46", LEGAL_FORM_PARTG_MBB},   {"LEFO-DE-101", LEGAL_FORM_FOREIGN},
        {"LEFO-DE-102", LEGAL_FORM_UG},         {"LEFO-DE-103", LEGAL_FORM_FOREIGN},
        {"LEFO-DE-111", LEGAL_FORM_SE},         {"LEFO-DE-142", LEGAL_FORM_GMBH_CO_KGAA},
        {"LEFO-DE-900", LEGAL_FORM_GMBH_CO_KG}, {"LEFO-DE-901", LEGAL_FORM_AG_CO_KG},
        {"LEFO-DE-912", LEGAL_FORM_UG_CO_KG},   {"LEFO-DE-914", LEGAL_FORM_SE_CO_KG},
};

/* --- Values ----------------------------------------------------------------------------------------- */

struct slice creditreform_text(struct provider_answer *answer, const struct xml_element *from, const char *name,
                               const char *path)
{
	struct provider_field field = {.name = name, .pointer = slice_cstr(path), .text = xml_text(from, path)};

	if (field.text.len)
		answer_note(answer, &field);
	return field.text.len ? field.text : SLICE_NONE;
}

/* A decimal in the fact's unit: whole EUR, percent, a count. */
static const char *read_number(enum fact_id fact, struct slice text, int64_t *ret_value)
{
	int64_t millionths, unit = MONEY_MILLION;

	if (!json_fact_decimal(text, &millionths))
		return "is no number";
	if (fact_unit(fact) == UNIT_MONEY)
		unit = MONEY_MILLION / CENTS_PER_ONE;
	else if (fact_unit(fact) == UNIT_RATIO)
		unit = PERCENT;
	else if (millionths % MONEY_MILLION != 0)
		return "is no whole number";
	*ret_value = (millionths + (millionths < 0 ? -unit / 2 : unit / 2)) / unit;
	return fact_valid(fact, *ret_value) ? NULL : "is out of range";
}

void creditreform_number(struct provider_answer *answer, const struct xml_element *from, enum fact_id fact,
                         const char *path, int32_t as_of)
{
	struct provider_field field = {
	        .name = fact_name(fact), .pointer = slice_cstr(path), .text = xml_text(from, path), .fact = fact};

	if (!field.text.len)
		return;
	field.fault = read_number(fact, field.text, &field.value);
	answer_fact(answer, &field, as_of);
}

/* --- Who it is -------------------------------------------------------------------------------------- */

/* "Hafenstr. 12 a": the service tells the parts. */
static struct slice street_of(const struct xml_element *company, struct arena *arena)
{
	static const char *const PARTS[] = {"street", "housenumber", "housenumberaffix"};
	char *mem = arena_bytes(arena, STREET_BYTES);
	struct buf street;

	buf_init(&street, mem, mem ? STREET_BYTES : 0);
	for (size_t i = 0; i < sizeof(PARTS) / sizeof(*PARTS); i++) {
		struct slice part = xml_text(company, PARTS[i]);

		if (part.len && street.len)
			buf_char(&street, ' ');
		buf_slice(&street, part);
	}
	return street.overflow ? SLICE_NONE : buf_view(&street);
}

/* The VAT id comes with or without its country. */
static struct slice vat_of(struct slice text, struct slice country, struct arena *arena)
{
	char *mem = arena_bytes(arena, MAX_VAT_ID);
	struct buf vat;

	buf_init(&vat, mem, mem ? MAX_VAT_ID : 0);
	if (text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9')
		buf_slice(&vat, country);
	buf_slice(&vat, text);
	return vat.overflow || !text.len ? SLICE_NONE : buf_view(&vat);
}

static struct identity identity_of(struct provider_answer *answer, const struct xml_element *data, struct arena *arena)
{
	const struct xml_element *company = xml_at(data, "companyidentification"), *entry = xml_at(data, "register");
	struct identity answered = {.country = xml_text(company, "country/key")};

	answered.name = creditreform_text(answer, company, "name", "companyname");
	(void)creditreform_text(answer, company, "trade_name", "tradename");
	answered.street = street_of(company, arena);
	answered.postal_code = creditreform_text(answer, company, "postal_code", "postcode");
	answered.city = creditreform_text(answer, company, "city", "city");
	answered.vat_id = vat_of(creditreform_text(answer, data, "vat_id", "taxdata/vatid"), answered.country, arena);
	answered.register_type = creditreform_text(answer, entry, "register_type", "registertype/shortdesignation");
	answered.register_number = creditreform_text(answer, entry, "register_number", "registerid");
	answered.court = creditreform_text(answer, entry, "court", "register/city");
	return answered;
}

/* --- Master data ------------------------------------------------------------------------------------ */

/* Of the service's list of states only the one of a company that is active is public. */
static void take_status(struct provider_answer *answer, const struct xml_element *company)
{
	struct provider_field field = {.name = "register_status",
	                               .pointer = SLICE_LIT("status/key"),
	                               .text = xml_text(company, "status/key"),
	                               .fact = FACT_REGISTER_STATUS,
	                               .value = REGISTER_STATUS_ACTIVE};

	if (!field.text.len)
		return;
	if (!slice_eq_cstr(field.text, "PEST-1"))
		field.fault = "is no state known here";
	(void)creditreform_text(answer, company, "status", "status/designation");
	answer_fact(answer, &field, answer->as_of);
}

static enum legal_form find_form(const struct xml_element *form)
{
	struct slice key = xml_text(form, "key");

	for (size_t i = 0; i < sizeof(FORMS) / sizeof(*FORMS); i++) {
		if (slice_eq_cstr(key, FORMS[i].key))
			return FORMS[i].form;
	}
	return legal_form_parse(xml_text(form, "shortdesignation"));
}

static void take_form(struct provider_answer *answer, const struct xml_element *data)
{
	const struct xml_element *form = xml_at(data, "legalform/presentlegalform");
	struct provider_field field = {.name = "legal_form",
	                               .pointer = SLICE_LIT("legalform/presentlegalform/key"),
	                               .text = xml_text(form, "shortdesignation"),
	                               .fact = FACT_LEGAL_FORM};

	if (!form)
		return;
	field.value = find_form(form);
	if (field.value == LEGAL_FORM_NONE)
		field.fault = "is no legal form known here";
	answer_fact(answer, &field, answer->as_of);
}

/* A year alone is taken for its last day: a company is then never older than it is. */
static void take_founded(struct provider_answer *answer, const struct xml_element *data)
{
	struct provider_field field = {.name = "founded",
	                               .pointer = SLICE_LIT("foundation/dateoffoundation"),
	                               .text = xml_text(data, "foundation/dateoffoundation"),
	                               .fact = FACT_FOUNDED};
	int32_t day = answer_day(field.text);
	uint64_t year;

	if (!field.text.len)
		return;
	if (day == DATE_NONE && field.text.len == 4 && slice_to_u64(field.text, &year) &&
	    date_from_ymd((int)year, 12, 31, &day) && answer->as_of != DATE_NONE && day > answer->as_of)
		day = answer->as_of;
	field.value = day;
	field.fault = day == DATE_NONE ? "is neither a date nor a year" : NULL;
	answer_fact(answer, &field, answer->as_of);
}

/* The division is the first two digits of a code of WZ 2008. */
static void take_branch(struct provider_answer *answer, const struct xml_element *data)
{
	const struct xml_element *type = xml_at(data, "branch/typeofbranch");
	struct provider_field field = {
	        .name = "branch", .pointer = SLICE_LIT("branch/typeofbranch/branch/code"), .fact = FACT_BRANCH};
	uint64_t division;

	while (type && !slice_eq_cstr(xml_text(type, "branchcodeedition/key"), WZ_2008))
		type = xml_next(type);
	field.text = xml_text(type, "branch/code");
	if (!field.text.len)
		return;
	if (field.text.len < DIVISION_LEN || !slice_to_u64((struct slice){field.text.ptr, DIVISION_LEN}, &division) ||
	    !fact_valid(FACT_BRANCH, (int64_t)division))
		field.fault = "is no code of WZ 2008";
	else
		field.value = (int64_t)division;
	answer_fact(answer, &field, answer->as_of);
}

static void take_capital(struct provider_answer *answer, const struct xml_element *data)
{
	const struct xml_element *holders = xml_at(data, "shareholdercapital/capacitiesshareholder");

	for (; holders; holders = xml_next(holders)) {
		const struct xml_element *capital = xml_at(holders, "sharecapital");

		if (!slice_eq_cstr(xml_text(capital, "currency/key"), "EUR"))
			continue;
		creditreform_number(answer, capital, FACT_CAPITAL, "value", answer->as_of);
		return;
	}
}

/* --- The report to keep ----------------------------------------------------------------------------- */

static bool ends_as_pdf(struct slice bytes)
{
	struct slice tail = bytes;

	if (tail.len > PDF_TAIL)
		tail = (struct slice){bytes.ptr + bytes.len - PDF_TAIL, PDF_TAIL};
	return memmem(tail.ptr, tail.len, PDF_END, sizeof(PDF_END) - 1) != NULL;
}

/* Facts are not lost with a PDF that is broken: they are told, and it is not. */
static void take_file(struct provider_answer *answer, const struct soap_reply *reply, const struct xml_element *data,
                      struct arena *arena)
{
	const struct xml_element *text = xml_at(data, "textreport");
	struct provider_field field = {.name = "report", .pointer = SLICE_LIT("textreport")};
	struct soap_file file = {.whole = false};

	if (!text)
		return;
	if (!soap_file(reply, text, arena, &file))
		field.fault = "is not there";
	else if (!slice_starts(file.bytes, SLICE_LIT(PDF_START)))
		field.fault = "is no PDF";
	else if (!file.whole || !ends_as_pdf(file.bytes))
		field.fault = "is cut off";
	else
		field.text = SLICE_LIT("application/pdf");
	answer_note(answer, &field);
	if (field.fault)
		return;
	answer->attachment = file.bytes;
	answer->attachment_type = field.text;
}

/* ---------------------------------------------------------------------------------------------------- */

static void take_data(struct provider_answer *answer, const struct xml_element *data)
{
	take_status(answer, xml_at(data, "companyidentification"));
	take_form(answer, data);
	take_founded(answer, data);
	take_branch(answer, data);
	take_capital(answer, data);
	creditreform_solvency(data, answer);
	creditreform_figures(data, answer);
}

void creditreform_report(const struct soap_reply *reply, const struct xml_element *body,
                         const struct provider_question *question, struct arena *arena, struct provider_answer *answer)
{
	const struct xml_element *data = xml_at(body, "reportdata");
	struct identity answered;
	bool negative;

	(void)slice_copy(creditreform_text(answer, body, "reference", "referencenumber"), answer->reference,
	                 sizeof(answer->reference));
	answer->as_of = answer_day(creditreform_text(answer, body, "as_of", "creationtime"));
	(void)creditreform_text(answer, body, "product", "producttype/key");
	(void)creditreform_text(answer, body, "provider", "provider");
	negative = slice_eq_cstr(creditreform_text(answer, body, "negative_report", "negativereport"), "true");
	if (!data) {
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without a report");
		return;
	}
	if (!slice_eq_cstr(xml_text(body, "identificationnumber"), question->step.ref)) {
		answer_end(answer, SOURCE_NO_DATA, "answered for another company than asked; not used");
		answer->verdict = SUBJECT_OTHER;
		return;
	}
	answered = identity_of(answer, data, arena);
	take_data(answer, data);
	answer_judge(answer, question->subject, &answered, false, arena);
	if (answer->outcome != SOURCE_ANSWER)
		return;
	take_file(answer, reply, data, arena);
	if (negative)
		answer->detail = "answered; the report is a negative one";
}
