/* SPDX-License-Identifier: MIT */
#include "wire/form_page.h"

#include <string.h>

#include "html_form.h"
#include "html_out.h"
#include "wire/lead_in.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FIELD(member, key, need, maximum)                                                                           \
	{                                                                                                           \
		.name = (key), .required = (need), .max = (maximum), .offset = offsetof(struct public_form, member) \
	}

static const struct form_field form_fields[] = {
        FIELD(company.name, "name", true, MAX_NAME),
        FIELD(company.street, "street", false, MAX_STREET),
        FIELD(company.postal_code, "postal_code", false, MAX_POSTAL_CODE),
        FIELD(company.city, "city", false, MAX_CITY),
        FIELD(company.country, "country", true, 2),
        FIELD(company.vat_id, "vat_id", false, 2 * MAX_VAT_ID),
        FIELD(company.customer_ref, "reference", false, MAX_CUSTOMER_REF),
        FIELD(amount, "amount", false, 24),
        FIELD(token, "token", false, 160),
        FIELD(trap, "website", false, 1024),
        FIELD(lang, "lang", false, 2),
};

/* What the page shows; the reference travels hidden. */
static const struct html_input inputs[] = {
        {"name", {"Firmenname", "Company name"}, " required", offsetof(struct public_form, company.name)},
        {"street", {"Straße und Hausnummer", "Street and number"}, "", offsetof(struct public_form, company.street)},
        {"postal_code", {"Postleitzahl", "Postal code"}, "", offsetof(struct public_form, company.postal_code)},
        {"city", {"Ort", "City"}, "", offsetof(struct public_form, company.city)},
        {"country",
         {"Land (ISO, z. B. DE)", "Country (ISO, e.g. DE)"},
         " required",
         offsetof(struct public_form, company.country)},
        {"vat_id", {"USt-IdNr. (optional)", "VAT id (optional)"}, "", offsetof(struct public_form, company.vat_id)},
        {"amount",
         {"Geplanter Auftrag in EUR (optional)", "Planned order in EUR (optional)"},
         "",
         offsetof(struct public_form, amount)},
};

static const struct {
	const char *title, *confirm, *go, *trap;
} words[LANG_COUNT] = {
        [LANG_DE] = {"Firmendaten bestätigen", "Bitte prüfen Sie Ihre Angaben und senden Sie sie ab.", "Absenden",
                     "Bitte leer lassen"},
        [LANG_EN] = {"Confirm the company's details", "Please check your entries and send them.", "Send",
                     "Please leave empty"},
};

enum status form_page_read(struct slice body, struct arena *arena, struct public_form *ret_form,
                           struct lead_req *ret_req, struct field_errors *ret_errors)
{
	enum status status;

	memset(ret_form, 0, sizeof(*ret_form));
	status = form_in_read(body, form_fields, COUNT(form_fields), arena, ret_form, ret_errors);
	if (status != STATUS_OK)
		return status;
	return lead_in_texts(&ret_form->company, ret_form->amount, ret_req, ret_errors);
}

static void put_named(struct buf *out, const char *name, struct slice value)
{
	buf_cstr(out, "\" name=\"");
	buf_cstr(out, name);
	buf_cstr(out, "\" value=\"");
	html_out_text(out, value);
	buf_cstr(out, "\"");
}

static void put_hidden(struct buf *out, const char *name, struct slice value)
{
	buf_cstr(out, "<input type=\"hidden");
	put_named(out, name, value);
	buf_cstr(out, ">\n");
}

void form_page_put(struct buf *out, const struct form_page *page, enum lang lang)
{
	struct html_form form = {inputs, COUNT(inputs), page->form, page->errors};

	html_out_head(out, words[lang].title, NULL, lang);
	buf_cstr(out, "<div class=\"intro\"><h1>");
	buf_cstr(out, words[lang].title);
	buf_cstr(out, "</h1></div>\n<form class=\"card single\" method=\"post\" action=\"");
	html_out_text(out, page->action);
	buf_cstr(out, "\">\n");
	if (page->errors) {
		html_form_errors(out, &form, lang);
	} else {
		buf_cstr(out, "<p>");
		buf_cstr(out, words[lang].confirm);
		buf_cstr(out, "</p>\n");
	}
	html_form_inputs(out, &form, lang);
	buf_cstr(out, "<div class=\"visually-hidden\" aria-hidden=\"true\"><label for=\"website\">");
	buf_cstr(out, words[lang].trap);
	buf_cstr(out, "</label><input id=\"website\" tabindex=\"-1\" autocomplete=\"off");
	put_named(out, "website", SLICE_NONE);
	buf_cstr(out, "></div>\n");
	put_hidden(out, "token", page->token);
	put_hidden(out, "lang", lang == LANG_EN ? SLICE_LIT("en") : SLICE_LIT("de"));
	if (page->form->company.customer_ref.ptr)
		put_hidden(out, "reference", page->form->company.customer_ref);
	buf_cstr(out, "<button class=\"primary\">");
	buf_cstr(out, words[lang].go);
	buf_cstr(out, "</button></form>\n");
	html_out_foot(out, lang);
}
