/* SPDX-License-Identifier: MIT */
#include "core/match_text.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Words with blanks between them. */
static void words_of(const struct match_name *name, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < name->count; i++) {
		struct slice word = match_name_word(name, i);
		if (i > 0)
			out[n++] = ' ';
		memcpy(out + n, word.ptr, word.len);
		n += word.len;
	}
	out[n] = 0;
}

static const struct {
	const char *raw;
	const char *words;
	unsigned form;
} NAMES[] = {
        {"Schmidt Industrie GmbH", "schmidt industrie", MATCH_FORM_GMBH},
        {"Müller & Söhne oHG", "mueller soehne", MATCH_FORM_OHG},
        {"Müller und Söhne OHG", "mueller soehne", MATCH_FORM_OHG},
        {"Oehmchen G.m.b.H.", "oehmchen", MATCH_FORM_GMBH},
        {"Bohnen-Hausverwaltungs-Gesellschaft mbH.", "bohnen hausverwaltung", MATCH_FORM_GMBH},
        {"Druckwerkstatt Gesellschaft mit beschränkter Haftung", "druckwerkstatt", MATCH_FORM_GMBH},
        {"Andree Gesellschaft mitbeschränkter Haftung", "andree", MATCH_FORM_GMBH},
        {"Clemens Schöbel Gesellschaft mit be", "clemens schoebel", MATCH_FORM_GMBH},
        {"JK Beteiligungsgesellschaft m.b.H.", "jk beteiligung", MATCH_FORM_GMBH},
        {"Verwaltungs-GmbH Nord", "verwaltung nord", MATCH_FORM_GMBH},
        {"ARAMARKGmbH", "aramark", MATCH_FORM_GMBH},
        {"Frankal GmvH", "frankal", MATCH_FORM_GMBH},
        {"Ahuva Holdings GbH", "ahuva holdings", MATCH_FORM_GMBH},
        {"zWe Recycling GmbH&Co. KG", "zwe recycling", MATCH_FORM_GMBH | MATCH_FORM_CO | MATCH_FORM_KG},
        {"Schlenk GmbH + Cl. KG", "schlenk", MATCH_FORM_GMBH | MATCH_FORM_CO | MATCH_FORM_KG},
        {"SM Company UG (haft ungsbeschränkt)", "sm company", MATCH_FORM_UG},
        {"ALPHANIS UG (haftung", "alphanis", MATCH_FORM_UG},
        {"Windrad KGaA", "windrad", MATCH_FORM_KGAA},
        {"Sparkasse Nord eG", "sparkasse nord", MATCH_FORM_EG},
        {"U.R. S c h n e i d e r KG", "urschneider", MATCH_FORM_KG},
        {"Hn8 Systeme AG", "hn 8 systeme", MATCH_FORM_AG},
        {"Fonds Nr. 007 KG", "fonds nr 7", MATCH_FORM_KG},
        {"GmbH", "gmbh", MATCH_FORM_GMBH},
        {"AG Elektro GmbH", "ag elektro", MATCH_FORM_GMBH},
        {"Sudhoff G mb H", "sudhoff", MATCH_FORM_GMBH},
        {"Sudhoff Haftungs Beschraenkt Ug", "sudhoff", MATCH_FORM_UG},
        {"Sudhoff GmbH & Co. K", "sudhoff", MATCH_FORM_GMBH | MATCH_FORM_CO | MATCH_FORM_KG},
        {"Sudhoff GmbH & Ko KG", "sudhoff", MATCH_FORM_GMBH | MATCH_FORM_CO | MATCH_FORM_KG},
        {"Sudhoff U (haftungsbeschränkt)", "sudhoff", MATCH_FORM_UG},
        {"Sudhoff Verwaltungsgeselschaft mbH", "sudhoff verwaltung", MATCH_FORM_GMBH},
        {"Sudhoff gemeinnützige Gesellschaft mbH", "sudhoff", MATCH_FORM_GMBH | MATCH_FORM_CHARITY},
        {"Sudhoff Vertriebsgesellscha", "sudhoff vertrieb", 0},
        {"", "", 0},
        {" - . / ", "", 0},
};

Test(match_text, takes_names_apart)
{
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		struct match_name name;
		char words[2 * MATCH_NAME_BYTES];

		match_name_parse(slice_cstr(NAMES[i].raw), &name);
		words_of(&name, words);
		cr_expect_str_eq(words, NAMES[i].words, "%s: \"%s\"", NAMES[i].raw, words);
		cr_expect_eq(name.form, NAMES[i].form, "%s: form %x", NAMES[i].raw, name.form);
	}
}

Test(match_text, writings_of_one_name_are_one)
{
	static const char *const GROUPS[][4] = {
	        {"Handels-GmbH Meyer", "Handelsgesellschaft mbH Meyer", "HANDELS GMBH MEYER", "Handels G.m.b.H. Meyer"},
	        {"a s k - Kunststoffe GmbH", "ask Kunststoffe GmbH", "A.S.K. Kunststoffe gmbh",
	         "a s k Kunststoffe mbH"},
	        {"E.L. Passivhaus AG", "E L Passivhaus AG", "e. l. passivhaus ag", "EL Passivhaus Aktiengesellschaft"},
	};

	for (size_t i = 0; i < COUNT(GROUPS); i++) {
		struct match_name first;
		match_name_parse(slice_cstr(GROUPS[i][0]), &first);
		for (size_t k = 1; k < 4; k++) {
			struct match_name other;
			match_name_parse(slice_cstr(GROUPS[i][k]), &other);
			cr_expect(slice_eq(match_name_compact(&first), match_name_compact(&other)), "%s", GROUPS[i][k]);
			cr_expect_eq(first.form, other.form, "%s", GROUPS[i][k]);
		}
	}
}

Test(match_text, survives_any_bytes)
{
	char bytes[10000];
	uint32_t state = 1;

	for (int round = 0; round < 300; round++) {
		size_t len = (size_t)round * 33;
		struct match_name name;
		struct match_street street;
		struct match_city city;
		for (size_t i = 0; i < len; i++) {
			state = state * 1664525 + 1013904223;
			bytes[i] = round % 3 == 0 ? (char)(state >> 24) : "aGmbH .&\xc3\xbc"[(state >> 24) % 9];
		}
		match_name_parse((struct slice){bytes, len}, &name);
		match_street_parse((struct slice){bytes, len}, &street);
		match_city_parse((struct slice){bytes, len}, &city);
		cr_assert_leq(name.count, MATCH_WORDS);
		cr_assert_leq(name.start[name.count], MATCH_NAME_BYTES);
		for (size_t i = 0; i < name.count; i++)
			cr_assert(match_name_word(&name, i).len > 0 &&
			          match_name_word(&name, i).len <= MATCH_WORD_BYTES);
		cr_assert_eq(strlen(street.key), street.len);
		cr_assert_eq(strlen(city.key), city.len);
	}
}

Test(match_text, latin_1_bytes_are_letters)
{
	struct match_name name;

	match_name_parse(slice_cstr("M\xfcller Stra\xdf"
	                            "enbau"),
	                 &name);
	cr_expect(slice_eq_cstr(match_name_compact(&name), "muellerstrassenbau"));
}

static const struct {
	const char *raw;
	const char *key;
	unsigned house;
	char letter;
	bool po_box;
} STREETS[] = {
        {"Hafenstraße 12", "hafenstr", 12, 0, false},
        {"Hafenstr. 12", "hafenstr", 12, 0, false},
        {"Hafenstrase 12", "hafenstr", 12, 0, false},
        {"Johann-Philipp-Reis-Straße 17", "johannphilippreisstr", 17, 0, false},
        {"Johann Philipp Reis Str 17", "johannphilippreisstr", 17, 0, false},
        {"Wintroper Weg 12 a", "wintroperweg", 12, 'a', false},
        {"Wintroper Weg 12A", "wintroperweg", 12, 'a', false},
        {"Am Sportpl. 20", "amsportpl", 20, 0, false},
        {"Am Sportplatz 20", "amsportpl", 20, 0, false},
        {"Straße des 17. Juni 69", "strdesjuni", 69, 0, false},
        {"Schloßstraße 8 - 15", "schlossstr", 8, 0, false},
        {"Postfach 9 63 25", "postfach", 9, 0, true},
        {"", "", 0, 0, false},
};

Test(match_text, takes_streets_apart)
{
	for (size_t i = 0; i < COUNT(STREETS); i++) {
		struct match_street street;

		match_street_parse(slice_cstr(STREETS[i].raw), &street);
		cr_expect_str_eq(street.key, STREETS[i].key, "%s: %s", STREETS[i].raw, street.key);
		cr_expect_eq(street.house, STREETS[i].house, "%s: %u", STREETS[i].raw, street.house);
		cr_expect_eq(street.letter, STREETS[i].letter, "%s", STREETS[i].raw);
		cr_expect_eq(street.po_box, STREETS[i].po_box, "%s", STREETS[i].raw);
	}
}

Test(match_text, reads_postal_codes)
{
	cr_expect_eq(match_postcode_parse(SLICE_LIT("40213")), 40213);
	cr_expect_eq(match_postcode_parse(SLICE_LIT("D-01067")), 1067);
	cr_expect_eq(match_postcode_parse(SLICE_LIT(" 01 067 ")), 1067);
	cr_expect_eq(match_postcode_parse(SLICE_LIT("4021")), MATCH_NO_POSTCODE);
	cr_expect_eq(match_postcode_parse(SLICE_LIT("402133")), MATCH_NO_POSTCODE);
	cr_expect_eq(match_postcode_parse(SLICE_LIT("40x13")), MATCH_NO_POSTCODE);
	cr_expect_eq(match_postcode_parse(SLICE_NONE), MATCH_NO_POSTCODE);
}

Test(match_text, tells_words_by_kind)
{
	static const struct {
		const char *word;
		enum match_word_kind kind;
	} CASES[] = {
	        {"verwaltung", MATCH_KIND_ROLE}, {"holding", MATCH_KIND_ROLE},    {"xiv", MATCH_KIND_NUMBER},
	        {"2000", MATCH_KIND_NUMBER},     {"dritte", MATCH_KIND_NUMBER},   {"dreizehnte", MATCH_KIND_NUMBER},
	        {"firma", MATCH_KIND_NOISE},     {"zentrale", MATCH_KIND_NOISE},  {"fuer", MATCH_KIND_STOP},
	        {"schmidt", MATCH_KIND_PLAIN},   {"abteilung", MATCH_KIND_NOISE}, {"zwoelfte", MATCH_KIND_NUMBER},
	};

	for (size_t i = 0; i < COUNT(CASES); i++)
		cr_expect_eq(match_word_kind(slice_cstr(CASES[i].word)), CASES[i].kind, "%s", CASES[i].word);
}

Test(match_text, courts_and_suffixes_have_several_writings)
{
	cr_expect(slice_eq(match_court_code(SLICE_LIT("Mannheim")), match_court_code(SLICE_LIT("B8535"))));
	cr_expect_not(slice_eq(match_court_code(SLICE_LIT("Mannheim")), match_court_code(SLICE_LIT("K1101R"))));
	cr_expect(slice_eq(match_court_code(SLICE_LIT(" nowhere ")), SLICE_LIT("nowhere")));
	cr_expect_eq(match_court_code(SLICE_NONE).len, 0);
	cr_expect(match_same_suffix(SLICE_LIT("MÖ"), SLICE_LIT("MOE")));
	cr_expect_not(match_same_suffix(SLICE_LIT("HL"), SLICE_LIT("")));
}
