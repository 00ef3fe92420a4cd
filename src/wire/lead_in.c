/* SPDX-License-Identifier: MIT */
#include "wire/lead_in.h"

#include <stddef.h>
#include <string.h>

#include "company_fields.h"
#include "fields.h"
#include "wire/form_in.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
_Static_assert(offsetof(struct lead_req, company) == 0, "company_fields.h");

static const struct field lead_fields[] = {
        COMPANY_FIELD,
        {.name = SLICE_LIT("expected_amount"),
         .kind = FIELD_INTEGER,
         .offset = offsetof(struct lead_req, amount),
         .min = 1,
         .max = MAX_AMOUNT},
};

static const struct slice leads_key = SLICE_LIT("leads");

/* One company's form. */
struct form {
	struct identity company;
	struct slice amount;
};

#define INPUT(member, key, need, maximum)                                                                    \
	{                                                                                                    \
		.name = (key), .required = (need), .max = (maximum), .offset = offsetof(struct form, member) \
	}

static const struct form_field form_fields[] = {
        INPUT(company.name, "name", false, MAX_NAME),
        INPUT(company.street, "street", false, MAX_STREET),
        INPUT(company.postal_code, "postal_code", false, MAX_POSTAL_CODE),
        INPUT(company.city, "city", false, MAX_CITY),
        INPUT(company.country, "country", true, 2),
        INPUT(company.vat_id, "vat_id", false, 2 * MAX_VAT_ID),
        INPUT(company.lei, "lei", false, 2 * MAX_LEI),
        INPUT(company.economic_id, "economic_id", false, 2 * MAX_ECONOMIC_ID),
        INPUT(company.court, "register_court", false, MAX_COURT),
        INPUT(company.register_type, "register_type", false, MAX_REGISTER_NUMBER),
        INPUT(company.register_number, "register_number", false, MAX_REGISTER_NUMBER),
        INPUT(company.customer_ref, "customer_ref", false, MAX_CUSTOMER_REF),
        INPUT(amount, "amount", false, 24),
};

static enum status read_entry(const struct json_node *object, struct arena *arena, struct lead_entry *entry)
{
	struct field_errors errors = {0};

	fields_read(object, lead_fields, COUNT(lead_fields), &entry->req, &errors);
	if (!errors.count && !company_fields_identify(&entry->req.company))
		field_errors_add(&errors, "/company/name", "required");
	if (!errors.count)
		return STATUS_OK;
	entry->errors = arena_alloc(arena, sizeof(errors));
	if (!entry->errors)
		return STATUS_NO_MEMORY;
	*entry->errors = errors;
	return STATUS_OK;
}

static enum status read_list(const struct json_node *root, struct arena *arena, struct lead_list *list,
                             struct field_errors *errors)
{
	const struct json_node *leads = json_tree_member(root, leads_key);

	if (leads->kind != JSON_KIND_ARRAY)
		field_errors_add(errors, "/leads", "invalid_type");
	else if (root->count != 1)
		field_errors_add(errors, "", "unknown_field");
	else if (leads->count == 0 || leads->count > MAX_LEADS)
		field_errors_add(errors, "/leads", leads->count ? "too_many" : "required");
	if (errors->count)
		return STATUS_INVALID;
	for (const struct json_node *lead = leads->first; lead; lead = lead->next) {
		enum status status = read_entry(lead, arena, &list->entries[list->count++]);

		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

enum status lead_in_json(struct slice body, struct arena *arena, struct lead_list *ret_list,
                         struct field_errors *ret_errors)
{
	const struct json_node *root;
	enum status status = fields_open(body, arena, &root, ret_errors);

	memset(ret_list, 0, sizeof(*ret_list));
	if (status != STATUS_OK)
		return status;
	if (json_tree_member(root, leads_key))
		return read_list(root, arena, ret_list, ret_errors);
	ret_list->single = true;
	ret_list->count = 1;
	return read_entry(root, arena, &ret_list->entries[0]);
}

enum status lead_in_texts(const struct identity *company, struct slice amount, struct lead_req *ret_req,
                          struct field_errors *ret_errors)
{
	struct lead_req req = {.company = *company};

	if (amount.ptr && !form_in_amount(amount, &req.amount)) {
		field_errors_add(ret_errors, "/amount", "invalid_format");
		return STATUS_INVALID;
	}
	*ret_req = req;
	return STATUS_OK;
}

enum status lead_in_form(struct slice body, struct arena *arena, struct lead_list *ret_list,
                         struct field_errors *ret_errors)
{
	struct lead_entry *entry = &ret_list->entries[0];
	struct form form = {0};
	enum status status = form_in_read(body, form_fields, COUNT(form_fields), arena, &form, ret_errors);

	memset(ret_list, 0, sizeof(*ret_list));
	if (status != STATUS_OK)
		return status;
	if (!company_fields_identify(&form.company))
		field_errors_add(ret_errors, "/name", "required");
	status = lead_in_texts(&form.company, form.amount, &entry->req, ret_errors);
	ret_list->single = true;
	ret_list->count = 1;
	return ret_errors->count ? STATUS_INVALID : status;
}

void lead_in_explain(const struct identity_error *found, size_t count, struct field_errors *ret_errors)
{
	ret_errors->count = 0;
	company_fields_explain(found, count, ret_errors);
}
