/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <string.h>

#include "core/court.h"
#include "core/fold.h"
#include "core/identity.h"

static char memory[1 << 16] __attribute__((aligned(16)));
static struct arena arena;
static struct identity_error errors[IDENTITY_FIELD_COUNT];
static size_t error_count;

static enum status normalise(const struct identity *raw, struct identity_norm *norm)
{
	arena_init(&arena, memory, sizeof(memory));
	error_count = 0;
	return identity_normalise(raw, &arena, norm, errors, IDENTITY_FIELD_COUNT, &error_count);
}

static struct company_key key_of(const struct identity *raw)
{
	struct identity_norm norm;
	struct company_key key;

	cr_assert_eq(normalise(raw, &norm), STATUS_OK, "%s: %s", identity_field_name(errors[0].field),
	             identity_fault_code(errors[0].fault));
	cr_assert_eq(identity_key(&norm, &key), STATUS_OK);
	return key;
}

static const struct identity schmidt = {
        .name = SLICE_LIT("Schmidt Industrie GmbH"),
        .street = SLICE_LIT("Hafenstraße 12"),
        .postal_code = SLICE_LIT("40213"),
        .city = SLICE_LIT("Düsseldorf"),
        .country = SLICE_LIT("DE"),
        .vat_id = SLICE_LIT("DE136695976"),
        .court = SLICE_LIT("Düsseldorf"),
        .register_type = SLICE_LIT("HRB"),
        .register_number = SLICE_LIT("12345"),
        .customer_ref = SLICE_LIT("K-1001"),
};

Test(identity, normalises_every_field)
{
	struct identity raw = schmidt;
	struct identity_norm norm;

	raw.lei = SLICE_LIT("5493 001k-jtiigc8y1r12");
	raw.economic_id = SLICE_LIT("de 136 695 976-00002");
	cr_assert_eq(normalise(&raw, &norm), STATUS_OK);
	cr_expect_str_eq(norm.country, "DE");
	cr_expect_str_eq(norm.vat_id, "DE136695976");
	cr_expect_str_eq(norm.lei, "5493001KJTIIGC8Y1R12");
	cr_expect_str_eq(norm.economic_id, "DE136695976-00002");
	cr_expect_eq(norm.reg.type, REGISTER_HRB);
	cr_expect_eq(norm.reg.number, 12345);
	cr_expect_str_eq(court_code(norm.reg.court), "R1101");
	cr_expect_str_eq(norm.postal_code, "40213");
	cr_expect(slice_eq_cstr(norm.name, "schmidt industrie gmbh"));
	cr_expect(slice_eq_cstr(norm.core, "schmidt industrie"));
	cr_expect(slice_eq_cstr(norm.compact, "schmidtindustrie"));
	cr_expect(slice_eq_cstr(norm.street, "hafenstrasse 12"));
	cr_expect(slice_eq_cstr(norm.city, "duesseldorf"));
	cr_expect_eq(norm.form, LEGAL_FORM_GMBH);
}

Test(identity, absent_and_blank_fields_are_no_fault)
{
	struct identity raw = {.name = SLICE_LIT("  "), .vat_id = SLICE_LIT(""), .court = SLICE_LIT(" ")};
	struct identity_norm norm;
	struct company_key key;

	cr_assert_eq(normalise(&raw, &norm), STATUS_OK);
	cr_expect_eq(error_count, 0);
	cr_expect_eq(norm.reg.type, REGISTER_NONE);
	cr_expect_eq(norm.form, LEGAL_FORM_NONE);
	cr_expect_eq(identity_key(&norm, &key), STATUS_INVALID, "nothing identifies");
	cr_expect_eq(identity_all_keys(&norm, &key, 1), 0);
}

static const struct {
	const char *what;
	struct identity raw;
	struct identity_error error;
} refused[] = {
        {"country format", {.country = SLICE_LIT("DEU")}, {IDENTITY_COUNTRY, IDENTITY_FAULT_FORMAT}},
        {"no such country", {.country = SLICE_LIT("XX")}, {IDENTITY_COUNTRY, IDENTITY_FAULT_UNKNOWN}},
        {"postal code",
         {.country = SLICE_LIT("DE"), .postal_code = SLICE_LIT("4021")},
         {IDENTITY_POSTAL_CODE, IDENTITY_FAULT_FORMAT}},
        {"VAT id format", {.vat_id = SLICE_LIT("DE13669597")}, {IDENTITY_VAT_ID, IDENTITY_FAULT_FORMAT}},
        {"VAT id digit", {.vat_id = SLICE_LIT("DE123456789")}, {IDENTITY_VAT_ID, IDENTITY_FAULT_CHECK_DIGIT}},
        {"VAT id state", {.vat_id = SLICE_LIT("ZZ123456789")}, {IDENTITY_VAT_ID, IDENTITY_FAULT_UNKNOWN}},
        {"LEI digits", {.lei = SLICE_LIT("5493001KJTIIGC8Y1R13")}, {IDENTITY_LEI, IDENTITY_FAULT_CHECK_DIGIT}},
        {"economic id",
         {.economic_id = SLICE_LIT("DE123456789-00001")},
         {IDENTITY_ECONOMIC_ID, IDENTITY_FAULT_CHECK_DIGIT}},
        {"no such court", {.court = SLICE_LIT("Atlantis")}, {IDENTITY_COURT, IDENTITY_FAULT_UNKNOWN}},
        {"no such register", {.register_type = SLICE_LIT("HRX")}, {IDENTITY_REGISTER_TYPE, IDENTITY_FAULT_UNKNOWN}},
        {"number without court",
         {.register_type = SLICE_LIT("HRB"), .register_number = SLICE_LIT("1")},
         {IDENTITY_COURT, IDENTITY_FAULT_MISSING}},
        {"number without type",
         {.court = SLICE_LIT("Köln"), .register_number = SLICE_LIT("1")},
         {IDENTITY_REGISTER_TYPE, IDENTITY_FAULT_MISSING}},
        {"number unreadable",
         {.court = SLICE_LIT("Köln"), .register_type = SLICE_LIT("HRB"), .register_number = SLICE_LIT("x1")},
         {IDENTITY_REGISTER_NUMBER, IDENTITY_FAULT_FORMAT}},
        {"number of another court",
         {.court = SLICE_LIT("Köln"), .register_number = SLICE_LIT("HRB 1, Amtsgericht Bonn")},
         {IDENTITY_REGISTER_NUMBER, IDENTITY_FAULT_FORMAT}},
        {"number of another type",
         {.court = SLICE_LIT("Köln"), .register_type = SLICE_LIT("HRA"), .register_number = SLICE_LIT("HRB 1")},
         {IDENTITY_REGISTER_NUMBER, IDENTITY_FAULT_FORMAT}},
        {"name not UTF-8", {.name = SLICE_LIT("M\xFCller")}, {IDENTITY_NAME, IDENTITY_FAULT_ENCODING}},
        {"name with NUL", {.name = SLICE_LIT("M\0ller")}, {IDENTITY_NAME, IDENTITY_FAULT_ENCODING}},
        {"name of marks only", {.name = SLICE_LIT("---")}, {IDENTITY_NAME, IDENTITY_FAULT_FORMAT}},
        {"street with a control", {.street = SLICE_LIT("A\x1B[0m")}, {IDENTITY_STREET, IDENTITY_FAULT_ENCODING}},
        {"city not UTF-8", {.city = SLICE_LIT("\xFF")}, {IDENTITY_CITY, IDENTITY_FAULT_ENCODING}},
        {"reference not UTF-8", {.customer_ref = SLICE_LIT("\xFF")}, {IDENTITY_CUSTOMER_REF, IDENTITY_FAULT_ENCODING}},
};

Test(identity, names_the_field_and_the_fault)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct identity_norm norm;
		cr_expect_eq(normalise(&refused[i].raw, &norm), STATUS_INVALID, "%s", refused[i].what);
		cr_expect_eq(error_count, 1, "%s: %zu errors", refused[i].what, error_count);
		cr_expect_eq(errors[0].field, refused[i].error.field, "%s: %s", refused[i].what,
		             identity_field_name(errors[0].field));
		cr_expect_eq(errors[0].fault, refused[i].error.fault, "%s: %s", refused[i].what,
		             identity_fault_code(errors[0].fault));
	}
}

Test(identity, refuses_what_is_too_long)
{
	static char text[1024];
	struct identity_norm norm;

	memset(text, 'a', sizeof(text));
	struct slice longest = {text, sizeof(text)};
	struct identity raw = {longest, longest, longest, longest, longest, longest,
	                       longest, longest, longest, longest, longest, longest};
	cr_assert_eq(normalise(&raw, &norm), STATUS_INVALID);
	cr_assert_eq(error_count, IDENTITY_FIELD_COUNT);
	for (size_t i = 0; i < error_count; i++) {
		cr_expect_eq(errors[i].field, (enum identity_field)i, "field order");
		cr_expect_eq(errors[i].fault, IDENTITY_FAULT_TOO_LONG);
	}
	cr_expect_eq(identity_normalise(&raw, &arena, &norm, errors, 2, &error_count), STATUS_INVALID);
	cr_expect_eq(error_count, 2, "at most cap errors are reported");
	memset(text, '+', MAX_NAME); /* grows beyond the maximum when folded */
	raw = (struct identity){.name = {text, MAX_NAME}};
	cr_expect_eq(normalise(&raw, &norm), STATUS_OK);
}

Test(identity, what_outgrows_the_maximum_when_folded_is_too_long_and_never_cut)
{
	static const char LIGATURE[] = "\xEF\xB7\xBA"; /* three bytes for eighteen characters */
	struct identity raw = {.country = SLICE_LIT("DE")};
	struct identity_norm norm;
	static char text[MAX_NAME];

	for (size_t i = 0; i + 3 <= MAX_NAME; i++)
		text[i] = LIGATURE[i % 3];
	for (size_t count = 1; count <= MAX_NAME / 3; count++) {
		enum status status;

		raw.name = (struct slice){text, 3 * count};
		status = normalise(&raw, &norm);
		if (status == STATUS_OK) {
			cr_expect_leq(norm.name.len, FOLD_MAX_OUTPUT);
			continue;
		}
		cr_assert_eq(status, STATUS_INVALID);
		cr_assert_eq(error_count, 1);
		cr_expect_eq(errors[0].field, IDENTITY_NAME);
		cr_expect_eq(errors[0].fault, IDENTITY_FAULT_TOO_LONG, "%zu", count);
	}
	cr_expect_eq(normalise(&raw, &norm), STATUS_INVALID, "170 of them are 3,060 characters");
}

Test(identity, an_exhausted_arena_is_no_memory_and_nothing_else)
{
	static char small[512] __attribute__((aligned(16)));
	struct identity_norm norm;
	size_t worked = 0;

	for (size_t cap = 0; cap <= sizeof(small); cap += 8) {
		struct arena little;
		arena_init(&little, small, cap);
		enum status status = identity_normalise(&schmidt, &little, &norm, errors, IDENTITY_FIELD_COUNT,
		                                        &error_count);
		cr_assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
		cr_assert(!(worked && status != STATUS_OK), "more room never fails where less was enough");
		worked += status == STATUS_OK;
	}
	cr_expect_gt(worked, 0);
}

/* Each row is the same company as Schmidt Industrie GmbH, typed by somebody else. */
static const struct identity same_number[] = {
        {.court = SLICE_LIT("Düsseldorf"), .register_type = SLICE_LIT("HRB"), .register_number = SLICE_LIT("12345")},
        {.court = SLICE_LIT("AG DUESSELDORF"), .register_number = SLICE_LIT("hrb 12345")},
        {.court = SLICE_LIT("Amtsgericht Dusseldorf"), .register_number = SLICE_LIT("HRB12345")},
        {.court = SLICE_LIT("R1101"), .register_type = SLICE_LIT("HR B"), .register_number = SLICE_LIT("012345")},
        {.register_number = SLICE_LIT("Amtsgericht Düsseldorf, HRB 12345")},
        {.register_number = SLICE_LIT("HRB 12345 (AG Düsseldorf)")},
        {.register_number = SLICE_LIT("12345 HRB Düsseldorf")},
        {.register_number = SLICE_LIT("DER1101.HRB12345")},
        {.register_number = SLICE_LIT("R1101_HRB12345")},
        {.register_type = SLICE_LIT("HRB"), .register_number = SLICE_LIT("HRB Nr. 12.345, Registergericht Düsseldorf")},
};

Test(identity, key_is_stable_under_spelling_of_the_number)
{
	for (size_t i = 0; i < sizeof(same_number) / sizeof(same_number[0]); i++)
		cr_expect_str_eq(key_of(&same_number[i]).text, "reg:R1101:HRB:12345", "row %zu", i);
}

static const char *const same_name[] = {
        "Müller & Söhne Handelsgesellschaft mbH & Co. KG",
        "MÜLLER & SÖHNE HANDELSGESELLSCHAFT MBH & CO. KG",
        "Mueller und Soehne Handels-GmbH & Co KG",
        "Müller u. Söhne Handelsgesellschaft mit beschränkter Haftung & Co. Kommanditgesellschaft",
        "Müller + Söhne Handels G.m.b.H. und Co. K.G.",
        "„Müller & Söhne“ HandelsGmbH & Co.KG",
        "Mu\xCC\x88ller & So\xCC\x88hne Handels GmbH u. Co. KG i.L.",
};

Test(identity, key_is_stable_under_spelling_of_the_name)
{
	struct identity raw = {.country = SLICE_LIT("DE"), .postal_code = SLICE_LIT("50667")};
	struct company_key first;

	raw.name = slice_cstr(same_name[0]);
	first = key_of(&raw);
	cr_expect(strncmp(first.text, "name:DE:50667:", 14) == 0, "%s", first.text);
	cr_expect_eq(strlen(first.text), 14 + 32);
	for (size_t i = 1; i < sizeof(same_name) / sizeof(same_name[0]); i++) {
		raw.name = slice_cstr(same_name[i]);
		cr_expect_str_eq(key_of(&raw).text, first.text, "%s", same_name[i]);
	}
}

Test(identity, key_tells_companies_apart)
{
	struct identity raw = schmidt;
	struct company_key key = key_of(&raw);

	raw.court = SLICE_LIT("Köln");
	cr_expect_str_neq(key_of(&raw).text, key.text, "the same number at another court");
	raw = schmidt;
	raw.register_type = SLICE_LIT("HRA");
	cr_expect_str_neq(key_of(&raw).text, key.text, "the same number in another section");
	raw = (struct identity){.name = SLICE_LIT("Nord GmbH"), .country = SLICE_LIT("DE")};
	key = key_of(&raw);
	raw.name = SLICE_LIT("Nord AG");
	cr_expect_str_neq(key_of(&raw).text, key.text, "another legal form");
	raw = (struct identity){.court = SLICE_LIT("Flensburg"), .register_number = SLICE_LIT("HRB 111 HU")};
	key = key_of(&raw);
	raw.register_number = SLICE_LIT("HRB 111 FL");
	cr_expect_str_neq(key_of(&raw).text, key.text, "the suffix is part of the number");
	raw.register_number = SLICE_LIT("HRB 111");
	cr_expect_str_neq(key_of(&raw).text, key.text, "and its absence too");
}

Test(identity, keys_come_strongest_first)
{
	struct identity raw = schmidt;
	struct identity_norm norm;
	struct company_key keys[8], one;

	raw.lei = SLICE_LIT("5493001KJTIIGC8Y1R12");
	raw.economic_id = SLICE_LIT("DE136695976");
	cr_assert_eq(normalise(&raw, &norm), STATUS_OK);
	cr_assert_eq(identity_all_keys(&norm, keys, 8), 5);
	cr_expect_str_eq(keys[0].text, "reg:R1101:HRB:12345");
	cr_expect_str_eq(keys[1].text, "lei:5493001KJTIIGC8Y1R12");
	cr_expect_str_eq(keys[2].text, "vat:DE136695976");
	cr_expect_str_eq(keys[3].text, "eco:DE136695976-00001");
	cr_expect(strncmp(keys[4].text, "name:DE:40213:", 14) == 0);
	identity_place(&norm, &one);
	cr_expect_str_eq(one.text, "name:DE:40213:", "what the key by name begins with");
	cr_expect_eq(identity_all_keys(&norm, keys, 2), 2);
	cr_assert_eq(identity_key(&norm, &one), STATUS_OK);
	cr_expect_str_eq(one.text, keys[0].text);
}

Test(identity, company_id_is_short_and_follows_the_key)
{
	struct company_key a = {"reg:R1101:HRB:12345"}, b = {"reg:R1101:HRB:12346"};
	char id[32], again[32], other[32];

	identity_company_id(&a, id);
	identity_company_id(&a, again);
	identity_company_id(&b, other);
	cr_expect_eq(strlen(id), 30);
	cr_expect(strncmp(id, "cmp_", 4) == 0);
	cr_expect_str_eq(id, again);
	cr_expect_str_neq(id, other);
	cr_expect_str_eq(id, "cmp_096SGAXT6SVEDG024A0MCD7N4B", "stored references must not change");
}

Test(identity, names_its_fields_and_faults)
{
	cr_expect(identity_init());
	cr_expect_str_eq(identity_field_name(IDENTITY_POSTAL_CODE), "postal_code");
	cr_expect_str_eq(identity_field_name(IDENTITY_FIELD_COUNT), "");
	cr_expect_str_eq(identity_fault_code(IDENTITY_FAULT_CHECK_DIGIT), "invalid_check_digit");
	cr_expect_str_eq(identity_fault_code((enum identity_fault)99), "");
	for (int i = 0; i < IDENTITY_FIELD_COUNT; i++)
		cr_expect_str_neq(identity_field_name((enum identity_field)i), "");
}
