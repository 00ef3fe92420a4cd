/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/checkout_in.h"

#define COMPANY "\"company\":{\"name\":\"Schmidt Industrie GmbH\",\"country\":\"DE\"}"
#define ORDER   "\"order\":{\"amount\":125000,\"currency\":\"EUR\"}"

static char memory[MAX_REQUEST_ARENA] __attribute__((aligned(16)));

static enum status parse_within(struct slice body, size_t cap, struct checkout_req *ret_req,
                                struct field_errors *ret_errors)
{
	struct arena arena;

	arena_init(&arena, memory, cap);
	return checkout_in_parse(body, &arena, ret_req, ret_errors);
}

static enum status parse(const char *body, struct checkout_req *ret_req, struct field_errors *ret_errors)
{
	return parse_within(slice_cstr(body), sizeof(memory), ret_req, ret_errors);
}

static const char full[] =
        "{\"company\":{\"name\":\"Schmidt Industrie GmbH\",\"street\":\"Hafenstra\xc3\x9f"
        "e 12\",\"postal_code\":\"40213\",\"city\":\"D\xc3\xbcsseldorf\",\"country\":\"DE\",\"vat_id\":\"DE136695976\","
        "\"register\":{\"court\":\"D\xc3\xbcsseldorf\",\"type\":\"HRB\",\"number\":\"12345\"},\"lei\":null,"
        "\"customer_ref\":\"K-1001\"},\"order\":{\"ref\":\"cart-77\",\"amount\":125000,\"currency\":\"EUR\"},"
        "\"delivery_address\":null,\"payment_methods\":[\"invoice\",\"sepa_debit\",\"card\",\"prepayment\"]}";

Test(checkout_in, the_documented_request_is_read_whole)
{
	struct checkout_req req;
	struct field_errors errors;

	cr_assert_eq(parse(full, &req, &errors), STATUS_OK);
	cr_assert(slice_eq_cstr(req.company.name, "Schmidt Industrie GmbH"));
	cr_assert(slice_eq_cstr(req.company.register_number, "12345"));
	cr_assert(slice_eq_cstr(req.company.customer_ref, "K-1001"));
	cr_assert_null(req.company.lei.ptr);
	cr_assert_eq(req.order.amount, 125000);
	cr_assert_str_eq(req.order.currency.code, "EUR");
	cr_assert_eq(req.order.method_count, 4);
	cr_assert(slice_eq_cstr(req.order.methods[3], "prepayment"));
	cr_assert_not(req.has_delivery_address);
}

static const struct {
	const char *body;
	const char *pointer;
	const char *code;
} faults[] = {
        {"", "", "invalid_json"},
        {"{", "", "invalid_json"},
        {"[]", "", "invalid_type"},
        {"null", "", "invalid_type"},
        {"{}x", "", "invalid_json"},
        {"{" COMPANY "}", "/order", "required"},
        {"{" ORDER "}", "/company", "required"},
        {"{" COMPANY "," ORDER ",\"extra\":1}", "/extra", "unknown_field"},
        {"{" COMPANY "," ORDER ",\"a/b~c\":1}", "/a~1b~0c", "unknown_field"},
        {"{\"company\":{\"name\":\"A\",\"country\":\"DE\",\"country\":\"AT\"}," ORDER "}", "/company/country",
         "duplicate_key"},
        {"{\"company\":{\"name\":\"A\\u0000B\",\"country\":\"DE\"}," ORDER "}", "/company/name", "nul_character"},
        {"{\"company\":{\"name\":\"A\\u0007B\",\"country\":\"DE\"}," ORDER "}", "/company/name", "control_character"},
        {"{\"company\":{\"name\":\"A\xff\",\"country\":\"DE\"}," ORDER "}", "/company/name", "invalid_encoding"},
        {"{\"company\":{\"name\":5,\"country\":\"DE\"}," ORDER "}", "/company/name", "invalid_type"},
        {"{\"company\":{\"name\":\"A\",\"country\":\"DEU\"}," ORDER "}", "/company/country", "too_long"},
        {"{\"company\":{\"country\":\"DE\"}," ORDER "}", "/company/name", "required"},
        {"{\"company\":{\"name\":\"  \",\"country\":\"DE\"}," ORDER "}", "/company/name", "required"},
        {"{\"company\":{\"name\":\"A\",\"country\":\" \"}," ORDER "}", "/company/country", "required"},
        {"{\"company\":[]," ORDER "}", "/company", "invalid_type"},
        {"{\"company\":{\"country\":\"DE\",\"register\":{\"type\":\"HRB\",\"number\":\"1\"}}," ORDER "}",
         "/company/register/court", "required"},
        {"{" COMPANY ",\"order\":{\"amount\":0,\"currency\":\"EUR\"}}", "/order/amount", "out_of_range"},
        {"{" COMPANY ",\"order\":{\"amount\":-1,\"currency\":\"EUR\"}}", "/order/amount", "out_of_range"},
        {"{" COMPANY ",\"order\":{\"amount\":1.5,\"currency\":\"EUR\"}}", "/order/amount", "invalid_type"},
        {"{" COMPANY ",\"order\":{\"amount\":\"1\",\"currency\":\"EUR\"}}", "/order/amount", "invalid_type"},
        {"{" COMPANY ",\"order\":{\"amount\":99999999999999999999,\"currency\":\"EUR\"}}", "/order/amount",
         "number_too_large"},
        {"{" COMPANY ",\"order\":{\"amount\":1,\"currency\":\"EUX\"}}", "/order/currency", "unknown_value"},
        {"{" COMPANY "," ORDER ",\"payment_methods\":[]}", "/payment_methods", "required"},
        {"{" COMPANY "," ORDER ",\"payment_methods\":\"invoice\"}", "/payment_methods", "invalid_type"},
        {"{" COMPANY "," ORDER ",\"payment_methods\":[\"invoice\",\"Bad Id\"]}", "/payment_methods/1",
         "invalid_format"},
        {"{" COMPANY "," ORDER ",\"payment_methods\":[\"invoice\",7]}", "/payment_methods/1", "invalid_type"},
        {"{" COMPANY "," ORDER ",\"payment_methods\":[\"invoice\",\"invoice\"]}", "/payment_methods/1",
         "duplicate_value"},
        {"{" COMPANY "," ORDER ",\"delivery_address\":{\"city\":\"Bonn\"}}", "/delivery_address/country", "required"},
        {"{" COMPANY "," ORDER ",\"delivery_address\":true}", "/delivery_address", "invalid_type"},
        {"{" COMPANY "," ORDER ",\"delivery_address\":{\"a\":[[1,2],[3,{\"b\":@", "/delivery_address/a/1/1/b",
         "invalid_json"},
};

Test(checkout_in, every_fault_names_its_field)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct checkout_req req;
		struct field_errors errors;

		cr_assert_eq(parse(faults[i].body, &req, &errors), STATUS_INVALID, "%s", faults[i].body);
		cr_assert_geq(errors.count, 1, "%s", faults[i].body);
		cr_expect_str_eq(errors.items[0].pointer, faults[i].pointer, "%s: %s", faults[i].body,
		                 errors.items[0].pointer);
		cr_expect_str_eq(errors.items[0].code, faults[i].code, "%s: %s", faults[i].body, errors.items[0].code);
	}
}

Test(checkout_in, several_faults_are_told_at_once)
{
	struct checkout_req req;
	struct field_errors errors;

	cr_assert_eq(parse("{\"company\":{\"name\":1,\"x\":2},\"order\":{\"amount\":\"1\"},\"y\":3}", &req, &errors),
	             STATUS_INVALID);
	cr_assert_eq(errors.count, 6);
}

Test(checkout_in, more_faults_than_fit_are_cut_not_written_beyond)
{
	static char body[32768];
	struct checkout_req req;
	struct field_errors errors;
	size_t len = 0;

	body[len++] = '{';
	for (int i = 0; i < 500; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s\"f%d\":1", i ? "," : "", i);
	body[len++] = '}';
	cr_assert_eq(parse_within((struct slice){body, len}, sizeof(memory), &req, &errors), STATUS_INVALID);
	cr_assert_eq(errors.count, MAX_ERRORS);
}

Test(checkout_in, depth_is_refused_without_harm)
{
	static char body[MAX_BODY];
	struct checkout_req req;
	struct field_errors errors;

	memset(body, '[', sizeof(body));
	enum status status = parse_within((struct slice){body, sizeof(body)}, sizeof(memory), &req, &errors);
	cr_assert(status == STATUS_INVALID || status == STATUS_TOO_LARGE);
}

/* Every allocation of the parser may be the one that fails: no crash, no half request, always TOO_LARGE. */
Test(checkout_in, allocation_failure_sweep)
{
	size_t fits = 0;

	for (size_t cap = 0; !fits && cap < sizeof(memory); cap += 16) {
		struct checkout_req req;
		struct field_errors errors;
		char *tight = aligned_alloc(16, cap ? cap : 16);
		struct arena arena;

		arena_init(&arena, tight, cap);
		enum status status = checkout_in_parse(slice_cstr(full), &arena, &req, &errors);
		cr_assert(status == STATUS_OK || status == STATUS_TOO_LARGE, "cap %zu: %s", cap, status_name(status));
		if (status == STATUS_OK)
			fits = cap;
		free(tight);
	}
	cr_assert_gt(fits, 0);
}

/* A cut-off body is never taken for a whole one, and each cut has a pointer that begins at the root. */
Test(checkout_in, every_prefix_is_refused)
{
	for (size_t len = 0; len < sizeof(full) - 1; len++) {
		struct checkout_req req;
		struct field_errors errors;

		cr_assert_eq(parse_within((struct slice){full, len}, sizeof(memory), &req, &errors), STATUS_INVALID,
		             "%zu", len);
		cr_assert(errors.items[0].pointer[0] == '\0' || errors.items[0].pointer[0] == '/');
	}
}
