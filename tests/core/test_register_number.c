/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "core/court.h"
#include "core/register_number.h"

static const char *put(const struct register_number *number)
{
	static char text[64];
	struct buf buf;

	buf_init(&buf, text, sizeof(text) - 1);
	register_number_put(&buf, number);
	text[buf.len] = '\0';
	return text;
}

static const struct {
	const char *text;
	const char *entry; /* NULL = refused */
	const char *court;
} cases[] = {
        {"HRB 12345", "HRB 12345", ""},
        {"HRB12345", "HRB 12345", ""},
        {"hrb 12345", "HRB 12345", ""},
        {"HR B 12345", "HRB 12345", ""},
        {"HR-B 12345", "HRB 12345", ""},
        {"HRB: 12345", "HRB 12345", ""},
        {"HRB-Nr. 12345", "HRB 12345", ""},
        {"HRB Nr.: 12.345", "HRB 12345", ""},
        {"HRB 12 345", "HRB 12345", ""},
        {"HRB Nummer 12345", "HRB 12345", ""},
        {"12345 HRB", "HRB 12345", ""},
        {"HRA 1", "HRA 1", ""},
        {"HRA 999999", "HRA 999999", ""},
        {"HRB 000123", "HRB 123", ""},
        {"GnR 7", "GnR 7", ""},
        {"GenR 7", "GnR 7", ""},
        {"GNR 7", "GnR 7", ""},
        {"PR 1", "PR 1", ""},
        {"VR 4711", "VR 4711", ""},
        {"GsR 9", "GsR 9", ""},
        {"Vereinsregister 12", "VR 12", ""},
        {"Genossenschaftsregister Nr. 12", "GnR 12", ""},
        {"Handelsregister B 12", "HRB 12", ""},
        {"Handelsregister Abteilung A, Nr. 12", "HRA 12", ""},
        {"HRB 12345 B", "HRB 12345 B", ""}, /* without a court nobody knows whose B it is */
        {"HRB12345B", "HRB 12345 B", ""},
        {"HRB 111 HU", "HRB 111 HU", ""},
        {"HRB 111HU", "HRB 111 HU", ""},
        {"HRB 111 hu", "HRB 111 HU", ""},
        {"HRB 12 MÖ", "HRB 12 MÖ", ""},
        {"HRB 12 mö", "HRB 12 MÖ", ""},
        {"HRB 12 MOE", "HRB 12 MÖ", ""},
        {"HRB 96GE", "HRB 96 GE", ""},
        {"111 HU HRB", "HRB 111 HU", ""},
        {"Amtsgericht Köln, HRB 1", "HRB 1", "R3306"},
        {"AG Köln HRB 1", "HRB 1", "R3306"},
        {"Köln HRB 1", "HRB 1", "R3306"},
        {"HRB 1 Köln", "HRB 1", "R3306"},
        {"HRB 1, Amtsgericht Köln", "HRB 1", "R3306"},
        {"HRB 1 (Amtsgericht Köln)", "HRB 1", "R3306"},
        {"HRB 1 AG Köln", "HRB 1", "R3306"},
        {"HRB 1 beim Amtsgericht Köln", "HRB 1", "R3306"},
        {"12345 HRB Köln", "HRB 12345", "R3306"},
        {"Handelsregister: Amtsgericht Köln HRB 1", "HRB 1", "R3306"},
        {"Registergericht: Köln, Registernummer: HRB 1", "HRB 1", "R3306"},
        {"Handelsregister HRB 1", "HRB 1", ""},
        {"HRB 7 Ulm", "HRB 7", "B8537"}, /* three letters that are a court */
        {"HRB 7 Hof", "HRB 7", "D4501V"},
        {"Ulm HRB 7 Ulm", "HRB 7", "B8537"},
        {"HRB 7 Bad Homburg", "HRB 7", "M1202"}, /* nor is what begins a court's name a suffix */
        {"HRB 7 Bad Kreuznach", "HRB 7", "T2101V"},
        {"HRB 7 St. Wendel", "HRB 7", "V1112"},
        {"HRB 7 Hof (Saale)", "HRB 7", "D4501V"},
        {"HRB 7 des Amtsgerichts Köln", "HRB 7", "R3306"},
        {"HRB 7 im Handelsregister des Amtsgerichts Köln", "HRB 7", "R3306"},
        {"HRB 7 bei AG Köln", "HRB 7", "R3306"},
        {"HRB 7 am Amtsgericht Köln", "HRB 7", "R3306"},
        {"HRB 7 vom AG Köln", "HRB 7", "R3306"},
        {"HRB 7 in Köln", "HRB 7", "R3306"},
        {"HRB 7 HU Flensburg", "HRB 7 HU", "X1112R"},
        {"HRB 7 Bad Köln", "HRB 7 BAD", "R3306"}, /* no such court: a suffix after all */
        {"7 Ulm HRB", "HRB 7", "B8537"},
        {"HRB 5 Paderborn früher Höxter", "HRB 5", "R2809_R2807"},
        {"HRB 111 HU, Flensburg", "HRB 111 HU", "X1112R"},
        {"Lübeck HRB 12 MÖ", "HRB 12 MÖ", "X1721R"},
        {"DEK1101R.HRB116737", "HRB 116737", "K1101R"},
        {"dek1101r.hrb116737", "HRB 116737", "K1101R"},
        {"DE K1101R HRB 116737", NULL, ""},
        {"DEF1103R.HRB158855B", "HRB 158855", "F1103R"}, /* Berlin's B belongs to every number there */
        {"HRB 158855 B Amtsgericht Charlottenburg", "HRB 158855", "F1103R"},
        {"Berlin HRA 1 B", "HRA 1", "F1103R"},
        {"Bonn HRB 1 B", "HRB 1 B", "R3201"},
        {"Bremen HRB 3001 HB", "HRB 3001", "H1101"},
        {"Bremen HRB 3001", "HRB 3001", "H1101"},
        {"Bremen HRB 3001 BHV", "HRB 3001", "H1101_H1102"},
        {"Bremerhaven HRB 3001", "HRB 3001", "H1101_H1102"},
        {"Bremen HRB 3001 XY", "HRB 3001 XY", "H1101"},
        {"B1204_HRB260632", "HRB 260632", "B1204"},
        {"P3313_P3302_HRB100", "HRB 100", "P3313_P3302"},
        {"X1112R_HRB111HU", "HRB 111 HU", "X1112R"},
        {"", NULL, ""},
        {"HRB", NULL, ""},
        {"12345", NULL, ""},
        {"HRB 0", NULL, ""},
        {"HRB 1000000", NULL, ""},
        {"HRB 12345678901", NULL, ""},
        {"HRC 12", NULL, ""},
        {"HRB -", NULL, ""},
        {"HRB 12 ABCD", NULL, ""},
        {"HRB 12 ÖÖ", NULL, ""},
        {"HRB 12 Atlantis", NULL, ""},
        {"Köln HRB 12 Bonn", NULL, ""},
        {"Köln HRB 7 Ulm", NULL, ""},
        {"XHRB 12", NULL, ""},
        {"HRBX 12", NULL, ""},
        {"12HRBX", NULL, ""},
        {"\xFF HRB 1", NULL, ""},
        {"HRB 1 \xC3", NULL, ""},
};

Test(register_number, is_read_from_many_writings)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct register_number number = {.type = REGISTER_NONE};
		enum status status = register_number_parse(slice_cstr(cases[i].text), &number);
		cr_expect_eq(status, cases[i].entry ? STATUS_OK : STATUS_INVALID, "%s: %s", cases[i].text,
		             put(&number));
		if (status == STATUS_OK && cases[i].entry)
			cr_expect_str_eq(put(&number), cases[i].entry, "%s", cases[i].text);
		cr_expect_str_eq(court_code(number.court), cases[i].court, "%s", cases[i].text);
		if (status != STATUS_OK)
			cr_expect_eq(number.number, 0, "nothing is written on failure");
	}
}

static const struct {
	const char *text;
	const char *court;
	enum register_type type;
	const char *entry;
} given[] = {
        {"12345", "Köln", REGISTER_HRB, "HRB 12345"},
        {" 12345 ", "Köln", REGISTER_HRB, "HRB 12345"},
        {"12345", "", REGISTER_HRA, "HRA 12345"},
        {"111 HU", "Flensburg", REGISTER_HRB, "HRB 111 HU"},
        {"111-HU", "Flensburg", REGISTER_HRB, "HRB 111 HU"},
        {"12MÖ", "Lübeck", REGISTER_HRB, "HRB 12 MÖ"},
        {"158855 B", "Berlin", REGISTER_HRB, "HRB 158855"},
        {"12.345", "Köln", REGISTER_HRB, NULL},
        {"HRB 12345", "Köln", REGISTER_HRB, "HRB 12345"},
        {"HRB 12345, Amtsgericht Köln", "Köln", REGISTER_NONE, "HRB 12345"},
        {"HRB 12345, Amtsgericht Bonn", "Köln", REGISTER_NONE, NULL},
        {"HRA 12345", "Köln", REGISTER_HRB, NULL},
        {"12345", "Köln", REGISTER_NONE, NULL},
        {"0", "Köln", REGISTER_HRB, NULL},
        {"1234567890", "Köln", REGISTER_HRB, NULL},
        {"12 ABCD", "Köln", REGISTER_HRB, NULL},
        {"12 \xC3", "Köln", REGISTER_HRB, NULL},
        {"12 3", "Köln", REGISTER_HRB, NULL},
        {"x", "Köln", REGISTER_HRB, NULL},
};

Test(register_number, must_not_contradict_what_is_known)
{
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct register_number number = {.type = given[i].type,
		                                 .court = court_find(slice_cstr(given[i].court))};
		enum status status = register_number_parse(slice_cstr(given[i].text), &number);
		cr_expect_eq(status, given[i].entry ? STATUS_OK : STATUS_INVALID, "%s", given[i].text);
		if (status == STATUS_OK && given[i].entry)
			cr_expect_str_eq(put(&number), given[i].entry, "%s", given[i].text);
	}
}

Test(register_number, a_written_number_reads_back)
{
	static const char *const suffixes[] = {"", "HU", "B", "MOE", "BHV"};

	for (int type = REGISTER_HRA; type < REGISTER_TYPE_COUNT; type++)
		for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
			struct register_number number = {.type = (enum register_type)type, .number = 4711}, read = {0};
			memcpy(number.suffix, suffixes[i], strlen(suffixes[i]) + 1);
			cr_assert_eq(register_number_parse(slice_cstr(put(&number)), &read), STATUS_OK, "%s",
			             put(&number));
			cr_expect(register_number_eq(&number, &read), "%s", put(&number));
		}
}

Test(register_number, equality_is_of_all_parts)
{
	const struct register_number one = {REGISTER_HRB, 1, 4711, "HU"};
	struct register_number other = one;

	cr_expect(register_number_eq(&one, &other));
	other.type = REGISTER_HRA;
	cr_expect_not(register_number_eq(&one, &other));
	other = one;
	other.court = 2;
	cr_expect_not(register_number_eq(&one, &other));
	other = one;
	other.number++;
	cr_expect_not(register_number_eq(&one, &other));
	other = one;
	other.suffix[0] = '\0';
	cr_expect_not(register_number_eq(&one, &other));
}

Test(register_number, types_have_names)
{
	for (int type = REGISTER_HRA; type < REGISTER_TYPE_COUNT; type++)
		cr_expect_eq(register_type_parse(slice_cstr(register_type_name((enum register_type)type))),
		             (enum register_type)type);
	cr_expect_str_eq(register_type_name(REGISTER_NONE), "");
	cr_expect_str_eq(register_type_name(REGISTER_TYPE_COUNT), "");
	cr_expect_eq(register_type_parse(SLICE_LIT("genr")), REGISTER_GNR);
	cr_expect_eq(register_type_parse(SLICE_LIT("HR B")), REGISTER_HRB);
	cr_expect_eq(register_type_parse(SLICE_LIT("HRX")), REGISTER_NONE);
	cr_expect_eq(register_type_parse(SLICE_LIT("HRB!")), REGISTER_NONE);
	cr_expect_eq(register_type_parse(SLICE_LIT("")), REGISTER_NONE);
	cr_expect_eq(register_type_parse(SLICE_LIT("handelsregisterabteilungbbbbbbbbbbbbbbbbb")), REGISTER_NONE);
}

static void *parse_many(void *result)
{
	size_t *good = result;

	for (int i = 0; i < 2000; i++) {
		struct register_number number = {.type = REGISTER_NONE};
		*good += register_number_parse(SLICE_LIT("Amtsgericht Köln, HRB 4711"), &number) == STATUS_OK &&
		         number.number == 4711;
	}
	return NULL;
}

Test(register_number, threads_read_at_once)
{
	pthread_t threads[4];
	size_t good[4] = {0};

	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, parse_many, &good[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		cr_assert_eq(pthread_join(threads[i], NULL), 0);
		cr_expect_eq(good[i], 2000);
	}
}
