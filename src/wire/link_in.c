/* SPDX-License-Identifier: MIT */
#include "wire/link_in.h"

#include <stddef.h>

#include "fields.h"

static const struct field table[] = {
        {.name = SLICE_LIT("key"),
         .kind = FIELD_STRING,
         .required = true,
         .offset = offsetof(struct link_req, key),
         .max = MAX_COMPANY_KEY},
        {.name = SLICE_LIT("name"), .kind = FIELD_STRING, .offset = offsetof(struct link_req, name), .max = MAX_NAME},
};

enum status link_in_parse(struct slice body, struct arena *arena, struct link_req *ret_req,
                          struct field_errors *ret_errors)
{
	struct link_req req = {.key = SLICE_NONE};
	const struct json_node *root;
	enum status status = fields_open(body, arena, &root, ret_errors);

	if (status != STATUS_OK)
		return status;
	fields_read(root, table, sizeof(table) / sizeof(table[0]), &req, ret_errors);
	if (ret_errors->count > 0)
		return STATUS_INVALID;
	*ret_req = req;
	return STATUS_OK;
}
