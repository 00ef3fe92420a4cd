/* SPDX-License-Identifier: MIT */
/*
 * Any bytes in any field: what is accepted is canonical (accepted again, and
 * unchanged), folding twice is folding once, and a key names one company.
 * Fields are parted by line feeds, in the order of struct identity.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/court.h"
#include "core/fold.h"
#include "core/identity.h"

static char memory[1 << 16] __attribute__((aligned(16)));
static char scratch[1 << 16] __attribute__((aligned(16)));

static void need(int holds)
{
	if (!holds)
		abort();
}

static void check_fold(struct slice text, enum fold_kind kind)
{
	static char once[FOLD_MAX_OUTPUT], twice[FOLD_MAX_OUTPUT];
	size_t len, again;

	if (fold_write(text, kind, once, &len) != STATUS_OK)
		return;
	need(len <= sizeof(once));
	enum status status = fold_write((struct slice){once, len}, kind, twice, &again);
	need(status == STATUS_OK || (status == STATUS_TOO_LARGE && len > FOLD_MAX_INPUT));
	need(status != STATUS_OK || (again == len && memcmp(once, twice, len) == 0));
}

static void check_register_number(struct slice text)
{
	struct register_number number = {.type = REGISTER_NONE}, read = {.type = REGISTER_NONE};
	char mem[64];
	struct buf buf;

	if (register_number_parse(text, &number) != STATUS_OK)
		return;
	need(number.type != REGISTER_NONE && number.number >= 1 && number.number <= 999999);
	buf_init(&buf, mem, sizeof(mem));
	register_number_put(&buf, &number);
	need(!buf.overflow);
	read.court = number.court;
	need(register_number_parse(buf_view(&buf), &read) == STATUS_OK);
	need(register_number_eq(&number, &read));
}

/* The canonical form of a sound identity, given as an identity: it must be its own canonical form. */
static void check_again(const struct identity_norm *norm)
{
	struct identity again = {
	        .country = slice_cstr(norm->country),
	        .postal_code = slice_cstr(norm->postal_code),
	        .vat_id = slice_cstr(norm->vat_id),
	        .lei = slice_cstr(norm->lei),
	        .economic_id = slice_cstr(norm->economic_id),
	        .street = norm->street.len <= MAX_STREET ? norm->street : SLICE_NONE,
	        .city = norm->city.len <= MAX_CITY ? norm->city : SLICE_NONE,
	};
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm same;
	struct arena arena;
	size_t count;

	arena_init(&arena, scratch, sizeof(scratch));
	need(identity_normalise(&again, &arena, &same, errors, IDENTITY_FIELD_COUNT, &count) == STATUS_OK);
	need(strcmp(same.country, norm->country) == 0 && strcmp(same.postal_code, norm->postal_code) == 0);
	need(strcmp(same.vat_id, norm->vat_id) == 0 && strcmp(same.lei, norm->lei) == 0);
	need(strcmp(same.economic_id, norm->economic_id) == 0);
	need(!again.street.len || slice_eq(same.street, norm->street));
	need(!again.city.len || slice_eq(same.city, norm->city));
}

static void check_keys(const struct identity_norm *norm)
{
	struct company_key keys[8], one;
	char id[32];
	size_t count = identity_all_keys(norm, keys, 8);

	need((identity_key(norm, &one) == STATUS_OK) == (count > 0));
	for (size_t i = 0; i < count; i++) {
		need(strlen(keys[i].text) <= MAX_COMPANY_KEY && strlen(keys[i].text) > 4);
		for (const char *c = keys[i].text; *c; c++)
			need(*c > ' ' && *c < 0x7F);
		identity_company_id(&keys[i], id);
		need(strlen(id) == 30);
	}
}

static void check_errors(const struct identity_error *errors, size_t count)
{
	need(count >= 1 && count <= IDENTITY_FIELD_COUNT);
	for (size_t i = 0; i < count; i++) {
		need(errors[i].fault != IDENTITY_FAULT_NONE && *identity_fault_code(errors[i].fault));
		need(*identity_field_name(errors[i].field) && (!i || errors[i - 1].field < errors[i].field));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size};
	struct slice fields[IDENTITY_FIELD_COUNT] = {{NULL, 0}};
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	struct arena arena;
	size_t count = 0;

	for (int i = 0; i < IDENTITY_FIELD_COUNT && rest.len; i++) {
		fields[i] = slice_cut(&rest, '\n');
		check_fold(fields[i], FOLD_NAME);
		check_fold(fields[i], FOLD_STREET);
		check_register_number(fields[i]);
		need(*court_code(court_find(fields[i])) != '\0' || court_find(fields[i]) == COURT_NONE);
		need((unsigned)legal_form_parse(fields[i]) < LEGAL_FORM_COUNT);
	}
	struct identity raw = {fields[0], fields[1], fields[2], fields[3], fields[4],  fields[5],
	                       fields[6], fields[7], fields[8], fields[9], fields[10], fields[11]};
	arena_init(&arena, memory, sizeof(memory));
	enum status status = identity_normalise(&raw, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count);
	need(status == STATUS_OK || status == STATUS_INVALID);
	if (status == STATUS_INVALID) {
		check_errors(errors, count);
		return 0;
	}
	check_again(&norm);
	check_keys(&norm);
	return 0;
}
