/* SPDX-License-Identifier: MIT */
#include "wire/form_page.h"

#include <string.h>

#include "html_out.h"

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
static const struct input {
	const char *name;
	const char *label[LANG_COUNT];
	bool required;
	size_t offset;
} inputs[] = {
        {"name", {"Firmenname", "Company name"}, true, offsetof(struct public_form, company.name)},
        {"street", {"Straße und Hausnummer", "Street and number"}, false, offsetof(struct public_form, company.street)},
        {"postal_code", {"Postleitzahl", "Postal code"}, false, offsetof(struct public_form, company.postal_code)},
        {"city", {"Ort", "City"}, false, offsetof(struct public_form, company.city)},
        {"country",
         {"Land (ISO, z. B. DE)", "Country (ISO, e.g. DE)"},
         true,
         offsetof(struct public_form, company.country)},
        {"vat_id", {"USt-IdNr. (optional)", "VAT id (optional)"}, false, offsetof(struct public_form, company.vat_id)},
        {"amount",
         {"Geplanter Auftrag in EUR (optional)", "Planned order in EUR (optional)"},
         false,
         offsetof(struct public_form, amount)},
};

static const struct {
	const char *title, *confirm, *refused, *go, *trap;
} words[LANG_COUNT] = {
        [LANG_DE] = {"Firmendaten bestätigen", "Bitte prüfen Sie Ihre Angaben und senden Sie sie ab.",
                     "Diese Angaben sind nicht zu verwenden:", "Absenden", "Bitte leer lassen"},
        [LANG_EN] = {"Confirm the company's details", "Please check your entries and send them.",
                     "These entries cannot be used:", "Send", "Please leave empty"},
};

enum status form_page_read(struct slice body, struct arena *arena, struct public_form *ret_form,
                           struct lead_req *ret_req, struct field_errors *ret_errors)
{
	struct lead_req req = {0};
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

static const struct input *input_of(const char *pointer)
{
	const char *slash = strrchr(pointer, '/');

	for (size_t i = 0; slash && i < COUNT(inputs); i++)
		if (strcmp(slash + 1, inputs[i].name) == 0)
			return &inputs[i];
	return NULL;
}

static bool is_refused(const struct field_errors *errors, const struct input *input)
{
	for (size_t i = 0; errors && i < errors->count; i++)
		if (input_of(errors->items[i].pointer) == input)
			return true;
	return false;
}

static void put_named(struct buf *out, const char *name, struct slice value)
{
	buf_cstr(out, "\" name=\"");
	buf_cstr(out, name);
	buf_cstr(out, "\" value=\"");
	html_out_text(out, value);
	buf_cstr(out, "\"");
}

static void put_input(struct buf *out, const struct form_page *page, const struct input *input, enum lang lang)
{
	struct slice value;

	memcpy(&value, (const char *)page->form + input->offset, sizeof(value));
	buf_cstr(out, "<div class=\"field\"><label for=\"");
	buf_cstr(out, input->name);
	buf_cstr(out, "\">");
	buf_cstr(out, input->label[lang]);
	buf_cstr(out, "</label><input id=\"");
	buf_cstr(out, input->name);
	put_named(out, input->name, value);
	if (input->required)
		buf_cstr(out, " required");
	if (is_refused(page->errors, input))
		buf_cstr(out, " aria-invalid=\"true\" aria-describedby=\"refused\"");
	buf_cstr(out, "></div>\n");
}

static void put_hidden(struct buf *out, const char *name, struct slice value)
{
	buf_cstr(out, "<input type=\"hidden");
	put_named(out, name, value);
	buf_cstr(out, ">\n");
}

static void put_errors(struct buf *out, const struct field_errors *errors, enum lang lang)
{
	buf_cstr(out, "<div id=\"refused\" role=\"alert\"><p class=\"is-error\">");
	buf_cstr(out, words[lang].refused);
	buf_cstr(out, "</p><ul>\n");
	for (size_t i = 0; i < errors->count; i++) {
		const struct input *input = input_of(errors->items[i].pointer);

		buf_cstr(out, "<li>");
		html_out_text(out, slice_cstr(input ? input->label[lang] : errors->items[i].pointer));
		buf_cstr(out, ": ");
		buf_cstr(out, errors->items[i].detail[lang]);
		buf_cstr(out, "</li>\n");
	}
	buf_cstr(out, "</ul></div>\n");
}

void form_page_put(struct buf *out, const struct form_page *page, enum lang lang)
{
	html_out_head(out, words[lang].title, NULL, lang);
	buf_cstr(out, "<div class=\"intro\"><h1>");
	buf_cstr(out, words[lang].title);
	buf_cstr(out, "</h1></div>\n<form class=\"card single\" method=\"post\" action=\"");
	html_out_text(out, page->action);
	buf_cstr(out, "\">\n");
	if (page->errors) {
		put_errors(out, page->errors, lang);
	} else {
		buf_cstr(out, "<p>");
		buf_cstr(out, words[lang].confirm);
		buf_cstr(out, "</p>\n");
	}
	for (size_t i = 0; i < COUNT(inputs); i++)
		put_input(out, page, &inputs[i], lang);
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
