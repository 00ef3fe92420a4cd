/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "import_value.h"
#include "json_in.h"

static struct slice text_at(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return SLICE_NONE;
	return (struct slice){json_string_value(value), json_string_length(value)};
}

static bool is_postal_code(struct slice word)
{
	uint64_t number;

	return word.len == 5 && slice_to_u64(word, &number);
}

/*
 * "Zum Oberwerk 6, 35510 Butzbach." The last part that begins with a postal
 * code is the city; what stands before it is the street. Without one, it is
 * all left out: a guess would not find the company.
 */
static void split_address(struct slice address, struct identity *company)
{
	for (size_t at = address.len; at-- > 0;) {
		struct slice part = {address.ptr + at, address.len - at};
		struct slice word;

		if (at && address.ptr[at - 1] != ' ')
			continue;
		word = slice_cut(&part, ' ');
		if (!is_postal_code(word) || !part.ptr)
			continue;
		company->postal_code = word;
		while (part.len && (part.ptr[part.len - 1] == '.' || part.ptr[part.len - 1] == ' '))
			part.len--;
		company->city = slice_cut(&part, ',');
		company->street = slice_trim((struct slice){address.ptr, at});
		if (company->street.len && company->street.ptr[company->street.len - 1] == ',')
			company->street.len--;
		return;
	}
}

static void take_previous(const json_t *root, struct import_row *row)
{
	const json_t *names = json_object_get(root, "previous_names");
	const json_t *item;
	size_t i;

	json_array_foreach(names, i, item)
	{
		struct slice name = json_is_string(item)
		                            ? (struct slice){json_string_value(item), json_string_length(item)}
		                            : text_at(item, "company_name");

		if (name.len && row->previous_count < IMPORT_MAX_PREVIOUS)
			row->previous_names[row->previous_count++] = name;
	}
}

static int32_t retrieved_day(const json_t *root, int32_t otherwise)
{
	struct slice text = text_at(root, "retrieved_at");
	int32_t day;

	if (text.len >= 10 && date_parse((struct slice){text.ptr, 10}, &day))
		return day;
	return otherwise;
}

static enum status take_company(const json_t *root, struct import_row *row, struct import_fault *fault)
{
	struct slice status_text = text_at(root, "current_status");
	struct slice city = text_at(json_object_get(root, "all_attributes"), "registered_office");
	int64_t status;

	row->company.name = slice_trim(text_at(root, "name"));
	row->company.country = SLICE_LIT("DE");
	if (!row->company.name.len)
		return import_refuse(fault, SLICE_LIT("name"), "is missing");
	row->id = text_at(root, "company_number");
	if (!import_register_id(row->id, &row->company))
		return import_refuse(fault, SLICE_LIT("company_number"), "is no court code, register type and number");
	split_address(text_at(root, "registered_address"), &row->company);
	if (!row->company.city.len)
		row->company.city = slice_trim(city);
	take_previous(root, row);
	if (!status_text.len)
		return STATUS_OK;
	if (import_fact_value(FACT_REGISTER_STATUS, status_text, 0, &status))
		return import_refuse(fault, SLICE_LIT("current_status"), "is unknown");
	return import_add(row, FACT_REGISTER_STATUS, status, row->as_of) ? STATUS_OK : STATUS_INTERNAL;
}

enum status import_offeneregister_row(struct slice line, struct arena *arena, int32_t as_of, struct import_row *ret_row,
                                      struct import_fault *ret_fault)
{
	struct json_in_error error;
	json_t *root;
	enum status status = json_in_parse(line, arena, &root, &error);

	if (status == STATUS_INVALID)
		return import_refuse(ret_fault, slice_cstr(error.pointer), "is no valid JSON");
	if (status)
		return status;
	if (!json_is_object(root))
		return import_refuse(ret_fault, SLICE_NONE, "is no JSON object");
	memset(ret_row, 0, sizeof(*ret_row));
	ret_row->is_company = true;
	ret_row->source = SLICE_LIT("register");
	ret_row->as_of = retrieved_day(root, as_of);
	return take_company(root, ret_row, ret_fault);
}
