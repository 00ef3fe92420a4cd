/* SPDX-License-Identifier: MIT */
#include "register_match.h"

#include <string.h>

#include "adapter/sqlite_register.h"

#define MAX_PAIRS 1024 /* letter pairs compared of each name */

/* Words that tell sister companies apart: one name has it and the other not, so they are two. */
static const char *const role_words[] = {
        "verwaltung", "beteiligung", "holding",    "management",  "vertrieb", "immobilien",
        "vermogen",   "vermoegen",   "grundstuck", "grundstueck", "logistik", "service",
};

/* ---- similar names ---- */

static size_t compact(struct slice text, char *dst, size_t cap)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < cap; i++)
		if (text.ptr[i] != ' ')
			dst[len++] = text.ptr[i];
	return len;
}

static bool contains(struct slice text, struct slice part)
{
	return part.len > 0 && memmem(text.ptr, text.len, part.ptr, part.len) != NULL;
}

static bool same_roles(struct slice a, struct slice b)
{
	for (size_t i = 0; i < sizeof(role_words) / sizeof(*role_words); i++)
		if (contains(a, slice_cstr(role_words[i])) != contains(b, slice_cstr(role_words[i])))
			return false;
	return true;
}

static size_t next_digit(struct slice text, size_t at)
{
	while (at < text.len && (text.ptr[at] < '0' || text.ptr[at] > '9'))
		at++;
	return at;
}

/* "Beaufort 8" is not "Beaufort 9", but a name may leave its numbers out. */
static bool same_numbers(struct slice a, struct slice b)
{
	size_t i = next_digit(a, 0), j = next_digit(b, 0);

	if (i == a.len || j == b.len)
		return true;
	while (i < a.len && j < b.len) {
		if (a.ptr[i] != b.ptr[j])
			return false;
		i = next_digit(a, i + 1);
		j = next_digit(b, j + 1);
	}
	return i == a.len && j == b.len;
}

/* Dice's coefficient over letter pairs, each pair used once: 2 * common / (pairs of a + pairs of b) >= 2/3. */
static bool similar_letters(struct slice a, struct slice b)
{
	bool used[MAX_PAIRS] = {false};
	size_t pairs_a = a.len - 1, pairs_b = b.len - 1, common = 0;

	for (size_t i = 0; i < pairs_a; i++) {
		for (size_t j = 0; j < pairs_b; j++) {
			if (used[j] || a.ptr[i] != b.ptr[j] || a.ptr[i + 1] != b.ptr[j + 1])
				continue;
			used[j] = true;
			common++;
			break;
		}
	}
	return 3 * 2 * common >= 2 * (pairs_a + pairs_b);
}

static bool similar_cores(struct slice asked, struct slice core)
{
	char mem[MAX_PAIRS], asked_mem[MAX_PAIRS];
	struct slice a = {asked_mem, compact(asked, asked_mem, sizeof(asked_mem))};
	struct slice b = {mem, compact(core, mem, sizeof(mem))};

	if (slice_eq(a, b))
		return true;
	if (a.len < 3 || b.len < 3 || !same_numbers(a, b) || !same_roles(a, b))
		return false;
	return contains(a, b) || contains(b, a) || similar_letters(a, b);
}

static bool fits(const struct identity_norm *asked, const struct register_name *name)
{
	struct slice form = slice_cstr(legal_form_token(asked->form));

	if (slice_eq(asked->name, name->name))
		return true;
	if (form.len > 0 && name->form.len > 0 && !slice_eq(form, name->form))
		return false;
	return similar_cores(asked->core, name->core);
}

/* ---- one company ---- */

static bool carries(const struct register_names *names, struct slice key)
{
	for (size_t i = 0; i < names->key_count; i++)
		if (slice_eq(names->keys[i], key))
			return true;
	return false;
}

static bool carries_kind(const struct register_names *names, struct slice kind)
{
	for (size_t i = 0; i < names->key_count; i++)
		if (slice_eq(register_key_kind(names->keys[i]), kind))
			return true;
	return false;
}

static enum register_name_hit name_hit(const struct identity_norm *norm, const struct register_names *names)
{
	enum register_name_hit best = NAME_HIT_NONE;

	if (!slice_eq_cstr(slice_cstr(norm->country), names->country) ||
	    !slice_eq_cstr(slice_cstr(norm->postal_code), names->postal_code))
		return NAME_HIT_NONE;
	for (size_t i = 0; i < names->name_count; i++) {
		enum register_name_hit hit = names->names[i].previous ? NAME_HIT_PREVIOUS : NAME_HIT_CURRENT;

		if (hit > best && slice_eq(norm->name, names->names[i].name))
			best = hit;
	}
	return best;
}

void register_question_init(struct register_question *question, const struct identity_norm *norm)
{
	struct company_key keys[REGISTER_ROW_KEYS];
	size_t count = identity_all_keys(norm, keys, REGISTER_ROW_KEYS);

	memset(question, 0, sizeof(*question));
	question->norm = norm;
	for (size_t i = 0; i < count; i++)
		if (!slice_eq(register_key_kind(slice_cstr(keys[i].text)), SLICE_LIT("name")))
			question->keys[question->key_count++] = keys[i];
	question->has_name_key = register_name_key(norm->country, norm->postal_code, norm->name, &question->name_key);
}

void register_judge(const struct register_question *question, const struct register_names *names,
                    struct register_verdict *ret_verdict)
{
	struct register_verdict verdict = {.company = ret_verdict->company, .deleted = names->deleted};
	const struct identity_norm *norm = question->norm;

	for (size_t i = 0; i < question->key_count; i++) {
		struct slice key = slice_cstr(question->keys[i].text);

		if (carries(names, key))
			verdict.by_identifier = true;
		else if (carries_kind(names, register_key_kind(key)))
			verdict.contradicts_identifier = true;
	}
	verdict.fits_name = norm->name.len == 0 || names->name_count == 0;
	for (size_t i = 0; i < names->name_count && !verdict.fits_name; i++)
		verdict.fits_name = fits(norm, &names->names[i]);
	if (question->has_name_key)
		verdict.name_hit = name_hit(norm, names);
	*ret_verdict = verdict;
}

/* ---- among all ---- */

static void choose_none(struct register_choice *ret_choice, size_t count)
{
	*ret_choice = (struct register_choice){.match = MATCH_NONE};
	if (count == 0)
		return;
	ret_choice->match = MATCH_AMBIGUOUS;
	ret_choice->probability = (int32_t)(1000000 / (count < 2 ? 2 : count));
}

/* The only one, or the only one that is not deleted; NULL when there is no such one. */
static const struct register_verdict *only_one(const struct register_verdict *verdicts, size_t count,
                                               bool (*counts)(const struct register_verdict *), size_t *ret_count)
{
	const struct register_verdict *any = NULL, *living = NULL;
	size_t all = 0, alive = 0;

	for (size_t i = 0; i < count; i++) {
		if (!counts(&verdicts[i]))
			continue;
		any = &verdicts[i];
		all++;
		if (verdicts[i].deleted)
			continue;
		living = &verdicts[i];
		alive++;
	}
	*ret_count = all;
	if (all == 1)
		return any;
	return alive == 1 ? living : NULL;
}

static bool is_by_identifier(const struct register_verdict *verdict)
{
	return verdict->by_identifier;
}

static bool is_by_name(const struct register_verdict *verdict)
{
	return verdict->name_hit != NAME_HIT_NONE;
}

/* Somebody else alive has the name and postal code asked for. */
static bool named_otherwise(const struct register_verdict *verdicts, size_t count,
                            const struct register_verdict *chosen)
{
	if (chosen->name_hit != NAME_HIT_NONE)
		return false;
	for (size_t i = 0; i < count; i++)
		if (verdicts[i].name_hit != NAME_HIT_NONE && !verdicts[i].deleted)
			return true;
	return false;
}

static int32_t name_probability(const struct register_verdict *chosen, size_t named)
{
	if (named > 1)
		return REGISTER_BY_LIVING_NAME;
	return chosen->name_hit == NAME_HIT_CURRENT ? REGISTER_BY_NAME : REGISTER_BY_PREVIOUS_NAME;
}

void register_choose(const struct register_verdict *verdicts, size_t count, struct register_choice *ret_choice)
{
	const struct register_verdict *chosen;
	size_t identified, named;

	chosen = only_one(verdicts, count, is_by_identifier, &identified);
	if (identified > 0) {
		if (chosen == NULL || chosen->contradicts_identifier || !chosen->fits_name ||
		    named_otherwise(verdicts, count, chosen))
			choose_none(ret_choice, identified);
		else
			*ret_choice = (struct register_choice){MATCH_EXACT, REGISTER_BY_IDENTIFIER, chosen};
		return;
	}
	chosen = only_one(verdicts, count, is_by_name, &named);
	if (chosen == NULL || chosen->contradicts_identifier)
		choose_none(ret_choice, named);
	else
		*ret_choice = (struct register_choice){MATCH_EXACT, name_probability(chosen, named), chosen};
}
