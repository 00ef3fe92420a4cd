/* SPDX-License-Identifier: MIT */
#include "company_fields.h"

#include <stddef.h>

#include "base/maxima.h"

#define STRING(member, key, need, maximum)                                        \
	{                                                                         \
		.name = SLICE_LIT(key), .kind = FIELD_STRING, .required = (need), \
		.offset = offsetof(struct identity, member), .max = (maximum)     \
	}

static const struct field register_fields[] = {
        STRING(court, "court", true, MAX_COURT),
        STRING(register_type, "type", true, MAX_REGISTER_NUMBER),
        STRING(register_number, "number", true, MAX_REGISTER_NUMBER),
};

const struct field company_fields[COMPANY_FIELD_COUNT] = {
        STRING(name, "name", false, MAX_NAME),
        STRING(street, "street", false, MAX_STREET),
        STRING(postal_code, "postal_code", false, MAX_POSTAL_CODE),
        STRING(city, "city", false, MAX_CITY),
        STRING(country, "country", true, 2),
        STRING(vat_id, "vat_id", false, 2 * MAX_VAT_ID),
        STRING(lei, "lei", false, 2 * MAX_LEI),
        STRING(economic_id, "economic_id", false, 2 * MAX_ECONOMIC_ID),
        STRING(customer_ref, "customer_ref", false, MAX_CUSTOMER_REF),
        {.name = SLICE_LIT("register"),
         .kind = FIELD_OBJECT,
         .offset = FIELD_NO_OFFSET,
         .children = register_fields,
         .child_count = sizeof(register_fields) / sizeof(register_fields[0])},
};

static const char *const pointers[IDENTITY_FIELD_COUNT] = {
        [IDENTITY_NAME] = "/company/name",
        [IDENTITY_STREET] = "/company/street",
        [IDENTITY_POSTAL_CODE] = "/company/postal_code",
        [IDENTITY_CITY] = "/company/city",
        [IDENTITY_COUNTRY] = "/company/country",
        [IDENTITY_VAT_ID] = "/company/vat_id",
        [IDENTITY_LEI] = "/company/lei",
        [IDENTITY_ECONOMIC_ID] = "/company/economic_id",
        [IDENTITY_COURT] = "/company/register/court",
        [IDENTITY_REGISTER_TYPE] = "/company/register/type",
        [IDENTITY_REGISTER_NUMBER] = "/company/register/number",
        [IDENTITY_CUSTOMER_REF] = "/company/customer_ref",
};

bool company_fields_identify(const struct identity *company)
{
	return company->name.ptr || company->vat_id.ptr || company->lei.ptr || company->economic_id.ptr ||
	       company->register_number.ptr;
}

void company_fields_explain(const struct identity_error *found, size_t count, struct field_errors *errors)
{
	for (size_t i = 0; i < count; i++)
		field_errors_add(errors, pointers[found[i].field], identity_fault_code(found[i].fault));
}
