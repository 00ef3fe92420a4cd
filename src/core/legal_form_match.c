/* SPDX-License-Identifier: MIT */
#include "legal_form_match.h"

#include <string.h>

#include "legal_form_rows.h"
#include "legal_form_typo.h"

/* What may stand glued to the word before: "Handelsgmbh", "8GmbH". */
static const struct {
	struct slice text;
	bool after_digit_only;
} endings[] = {
        {SLICE_LIT("kommanditgesellschaft"), false},
        {SLICE_LIT("aktiengesellschaft"), false},
        {SLICE_LIT("gmbh"), false},
        {SLICE_LIT("kgaa"), false},
        {SLICE_LIT("mbh"), false},
        {SLICE_LIT("ohg"), true},
        {SLICE_LIT("gbr"), true},
        {SLICE_LIT("ag"), true},
        {SLICE_LIT("kg"), true},
        {SLICE_LIT("ug"), true},
};

/* States of a company's life written behind its form. */
static const struct slice life_states[] = {
        SLICE_LIT("i l"),
        SLICE_LIT("il"),
        SLICE_LIT("i liqu"),
        SLICE_LIT("i liquidation"),
        SLICE_LIT("in liquidation"),
        SLICE_LIT("in liqu"),
        SLICE_LIT("in liq"),
        SLICE_LIT("i gr"),
        SLICE_LIT("i g"),
        SLICE_LIT("in gruendung"),
        SLICE_LIT("i i"),
        SLICE_LIT("i ins"),
        SLICE_LIT("i insolvenz"),
        SLICE_LIT("in insolvenz"),
        SLICE_LIT("i abw"),
        SLICE_LIT("in abwicklung"),
};

/* What follows a form that stands at the end all the same: "S.A. Zweigniederlassung Suhl". */
static const struct slice branches[] = {
        SLICE_LIT("zweigniederlassung"), SLICE_LIT("niederlassung"), SLICE_LIT("filiale"), SLICE_LIT("branch"),
        SLICE_LIT("deutschland"),        SLICE_LIT("germany"),       SLICE_LIT("german"),  SLICE_LIT("in"),
};

/* Behind a form these begin another company's name: "X GmbH der Volksbank Y eG". */
static const struct slice other_owners[] = {
        SLICE_LIT("der"),     SLICE_LIT("des"),     SLICE_LIT("vormals"), SLICE_LIT("vorm"),
        SLICE_LIT("frueher"), SLICE_LIT("ehemals"), SLICE_LIT("nun"),
};

static size_t word_end(struct slice text, size_t at)
{
	const char *blank = memchr(text.ptr + at, ' ', text.len - at);

	return blank ? (size_t)(blank - text.ptr) : text.len;
}

static bool is_word_at(struct slice text, size_t at, struct slice word)
{
	return text.len - at >= word.len && memcmp(text.ptr + at, word.ptr, word.len) == 0 &&
	       (at + word.len == text.len || text.ptr[at + word.len] == ' ');
}

/* No rows begin with such a word: true of nearly every word of a name. */
static bool is_ordinary(struct slice text, size_t at, size_t end)
{
	char c = text.ptr[at];

	return c < 'a' || c > 'z' || end - at > 31 || !(form_word_lengths[c - 'a'] >> (end - at) & 1);
}

static int compare_word(const char *row, const char *word, size_t len)
{
	size_t i = 0;

	while (i < len && row[i] && row[i] == word[i])
		i++;
	if (i < len)
		return (unsigned char)row[i] - (unsigned char)word[i];
	return row[len] != '\0' && row[len] != ' ';
}

/* The longest row whose words stand at text[at..]. */
static const struct form_row *find_row(struct slice text, size_t at)
{
	size_t end = word_end(text, at);
	size_t low = 0, high = form_row_count;
	const struct form_row *best = NULL;

	if (is_ordinary(text, at, end))
		return NULL;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_word(form_rows[middle].text, text.ptr + at, end - at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < form_row_count && compare_word(form_rows[low].text, text.ptr + at, end - at) == 0; low++)
		if (is_word_at(text, at, slice_cstr(form_rows[low].text)))
			best = &form_rows[low];
	return best;
}

static bool ends_with(const char *end, struct slice ending)
{
	size_t left = ending.len;

	while (left && *--end == ending.ptr[left - 1])
		left--;
	return !left;
}

/* Where in the word text[at..end) a form is glued to its end; end = nowhere. */
static size_t find_glued(struct slice text, size_t at, size_t end)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t len = endings[i].text.len;
		if (end - at <= len || !ends_with(text.ptr + end, endings[i].text))
			continue;
		char before = text.ptr[end - len - 1];
		if (!endings[i].after_digit_only || (before >= '0' && before <= '9'))
			return end - len;
	}
	return end;
}

/* A writing found: text[start..end). */
struct spot {
	const struct form_row *row; /* NULL = none */
	size_t start;
	size_t end;
};

/* At the word text[at..], glued to its end, or misspelt. */
static struct spot find_spot(struct slice text, size_t at)
{
	struct spot spot = {find_row(text, at), at, word_end(text, at)};

	if (!spot.row) {
		size_t start = find_glued(text, at, spot.end);
		if (start < spot.end) {
			spot.start = start;
			spot.row = find_row(text, start);
		} else if (form_typo_find(text, at, &spot.start, &spot.end)) {
			spot.row = find_row(SLICE_LIT("gmbh"), 0);
			return spot;
		}
	}
	if (spot.row)
		spot.end = spot.start + strlen(spot.row->text);
	return spot;
}

static bool may_be_partner(enum legal_form base)
{
	switch ((int)base) {
	case LEGAL_FORM_GMBH:
	case LEGAL_FORM_GGMBH:
	case LEGAL_FORM_UG:
	case LEGAL_FORM_AG:
	case LEGAL_FORM_SE:
	case LEGAL_FORM_KGAA:
	case LEGAL_FORM_EG:
	case LEGAL_FORM_EV:
	case LEGAL_FORM_STIFTUNG:
	case LEGAL_FORM_FOREIGN:
		return true;
	default:
		return false;
	}
}

/* "base & Co. company"; forms without a name of their own share the nearest one's consequences. */
static enum legal_form combine(enum legal_form base, enum legal_form company)
{
	if (company == LEGAL_FORM_OHG)
		return LEGAL_FORM_GMBH_CO_OHG;
	if (company == LEGAL_FORM_KGAA)
		return LEGAL_FORM_GMBH_CO_KGAA;
	if (company != LEGAL_FORM_KG)
		return LEGAL_FORM_NONE;
	if (base == LEGAL_FORM_UG)
		return LEGAL_FORM_UG_CO_KG;
	if (base == LEGAL_FORM_AG)
		return LEGAL_FORM_AG_CO_KG;
	return base == LEGAL_FORM_SE ? LEGAL_FORM_SE_CO_KG : LEGAL_FORM_GMBH_CO_KG;
}

/* Skips "[und] co" behind a form; 0 when it is not there. "cokg" gives up its "kg". */
static size_t skip_co(struct slice text, size_t at)
{
	static const struct slice und = SLICE_LIT(" und");
	static const struct slice words[] = {SLICE_LIT(" co"), SLICE_LIT(" cie"), SLICE_LIT(" comp")};
	static const struct slice glued[] = {SLICE_LIT(" cokg"), SLICE_LIT(" coohg"), SLICE_LIT(" cokgaa")};

	if (is_word_at(text, at, und))
		at += und.len;
	for (size_t i = 0; i < 3; i++) {
		if (is_word_at(text, at, words[i]))
			return at + words[i].len;
		if (is_word_at(text, at, glued[i]))
			return at + 3;
	}
	return 0;
}

/* Begins the next word, whether a blank stands before it or it is glued to a "co". */
static size_t next_word(struct slice text, size_t at)
{
	return at < text.len && text.ptr[at] == ' ' ? at + 1 : at;
}

/* Takes "& Co. [words] KG" into the match; without its last word the KG is meant. */
static void match_company(struct slice text, struct form_match *match)
{
	size_t at = skip_co(text, match->end);

	if (!at)
		return;
	for (size_t word = next_word(text, at); word < text.len; word = word_end(text, word) + 1) {
		struct spot spot = find_spot(text, word);
		if (!spot.row)
			continue;
		if (combine(match->form, spot.row->form) == LEGAL_FORM_NONE)
			break;
		match->form = combine(match->form, spot.row->form);
		match->end = at;
		match->partner = spot.start;
		match->partner_end = spot.end;
		match->partner_token = spot.row->token;
		return;
	}
	if (match->hint)
		return;
	match->form = combine(match->form, LEGAL_FORM_KG);
	match->end = match->partner = match->partner_end = at;
	match->partner_token = "kg";
}

static bool is_life_state(struct slice rest)
{
	for (size_t i = 0; i < sizeof(life_states) / sizeof(life_states[0]); i++)
		if (slice_eq(rest, life_states[i]))
			return true;
	return false;
}

static bool begins_with_one_of(struct slice text, size_t at, const struct slice *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_word_at(text, at, words[i]))
			return true;
	return false;
}

size_t form_match_end(const struct form_match *match)
{
	return match->partner_token ? match->partner_end : match->end;
}

bool form_match_ends_name(struct slice folded, const struct form_match *match)
{
	size_t at = form_match_end(match);

	return at == folded.len || is_life_state((struct slice){folded.ptr + at + 1, folded.len - at - 1});
}

/* The word before is a single letter, so that a dotted form may be half an abbreviation. */
static bool follows_initial(struct slice text, size_t start)
{
	return start >= 2 && text.ptr[start - 1] == ' ' && (start == 2 || text.ptr[start - 3] == ' ');
}

static bool stands_well(struct slice text, const struct form_row *row, const struct form_match *match)
{
	size_t end = form_match_end(match);
	bool initials = row->form == LEGAL_FORM_FOREIGN && row->place == FORM_LAST; /* "AS & Co. KG" */
	bool first = match->start == 0 && (end < text.len || (initials && match->partner_token));

	if (row->form == LEGAL_FORM_EG && follows_initial(text, match->start)) /* "G.u.t.e G.m.b.H." */
		return false;
	switch (row->place) {
	case FORM_NOT_FIRST:
		return !first;
	case FORM_LAST:
		return !first && (match->partner_token || form_match_ends_name(text, match) ||
		                  begins_with_one_of(text, end + 1, branches, sizeof(branches) / sizeof(branches[0])));
	case FORM_ANYWHERE:
	case FORM_HINT:
	default:
		return true;
	}
}

/* "Handelsgesellschaft mbH" is a "Handels-GmbH": the form begins in the word before. */
static size_t take_gesellschaft(struct slice text, size_t start)
{
	static const struct slice words[] = {SLICE_LIT("gesellschaft"), SLICE_LIT("ges")};
	size_t end = start && text.ptr[start - 1] == ' ' ? start - 1 : start;

	for (size_t i = 0; i < 2; i++)
		if (end >= words[i].len && memcmp(text.ptr + end - words[i].len, words[i].ptr, words[i].len) == 0)
			return end - words[i].len;
	return start;
}

/* "mbH" and its long forms ask for a "Gesellschaft" before; "GmbH" has its own. */
static bool lacks_gesellschaft(struct slice text, const struct spot *spot)
{
	return spot->row->form == LEGAL_FORM_GMBH && text.ptr[spot->start] != 'g';
}

static struct form_match match_spot(struct slice text, const struct spot *spot)
{
	struct form_match match = {
	        .form = spot->row->form,
	        .hint = spot->row->place == FORM_HINT,
	        .start = spot->start,
	        .end = spot->end,
	        .token = spot->row->token,
	};

	if (may_be_partner(match.form))
		match_company(text, &match);
	if (match.partner_token)
		match.hint = false;
	return match;
}

struct form_match form_match_find(struct slice folded)
{
	struct form_match best = {.form = LEGAL_FORM_NONE, .hint = true};
	const size_t owners = sizeof(other_owners) / sizeof(other_owners[0]);

	for (size_t at = 0; at < folded.len;) {
		struct spot spot = find_spot(folded, at);
		at = word_end(folded, at) + 1;
		if (is_word_at(folded, spot.start, SLICE_LIT("nun ag"))) /* the register moved to that Amtsgericht */
			break;
		if (!spot.row) {
			if (!best.hint && begins_with_one_of(folded, spot.start, other_owners, owners))
				break;
			continue;
		}
		struct form_match match = match_spot(folded, &spot);
		if (!stands_well(folded, spot.row, &match))
			continue;
		at = form_match_end(&match) + 1;
		if (lacks_gesellschaft(folded, &spot))
			match.start = take_gesellschaft(folded, match.start);
		if (!match.hint || best.hint)
			best = match;
	}
	return best;
}
