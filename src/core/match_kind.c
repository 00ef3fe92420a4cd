/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/match_text.h"

struct entry {
	const char *word;
	enum match_word_kind kind;
};

/* In the stemmed writing of match_text; ascending. */
static const struct entry WORDS[] = {
        {"abteilung", MATCH_KIND_NOISE},
        {"acht", MATCH_KIND_NUMBER},
        {"achte", MATCH_KIND_NUMBER},
        {"alpha", MATCH_KIND_NUMBER},
        {"am", MATCH_KIND_STOP},
        {"an", MATCH_KIND_STOP},
        {"and", MATCH_KIND_STOP},
        {"auf", MATCH_KIND_STOP},
        {"aus", MATCH_KIND_STOP},
        {"bauverwaltung", MATCH_KIND_ROLE},
        {"bei", MATCH_KIND_STOP},
        {"besitz", MATCH_KIND_ROLE},
        {"beta", MATCH_KIND_NUMBER},
        {"beteiligung", MATCH_KIND_ROLE},
        {"beteiligungen", MATCH_KIND_ROLE},
        {"betreuung", MATCH_KIND_ROLE},
        {"betrieb", MATCH_KIND_ROLE},
        {"buchhaltung", MATCH_KIND_NOISE},
        {"buero", MATCH_KIND_NOISE},
        {"consulting", MATCH_KIND_ROLE},
        {"das", MATCH_KIND_STOP},
        {"delta", MATCH_KIND_NUMBER},
        {"der", MATCH_KIND_STOP},
        {"des", MATCH_KIND_STOP},
        {"deutschland", MATCH_KIND_STOP},
        {"die", MATCH_KIND_STOP},
        {"dienstleistung", MATCH_KIND_ROLE},
        {"dienstleistungen", MATCH_KIND_ROLE},
        {"drei", MATCH_KIND_NUMBER},
        {"dritte", MATCH_KIND_NUMBER},
        {"einkauf", MATCH_KIND_NOISE},
        {"eins", MATCH_KIND_NUMBER},
        {"einzelhandel", MATCH_KIND_ROLE},
        {"elf", MATCH_KIND_NUMBER},
        {"elfte", MATCH_KIND_NUMBER},
        {"energie", MATCH_KIND_ROLE},
        {"entwicklung", MATCH_KIND_ROLE},
        {"erste", MATCH_KIND_NUMBER},
        {"fa", MATCH_KIND_NOISE},
        {"filiale", MATCH_KIND_NOISE},
        {"finanz", MATCH_KIND_ROLE},
        {"firma", MATCH_KIND_NOISE},
        {"fuenf", MATCH_KIND_NUMBER},
        {"fuenfte", MATCH_KIND_NUMBER},
        {"fuer", MATCH_KIND_STOP},
        {"gamma", MATCH_KIND_NUMBER},
        {"geschaeftsfuehrende", MATCH_KIND_NOISE},
        {"geschaeftsfuehrung", MATCH_KIND_ROLE},
        {"gesellschaft", MATCH_KIND_STOP},
        {"gesellschafter", MATCH_KIND_NOISE},
        {"gesellschafterin", MATCH_KIND_NOISE},
        {"grosshandel", MATCH_KIND_ROLE},
        {"group", MATCH_KIND_ROLE},
        {"grundbesitz", MATCH_KIND_ROLE},
        {"grundstueck", MATCH_KIND_ROLE},
        {"grundstuecks", MATCH_KIND_ROLE},
        {"grundstuecksverwaltung", MATCH_KIND_ROLE},
        {"gruppe", MATCH_KIND_ROLE},
        {"haftende", MATCH_KIND_NOISE},
        {"haftenden", MATCH_KIND_NOISE},
        {"handel", MATCH_KIND_ROLE},
        {"hausverwaltung", MATCH_KIND_ROLE},
        {"holding", MATCH_KIND_ROLE},
        {"i", MATCH_KIND_NUMBER},
        {"im", MATCH_KIND_STOP},
        {"immobilien", MATCH_KIND_ROLE},
        {"immobilienverwaltung", MATCH_KIND_ROLE},
        {"in", MATCH_KIND_STOP},
        {"industrie", MATCH_KIND_ROLE},
        {"inh", MATCH_KIND_NOISE},
        {"inhaber", MATCH_KIND_NOISE},
        {"international", MATCH_KIND_ROLE},
        {"invest", MATCH_KIND_ROLE},
        {"investment", MATCH_KIND_ROLE},
        {"komplementaer", MATCH_KIND_ROLE},
        {"lager", MATCH_KIND_NOISE},
        {"leasing", MATCH_KIND_ROLE},
        {"logistik", MATCH_KIND_ROLE},
        {"management", MATCH_KIND_ROLE},
        {"marketing", MATCH_KIND_ROLE},
        {"mit", MATCH_KIND_STOP},
        {"montage", MATCH_KIND_ROLE},
        {"neun", MATCH_KIND_NUMBER},
        {"neunte", MATCH_KIND_NUMBER},
        {"niederlassung", MATCH_KIND_NOISE},
        {"nr", MATCH_KIND_STOP},
        {"of", MATCH_KIND_STOP},
        {"omega", MATCH_KIND_NUMBER},
        {"partner", MATCH_KIND_ROLE},
        {"persoenlich", MATCH_KIND_NOISE},
        {"produktion", MATCH_KIND_ROLE},
        {"projekt", MATCH_KIND_ROLE},
        {"projektentwicklung", MATCH_KIND_ROLE},
        {"sechs", MATCH_KIND_NUMBER},
        {"sechste", MATCH_KIND_NUMBER},
        {"service", MATCH_KIND_ROLE},
        {"services", MATCH_KIND_ROLE},
        {"sieben", MATCH_KIND_NUMBER},
        {"siebente", MATCH_KIND_NUMBER},
        {"siebte", MATCH_KIND_NUMBER},
        {"sitz", MATCH_KIND_NOISE},
        {"software", MATCH_KIND_ROLE},
        {"system", MATCH_KIND_ROLE},
        {"systeme", MATCH_KIND_ROLE},
        {"technik", MATCH_KIND_ROLE},
        {"the", MATCH_KIND_STOP},
        {"trading", MATCH_KIND_ROLE},
        {"transport", MATCH_KIND_ROLE},
        {"transporte", MATCH_KIND_ROLE},
        {"treuhand", MATCH_KIND_ROLE},
        {"unternehmensberatung", MATCH_KIND_ROLE},
        {"verkauf", MATCH_KIND_ROLE},
        {"vermietung", MATCH_KIND_ROLE},
        {"vermoegen", MATCH_KIND_ROLE},
        {"vermoegens", MATCH_KIND_ROLE},
        {"vermoegensverwaltung", MATCH_KIND_ROLE},
        {"verpachtung", MATCH_KIND_ROLE},
        {"vertrieb", MATCH_KIND_ROLE},
        {"verwaltung", MATCH_KIND_ROLE},
        {"vier", MATCH_KIND_NUMBER},
        {"vierte", MATCH_KIND_NUMBER},
        {"vom", MATCH_KIND_STOP},
        {"von", MATCH_KIND_STOP},
        {"wohnbau", MATCH_KIND_ROLE},
        {"zehn", MATCH_KIND_NUMBER},
        {"zehnte", MATCH_KIND_NUMBER},
        {"zentrale", MATCH_KIND_NOISE},
        {"zu", MATCH_KIND_STOP},
        {"zum", MATCH_KIND_STOP},
        {"zur", MATCH_KIND_STOP},
        {"zwei", MATCH_KIND_NUMBER},
        {"zweigniederlassung", MATCH_KIND_NOISE},
        {"zweite", MATCH_KIND_NUMBER},
        {"zwoelf", MATCH_KIND_NUMBER},
        {"zwoelfte", MATCH_KIND_NUMBER},
};

static int compare(struct slice word, const char *entry)
{
	size_t len = strlen(entry);
	int order = memcmp(word.ptr, entry, word.len < len ? word.len : len);
	return order != 0 ? order : (word.len > len) - (word.len < len);
}

static bool ends(struct slice word, const char *tail)
{
	size_t len = strlen(tail);
	return word.len > len && memcmp(word.ptr + word.len - len, tail, len) == 0;
}

static bool is_number(struct slice word)
{
	size_t roman = 0;
	size_t digits = 0;
	for (size_t i = 0; i < word.len; i++) {
		roman += word.ptr[i] == 'i' || word.ptr[i] == 'v' || word.ptr[i] == 'x';
		digits += word.ptr[i] >= '0' && word.ptr[i] <= '9';
	}
	return digits == word.len || (roman == word.len && word.len <= 6) || ends(word, "zehnte") ||
	       ends(word, "zigste");
}

enum match_word_kind match_word_kind(struct slice word)
{
	if (word.len == 0)
		return MATCH_KIND_STOP;
	if (is_number(word))
		return MATCH_KIND_NUMBER;
	size_t from = 0;
	size_t to = sizeof(WORDS) / sizeof(WORDS[0]);
	while (from < to) {
		size_t middle = (from + to) / 2;
		int order = compare(word, WORDS[middle].word);
		if (order == 0)
			return WORDS[middle].kind;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return MATCH_KIND_PLAIN;
}
