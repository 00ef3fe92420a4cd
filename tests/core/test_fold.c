/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/fold.h"

static char folded[FOLD_MAX_OUTPUT + 1];

static const char *fold(struct slice text, enum fold_kind kind)
{
	size_t len = 0;

	cr_assert_eq(fold_write(text, kind, folded, &len), STATUS_OK, "%.*s", (int)text.len, text.ptr);
	cr_assert_leq(len, (size_t)FOLD_MAX_OUTPUT);
	folded[len] = '\0';
	return folded;
}

static const struct {
	enum fold_kind kind;
	const char *text;
	const char *folded;
} cases[] = {
        {FOLD_NAME, "", ""},
        {FOLD_NAME, " \t -- ", ""},
        {FOLD_NAME, "Schmidt Industrie GmbH", "schmidt industrie gmbh"},
        {FOLD_NAME, "  A   B  ", "a b"},
        {FOLD_NAME, "ÄÖÜäöüßẞ", "aeoeueaeoeuessss"},
        {FOLD_NAME, "Mu\xCC\x88ller", "mueller"}, /* u and a combining diaeresis */
        {FOLD_NAME, "Café Señor Łódź Ørsted Œuvre", "cafe senor lodz oersted oeuvre"},
        {FOLD_NAME, "ﬁrma ＡＢＣ ½", "firma abc 1 2"},
        {FOLD_NAME, "İstanbul ıyi", "istanbul iyi"},
        {FOLD_NAME, "Müller & Söhne", "mueller und soehne"},
        {FOLD_NAME, "Müller u. Söhne", "mueller und soehne"},
        {FOLD_NAME, "Müller+Söhne", "mueller und soehne"},
        {FOLD_NAME, "Müller UND Söhne", "mueller und soehne"},
        {FOLD_NAME, "U-Bahn", "u bahn"}, /* nothing stands before it to be joined */
        {FOLD_NAME, "Linie U", "linie u"},
        {FOLD_NAME, "Kita Hauptstr. 5", "kita hauptstrasse 5"},
        {FOLD_NAME, "Industr. Anlagen", "industr anlagen"},
        {FOLD_NAME,
         "A\xE2\x80\x8B"
         "B\xC2\xAD"
         "C\xE2\x80\xAE\xEF\xBB\xBF",
         "abc"}, /* invisible characters */
        {FOLD_NAME, "Fa. „Nord–Licht“…", "fa nord licht"},
        {FOLD_NAME, "日本 株式会社", "日本 株式会社"},
        {FOLD_NAME, "ΑΒΓ Μέγα", "αβγ μεγα"},
        {FOLD_NAME, "ООО Йод", "ооо иод"},
        {FOLD_NAME,
         "a\xC2\x85"
         "b",
         "a b"}, /* a control character parts words */
        {FOLD_STREET, "Hafenstraße 12", "hafenstrasse 12"},
        {FOLD_STREET, "HAFENSTRASSE 12", "hafenstrasse 12"},
        {FOLD_STREET, "Hafenstr.12", "hafenstrasse 12"},
        {FOLD_STREET, "Bonner Str. 7", "bonner strasse 7"},
        {FOLD_STREET, "Neustr. 5", "neustrasse 5"},
        {FOLD_STREET, "Hauptstraße 12 a", "hauptstrasse 12a"},
        {FOLD_STREET, "Hauptstraße 12A", "hauptstrasse 12a"},
        {FOLD_STREET, "Hauptstraße 12a-14 b", "hauptstrasse 12a 14b"},
        {FOLD_STREET, "Am Markt 5 u. 7", "am markt 5 und 7"},
        {FOLD_STREET, "Straße des 17. Juni 135", "strasse des 17 juni 135"},
};

Test(fold, brings_spellings_to_one_writing)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(fold(slice_cstr(cases[i].text), cases[i].kind), cases[i].folded, "%s", cases[i].text);
}

static const struct slice bad_texts[] = {
        SLICE_LIT("\x80"),
        SLICE_LIT("a\xC3"),
        SLICE_LIT("\xC0\xAF"),
        SLICE_LIT("\xED\xA0\x80"),
        SLICE_LIT("\xF4\x90\x80\x80"),
        SLICE_LIT("\xFF"),
        SLICE_LIT("\xE2\x80"),
        SLICE_LIT("ab\xE2\x28\xA1"),
};

Test(fold, refuses_ill_formed_utf8)
{
	size_t len = 99;

	for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++)
		cr_expect_eq(fold_write(bad_texts[i], FOLD_NAME, folded, &len), STATUS_INVALID, "text %zu", i);
	cr_expect_eq(len, 99, "nothing is written on failure");
}

Test(fold, refuses_what_exceeds_its_maximum)
{
	static char text[FOLD_MAX_INPUT + 1];
	size_t len = 0;

	memset(text, 'a', sizeof(text));
	cr_expect_eq(fold_write((struct slice){text, FOLD_MAX_INPUT}, FOLD_NAME, folded, &len), STATUS_OK);
	cr_expect_eq(len, FOLD_MAX_INPUT);
	cr_expect_eq(fold_write((struct slice){text, FOLD_MAX_INPUT + 1}, FOLD_NAME, folded, &len), STATUS_TOO_LARGE);
	memset(text, '&', sizeof(text)); /* four bytes out for one in */
	cr_expect_eq(fold_write((struct slice){text, FOLD_MAX_INPUT}, FOLD_NAME, folded, &len), STATUS_TOO_LARGE);
}

/* Pieces that have special treatment, so that random texts meet it often. */
static const char *const pieces[] = {
        " ",
        "u",
        "u.",
        "&",
        "str",
        "Str.",
        "1",
        "12",
        "a",
        "A",
        "-",
        "ä",
        "ß",
        "\xCC\x88",
        "o",
        "é",
        "\xC2\xBD",
        "ﬁ",
        "\xE2\x80\x93",
        "\xE2\x80\x8D",
        "\xC2\xAD",
        "µ",
        "ŉ",
        "İ",
        "ſ",
        "ẞ",
        "Ǆ",
        "가",
        "か",
        "\xE3\x82\x99",
        "ﷺ",
        "и",
        "й",
        "²",
        "\xE2\x81\xB0",
        "Ⅳ",
        "㍿",
        "ᾳ",
        "\xCD\x85",
        "e",
        "r",
        "s",
        "t",
        "z",
        "q",
        "industr",
        "Ŀ",
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static struct slice random_text(uint64_t *seed, char *text, size_t cap)
{
	struct slice s = {text, 0};
	size_t count = *seed % 12;

	for (size_t i = 0; i < count; i++) {
		*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		const char *piece = pieces[(*seed >> 33) % PIECES];
		if (s.len + strlen(piece) > cap)
			break;
		memcpy(text + s.len, piece, strlen(piece));
		s.len += strlen(piece);
	}
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	*seed ^= *seed >> 29;
	return s;
}

Test(fold, twice_is_once)
{
	char text[256], once[FOLD_MAX_OUTPUT + 1];
	uint64_t seed = 1;

	for (int i = 0; i < 60000; i++) {
		struct slice s = random_text(&seed, text, sizeof(text));
		enum fold_kind kind = i % 2 ? FOLD_STREET : FOLD_NAME;
		snprintf(once, sizeof(once), "%s", fold(s, kind));
		cr_assert_str_eq(fold(slice_cstr(once), kind), once, "[%.*s]", (int)s.len, s.ptr);
	}
}

Test(fold, leaves_single_blanks_between_words_only)
{
	char text[256];
	uint64_t seed = 7;

	for (int i = 0; i < 20000; i++) {
		struct slice s = random_text(&seed, text, sizeof(text));
		const char *out = fold(s, FOLD_NAME);
		size_t len = strlen(out);
		cr_assert(!len || (out[0] != ' ' && out[len - 1] != ' '));
		cr_assert_null(strstr(out, "  "));
		for (size_t k = 0; k < len; k++)
			cr_assert((unsigned char)out[k] >= 0x80 || out[k] == ' ' || (out[k] >= '0' && out[k] <= '9') ||
			          (out[k] >= 'a' && out[k] <= 'z'));
	}
}

/* Any character beyond the quick path's makes the whole text go through Unicode: both must agree. */
Test(fold, quick_path_agrees_with_unicode)
{
	char text[16], quick[64];

	for (unsigned code = 1; code < 0x2070; code++) {
		if (code == 0x180)
			code = 0x2010;
		size_t len = 0;
		if (code < 0x80) {
			text[len++] = (char)code;
		} else if (code < 0x800) {
			text[len++] = (char)(0xC0 | code >> 6);
			text[len++] = (char)(0x80 | (code & 0x3F));
		} else {
			text[len++] = (char)(0xE0 | code >> 12);
			text[len++] = (char)(0x80 | (code >> 6 & 0x3F));
			text[len++] = (char)(0x80 | (code & 0x3F));
		}
		text[len++] = 'x';
		text[len++] = ' ';
		snprintf(quick, sizeof(quick), "%s 本", fold((struct slice){text, len}, FOLD_NAME));
		memcpy(text + len, "本", 3);
		len += 3;
		cr_expect_str_eq(fold((struct slice){text, len}, FOLD_NAME), quick, "U+%04X", code);
	}
}

Test(fold, knows_control_characters)
{
	cr_expect(fold_has_control(SLICE_LIT("a\nb")));
	cr_expect(fold_has_control(SLICE_LIT("a\0b")));
	cr_expect(fold_has_control(SLICE_LIT("\x7F")));
	cr_expect(fold_has_control(SLICE_LIT("\xC2\x85")));
	cr_expect_not(fold_has_control(SLICE_LIT("Größe \xC2\xA0 \xE2\x80\x8B")));
	cr_expect_not(fold_has_control(SLICE_NONE));
}

Test(fold, lives_in_the_arena)
{
	char mem[64] __attribute__((aligned(16)));
	struct arena arena;
	struct slice out = SLICE_NONE, compact = SLICE_NONE;

	arena_init(&arena, mem, sizeof(mem));
	cr_assert_eq(fold_text(SLICE_LIT("Über Lingen"), FOLD_NAME, &arena, &out), STATUS_OK);
	cr_expect_str_eq(out.ptr, "ueber lingen");
	cr_assert_eq(fold_compact(out, &arena, &compact), STATUS_OK);
	cr_expect_str_eq(compact.ptr, "ueberlingen");
	cr_expect_eq(compact.len, 11);
	cr_expect_eq(fold_text(SLICE_LIT("and what does not fit any more in there"), FOLD_NAME, &arena, &out),
	             STATUS_NO_MEMORY);
	cr_expect_eq(fold_compact(SLICE_LIT("and what does not fit any more in there"), &arena, &out),
	             STATUS_NO_MEMORY);
	cr_expect_eq(fold_text(SLICE_LIT("\xFF"), FOLD_NAME, &arena, &out), STATUS_INVALID);
}
