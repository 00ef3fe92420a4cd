/* SPDX-License-Identifier: MIT */
#include "wire/prefetch_in.h"

#include "company_fields.h"

static const struct field table[] = {COMPANY_FIELD};

enum status prefetch_in_parse(struct slice body, struct arena *arena, struct identity *ret_company,
                              struct field_errors *ret_errors)
{
	struct identity company = {.name = SLICE_NONE};
	const struct json_node *root;
	enum status status = fields_open(body, arena, &root, ret_errors);

	if (status != STATUS_OK)
		return status;
	fields_read(root, table, sizeof(table) / sizeof(table[0]), &company, ret_errors);
	if (ret_errors->count == 0 && !company_fields_identify(&company))
		field_errors_add(ret_errors, "/company/name", "required");
	if (ret_errors->count > 0)
		return STATUS_INVALID;
	*ret_company = company;
	return STATUS_OK;
}

void prefetch_in_explain(const struct prefetch_res *res, struct field_errors *ret_errors)
{
	ret_errors->count = 0;
	company_fields_explain(res->errors, res->error_count, ret_errors);
}
