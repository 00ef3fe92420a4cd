/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "import_job.h"

static const char *fault_words(enum identity_fault fault)
{
	switch (fault) {
	case IDENTITY_FAULT_FORMAT:
		return "has no valid format";
	case IDENTITY_FAULT_CHECK_DIGIT:
		return "has a wrong check digit";
	case IDENTITY_FAULT_TOO_LONG:
		return "is too long";
	case IDENTITY_FAULT_UNKNOWN:
		return "is unknown";
	case IDENTITY_FAULT_MISSING:
		return "is missing";
	case IDENTITY_FAULT_ENCODING:
		return "is no clean UTF-8";
	case IDENTITY_FAULT_NONE:
		break;
	}
	return "is not usable";
}

/* Registers are dirty: an unreadable address part is left out, an unreadable identifier is not. */
static bool drop_address_part(struct identity *company, enum identity_field field)
{
	struct slice *part = field == IDENTITY_STREET        ? &company->street
	                     : field == IDENTITY_POSTAL_CODE ? &company->postal_code
	                     : field == IDENTITY_CITY        ? &company->city
	                                                     : NULL;

	if (part)
		*part = SLICE_NONE;
	return part != NULL;
}

/* Control characters (C0, DEL, C1) that crept into a register's name become blanks. */
static struct slice clean_name(struct slice name, struct arena *arena)
{
	struct slice copy = arena_copy(arena, name);
	char *text = (char *)(uintptr_t)copy.ptr;

	for (size_t i = 0; i < copy.len; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned char next = i + 1 < copy.len ? (unsigned char)text[i + 1] : 0;

		if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			text[i] = text[i + 1] = ' ';
		else if (c < 0x20 || c == 0x7f)
			text[i] = ' ';
	}
	return copy;
}

static const char *normalise(struct import_job *job, struct identity *company, struct arena *arena,
                             struct identity_norm *norm, const char **ret_column)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	size_t count = 0;
	enum status status = identity_normalise(company, arena, norm, errors, IDENTITY_FIELD_COUNT, &count);

	if (status == STATUS_INVALID) {
		for (size_t i = 0; i < count; i++) {
			if (drop_address_part(company, errors[i].field))
				continue;
			*ret_column = identity_field_name(errors[i].field);
			return fault_words(errors[i].fault);
		}
		job->partial++;
		status = identity_normalise(company, arena, norm, errors, IDENTITY_FIELD_COUNT, &count);
	}
	return status ? "cannot be read" : NULL;
}

/* What is shown of the company: as told, without what could not be read. */
static bool copy_shown(const struct identity *company, bool address_guessed, const struct identity_norm *norm,
                       struct facts *facts)
{
	bool fits = slice_copy(company->name, facts->name, sizeof(facts->name));

	memcpy(facts->country, norm->country, sizeof(facts->country));
	fits = fits && slice_copy(company->city, facts->city, sizeof(facts->city));
	if (address_guessed)
		return fits;
	return fits && slice_copy(company->street, facts->street, sizeof(facts->street)) &&
	       slice_copy(company->postal_code, facts->postal_code, sizeof(facts->postal_code));
}

static bool copy_facts(const struct import_row *row, struct facts *facts)
{
	char source[MAX_SOURCE_ID + 1];
	int index;

	if (!slice_copy(row->source, source, sizeof(source)))
		return false;
	index = facts_source(facts, source, SOURCE_ANSWER, row->as_of);
	for (size_t i = 0; index >= 0 && i < row->fact_count; i++)
		facts_set(facts, row->facts[i].id, row->facts[i].value, row->facts[i].as_of, (uint8_t)index);
	return index >= 0;
}

/* Previous names that cannot be read find nobody: they are left out. */
static size_t normalise_previous(const struct import_row *row, struct arena *arena, struct identity_norm *previous)
{
	size_t count = 0;

	for (size_t i = 0; i < row->previous_count; i++) {
		struct identity named = {.name = row->previous_names[i], .country = row->company.country};
		struct identity_error error;
		size_t errors = 0;

		if (identity_normalise(&named, arena, &previous[count], &error, 1, &errors) == STATUS_OK)
			count++;
	}
	return count;
}

static const char *explain(enum status status, enum status *ret_fatal)
{
	switch (status) {
	case STATUS_OK:
		return NULL;
	case STATUS_INVALID:
		return "nothing identifies the company";
	case STATUS_NOT_FOUND:
		return "no such company in the register";
	case STATUS_MISMATCH:
		return "several companies carry this identifier";
	case STATUS_TOO_LARGE:
		return "more names or facts than one company may have";
	case STATUS_UNAUTHORIZED:
	case STATUS_FORBIDDEN:
	case STATUS_RUNNING:
	case STATUS_TIMEOUT:
	case STATUS_UNAVAILABLE:
	case STATUS_FULL:
	case STATUS_CORRUPT:
	case STATUS_NO_MEMORY:
	case STATUS_INTERNAL:
	case STATUS_PENDING:
	case STATUS_COUNT:
		break;
	}
	*ret_fatal = status;
	return "the register cannot be written";
}

static enum status store_company(struct import_job *job, const struct import_row *row, const struct identity_norm *norm,
                                 struct facts *facts, struct arena *arena)
{
	struct identity_norm *previous = arena_array(arena, IMPORT_MAX_PREVIOUS, sizeof(*previous));
	struct register_company company = {.norm = norm, .previous = previous, .facts = facts};

	if (!previous)
		return STATUS_NO_MEMORY;
	if (!facts->items[FACT_LEGAL_FORM].known && norm->form != LEGAL_FORM_NONE)
		facts_set(facts, FACT_LEGAL_FORM, norm->form, row->as_of, 0);
	company.previous_count = normalise_previous(row, arena, previous);
	return register_writer_company(job->writer, &company);
}

static enum status store_facts(struct import_job *job, const struct identity_norm *norm, const struct facts *facts)
{
	struct company_key key;
	enum status status = identity_key(norm, &key);

	return status ? status : register_writer_facts(job->writer, &key, facts);
}

const char *import_store(struct import_job *job, const struct import_row *row, struct arena *arena,
                         const char **ret_column, enum status *ret_fatal)
{
	struct identity company = row->company;
	struct identity_norm norm;
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	const char *why;

	*ret_column = "";
	if (!facts) {
		*ret_fatal = STATUS_NO_MEMORY;
		return "out of memory";
	}
	facts_init(facts);
	company.name = company.name.ptr ? clean_name(company.name, arena) : SLICE_NONE;
	why = normalise(job, &company, arena, &norm, ret_column);
	if (why)
		return why;
	if (!copy_shown(&company, row->address_guessed, &norm, facts) || !copy_facts(row, facts))
		return "a text is too long";
	return explain(row->is_company ? store_company(job, row, &norm, facts, arena) : store_facts(job, &norm, facts),
	               ret_fatal);
}
