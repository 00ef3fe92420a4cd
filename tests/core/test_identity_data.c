/* SPDX-License-Identifier: MIT */
/* The real register: what OffeneRegister.de publishes is read, and no two companies become one. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/court.h"
#include "core/identity.h"
#include "shared_data.h"

static char memory[1 << 16] __attribute__((aligned(16)));
static struct arena arena;

static struct slice read_or_skip(const char *path)
{
	struct slice text = shared_data_read(path);

	if (!text.ptr)
		cr_skip_test("no %s beside the repository", path);
	return text;
}

static struct company_key key_of(const struct identity *raw)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT] = {0};
	struct identity_norm norm;
	struct company_key key;
	size_t count;

	arena_init(&arena, memory, sizeof(memory));
	cr_assert_eq(identity_normalise(raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK,
	             "%.*s %.*s: %s: %s", (int)raw->register_number.len, raw->register_number.ptr, (int)raw->name.len,
	             raw->name.ptr, identity_field_name(errors[0].field), identity_fault_code(errors[0].fault));
	cr_assert_eq(identity_key(&norm, &key), STATUS_OK);
	return key;
}

/* The text of a member of one JSON line whose value holds no escapes. */
static struct slice member(struct slice line, const char *name)
{
	char needle[64];
	int len = snprintf(needle, sizeof(needle), "\"%s\": \"", name);
	const char *at = memmem(line.ptr, line.len, needle, (size_t)len);

	if (!at)
		return SLICE_NONE;
	struct slice rest = {at + len, line.len - (size_t)(at + len - line.ptr)};
	return slice_cut(&rest, '"');
}

Test(identity_data, all_writings_of_a_published_company_give_one_key)
{
	struct slice text = read_or_skip("register/offeneregister-sample.jsonl.zst");
	size_t companies = 0;

	for (struct slice rest = text; rest.len;) {
		struct slice line = slice_cut(&rest, '\n');
		struct identity by_id = {.register_number = member(line, "company_number")};
		struct identity by_text = {.register_number = member(line, "native_company_number")};
		struct identity by_parts = {
		        .court = member(line, "registrar"),
		        .register_type = member(line, "_registerArt"),
		        .register_number = member(line, "_registerNummer"),
		};
		if (!by_id.register_number.len)
			continue;
		struct company_key key = key_of(&by_id);
		cr_expect_str_eq(key_of(&by_text).text, key.text, "%.*s", (int)by_text.register_number.len,
		                 by_text.register_number.ptr);
		/* the number alone is published without its suffix, so that it names another company */
		bool has_suffix = key.text[strlen(key.text) - 1] > '9';
		cr_expect_eq(strcmp(key_of(&by_parts).text, key.text) != 0, has_suffix, "%.*s",
		             (int)by_id.register_number.len, by_id.register_number.ptr);
		companies++;
	}
	cr_expect_eq(companies, 4936);
	free((void *)text.ptr);
}

/* "B1204_HRB260632" */
static void put_id(const struct register_number *number, char *ret_id, size_t cap)
{
	snprintf(ret_id, cap, "%s_%s%u%s", court_code(number->court), register_type_name(number->type),
	         (unsigned)number->number, number->suffix);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool is_spelt_otherwise(const char *id)
{
	return strstr(id, "Ö") || strncmp(id, "H1101_H1101", 11) == 0 || strncmp(id, "M1201_M1201", 11) == 0 ||
	       strncmp(id, "M1203_M1203", 11) == 0 || strncmp(id, "M1603_M1603", 11) == 0 ||
	       strncmp(id, "M1607_M1607", 11) == 0 || strncmp(id, "M1114_M1114", 11) == 0 ||
	       strncmp(id, "N1105V_N1105V", 13) == 0 || strncmp(id, "R2707_R2707", 11) == 0;
}

Test(identity_data, every_register_id_is_read_and_no_two_companies_share_a_key)
{
	struct slice text = read_or_skip("register/register-small.tsv.zst");
	static struct company_key keys[60000];
	size_t rows = 0, no_form = 0;

	struct slice rest = text;
	slice_cut(&rest, '\n');
	while (rest.len && rows < 60000) {
		struct slice line = slice_cut(&rest, '\n');
		struct identity raw = {.country = SLICE_LIT("DE")};
		struct identity_error errors[IDENTITY_FIELD_COUNT];
		struct identity_norm norm;
		char id[64], read[64];
		size_t count;
		if (!line.len)
			continue;
		raw.register_number = slice_cut(&line, '\t');
		raw.name = slice_cut(&line, '\t');
		cr_assert(slice_copy(raw.register_number, id, sizeof(id)));
		arena_init(&arena, memory, sizeof(memory));
		cr_assert_eq(identity_normalise(&raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK,
		             "%s", id);
		put_id(&norm.reg, read, sizeof(read));
		if (!is_spelt_otherwise(id))
			cr_assert_str_eq(read, id);
		cr_assert_eq(identity_key(&norm, &keys[rows++]), STATUS_OK);
		no_form += norm.form == LEGAL_FORM_NONE;
	}
	cr_expect_eq(rows, 50172);
	cr_expect_lt(no_form * 100, rows * 3, "%zu of %zu names tell no form", no_form, rows);
	qsort(keys, rows, sizeof(keys[0]), compare_keys);
	for (size_t i = 1; i < rows; i++)
		cr_expect_str_neq(keys[i - 1].text, keys[i].text);
	free((void *)text.ptr);
}
