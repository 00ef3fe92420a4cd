/* SPDX-License-Identifier: MIT */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/maxima.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/legal_form.h"
#include "core/register_number.h"

/* The fields that name a company, as typed by a caller or read from a source. */
struct identity {
	struct slice name;
	struct slice street;
	struct slice postal_code;
	struct slice city;
	struct slice country; /* ISO 3166-1 alpha-2 */
	struct slice vat_id;
	struct slice lei;
	struct slice economic_id; /* Wirtschafts-IdNr */
	struct slice court;
	struct slice register_type;
	struct slice register_number;
	struct slice customer_ref; /* the tenant's own number; never identifies across tenants */
};

enum identity_field {
	IDENTITY_NAME,
	IDENTITY_STREET,
	IDENTITY_POSTAL_CODE,
	IDENTITY_CITY,
	IDENTITY_COUNTRY,
	IDENTITY_VAT_ID,
	IDENTITY_LEI,
	IDENTITY_ECONOMIC_ID,
	IDENTITY_COURT,
	IDENTITY_REGISTER_TYPE,
	IDENTITY_REGISTER_NUMBER,
	IDENTITY_CUSTOMER_REF,
	IDENTITY_FIELD_COUNT
};

/* Why a field was refused; "code" of the API's errors[] members. */
enum identity_fault {
	IDENTITY_FAULT_NONE,
	IDENTITY_FAULT_FORMAT,      /* "invalid_format" */
	IDENTITY_FAULT_CHECK_DIGIT, /* "invalid_check_digit" */
	IDENTITY_FAULT_TOO_LONG,    /* "too_long" */
	IDENTITY_FAULT_UNKNOWN,     /* "unknown_value": no such country or court */
	IDENTITY_FAULT_MISSING,     /* "required": e.g. a register number without its court */
	IDENTITY_FAULT_ENCODING     /* "invalid_encoding": not UTF-8, or a control character */
};

struct identity_error {
	enum identity_field field;
	enum identity_fault fault;
};

/*
 * The canonical form: what is compared, hashed and looked up. Slices live in
 * the arena given to identity_normalise(). Absent parts are "" or SLICE_NONE.
 */
struct identity_norm {
	char country[3];
	char vat_id[MAX_VAT_ID + 1];           /* "DE136695976" */
	char lei[MAX_LEI + 1];                 /* 20 capitals and digits */
	char economic_id[MAX_ECONOMIC_ID + 1]; /* "DE136695976-00001" */
	struct register_number reg;            /* type REGISTER_NONE = absent */
	char postal_code[MAX_POSTAL_CODE + 1]; /* country's canonical writing */
	struct slice name;    /* folded whole name with canonical legal form: "schmidt industrie gmbh" */
	struct slice core;    /* the same without its legal form: "schmidt industrie" */
	struct slice compact; /* "core" without blanks */
	struct slice street;  /* folded: "hafenstrasse 12" */
	struct slice city;    /* folded */
	enum legal_form form; /* LEGAL_FORM_NONE when the name tells none */
};

/*
 * Compiles the patterns, once for all threads. Optional: the first use does
 * it too, but costs a millisecond then. False when PCRE2 cannot (no memory).
 */
bool identity_init(void);

/*
 * Checks every field that is present and fills *ret_norm. STATUS_OK with all
 * fields sound; STATUS_INVALID with 1..cap errors in ret_errors (field order;
 * each field at most once); STATUS_NO_MEMORY. Required-ness is the caller's
 * business except that a register number needs type and court.
 */
enum status identity_normalise(const struct identity *raw, struct arena *arena, struct identity_norm *ret_norm,
                               struct identity_error *ret_errors, size_t cap, size_t *ret_count) MUST_CHECK;

const char *identity_field_name(enum identity_field field); /* "postal_code" */
const char *identity_fault_code(enum identity_fault fault);

/*
 * The canonical, stable key, from the strongest identifier present:
 * register number, LEI, VAT id, economic id, then country + name + postal code.
 *   "reg:<court code>:<HRB>:<number><suffix>"  "lei:..."  "vat:DE..."  "eco:DE..."
 *   "name:<CC>:<postal code>:<128-bit hash of the folded name, hex>"
 * A NUL-terminated text of at most MAX_COMPANY_KEY bytes.
 */
struct company_key {
	char text[MAX_COMPANY_KEY + 1];
};

/* STATUS_INVALID when nothing in norm identifies (no identifier, no name). */
enum status identity_key(const struct identity_norm *norm, struct company_key *ret_key) MUST_CHECK;
/* What every key by name begins with in the country and at the postal code of norm; its name is not looked at. */
void identity_place(const struct identity_norm *norm, struct company_key *ret_prefix);
/* "cmp_" and 26 base-32 characters, a hash of the key; for display and reference. */
void identity_company_id(const struct company_key *key, char ret_id[32]);
/* One key per identifier that is present, strongest first; returns how many (<= cap). */
size_t identity_all_keys(const struct identity_norm *norm, struct company_key *ret_keys, size_t cap);

#endif
