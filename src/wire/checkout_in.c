/* SPDX-License-Identifier: MIT */
#include "wire/checkout_in.h"

#include <stddef.h>

#include "company_fields.h"
#include "fields.h"

/* The request as its table fills it, before it becomes the use case's own types. */
struct body {
	struct identity company;
	struct identity delivery;
	bool has_delivery;
	struct slice order_ref;
	int64_t amount;
	struct slice currency;
	struct field_strings methods;
};

_Static_assert(offsetof(struct body, company) == 0, "company_fields.h");

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define STRING(member, key, need, maximum)                                        \
	{                                                                         \
		.name = SLICE_LIT(key), .kind = FIELD_STRING, .required = (need), \
		.offset = offsetof(struct body, member), .max = (maximum)         \
	}
#define OBJECT(key, need, at, table)                                                                                   \
	{                                                                                                              \
		.name = SLICE_LIT(key), .kind = FIELD_OBJECT, .required = (need), .offset = (at), .children = (table), \
		.child_count = COUNT(table)                                                                            \
	}

static const struct field order_fields[] = {
        STRING(order_ref, "ref", false, MAX_ORDER_REF),
        {.name = SLICE_LIT("amount"),
         .kind = FIELD_INTEGER,
         .required = true,
         .offset = offsetof(struct body, amount),
         .min = 1,
         .max = MAX_AMOUNT},
        STRING(currency, "currency", true, 3),
};

static const struct field delivery_fields[] = {
        STRING(delivery.name, "name", false, MAX_NAME),
        STRING(delivery.street, "street", false, MAX_STREET),
        STRING(delivery.postal_code, "postal_code", false, MAX_POSTAL_CODE),
        STRING(delivery.city, "city", false, MAX_CITY),
        STRING(delivery.country, "country", true, 2),
};

static const struct field body_fields[] = {
        COMPANY_FIELD,
        OBJECT("order", true, FIELD_NO_OFFSET, order_fields),
        OBJECT("delivery_address", false, offsetof(struct body, has_delivery), delivery_fields),
        {.name = SLICE_LIT("payment_methods"),
         .kind = FIELD_STRINGS,
         .offset = offsetof(struct body, methods),
         .min = 1,
         .max = MAX_METHOD_ID},
};

/* What no single field can tell. */
static void check_whole(const struct body *body, struct order *order, struct field_errors *errors)
{
	if (errors->count)
		return;
	if (!company_fields_identify(&body->company))
		field_errors_add(errors, "/company/name", "required");
	if (!money_currency(body->currency, &order->currency, NULL))
		field_errors_add(errors, "/order/currency", "unknown_value");
}

enum status checkout_in_parse(struct slice body, struct arena *arena, struct checkout_req *ret_req,
                              struct field_errors *ret_errors)
{
	struct body read = {0};
	struct order order = {0};
	const struct json_node *root;
	enum status status = fields_open(body, arena, &root, ret_errors);

	if (status)
		return status;
	fields_read(root, body_fields, COUNT(body_fields), &read, ret_errors);
	check_whole(&read, &order, ret_errors);
	if (ret_errors->count)
		return STATUS_INVALID;
	order.ref = read.order_ref;
	order.amount = read.amount;
	order.method_count = read.methods.count;
	for (size_t i = 0; i < read.methods.count; i++)
		order.methods[i] = read.methods.items[i];
	*ret_req = (struct checkout_req){read.company, order, read.has_delivery, read.delivery};
	return STATUS_OK;
}

void checkout_in_explain(const struct checkout_res *res, struct field_errors *ret_errors)
{
	ret_errors->count = 0;
	company_fields_explain(res->errors, res->error_count, ret_errors);
	if (res->unknown_method >= 0) {
		char mem[32];
		struct buf pointer;

		buf_init(&pointer, mem, sizeof(mem) - 1);
		buf_cstr(&pointer, "/payment_methods/");
		buf_i64(&pointer, res->unknown_method);
		mem[pointer.len] = '\0';
		field_errors_add(ret_errors, mem, "unknown_value");
	}
}
