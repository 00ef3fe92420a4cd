/* SPDX-License-Identifier: MIT */
#include "core/subject.h"

#include <string.h>

/* How two values of one field compare. */
enum agreement { AGREES_ABSENT, AGREES_EQUAL, AGREES_CLOSE, AGREES_NOT };

void subject_init(const struct identity *typed, const struct identity_norm *norm, struct subject *ret_subject)
{
	memset(ret_subject, 0, sizeof(*ret_subject));
	(void)slice_copy(slice_trim(typed->name), ret_subject->typed_name, sizeof(ret_subject->typed_name));
	(void)slice_copy(slice_trim(typed->street), ret_subject->typed_street, sizeof(ret_subject->typed_street));
	(void)slice_copy(slice_trim(typed->city), ret_subject->typed_city, sizeof(ret_subject->typed_city));
	memcpy(ret_subject->country, norm->country, sizeof(ret_subject->country));
	memcpy(ret_subject->vat_id, norm->vat_id, sizeof(ret_subject->vat_id));
	memcpy(ret_subject->lei, norm->lei, sizeof(ret_subject->lei));
	memcpy(ret_subject->economic_id, norm->economic_id, sizeof(ret_subject->economic_id));
	memcpy(ret_subject->postal_code, norm->postal_code, sizeof(ret_subject->postal_code));
	ret_subject->reg = norm->reg;
	(void)slice_copy(norm->name, ret_subject->name, sizeof(ret_subject->name));
	(void)slice_copy(norm->core, ret_subject->core, sizeof(ret_subject->core));
	(void)slice_copy(norm->city, ret_subject->city, sizeof(ret_subject->city));
}

const char *subject_verdict_name(enum subject_verdict verdict)
{
	static const char *const NAMES[] = {"same", "likely", "unproven", "other"};

	return verdict <= SUBJECT_OTHER ? NAMES[verdict] : "";
}

static enum agreement compare_text(const char *asked, const char *answered)
{
	if (!*asked || !*answered)
		return AGREES_ABSENT;
	return strcmp(asked, answered) == 0 ? AGREES_EQUAL : AGREES_NOT;
}

static size_t count_words(struct slice text)
{
	size_t count = 0;

	while (text.len)
		count += slice_cut(&text, ' ').len > 0;
	return count;
}

static bool has_word(struct slice text, struct slice word)
{
	while (text.len) {
		if (slice_eq(slice_cut(&text, ' '), word))
			return true;
	}
	return false;
}

/* At least half of the shorter name's words stand in the other, one of them longer than a syllable. */
static bool shares_words(struct slice a, struct slice b)
{
	size_t least = count_words(a) < count_words(b) ? count_words(a) : count_words(b), common = 0;
	bool telling = false;

	while (a.len) {
		struct slice word = slice_cut(&a, ' ');

		if (!word.len || !has_word(b, word))
			continue;
		common++;
		telling |= word.len > 3;
	}
	return telling && 2 * common >= least;
}

static enum agreement compare_names(const struct subject *subject, const struct identity_norm *answered)
{
	struct slice core = slice_cstr(subject->core);

	if (!subject->name[0] || !answered->name.len)
		return AGREES_ABSENT;
	if (slice_eq_cstr(answered->name, subject->name))
		return AGREES_EQUAL;
	return slice_eq(answered->core, core) || shares_words(core, answered->core) ? AGREES_CLOSE : AGREES_NOT;
}

/* A number without its court is read as one of the court asked for, and is then no more than close. */
static enum agreement compare_register(const struct subject *subject, const struct identity_norm *norm,
                                       const struct identity *answered)
{
	struct register_number number = {.court = subject->reg.court};

	if (subject->reg.type == REGISTER_NONE)
		return AGREES_ABSENT;
	if (norm->reg.type != REGISTER_NONE)
		return register_number_eq(&subject->reg, &norm->reg) ? AGREES_EQUAL : AGREES_NOT;
	if (!slice_is_blank(answered->court) || slice_is_blank(answered->register_number))
		return AGREES_ABSENT;
	number.type = slice_is_blank(answered->register_type) ? REGISTER_NONE
	                                                      : register_type_parse(answered->register_type);
	if (register_number_parse(slice_trim(answered->register_number), &number) != STATUS_OK)
		return AGREES_ABSENT;
	return register_number_eq(&subject->reg, &number) ? AGREES_CLOSE : AGREES_NOT;
}

static enum agreement compare_place(const struct subject *subject, const struct identity_norm *answered)
{
	enum agreement postal = compare_text(subject->postal_code, answered->postal_code);

	if (postal != AGREES_ABSENT)
		return postal;
	if (!subject->city[0] || !answered->city.len)
		return AGREES_ABSENT;
	return slice_eq_cstr(answered->city, subject->city) ? AGREES_EQUAL : AGREES_NOT;
}

static void drop_field(struct identity *identity, enum identity_field field)
{
	struct slice *const FIELDS[IDENTITY_FIELD_COUNT] = {
	        [IDENTITY_NAME] = &identity->name,
	        [IDENTITY_STREET] = &identity->street,
	        [IDENTITY_POSTAL_CODE] = &identity->postal_code,
	        [IDENTITY_CITY] = &identity->city,
	        [IDENTITY_COUNTRY] = &identity->country,
	        [IDENTITY_VAT_ID] = &identity->vat_id,
	        [IDENTITY_LEI] = &identity->lei,
	        [IDENTITY_ECONOMIC_ID] = &identity->economic_id,
	        [IDENTITY_COURT] = &identity->court,
	        [IDENTITY_REGISTER_TYPE] = &identity->register_type,
	        [IDENTITY_REGISTER_NUMBER] = &identity->register_number,
	        [IDENTITY_CUSTOMER_REF] = &identity->customer_ref,
	};

	*FIELDS[field] = SLICE_NONE;
	/* A register number is whole or not there. */
	if (field == IDENTITY_COURT || field == IDENTITY_REGISTER_TYPE || field == IDENTITY_REGISTER_NUMBER)
		identity->court = identity->register_type = identity->register_number = SLICE_NONE;
}

/* The canonical form of what is valid in it. */
static bool normalise_valid(struct identity identity, struct arena *arena, struct identity_norm *ret_norm)
{
	for (size_t round = 0; round <= IDENTITY_FIELD_COUNT; round++) {
		struct identity_error errors[IDENTITY_FIELD_COUNT];
		size_t count = 0;
		enum status status = identity_normalise(&identity, arena, ret_norm, errors, IDENTITY_FIELD_COUNT,
		                                        &count);

		if (status == STATUS_OK)
			return true;
		if (status != STATUS_INVALID || count == 0)
			return false;
		for (size_t i = 0; i < count; i++)
			drop_field(&identity, errors[i].field);
	}
	return false;
}

static enum subject_verdict judge_by_name(enum agreement name, enum agreement place, enum agreement reg)
{
	if (name == AGREES_NOT)
		return SUBJECT_OTHER;
	if (name == AGREES_EQUAL && reg == AGREES_CLOSE)
		return SUBJECT_SAME;
	if (name == AGREES_EQUAL && place == AGREES_EQUAL)
		return SUBJECT_LIKELY;
	return name == AGREES_CLOSE && reg == AGREES_CLOSE && place == AGREES_EQUAL ? SUBJECT_LIKELY : SUBJECT_UNPROVEN;
}

enum subject_verdict subject_judge(const struct subject *subject, const struct identity *answered, struct arena *arena)
{
	struct identity identity = *answered;
	struct identity_norm norm;
	enum agreement name, reg, vat, lei, economic;

	if (slice_is_blank(identity.country))
		identity.country = slice_cstr(subject->country);
	if (!normalise_valid(identity, arena, &norm))
		return SUBJECT_UNPROVEN;
	name = compare_names(subject, &norm);
	reg = compare_register(subject, &norm, answered);
	vat = compare_text(subject->vat_id, norm.vat_id);
	lei = compare_text(subject->lei, norm.lei);
	economic = compare_text(subject->economic_id, norm.economic_id);
	if (reg == AGREES_NOT || vat == AGREES_NOT || lei == AGREES_NOT || economic == AGREES_NOT ||
	    compare_text(subject->country, norm.country) == AGREES_NOT)
		return SUBJECT_OTHER;
	if (reg == AGREES_EQUAL || vat == AGREES_EQUAL || lei == AGREES_EQUAL || economic == AGREES_EQUAL)
		return name == AGREES_NOT ? SUBJECT_OTHER : SUBJECT_SAME;
	return judge_by_name(name, compare_place(subject, &norm), reg);
}
