/* SPDX-License-Identifier: MIT */
#include "core/legal_form.h"

#include <string.h>

#include "core/fold.h"
#include "legal_form_rows.h"

#define EUR INT64_C(100)

/* Registers and minimum capital: HGB, GmbHG §§ 5, 5a, AktG § 7, SE-VO art. 4, GenG, PartGG, MoPeG. */
static const struct form_facts {
	const char *name;
	const char *token;
	int64_t minimum_capital;
	enum register_type in_register;
	bool person_liable;
	bool natural_person;
} facts[LEGAL_FORM_COUNT] = {
        [LEGAL_FORM_NONE] = {"", "", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_GMBH] = {"GmbH", "gmbh", 25000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_GGMBH] = {"gGmbH", "ggmbh", 25000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_UG] = {"UG (haftungsbeschränkt)", "ug", 1 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_AG] = {"AG", "ag", 50000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_SE] = {"SE", "se", 120000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_KGAA] = {"KGaA", "kgaa", 50000 * EUR, REGISTER_HRB, true, false},
        [LEGAL_FORM_GMBH_CO_KG] = {"GmbH & Co. KG", "gmbh co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_UG_CO_KG] = {"UG & Co. KG", "ug co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_AG_CO_KG] = {"AG & Co. KG", "ag co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_SE_CO_KG] = {"SE & Co. KG", "se co kg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_GMBH_CO_KGAA] = {"GmbH & Co. KGaA", "gmbh co kgaa", 50000 * EUR, REGISTER_HRB, false, false},
        [LEGAL_FORM_GMBH_CO_OHG] = {"GmbH & Co. OHG", "gmbh co ohg", 0, REGISTER_HRA, false, false},
        [LEGAL_FORM_KG] = {"KG", "kg", 0, REGISTER_HRA, true, false},
        [LEGAL_FORM_OHG] = {"OHG", "ohg", 0, REGISTER_HRA, true, false},
        [LEGAL_FORM_EGBR] = {"eGbR", "egbr", 0, REGISTER_GSR, true, false},
        [LEGAL_FORM_GBR] = {"GbR", "gbr", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_EK] = {"e.K.", "ek", 0, REGISTER_HRA, true, true},
        [LEGAL_FORM_SOLE_TRADER] = {"Einzelunternehmen", "einzelunternehmen", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_FREELANCER] = {"Freiberufler", "freiberufler", 0, REGISTER_NONE, true, true},
        [LEGAL_FORM_PARTG] = {"PartG", "partg", 0, REGISTER_PR, true, false},
        [LEGAL_FORM_PARTG_MBB] = {"PartG mbB", "partg mbb", 0, REGISTER_PR, true, false},
        [LEGAL_FORM_EG] = {"eG", "eg", 0, REGISTER_GNR, false, false},
        [LEGAL_FORM_EV] = {"e.V.", "ev", 0, REGISTER_VR, false, false},
        [LEGAL_FORM_STIFTUNG] = {"Stiftung", "stiftung", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_AOER] = {"AöR", "aoer", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_KDOER] = {"KdöR", "kdoer", 0, REGISTER_NONE, false, false},
        [LEGAL_FORM_FOREIGN] = {"ausländische Rechtsform", "", 0, REGISTER_NONE, false, false},
};

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

/* Where a form stands: text[start..end), and for "GmbH & Co. Handels-KG" also text[partner..partner_end). */
struct match {
	enum legal_form form;
	bool hint;
	size_t start;
	size_t end;
	size_t partner;
	size_t partner_end;
	const char *token;
	const char *partner_token; /* NULL = no "& Co." */
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
	int order = strncmp(row, word, len);

	return order ? order : (row[len] != '\0' && row[len] != ' ');
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

/* Where in the word text[at..end) a form is glued to its end; end = nowhere. */
static size_t find_glued(struct slice text, size_t at, size_t end)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t len = endings[i].text.len;
		if (end - at <= len || memcmp(text.ptr + end - len, endings[i].text.ptr, len) != 0)
			continue;
		char before = text.ptr[end - len - 1];
		if (!endings[i].after_digit_only || (before >= '0' && before <= '9'))
			return end - len;
	}
	return end;
}

/* The row at the word text[at..] or glued to its end; *ret_start = where it begins. */
static const struct form_row *find_form(struct slice text, size_t at, size_t *ret_start)
{
	const struct form_row *row = find_row(text, at);

	*ret_start = at;
	if (!row) {
		size_t end = word_end(text, at);
		*ret_start = find_glued(text, at, end);
		if (*ret_start < end)
			row = find_row(text, *ret_start);
	}
	return row;
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
static void match_company(struct slice text, struct match *match)
{
	size_t at = skip_co(text, match->end);
	size_t start;

	if (!at)
		return;
	for (size_t word = next_word(text, at); word < text.len; word = word_end(text, word) + 1) {
		const struct form_row *row = find_form(text, word, &start);
		if (!row)
			continue;
		if (combine(match->form, row->form) == LEGAL_FORM_NONE)
			break;
		match->form = combine(match->form, row->form);
		match->end = at;
		match->partner = start;
		match->partner_end = start + strlen(row->text);
		match->partner_token = row->token;
		return;
	}
	if (match->hint)
		return;
	match->form = combine(match->form, LEGAL_FORM_KG);
	match->end = match->partner = match->partner_end = at;
	match->partner_token = "kg";
}

/* Length of " in liquidation" and the like when it is all that follows. */
static bool is_life_state(struct slice rest)
{
	for (size_t i = 0; i < sizeof(life_states) / sizeof(life_states[0]); i++)
		if (slice_eq(rest, life_states[i]))
			return true;
	return false;
}

static bool ends_name(struct slice text, size_t at)
{
	return at == text.len || is_life_state((struct slice){text.ptr + at + 1, text.len - at - 1});
}

static size_t match_end(const struct match *match)
{
	return match->partner_token ? match->partner_end : match->end;
}

static bool stands_well(struct slice text, const struct form_row *row, const struct match *match)
{
	bool first = match->start == 0 && match_end(match) < text.len;

	switch (row->place) {
	case FORM_NOT_FIRST:
		return !first;
	case FORM_LAST:
		return !first && (match->partner_token || ends_name(text, match->end));
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

	if (text.ptr[start] != 'm')
		return start;
	for (size_t i = 0; i < 2; i++)
		if (end > words[i].len && memcmp(text.ptr + end - words[i].len, words[i].ptr, words[i].len) == 0)
			return end - words[i].len;
	return start;
}

static struct match find_match(struct slice text)
{
	struct match best = {.form = LEGAL_FORM_NONE, .hint = true};

	for (size_t at = 0; at < text.len;) {
		size_t start;
		const struct form_row *row = find_form(text, at, &start);
		if (!row) {
			at = word_end(text, at) + 1;
			continue;
		}
		struct match match = {
		        .form = row->form,
		        .hint = row->place == FORM_HINT,
		        .start = start,
		        .end = start + strlen(row->text),
		        .token = row->token,
		};
		if (may_be_partner(match.form))
			match_company(text, &match);
		if (match.partner_token)
			match.hint = false;
		if (!stands_well(text, row, &match)) {
			at = word_end(text, at) + 1;
			continue;
		}
		at = match_end(&match) + 1;
		if (row->form == LEGAL_FORM_GMBH)
			match.start = take_gesellschaft(text, match.start);
		if (!match.hint || best.hint)
			best = match;
	}
	return best;
}

struct form_writer {
	char *text;
	size_t len;
};

/* Appends with one blank between the parts, whatever blanks the part has at its ends. */
static void append(struct form_writer *w, const char *text, size_t len)
{
	struct slice part = slice_trim((struct slice){text, len});

	if (!part.len)
		return;
	if (w->len)
		w->text[w->len++] = ' ';
	memcpy(w->text + w->len, part.ptr, part.len);
	w->len += part.len;
}

static void append_core(struct form_writer *w, struct slice text, const struct match *match)
{
	size_t last = match_end(match);

	append(w, text.ptr, match->start);
	if (match->partner_token)
		append(w, text.ptr + match->end, match->partner - match->end);
	if (!ends_name(text, last))
		append(w, text.ptr + last, text.len - last);
}

enum status legal_form_split(struct slice folded, struct arena *arena, struct legal_form_split *ret_split)
{
	struct match match = find_match(folded);
	struct form_writer core = {NULL, 0}, name = {NULL, 0};

	if (match.hint) {
		*ret_split = (struct legal_form_split){match.form, folded, folded};
		return STATUS_OK;
	}
	core.text = arena_alloc(arena, folded.len + 1);
	name.text = arena_alloc(arena, folded.len + 40);
	if (!core.text || !name.text)
		return STATUS_NO_MEMORY;
	append_core(&core, folded, &match);
	append(&name, core.text, core.len);
	append(&name, match.token, strlen(match.token));
	if (match.partner_token) {
		append(&name, "co", 2);
		append(&name, match.partner_token, strlen(match.partner_token));
	}
	*ret_split = (struct legal_form_split){
	        .form = match.form,
	        .core = {core.len ? core.text : name.text, core.len ? core.len : name.len},
	        .name = {name.text, name.len},
	};
	return STATUS_OK;
}

static const struct form_facts *facts_of(enum legal_form form)
{
	return &facts[(unsigned)form < LEGAL_FORM_COUNT ? form : LEGAL_FORM_NONE];
}

const char *legal_form_name(enum legal_form form)
{
	return facts_of(form)->name;
}

const char *legal_form_token(enum legal_form form)
{
	return facts_of(form)->token;
}

enum legal_form legal_form_parse(struct slice text)
{
	char folded[FOLD_MAX_OUTPUT];
	size_t len = 0;

	if (fold_write(text, FOLD_NAME, folded, &len) != STATUS_OK || !len)
		return LEGAL_FORM_NONE;
	struct match match = find_match((struct slice){folded, len});
	bool whole = match.start == 0 && match_end(&match) == len;
	if (match.partner_token && match.partner > match.end + 1)
		whole = false;
	if (slice_eq((struct slice){folded, len}, SLICE_LIT("auslaendische rechtsform")))
		return LEGAL_FORM_FOREIGN;
	return whole ? match.form : LEGAL_FORM_NONE;
}

enum register_type legal_form_register(enum legal_form form)
{
	return facts_of(form)->in_register;
}

int64_t legal_form_minimum_capital(enum legal_form form)
{
	return facts_of(form)->minimum_capital;
}

bool legal_form_person_liable(enum legal_form form)
{
	return facts_of(form)->person_liable;
}

bool legal_form_natural_person(enum legal_form form)
{
	return facts_of(form)->natural_person;
}
