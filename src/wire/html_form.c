/* SPDX-License-Identifier: MIT */
#include "html_form.h"

#include <string.h>

#include "html_out.h"

static const char *const refused[LANG_COUNT] = {
        [LANG_DE] = "Diese Angaben sind nicht zu verwenden:",
        [LANG_EN] = "These entries cannot be used:",
};

static const struct html_input *input_of(const struct html_form *form, const char *pointer)
{
	const char *slash = strrchr(pointer, '/');

	for (size_t i = 0; slash && i < form->count; i++)
		if (strcmp(slash + 1, form->inputs[i].name) == 0)
			return &form->inputs[i];
	return NULL;
}

static bool is_refused(const struct html_form *form, const struct html_input *input)
{
	for (size_t i = 0; form->errors && i < form->errors->count; i++)
		if (input_of(form, form->errors->items[i].pointer) == input)
			return true;
	return false;
}

static void put_input(struct buf *out, const struct html_form *form, const struct html_input *input, enum lang lang)
{
	struct slice value;

	memcpy(&value, (const char *)form->values + input->offset, sizeof(value));
	buf_cstr(out, "<div class=\"field\"><label for=\"");
	buf_cstr(out, input->name);
	buf_cstr(out, "\">");
	buf_cstr(out, input->label[lang]);
	buf_cstr(out, "</label><input id=\"");
	buf_cstr(out, input->name);
	buf_cstr(out, "\" name=\"");
	buf_cstr(out, input->name);
	buf_cstr(out, "\"");
	buf_cstr(out, input->attributes);
	if (is_refused(form, input))
		buf_cstr(out, " aria-invalid=\"true\" aria-describedby=\"refused\"");
	buf_cstr(out, " value=\"");
	html_out_text(out, value);
	buf_cstr(out, "\"></div>\n");
}

void html_form_inputs(struct buf *out, const struct html_form *form, enum lang lang)
{
	for (size_t i = 0; i < form->count; i++)
		put_input(out, form, &form->inputs[i], lang);
}

void html_form_errors(struct buf *out, const struct html_form *form, enum lang lang)
{
	if (!form->errors || !form->errors->count)
		return;
	buf_cstr(out, "<div id=\"refused\" role=\"alert\"><p class=\"is-error\">");
	buf_cstr(out, refused[lang]);
	buf_cstr(out, "</p><ul>\n");
	for (size_t i = 0; i < form->errors->count; i++) {
		const struct field_error *error = &form->errors->items[i];
		const struct html_input *input = input_of(form, error->pointer);

		buf_cstr(out, "<li>");
		html_out_text(out, slice_cstr(input ? input->label[lang] : error->pointer));
		buf_cstr(out, ": ");
		buf_cstr(out, error->detail[lang]);
		buf_cstr(out, "</li>\n");
	}
	buf_cstr(out, "</ul></div>\n");
}
