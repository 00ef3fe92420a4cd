/* SPDX-License-Identifier: MIT */
#include "wire/sandbox_page.h"

#include <string.h>

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
	const char *title, *other, *action, *form, *go, *back, *result, *limit, *per_order, *advice, *methods, *reasons;
	const char *no_score, *no_reasons, *limited;
} words[LANG_COUNT] = {
        [LANG_DE] = {"Rechnung oder Vorkasse?", "/sandbox/?lang=en", "/sandbox/result?lang=de#result", "Anfrage",
                     "Entscheiden", "Zurück zu den Testfirmen", "Ergebnis", "Kreditlimit", "Höchstens je Bestellung",
                     "Empfehlung", "Zahlungsarten", "Was den Score bewegt", "Kein Score: Firma nicht bekannt.",
                     "Über diese Firma ist nichts bekannt.", "Zu viele Anfragen; bitte kurz warten."},
        [LANG_EN] = {"Invoice or prepayment?", "/sandbox/?lang=de", "/sandbox/result?lang=en#result", "Request",
                     "Decide", "Back to the test companies", "Result", "Credit limit", "At most per order",
                     "Recommendation", "Payment methods", "What moves the score", "No score: company not known.",
                     "Nothing is known about this company.", "Too many requests; please wait a moment."},
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

static struct html_form form_of(const struct sandbox_page *page)
{
	return (struct html_form){inputs, COUNT(inputs), page->form, page->errors};
}

static void put_form(struct buf *out, const struct sandbox_page *page, enum lang lang)
{
	const struct words *say = &words[lang];
	struct html_form form = form_of(page);

	buf_cstr(out,
	         "<form id=\"form\" class=\"card\" method=\"post\" autocomplete=\"off\" aria-labelledby=\"form-title\" "
	         "action=\"");
	buf_cstr(out, say->action);
	buf_cstr(out, "\"><h2 id=\"form-title\">");
	buf_cstr(out, say->form);
	buf_cstr(out, "</h2>\n");
	html_form_inputs(out, &form, lang);
	buf_cstr(out, "<button class=\"primary\">");
	buf_cstr(out, say->go);
	buf_cstr(out, "</button><p class=\"hint\"><a href=\"/sandbox/?lang=");
	buf_cstr(out, lang == LANG_DE ? "de" : "en");
	buf_cstr(out, "\">");
	buf_cstr(out, say->back);
	buf_cstr(out, "</a></p></form>\n");
}

static void put_figure(struct buf *out, const char *label, int64_t minor, struct currency currency, enum lang lang)
{
	buf_cstr(out, "<div><dt>");
	buf_cstr(out, label);
	buf_cstr(out, "</dt><dd>");
	html_out_money(out, minor, currency, lang);
	buf_cstr(out, "</dd></div>");
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
	bool matched = page->res->facts->match == MATCH_EXACT || page->res->facts->match == MATCH_FUZZY;

	html_out_light(out, decision, lang);
	buf_cstr(out, "<div class=\"figures\"><div id=\"gauge\">");
	if (matched)
		html_out_gauge(out, decision->score.score, page->policy, lang);
	else
		buf_cstr(out, say->no_score);
	buf_cstr(out, "</div><dl>");
	put_figure(out, say->limit, limit->total, limit->currency, lang);
	put_figure(out, say->per_order, limit->per_order, limit->currency, lang);
	buf_cstr(out, "</dl></div>\n<div class=\"advice\">");
	put_heading(out, say->advice);
	buf_cstr(out, "<p>");
	html_out_text(out, slice_cstr(recommendation_text(decision->recommendation, lang)));
	buf_cstr(out, "</p></div>\n");
	put_heading(out, say->methods);
	html_out_methods(out, decision, lang);
	put_heading(out, say->reasons);
	if (matched) {
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
	struct html_form form = form_of(page);

	html_out_head(out, say->title, say->other, lang);
	buf_cstr(out, "<div class=\"intro\"><h1>");
	buf_cstr(out, say->title);
	buf_cstr(out, "</h1></div>\n<div class=\"columns\">\n");
	put_form(out, page, lang);
	buf_cstr(out,
	         "<section id=\"result\" class=\"card\" aria-labelledby=\"result-title\"><h2 id=\"result-title\">");
	buf_cstr(out, say->result);
	buf_cstr(out, "</h2>\n");
	if (page->limited) {
		buf_cstr(out, "<p class=\"is-error\" role=\"alert\">");
		buf_cstr(out, say->limited);
		buf_cstr(out, "</p>\n");
	}
	html_form_errors(out, &form, lang);
	if (page->res)
		put_result(out, page, say, lang);
	buf_cstr(out, "</section></div>\n");
	html_out_foot(out, lang);
}
