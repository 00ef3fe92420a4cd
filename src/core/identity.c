/* SPDX-License-Identifier: MIT */
#include "core/identity.h"

#include <string.h>

#include "base/base32.h"
#include "base/hash.h"
#include "core/country.h"
#include "core/court.h"
#include "core/economic_id.h"
#include "core/fold.h"
#include "core/lei.h"
#include "core/postal.h"
#include "core/vat.h"
#include "register_pattern.h"

static const struct {
	const char *name;
	size_t maximum; /* bytes as typed: separators count, so more than the canonical form has */
} fields[IDENTITY_FIELD_COUNT] = {
        [IDENTITY_NAME] = {"name", MAX_NAME},
        [IDENTITY_STREET] = {"street", MAX_STREET},
        [IDENTITY_POSTAL_CODE] = {"postal_code", MAX_POSTAL_CODE},
        [IDENTITY_CITY] = {"city", MAX_CITY},
        [IDENTITY_COUNTRY] = {"country", 16},
        [IDENTITY_VAT_ID] = {"vat_id", 2 * MAX_VAT_ID},
        [IDENTITY_LEI] = {"lei", 2 * MAX_LEI},
        [IDENTITY_ECONOMIC_ID] = {"economic_id", 2 * MAX_ECONOMIC_ID},
        [IDENTITY_COURT] = {"court", MAX_COURT},
        [IDENTITY_REGISTER_TYPE] = {"register_type", 2 * MAX_REGISTER_NUMBER},
        [IDENTITY_REGISTER_NUMBER] = {"register_number", MAX_COURT + MAX_REGISTER_NUMBER},
        [IDENTITY_CUSTOMER_REF] = {"customer_ref", MAX_CUSTOMER_REF},
};

static const char *const fault_codes[] = {
        [IDENTITY_FAULT_NONE] = "",
        [IDENTITY_FAULT_FORMAT] = "invalid_format",
        [IDENTITY_FAULT_CHECK_DIGIT] = "invalid_check_digit",
        [IDENTITY_FAULT_TOO_LONG] = "too_long",
        [IDENTITY_FAULT_UNKNOWN] = "unknown_value",
        [IDENTITY_FAULT_MISSING] = "required",
        [IDENTITY_FAULT_ENCODING] = "invalid_encoding",
};

/* One normalisation: what came, what becomes of it, and a fault per field. */
struct work {
	struct slice raw[IDENTITY_FIELD_COUNT]; /* trimmed; blank = absent */
	enum identity_fault faults[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	struct arena *arena;
	bool no_memory;
};

static bool present(const struct work *w, enum identity_field field)
{
	return w->raw[field].len && w->faults[field] == IDENTITY_FAULT_NONE;
}

static void take_raw(struct work *w, const struct identity *raw)
{
	const struct slice values[IDENTITY_FIELD_COUNT] = {
	        [IDENTITY_NAME] = raw->name,
	        [IDENTITY_STREET] = raw->street,
	        [IDENTITY_POSTAL_CODE] = raw->postal_code,
	        [IDENTITY_CITY] = raw->city,
	        [IDENTITY_COUNTRY] = raw->country,
	        [IDENTITY_VAT_ID] = raw->vat_id,
	        [IDENTITY_LEI] = raw->lei,
	        [IDENTITY_ECONOMIC_ID] = raw->economic_id,
	        [IDENTITY_COURT] = raw->court,
	        [IDENTITY_REGISTER_TYPE] = raw->register_type,
	        [IDENTITY_REGISTER_NUMBER] = raw->register_number,
	        [IDENTITY_CUSTOMER_REF] = raw->customer_ref,
	};

	for (int i = 0; i < IDENTITY_FIELD_COUNT; i++) {
		if (!values[i].len)
			continue;
		if (values[i].len > fields[i].maximum && slice_trim(values[i]).len > fields[i].maximum)
			w->faults[i] = IDENTITY_FAULT_TOO_LONG;
		else if (fold_has_control(values[i]))
			w->faults[i] = IDENTITY_FAULT_ENCODING;
		else
			w->raw[i] = slice_trim(values[i]);
	}
}

/* Country first: the formats of the others depend on it. */
static void normalise_codes(struct work *w)
{
	struct identity_norm *norm = &w->norm;

	if (present(w, IDENTITY_COUNTRY))
		w->faults[IDENTITY_COUNTRY] = country_normalise(w->raw[IDENTITY_COUNTRY], norm->country);
	if (present(w, IDENTITY_POSTAL_CODE))
		w->faults[IDENTITY_POSTAL_CODE] = postal_normalise(w->raw[IDENTITY_POSTAL_CODE], norm->country,
		                                                   norm->postal_code);
	if (present(w, IDENTITY_VAT_ID))
		w->faults[IDENTITY_VAT_ID] = vat_normalise(w->raw[IDENTITY_VAT_ID], norm->country, norm->vat_id);
	if (present(w, IDENTITY_LEI))
		w->faults[IDENTITY_LEI] = lei_normalise(w->raw[IDENTITY_LEI], norm->lei);
	if (present(w, IDENTITY_ECONOMIC_ID))
		w->faults[IDENTITY_ECONOMIC_ID] = economic_id_normalise(w->raw[IDENTITY_ECONOMIC_ID],
		                                                        norm->economic_id);
}

/* Court, type and number stand in three fields or all in the last one. */
static void normalise_register(struct work *w)
{
	struct register_number number = {.type = REGISTER_NONE};

	if (present(w, IDENTITY_COURT)) {
		number.court = court_find(w->raw[IDENTITY_COURT]);
		if (number.court == COURT_NONE)
			w->faults[IDENTITY_COURT] = IDENTITY_FAULT_UNKNOWN;
	}
	if (present(w, IDENTITY_REGISTER_TYPE)) {
		number.type = register_type_parse(w->raw[IDENTITY_REGISTER_TYPE]);
		if (number.type == REGISTER_NONE)
			w->faults[IDENTITY_REGISTER_TYPE] = IDENTITY_FAULT_UNKNOWN;
	}
	if (!present(w, IDENTITY_REGISTER_NUMBER))
		return;
	if (register_number_parse(w->raw[IDENTITY_REGISTER_NUMBER], &number) != STATUS_OK) {
		struct register_number probe = {.type = REGISTER_HRB, .court = number.court};
		bool lacks_type = number.type == REGISTER_NONE &&
		                  register_number_parse(w->raw[IDENTITY_REGISTER_NUMBER], &probe) == STATUS_OK;
		if (!lacks_type)
			w->faults[IDENTITY_REGISTER_NUMBER] = IDENTITY_FAULT_FORMAT;
		else if (w->faults[IDENTITY_REGISTER_TYPE] == IDENTITY_FAULT_NONE)
			w->faults[IDENTITY_REGISTER_TYPE] = IDENTITY_FAULT_MISSING;
	}
	if (number.court == COURT_NONE && w->faults[IDENTITY_COURT] == IDENTITY_FAULT_NONE)
		w->faults[IDENTITY_COURT] = IDENTITY_FAULT_MISSING;
	w->norm.reg = number;
}

static void fold_field(struct work *w, enum identity_field field, enum fold_kind kind, struct slice *ret_folded)
{
	if (!present(w, field))
		return;
	switch ((int)fold_text(w->raw[field], kind, w->arena, ret_folded)) {
	case STATUS_OK:
		break;
	case STATUS_NO_MEMORY:
		w->no_memory = true;
		break;
	case STATUS_TOO_LARGE:
		w->faults[field] = IDENTITY_FAULT_TOO_LONG;
		break;
	default:
		w->faults[field] = IDENTITY_FAULT_ENCODING;
		break;
	}
}

static void normalise_name(struct work *w)
{
	struct slice folded = SLICE_NONE;
	struct legal_form_split split;

	fold_field(w, IDENTITY_NAME, FOLD_NAME, &folded);
	if (!folded.ptr)
		return;
	if (!folded.len) {
		w->faults[IDENTITY_NAME] = IDENTITY_FAULT_FORMAT; /* punctuation only names nobody */
		return;
	}
	if (legal_form_split(folded, w->arena, &split) != STATUS_OK ||
	    fold_compact(split.core, w->arena, &w->norm.compact) != STATUS_OK) {
		w->no_memory = true;
		return;
	}
	w->norm.form = split.form;
	w->norm.name = split.name;
	w->norm.core = split.core;
}

/* The tenant's own number takes part in nothing here but must be text. */
static void check_customer_ref(struct work *w)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len;

	if (present(w, IDENTITY_CUSTOMER_REF) &&
	    fold_write(w->raw[IDENTITY_CUSTOMER_REF], FOLD_NAME, folded, &len) == STATUS_INVALID)
		w->faults[IDENTITY_CUSTOMER_REF] = IDENTITY_FAULT_ENCODING;
}

enum status identity_normalise(const struct identity *raw, struct arena *arena, struct identity_norm *ret_norm,
                               struct identity_error *ret_errors, size_t cap, size_t *ret_count)
{
	struct work w = {.arena = arena};
	size_t count = 0;
	bool sound = true;

	take_raw(&w, raw);
	normalise_codes(&w);
	normalise_register(&w);
	normalise_name(&w);
	fold_field(&w, IDENTITY_STREET, FOLD_STREET, &w.norm.street);
	fold_field(&w, IDENTITY_CITY, FOLD_NAME, &w.norm.city);
	check_customer_ref(&w);
	if (w.no_memory)
		return STATUS_NO_MEMORY;
	for (int i = 0; i < IDENTITY_FIELD_COUNT; i++) {
		if (w.faults[i] == IDENTITY_FAULT_NONE)
			continue;
		sound = false;
		if (count < cap)
			ret_errors[count++] = (struct identity_error){(enum identity_field)i, w.faults[i]};
	}
	*ret_count = count;
	if (!sound)
		return STATUS_INVALID;
	*ret_norm = w.norm;
	return STATUS_OK;
}

bool identity_init(void)
{
	return register_pattern_init();
}

const char *identity_field_name(enum identity_field field)
{
	return (unsigned)field < IDENTITY_FIELD_COUNT ? fields[field].name : "";
}

const char *identity_fault_code(enum identity_fault fault)
{
	return (unsigned)fault < sizeof(fault_codes) / sizeof(fault_codes[0]) ? fault_codes[fault] : "";
}

static void put_register(struct buf *key, const struct register_number *reg)
{
	buf_cstr(key, "reg:");
	buf_cstr(key, court_code(reg->court));
	buf_char(key, ':');
	buf_cstr(key, register_type_name(reg->type));
	buf_char(key, ':');
	buf_u64(key, reg->number);
	buf_cstr(key, reg->suffix);
}

static void put_place(struct buf *key, const struct identity_norm *norm)
{
	buf_cstr(key, "name:");
	buf_cstr(key, norm->country);
	buf_char(key, ':');
	for (const char *c = norm->postal_code; *c; c++)
		if (*c != ' ') /* a key is one word */
			buf_char(key, *c);
	buf_char(key, ':');
}

static void put_name(struct buf *key, const struct identity_norm *norm)
{
	uint8_t digest[16];

	hash_fnv128(norm->name, digest);
	put_place(key, norm);
	buf_hex(key, digest, sizeof(digest));
}

static void put_code(struct buf *key, const char *scheme, const char *code)
{
	buf_cstr(key, scheme);
	buf_cstr(key, code);
}

/* The key by one kind of identifier, strongest kind first; false when the company has none of it. */
static bool key_of_kind(const struct identity_norm *norm, int kind, struct company_key *ret_key)
{
	struct buf key;

	buf_init(&key, ret_key->text, MAX_COMPANY_KEY);
	if (kind == 0 && norm->reg.type != REGISTER_NONE && norm->reg.court != COURT_NONE)
		put_register(&key, &norm->reg);
	else if (kind == 1 && norm->lei[0])
		put_code(&key, "lei:", norm->lei);
	else if (kind == 2 && norm->vat_id[0])
		put_code(&key, "vat:", norm->vat_id);
	else if (kind == 3 && norm->economic_id[0])
		put_code(&key, "eco:", norm->economic_id);
	else if (kind == 4 && norm->name.len)
		put_name(&key, norm);
	ret_key->text[key.len] = '\0';
	return key.len != 0;
}

#define KEY_KINDS 5

enum status identity_key(const struct identity_norm *norm, struct company_key *ret_key)
{
	return identity_all_keys(norm, ret_key, 1) ? STATUS_OK : STATUS_INVALID;
}

size_t identity_all_keys(const struct identity_norm *norm, struct company_key *ret_keys, size_t cap)
{
	struct company_key key;
	size_t count = 0;

	for (int kind = 0; kind < KEY_KINDS && count < cap; kind++)
		if (key_of_kind(norm, kind, &key))
			ret_keys[count++] = key;
	return count;
}

void identity_place(const struct identity_norm *norm, struct company_key *ret_prefix)
{
	struct buf key;

	buf_init(&key, ret_prefix->text, MAX_COMPANY_KEY);
	put_place(&key, norm);
	ret_prefix->text[key.len] = '\0';
}

void identity_company_id(const struct company_key *key, char ret_id[32])
{
	uint8_t digest[16];

	hash_fnv128(slice_cstr(key->text), digest);
	memcpy(ret_id, "cmp_", 4);
	base32_ulid(digest, ret_id + 4);
}
