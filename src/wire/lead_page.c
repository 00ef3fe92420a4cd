/* SPDX-License-Identifier: MIT */
#include "wire/lead_page.h"

#include <string.h>

#include "base/maxima.h"
#include "html_form.h"
#include "html_out.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FIELD(member, key, need, maximum)                                                                         \
	{                                                                                                         \
		.name = (key), .required = (need), .max = (maximum), .offset = offsetof(struct lead_form, member) \
	}

static const struct form_field form_fields[] = {
        FIELD(key, "key", false, 2 * MAX_API_KEY),
        FIELD(company.name, "name", true, MAX_NAME),
        FIELD(company.street, "street", false, MAX_STREET),
        FIELD(company.postal_code, "postal_code", false, MAX_POSTAL_CODE),
        FIELD(company.city, "city", false, MAX_CITY),
        FIELD(company.country, "country", true, 2),
        FIELD(company.vat_id, "vat_id", false, 2 * MAX_VAT_ID),
        FIELD(company.customer_ref, "customer_ref", false, MAX_CUSTOMER_REF),
        FIELD(amount, "amount", false, 24),
};

static const struct html_input inputs[] = {
        {"name",
         {"Firmenname", "Company name"},
         " required maxlength=\"200\"",
         offsetof(struct lead_form, company.name)},
        {"street",
         {"Straße und Hausnummer", "Street and number"},
         " maxlength=\"120\"",
         offsetof(struct lead_form, company.street)},
        {"postal_code",
         {"Postleitzahl", "Postal code"},
         " maxlength=\"12\"",
         offsetof(struct lead_form, company.postal_code)},
        {"city", {"Ort", "City"}, " maxlength=\"100\"", offsetof(struct lead_form, company.city)},
        {"country",
         {"Land (ISO)", "Country (ISO)"},
         " required maxlength=\"2\"",
         offsetof(struct lead_form, company.country)},
        {"vat_id",
         {"USt-IdNr. (optional)", "VAT id (optional)"},
         " maxlength=\"40\"",
         offsetof(struct lead_form, company.vat_id)},
        {"customer_ref",
         {"Ihre Nummer (optional)", "Your number (optional)"},
         " maxlength=\"60\"",
         offsetof(struct lead_form, company.customer_ref)},
        {"amount",
         {"Erwarteter Erstauftrag in EUR (optional)", "Expected first order in EUR (optional)"},
         " maxlength=\"16\" inputmode=\"decimal\"",
         offsetof(struct lead_form, amount)},
};

static const struct words {
	const char *title, *other, *action, *form, *key, *key_hint, *go, *back, *result, *limit, *priority, *payment,
	        *why;
	const char *no_score, *unknown_key, *no_right;
	const char *priorities[LEAD_HIGH + 1];
	const char *hints[2];
} words[LANG_COUNT] = {
        [LANG_DE] = {"Leads bewerten",
                     "/lead/?lang=en",
                     "/lead/result?lang=de#result",
                     "Eine Firma",
                     "API-Schlüssel mit dem Recht „lead“",
                     "Der Schlüssel wird nirgends gespeichert und ist jedes Mal einzugeben.",
                     "Bewerten",
                     "Neue Bewertung",
                     "Ergebnis",
                     "Erstlimit",
                     "Priorität",
                     "Zahlung",
                     "Was den Ausschlag gibt",
                     "Kein Score: Firma nicht bekannt.",
                     "Der API-Schlüssel fehlt oder gilt nicht.",
                     "Der API-Schlüssel hat das Recht „lead“ nicht.",
                     {"Niedrig", "Mittel", "Hoch"},
                     {"Vorkasse", "Rechnung"}},
        [LANG_EN] = {"Judge leads",
                     "/lead/?lang=de",
                     "/lead/result?lang=en#result",
                     "One company",
                     "API key with the right “lead”",
                     "The key is stored nowhere and has to be entered each time.",
                     "Judge",
                     "Start anew",
                     "Result",
                     "First limit",
                     "Priority",
                     "Payment",
                     "What decides",
                     "No score: company not known.",
                     "The API key is missing or not valid.",
                     "The API key does not have the right “lead”.",
                     {"Low", "Medium", "High"},
                     {"Prepayment", "Invoice"}},
};

enum status lead_page_read(struct slice body, struct arena *arena, struct lead_form *ret_form, struct lead_req *ret_req,
                           struct field_errors *ret_errors)
{
	struct lead_req req = {.amount = 0};
	enum status status;

	memset(ret_form, 0, sizeof(*ret_form));
	status = form_in_read(body, form_fields, COUNT(form_fields), arena, ret_form, ret_errors);
	if (status != STATUS_OK)
		return status;
	if (ret_form->amount.ptr && !form_in_amount(ret_form->amount, &req.amount)) {
		field_errors_add(ret_errors, "/amount", "invalid_format");
		return STATUS_INVALID;
	}
	req.company = ret_form->company;
	*ret_req = req;
	return STATUS_OK;
}

static void put_form(struct buf *out, const struct html_form *form, bool bad_key, enum lang lang)
{
	const struct words *say = &words[lang];

	buf_cstr(out,
	         "<form id=\"one\" class=\"card\" method=\"post\" autocomplete=\"off\" aria-labelledby=\"one-title\" "
	         "action=\"");
	buf_cstr(out, say->action);
	buf_cstr(out, "\"><h2 id=\"one-title\">");
	buf_cstr(out, say->form);
	buf_cstr(out, "</h2>\n<div class=\"field\"><label for=\"key\">");
	buf_cstr(out, say->key);
	buf_cstr(out, "</label><input id=\"key\" name=\"key\" type=\"password\" autocomplete=\"off\" required "
	              "maxlength=\"128\" ");
	buf_cstr(out, bad_key ? "aria-invalid=\"true\" aria-describedby=\"key-fault key-hint\">"
	                      : "aria-describedby=\"key-hint\">");
	buf_cstr(out, "</div><p class=\"hint\" id=\"key-hint\">");
	buf_cstr(out, say->key_hint);
	buf_cstr(out, "</p>\n");
	html_form_inputs(out, form, lang);
	buf_cstr(out, "<button class=\"primary\">");
	buf_cstr(out, say->go);
	buf_cstr(out, "</button><p class=\"hint\"><a href=\"/lead/?lang=");
	buf_cstr(out, lang == LANG_DE ? "de" : "en");
	buf_cstr(out, "\">");
	buf_cstr(out, say->back);
	buf_cstr(out, "</a></p></form>\n");
}

static void put_term(struct buf *out, const char *label)
{
	buf_cstr(out, "<div><dt>");
	buf_cstr(out, label);
	buf_cstr(out, "</dt><dd>");
}

static void put_why(struct buf *out, const struct lead *lead, const struct words *say, enum lang lang)
{
	if (lead->why_count == 0)
		return;
	buf_cstr(out, "<h3>");
	buf_cstr(out, say->why);
	buf_cstr(out, "</h3><ul>\n");
	for (size_t i = 0; i < lead->why_count; i++) {
		int32_t points = lead->why[i].points;

		buf_cstr(out, "<li>");
		if (points != 0) {
			buf_cstr(out, points > 0 ? "+" : "\xe2\x88\x92");
			buf_i64(out, points > 0 ? points : -points);
			buf_char(out, ' ');
		}
		html_out_text(out, slice_cstr(reason_text(lead->why[i].reason, lang)));
		buf_cstr(out, "</li>\n");
	}
	buf_cstr(out, "</ul>\n");
}

static void put_result(struct buf *out, const struct lead_page *page, const struct words *say, enum lang lang)
{
	const struct checkout_res *checkout = &page->res->checkout;
	const struct decision *decision = checkout->decision;
	const struct lead *lead = &page->res->lead;
	bool matched = checkout->facts->match == MATCH_EXACT || checkout->facts->match == MATCH_FUZZY;

	buf_cstr(out, "<h3>");
	html_out_text(out, matched ? slice_cstr(checkout->facts->name) : page->form->company.name);
	buf_cstr(out, "</h3>\n");
	html_out_light(out, decision, lang);
	buf_cstr(out, "<div class=\"figures\"><div id=\"gauge\">");
	if (matched)
		html_out_gauge(out, decision->score.score, page->policy, lang);
	else
		buf_cstr(out, say->no_score);
	buf_cstr(out, "</div><dl>");
	put_term(out, say->limit);
	html_out_money(out, lead->first_limit, decision->limit.currency, lang);
	buf_cstr(out, "</dd></div>");
	put_term(out, say->priority);
	buf_cstr(out, say->priorities[lead->priority]);
	buf_cstr(out, "</dd></div>");
	put_term(out, say->payment);
	buf_cstr(out, say->hints[lead->invoice]);
	buf_cstr(out, "</dd></div></dl></div>\n<p>");
	html_out_text(out, slice_cstr(lead_priority_text(lead->priority, lang)));
	buf_cstr(out, "</p>\n");
	put_why(out, lead, say, lang);
}

void lead_page_put(struct buf *out, const struct lead_page *page, enum lang lang)
{
	const struct words *say = &words[lang];
	struct html_form form = {inputs, COUNT(inputs), page->form, page->errors};
	bool bad_key = page->key != LEAD_PAGE_KEY_GOOD;

	html_out_head(out, say->title, say->other, lang);
	buf_cstr(out, "<div class=\"intro\"><h1>");
	buf_cstr(out, say->title);
	buf_cstr(out, "</h1></div>\n<div class=\"columns\">\n");
	put_form(out, &form, bad_key, lang);
	buf_cstr(out,
	         "<section id=\"result\" class=\"card\" aria-labelledby=\"result-title\"><h2 id=\"result-title\">");
	buf_cstr(out, say->result);
	buf_cstr(out, "</h2>\n");
	if (bad_key) {
		buf_cstr(out, "<p id=\"key-fault\" class=\"is-error\" role=\"alert\">");
		buf_cstr(out, page->key == LEAD_PAGE_KEY_UNKNOWN ? say->unknown_key : say->no_right);
		buf_cstr(out, "</p>\n");
	}
	html_form_errors(out, &form, lang);
	if (page->res)
		put_result(out, page, say, lang);
	buf_cstr(out, "</section></div>\n");
	html_out_foot(out, lang);
}
