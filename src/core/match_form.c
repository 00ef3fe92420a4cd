/* SPDX-License-Identifier: MIT */
#include "match_form.h"

#include <stdbool.h>
#include <string.h>

#include "core/match_text.h"
#include "match_sim.h"

/* Longest first among those that start alike. */
#define PHRASE(first_word, others, parts)                                                       \
	{                                                                                       \
		first_word others, sizeof(first_word others) - 1, sizeof(first_word) - 1, parts \
	}

static const struct phrase {
	const char *text;
	uint8_t len;
	uint8_t first; /* length of its first word */
	uint16_t form;
} PHRASES[] = {
        PHRASE("gesellschaft", " mit beschraenkter haftung", MATCH_FORM_GMBH),
        PHRASE("gesellschaft", " mitbeschraenkter haftung", MATCH_FORM_GMBH),
        PHRASE("gesellschaft", " mit beschraenkterhaftung", MATCH_FORM_GMBH),
        PHRASE("gesellschaftmit", " beschraenkter haftung", MATCH_FORM_GMBH),
        PHRASE("gesellschaft", " buergerlichen rechts", MATCH_FORM_GBR),
        PHRASE("mit", " beschraenkter haftung", MATCH_FORM_GMBH),
        PHRASE("mit", " beschraenkter berufshaftung", MATCH_FORM_PARTG),
        PHRASE("mit", " beschraenkter haftpflicht", MATCH_FORM_EG),
        PHRASE("mit", " unbeschraenkter haftpflicht", MATCH_FORM_EG),
        PHRASE("mit", " unbeschraenkter nachschusspflicht", MATCH_FORM_EG),
        PHRASE("mit", " beschr haftung", MATCH_FORM_GMBH),
        PHRASE("gesellschaft", " mbh", MATCH_FORM_GMBH),
        PHRASE("gesellsch", " mbh", MATCH_FORM_GMBH),
        PHRASE("ges", " mbh", MATCH_FORM_GMBH),
        PHRASE("gesmbh", "", MATCH_FORM_GMBH),
        PHRASE("gmbh", "", MATCH_FORM_GMBH),
        PHRASE("mbh", "", MATCH_FORM_GMBH),
        PHRASE("ggmbh", "", MATCH_FORM_GMBH | MATCH_FORM_CHARITY),
        PHRASE("gemeinnuetzige", "", MATCH_FORM_CHARITY),
        PHRASE("unternehmergesellschaft", " haftungsbeschraenkt", MATCH_FORM_UG),
        PHRASE("unternehmergesellschaft", "", MATCH_FORM_UG),
        PHRASE("haftungsbeschraenkt", "", MATCH_FORM_UG),
        PHRASE("haftungs", " beschraenkt", MATCH_FORM_UG),
        PHRASE("haftungsbeschr", "", MATCH_FORM_UG),
        PHRASE("ug", "", MATCH_FORM_UG),
        PHRASE("kommanditgesellschaft", " auf aktien", MATCH_FORM_KGAA),
        PHRASE("kommanditgesellschaft", "", MATCH_FORM_KG),
        PHRASE("kommandit", " gesellschaft", MATCH_FORM_KG),
        PHRASE("kg", "", MATCH_FORM_KG),
        PHRASE("kgaa", "", MATCH_FORM_KGAA),
        PHRASE("offene", " handelsgesellschaft", MATCH_FORM_OHG),
        PHRASE("ohg", "", MATCH_FORM_OHG),
        PHRASE("aktiengesellschaft", "", MATCH_FORM_AG),
        PHRASE("ag", "", MATCH_FORM_AG),
        PHRASE("se", "", MATCH_FORM_SE),
        PHRASE("eingetragene", " genossenschaft", MATCH_FORM_EG),
        PHRASE("eg", "", MATCH_FORM_EG),
        PHRASE("egmbh", "", MATCH_FORM_EG),
        PHRASE("partnerschaftsgesellschaft", "", MATCH_FORM_PARTG),
        PHRASE("partnerschaft", "", MATCH_FORM_PARTG),
        PHRASE("partg", "", MATCH_FORM_PARTG),
        PHRASE("partgmbb", "", MATCH_FORM_PARTG),
        PHRASE("mbb", "", MATCH_FORM_PARTG),
        PHRASE("gbr", "", MATCH_FORM_GBR),
        PHRASE("eingetragener", " verein", MATCH_FORM_EV),
        PHRASE("ev", "", MATCH_FORM_EV),
        PHRASE("eingetragener", " kaufmann", MATCH_FORM_EK),
        PHRASE("eingetragene", " kauffrau", MATCH_FORM_EK),
        PHRASE("ek", "", MATCH_FORM_EK),
        PHRASE("limited", "", MATCH_FORM_FOREIGN),
        PHRASE("ltd", "", MATCH_FORM_FOREIGN),
        PHRASE("llp", "", MATCH_FORM_FOREIGN),
        PHRASE("inc", "", MATCH_FORM_FOREIGN),
        PHRASE("plc", "", MATCH_FORM_FOREIGN),
        PHRASE("sarl", "", MATCH_FORM_FOREIGN),
        PHRASE("bv", "", MATCH_FORM_FOREIGN),
        PHRASE("co", "", MATCH_FORM_CO),
        PHRASE("cie", "", MATCH_FORM_CO),
};

#define PHRASE_COUNT (sizeof(PHRASES) / sizeof(PHRASES[0]))

static bool ends(struct slice word, const char *tail)
{
	size_t len = strlen(tail);
	return word.len > len && memcmp(word.ptr + word.len - len, tail, len) == 0;
}

static struct slice head(struct slice word, size_t cut)
{
	return (struct slice){word.ptr, word.len - cut};
}

static size_t insert_after(struct slice *words, size_t count, size_t i, struct slice tail)
{
	memmove(words + i + 2, words + i + 1, (count - i - 1) * sizeof(*words));
	words[i + 1] = tail;
	words[i].len -= tail.len;
	return count + 1;
}

size_t match_form_unglue(struct slice *words, size_t count, size_t cap)
{
	for (size_t i = 0; i < count && count < cap; i++) {
		struct slice word = words[i];
		if (word.len > 4 && memcmp(word.ptr, "gmbh", 4) == 0) {
			count = insert_after(words, count, i, (struct slice){word.ptr + 4, word.len - 4});
			continue;
		}
		if (slice_eq_cstr(word, "gmbh") || slice_eq_cstr(word, "ggmbh") || slice_eq_cstr(word, "egmbh"))
			continue;
		size_t tail = ends(word, "gmbh") ? 4 : ends(word, "mbh") ? 3 : 0;
		if (tail != 0)
			count = insert_after(words, count, i++, (struct slice){word.ptr + word.len - tail, tail});
	}
	return count;
}

/* A long word of a form may be misspelt; the last word of a name may be cut to "cut" letters or more. */
static bool alike(struct slice word, struct slice model, size_t cut)
{
	if (slice_eq(word, model))
		return true;
	if (model.len < 7)
		return false;
	if (cut > 0 && word.len >= cut && word.len < model.len && memcmp(word.ptr, model.ptr, word.len) == 0)
		return true;
	size_t gap = word.len > model.len ? word.len - model.len : model.len - word.len;
	unsigned allowed = model.len >= 12 ? 2 : 1;
	if (gap > allowed)
		return false;
	if (word.ptr[0] != model.ptr[0] && word.ptr[word.len - 1] != model.ptr[model.len - 1])
		return false;
	return match_sim_pair(word, model) <= allowed;
}

/* Cheaply, what alike() would say no to: most words begin no phrase. */
static bool may_begin(const struct phrase *phrase, struct slice word)
{
	if (word.len == 0)
		return false;
	if (word.ptr[0] == phrase->text[0])
		return phrase->first >= 7 || word.len == phrase->first;
	return phrase->first >= 7 && word.len <= phrase->first + 2u && word.len + 2u >= phrase->first;
}

/* How many words the phrase covers here, 0 when it is not here. */
static size_t covers(const struct phrase *phrase, const struct slice *words, size_t count, bool first)
{
	struct slice rest = {phrase->text, phrase->len};
	size_t used = 0;
	while (rest.ptr) {
		struct slice model = slice_cut(&rest, ' ');
		if (used == count)
			return used >= 2 ? used : 0;
		size_t cut = used + 1 < count ? 0 : used >= 2 ? 1 : used == 1 ? 4 : first ? 0 : 7;
		if (words[used].len == 0 || !alike(words[used], model, cut))
			return 0;
		used++;
	}
	return used;
}

/* A blank in the middle of "haftungs|beschraenkt", "G mb H" or "m bH": how many words make one form word. */
static size_t covers_torn(const struct slice *words, size_t count, uint16_t *ret_form)
{
	static const struct phrase TORN[] = {PHRASE("haftungsbeschraenkt", "", MATCH_FORM_UG),
	                                     PHRASE("gmbh", "", MATCH_FORM_GMBH),
	                                     PHRASE("mbh", "", MATCH_FORM_GMBH),
	                                     PHRASE("ohg", "", MATCH_FORM_OHG),
	                                     PHRASE("beschraenkter", "", MATCH_FORM_GMBH),
	                                     PHRASE("kommanditgesellschaft", "", MATCH_FORM_KG),
	                                     PHRASE("unternehmergesellschaft", "", MATCH_FORM_UG)};
	char joined[2 * MATCH_WORD_BYTES];
	size_t len = 0;
	for (size_t n = 0; n < 3 && n < count && words[n].len > 0; n++) {
		if (len + words[n].len > 24)
			return 0;
		memcpy(joined + len, words[n].ptr, words[n].len);
		len += words[n].len;
		for (size_t i = 0; n > 0 && i < sizeof(TORN) / sizeof(TORN[0]); i++) {
			if (may_begin(&TORN[i], (struct slice){joined, len}) &&
			    alike((struct slice){joined, len}, (struct slice){TORN[i].text, TORN[i].len}, 0)) {
				*ret_form = TORN[i].form;
				return n + 1;
			}
		}
	}
	return 0;
}

static bool is_society(struct slice word)
{
	return slice_eq_cstr(word, "ges") || slice_eq_cstr(word, "gesellsch") || slice_eq_cstr(word, "gesellschaft");
}

static uint16_t take_phrases(struct slice *words, size_t count, bool *taken)
{
	unsigned form = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t p = 0; p < PHRASE_COUNT; p++) {
			if (!may_begin(&PHRASES[p], words[i]))
				continue;
			size_t n = covers(&PHRASES[p], words + i, count - i, i == 0);
			bool shy = i == 0 && words[0].len == 2 && count > 1;
			if (n == 0 || shy)
				continue;
			form |= PHRASES[p].form;
			memset(taken + i, true, n);
			if (PHRASES[p].form == MATCH_FORM_GMBH && i > 0 && is_society(words[i - 1]))
				taken[i - 1] = true;
			i += n - 1;
			break;
		}
	}
	for (size_t i = 1; i < count; i++) {
		uint16_t torn = 0;
		size_t n = taken[i] ? 0 : covers_torn(words + i, count - i, &torn);
		for (size_t k = 0; k < n; k++)
			n = taken[i + k] ? 0 : n;
		form |= n > 0 ? torn : 0u;
		memset(taken + i, true, n);
	}
	return (uint16_t)form;
}

/* "Gmvh", "Co. K", "Xo. KG", "zg (haftungsbeschraenkt)": repaired only where no sound form is. */
static uint16_t repair(struct slice *words, size_t count, bool *taken, uint16_t form)
{
	const unsigned MAIN = MATCH_FORM_GMBH | MATCH_FORM_KG | MATCH_FORM_OHG | MATCH_FORM_AG | MATCH_FORM_UG |
	                      MATCH_FORM_EG | MATCH_FORM_EV | MATCH_FORM_PARTG | MATCH_FORM_FOREIGN | MATCH_FORM_SE |
	                      MATCH_FORM_KGAA | MATCH_FORM_GBR | MATCH_FORM_EK;
	unsigned found = form;
	for (size_t i = count; i-- > 0 && i + 6 > count;) {
		if (taken[i] || words[i].len > 6)
			continue;
		bool last = i + 1 == count;
		if ((form & MATCH_FORM_UG) && words[i].len <= 3 && i + 1 < count && taken[i + 1] && i > 0 &&
		    match_sim_pair(words[i], SLICE_LIT("ug")) <= 1) {
			taken[i] = true;
		} else if ((form & MATCH_FORM_CO) && !(form & MATCH_FORM_KG) && last && words[i].len <= 3 &&
		           match_sim_pair(words[i], SLICE_LIT("kg")) <= 1) {
			taken[i] = true;
			found |= MATCH_FORM_KG;
		} else if ((form & MATCH_FORM_KG) && !(form & MATCH_FORM_CO) && (form & MATCH_FORM_GMBH) &&
		           words[i].len <= 3 && i > 0 && taken[i - 1] && i + 1 < count && taken[i + 1] &&
		           match_sim_pair(words[i], SLICE_LIT("co")) <= 1) {
			taken[i] = true;
			found |= MATCH_FORM_CO;
		} else if (!(found & MAIN) && i > 0 && words[i].len >= 3 && words[i].len <= 5 &&
		           match_sim_pair(words[i], SLICE_LIT("gmbh")) <= 1) {
			taken[i] = true;
			found |= MATCH_FORM_GMBH;
		}
	}
	return (uint16_t)found;
}

/* Where "geselschaft" begins at the end of a long word; its length when nothing like it is there. */
static size_t misspelt_society(struct slice word)
{
	size_t found = word.len;
	unsigned least = 3;
	for (size_t n = 13; word.len >= 16 && n >= 10; n--) {
		struct slice tail = {word.ptr + word.len - n, n};
		unsigned distance = tail.ptr[0] == 'g' ? match_sim_pair(tail, SLICE_LIT("gesellschaft")) : least;
		if (distance < least) {
			least = distance;
			found = word.len - n;
		}
	}
	return found;
}

/* "verwaltungsgesellschaft", "verwaltungs" and "verwaltung" are one word here. */
static struct slice stem(struct slice word, bool last)
{
	static const char *const TAILS[] = {"gesellschafts", "gesellschaft", "gesellsch", "ges"};
	static const char *const GENITIVES[] = {"ungs", "andels", "triebs", "ions", "heits", "keits", "schafts"};
	for (size_t i = 0; i < sizeof(TAILS) / sizeof(TAILS[0]); i++) {
		if (ends(word, TAILS[i]) && word.len >= strlen(TAILS[i]) + 4) {
			word = head(word, strlen(TAILS[i]));
			break;
		}
	}
	word.len = misspelt_society(word);
	for (size_t n = 11; last && n >= 4; n--) {
		if (word.len >= n + 5 && memcmp(word.ptr + word.len - n, "gesellschaft", n) == 0) {
			word.len -= n;
			break;
		}
	}
	for (size_t i = 0; i < sizeof(GENITIVES) / sizeof(GENITIVES[0]); i++) {
		if (ends(word, GENITIVES[i]) && word.len >= 6)
			return head(word, 1);
	}
	return word;
}

uint16_t match_form_take(struct slice *words, size_t count)
{
	bool taken[2 * MATCH_WORDS] = {false};
	uint16_t form = take_phrases(words, count, taken);
	form = repair(words, count, taken, form);
	size_t left = 0;
	for (size_t i = 0; i < count; i++)
		left += !taken[i];
	for (size_t i = 0; i < count; i++) {
		if (taken[i] && left > 0)
			words[i].len = 0;
		else
			words[i] = stem(words[i], i + 1 == count);
	}
	return form;
}
