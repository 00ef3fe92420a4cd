/* SPDX-License-Identifier: MIT */
#include "core/reason.h"

struct reason_row {
	const char *code;
	const char *internal[LANG_COUNT];
	const char *public[LANG_COUNT];
};

static const struct reason_row ROWS[REASON_COUNT] = {
        [REASON_NONE] = {"NONE", {"", ""}, {"", ""}},
#define X(code, internal_de, internal_en, public_de, public_en)                \
	[REASON_##code] = {#code,                                              \
	                   {[LANG_DE] = internal_de, [LANG_EN] = internal_en}, \
	                   {[LANG_DE] = public_de, [LANG_EN] = public_en}},
#include "core/reason_list.h"
#undef X
};

/* Codes outside the enums come from broken callers only; they must not read beyond the table. */
static const struct reason_row *row_of(enum reason reason)
{
	return &ROWS[(unsigned)reason < REASON_COUNT ? reason : REASON_NONE];
}

static enum lang lang_of(enum lang lang)
{
	return (unsigned)lang < LANG_COUNT ? lang : LANG_EN;
}

const char *reason_code(enum reason reason)
{
	return row_of(reason)->code;
}

const char *reason_text(enum reason reason, enum lang lang)
{
	return row_of(reason)->internal[lang_of(lang)];
}

const char *reason_public(enum reason reason, enum lang lang)
{
	return row_of(reason)->public[lang_of(lang)];
}

enum reason reason_find(struct slice code)
{
	for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
		if (slice_eq_cstr(code, ROWS[i].code))
			return (enum reason)i;
	}
	return REASON_NONE;
}
