/* SPDX-License-Identifier: MIT */
#include "wire/sandbox_page.h"

#include <string.h>

#include "html_desk.h"
#include "html_form.h"
#include "html_out.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FIELD(member, need, maximum)                                                                                   \
	{                                                                                                              \
		.name = #member, .required = (need), .max = (maximum), .offset = offsetof(struct sandbox_form, member) \
	}

static const struct form_field form_fields[] = {
        FIELD(name, true, MAX_NAME),          FIELD(postal_code, false, MAX_POSTAL_CODE),
        FIELD(city, false, MAX_CITY),         FIELD(country, true, 2),
        FIELD(vat_id, false, 2 * MAX_VAT_ID), FIELD(amount, true, 24),
        FIELD(green_from, false, 3),          FIELD(yellow_from, false, 3),
};

static const struct html_input inputs[] = {
        {"name", {"Firmenname", "Company name"}, " required maxlength=\"200\"", offsetof(struct sandbox_form, name)},
        {"postal_code",
         {"Postleitzahl", "Postal code"},
         " maxlength=\"12\" inputmode=\"numeric\"",
         offsetof(struct sandbox_form, postal_code)},
        {"city", {"Ort", "City"}, " maxlength=\"100\"", offsetof(struct sandbox_form, city)},
        {"country",
         {"Land (ISO)", "Country (ISO)"},
         " required maxlength=\"2\"",
         offsetof(struct sandbox_form, country)},
        {"vat_id",
         {"USt-IdNr. (optional)", "VAT id (optional)"},
         " maxlength=\"40\"",
         offsetof(struct sandbox_form, vat_id)},
        {"amount",
         {"Betrag in EUR", "Amount in EUR"},
         " required maxlength=\"16\" inputmode=\"decimal\"",
         offsetof(struct sandbox_form, amount)},
        {"green_from",
         {"Grün ab", "Green from"},
         " type=\"number\" min=\"1\" max=\"100\"",
         offsetof(struct sandbox_form, green_from)},
        {"yellow_from",
         {"Gelb ab", "Yellow from"},
         " type=\"number\" min=\"0\" max=\"99\"",
         offsetof(struct sandbox_form, yellow_from)},
};

static const struct words {
	struct html_desk desk;
	const char *limit, *per_order, *advice, *methods, *reasons, *no_reasons, *limited;
} words[LANG_COUNT] = {
        [LANG_DE] = {.desk = {.title = "Rechnung oder Vorkasse?",
                              .other = "/sandbox/?lang=en",
                              .action = "/sandbox/result?lang=de#result",
                              .form = "Anfrage",
                              .go = "Entscheiden",
                              .home = "/sandbox/?lang=de",
                              .back = "Zurück zu den Testfirmen",
                              .result = "Ergebnis"},
                     .limit = "Kreditlimit",
                     .per_order = "Höchstens je Bestellung",
                     .advice = "Empfehlung",
                     .methods = "Zahlungsarten",
                     .reasons = "Was den Score bewegt",
                     .no_reasons = "Über diese Firma ist nichts bekannt.",
                     .limited = "Zu viele Anfragen; bitte kurz warten."},
        [LANG_EN] = {.desk = {.title = "Invoice or prepayment?",
                              .other = "/sandbox/?lang=de",
                              .action = "/sandbox/result?lang=en#result",
                              .form = "Request",
                              .go = "Decide",
                              .home = "/sandbox/?lang=en",
                              .back = "Back to the test companies",
                              .result = "Result"},
                     .limit = "Credit limit",
                     .per_order = "At most per order",
                     .advice = "Recommendation",
                     .methods = "Payment methods",
                     .reasons = "What moves the score",
                     .no_reasons = "Nothing is known about this company.",
                     .limited = "Too many requests; please wait a moment."},
};

static bool read_threshold(struct slice text, const char *pointer, int32_t *ret_value, struct field_errors *errors)
{
	uint64_t value;

	if (!text.ptr)
		return true;
	if (slice_to_u64(text, &value) && value <= SCORE_MAX) {
		*ret_value = (int32_t)value;
		return true;
	}
	field_errors_add(errors, pointer, "out_of_range");
	return false;
}

enum status sandbox_page_read(struct slice body, struct arena *arena, struct sandbox_form *ret_form,
                              struct sandbox_ask *ret_ask, struct field_errors *ret_errors)
{
	struct sandbox_form *form = ret_form;
	struct sandbox_ask ask = {.green_from = ret_ask->green_from, .yellow_from = ret_ask->yellow_from};
	enum status status;

	memset(form, 0, sizeof(*form));
	status = form_in_read(body, form_fields, COUNT(form_fields), arena, form, ret_errors);
	if (status != STATUS_OK)
		return status;
	ask.req.company = (struct identity){.name = form->name,
	                                    .postal_code = form->postal_code,
	                                    .city = form->city,
	                                    .country = form->country,
	                                    .vat_id = form->vat_id};
	if (!form_in_amount(form->amount, &ask.req.order.amount))
		field_errors_add(ret_errors, "/amount", "invalid_format");
	(void)money_currency(SLICE_LIT("EUR"), &ask.req.order.currency, NULL);
	if (read_threshold(form->green_from, "/green_from", &ask.green_from, ret_errors) &&
	    read_threshold(form->yellow_from, "/yellow_from", &ask.yellow_from, ret_errors) &&
	    ask.yellow_from >= ask.green_from)
		field_errors_add(ret_errors, "/yellow_from", "out_of_range");
	if (ret_errors->count)
		return STATUS_INVALID;
	*ret_ask = ask;
	return STATUS_OK;
}

static void put_figure(struct buf *out, const char *label, int64_t minor, struct currency currency, enum lang lang)
{
	html_desk_figure(out, label);
	html_out_money(out, minor, currency, lang);
	html_desk_figure_end(out);
}

static void put_heading(struct buf *out, const char *text)
{
	buf_cstr(out, "<h3>");
	buf_cstr(out, text);
	buf_cstr(out, "</h3>");
}

static void put_result(struct buf *out, const struct sandbox_page *page, const struct words *say, enum lang lang)
{
	const struct decision *decision = page->res->decision;
	const struct credit_limit *limit = &decision->limit;

	html_desk_summary(out, page->res->facts, decision, page->policy, lang);
	put_figure(out, say->limit, limit->total, limit->currency, lang);
	put_figure(out, say->per_order, limit->per_order, limit->currency, lang);
	html_desk_summary_end(out);
	buf_cstr(out, "<div class=\"advice\">");
	put_heading(out, say->advice);
	buf_cstr(out, "<p>");
	html_out_text(out, slice_cstr(recommendation_text(decision->recommendation, lang)));
	buf_cstr(out, "</p></div>\n");
	put_heading(out, say->methods);
	html_out_methods(out, decision, lang);
	put_heading(out, say->reasons);
	if (facts_matched(page->res->facts)) {
		html_out_effects(out, decision, lang);
		return;
	}
	buf_cstr(out, "<p>");
	buf_cstr(out, say->no_reasons);
	buf_cstr(out, "</p>\n");
}

void sandbox_page_put(struct buf *out, const struct sandbox_page *page, enum lang lang)
{
	const struct words *say = &words[lang];
	struct html_form form = {inputs, COUNT(inputs), page->form, page->errors};

	html_desk_begin(out, &say->desk, "form", lang);
	html_form_inputs(out, &form, lang);
	html_desk_answer(out, &say->desk);
	if (page->limited) {
		buf_cstr(out, "<p class=\"is-error\" role=\"alert\">");
		buf_cstr(out, say->limited);
		buf_cstr(out, "</p>\n");
	}
	html_form_errors(out, &form, lang);
	if (page->res)
		put_result(out, page, say, lang);
	html_desk_end(out, lang);
}
