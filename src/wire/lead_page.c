/* SPDX-License-Identifier: MIT */
#include "wire/lead_page.h"

#include <string.h>

#include "base/maxima.h"
#include "html_desk.h"
#include "html_form.h"
#include "html_out.h"
#include "wire/lead_in.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FIELD(member, key, need, maximum)                                                                         \
	{                                                                                                         \
		.name = (key), .required = (need), .max = (maximum), .offset = offsetof(struct lead_form, member) \
	}

static const struct form_field form_fields[] = {
        FIELD(key, "key", false, 2 * MAX_API_KEY),
        FIELD(once, "once", false, 2 * LEAD_PAGE_ONCE),
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
	struct html_desk desk;
	const char *key, *key_hint, *limit, *priority, *payment, *why;
	const char *unknown_key, *no_right, *running;
	const char *priorities[LEAD_HIGH + 1];
	const char *hints[2];
} words[LANG_COUNT] = {
        [LANG_DE] = {.desk = {.title = "Leads bewerten",
                              .other = "/lead/?lang=en",
                              .action = "/lead/result?lang=de#result",
                              .form = "Eine Firma",
                              .go = "Bewerten",
                              .home = "/lead/?lang=de",
                              .back = "Neue Bewertung",
                              .result = "Ergebnis"},
                     .key = "API-Schlüssel mit dem Recht „lead“",
                     .key_hint = "Der Schlüssel wird nirgends gespeichert und ist jedes Mal einzugeben.",
                     .limit = "Erstlimit",
                     .priority = "Priorität",
                     .payment = "Zahlung",
                     .why = "Was den Ausschlag gibt",
                     .unknown_key = "Der API-Schlüssel fehlt oder gilt nicht.",
                     .no_right = "Der API-Schlüssel hat das Recht „lead“ nicht.",
                     .running = "Diese Firma wird gerade bewertet. Bitte die Seite gleich noch einmal laden.",
                     .priorities = {"Niedrig", "Mittel", "Hoch"},
                     .hints = {"Vorkasse", "Rechnung"}},
        [LANG_EN] = {.desk = {.title = "Judge leads",
                              .other = "/lead/?lang=de",
                              .action = "/lead/result?lang=en#result",
                              .form = "One company",
                              .go = "Judge",
                              .home = "/lead/?lang=en",
                              .back = "Start anew",
                              .result = "Result"},
                     .key = "API key with the right “lead”",
                     .key_hint = "The key is stored nowhere and has to be entered each time.",
                     .limit = "First limit",
                     .priority = "Priority",
                     .payment = "Payment",
                     .why = "What decides",
                     .unknown_key = "The API key is missing or not valid.",
                     .no_right = "The API key does not have the right “lead”.",
                     .running = "This company is being judged. Please load the page again in a moment.",
                     .priorities = {"Low", "Medium", "High"},
                     .hints = {"Prepayment", "Invoice"}},
};

enum status lead_page_read(struct slice body, struct arena *arena, struct lead_form *ret_form, struct lead_req *ret_req,
                           struct field_errors *ret_errors)
{
	enum status status;

	memset(ret_form, 0, sizeof(*ret_form));
	status = form_in_read(body, form_fields, COUNT(form_fields), arena, ret_form, ret_errors);
	if (status != STATUS_OK)
		return status;
	return lead_in_texts(&ret_form->company, ret_form->amount, ret_req, ret_errors);
}

static void put_once(struct buf *out, struct slice once)
{
	buf_cstr(out, "<input type=\"hidden\" name=\"once\" value=\"");
	html_out_text(out, once);
	buf_cstr(out, "\">\n");
}

static void put_key(struct buf *out, bool bad_key, const struct words *say)
{
	buf_cstr(out, "<div class=\"field\"><label for=\"key\">");
	buf_cstr(out, say->key);
	buf_cstr(out, "</label><input id=\"key\" name=\"key\" type=\"password\" autocomplete=\"off\" required "
	              "maxlength=\"128\" ");
	buf_cstr(out, bad_key ? "aria-invalid=\"true\" aria-describedby=\"key-fault key-hint\">"
	                      : "aria-describedby=\"key-hint\">");
	buf_cstr(out, "</div><p class=\"hint\" id=\"key-hint\">");
	buf_cstr(out, say->key_hint);
	buf_cstr(out, "</p>\n");
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

	buf_cstr(out, "<h3>");
	html_out_text(out,
	              facts_matched(checkout->facts) ? slice_cstr(checkout->facts->name) : page->form->company.name);
	buf_cstr(out, "</h3>\n");
	html_desk_summary(out, checkout->facts, decision, page->policy, lang);
	html_desk_figure(out, say->limit);
	html_out_money(out, lead->first_limit, decision->limit.currency, lang);
	html_desk_figure_end(out);
	html_desk_figure(out, say->priority);
	buf_cstr(out, say->priorities[lead->priority]);
	html_desk_figure_end(out);
	html_desk_figure(out, say->payment);
	buf_cstr(out, say->hints[lead->invoice]);
	html_desk_figure_end(out);
	html_desk_summary_end(out);
	buf_cstr(out, "<p>");
	html_out_text(out, slice_cstr(lead_priority_text(lead->priority, lang)));
	buf_cstr(out, "</p>\n");
	put_why(out, lead, say, lang);
}

bool lead_page_is_once(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') && !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
			return false;
	return text.len == LEAD_PAGE_ONCE;
}

void lead_page_put(struct buf *out, const struct lead_page *page, enum lang lang)
{
	const struct words *say = &words[lang];
	struct html_form form = {inputs, COUNT(inputs), page->form, page->errors};
	bool bad_key = page->key != LEAD_PAGE_KEY_GOOD;

	html_desk_begin(out, &say->desk, "one", lang);
	put_once(out, page->once);
	put_key(out, bad_key, say);
	html_form_inputs(out, &form, lang);
	html_desk_answer(out, &say->desk);
	if (bad_key) {
		buf_cstr(out, "<p id=\"key-fault\" class=\"is-error\" role=\"alert\">");
		buf_cstr(out, page->key == LEAD_PAGE_KEY_UNKNOWN ? say->unknown_key : say->no_right);
		buf_cstr(out, "</p>\n");
	}
	if (page->running) {
		buf_cstr(out, "<p class=\"is-error\" role=\"alert\">");
		buf_cstr(out, say->running);
		buf_cstr(out, "</p>\n");
	}
	html_form_errors(out, &form, lang);
	if (page->res)
		put_result(out, page, say, lang);
	html_desk_end(out, lang);
}
