/* SPDX-License-Identifier: MIT */
#include "match_noise.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static uint64_t draw(struct noise_random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t noise_below(struct noise_random *random, uint32_t below)
{
	return (uint32_t)(((draw(random) >> 32) * below) >> 32);
}

bool noise_chance(struct noise_random *random, unsigned percent)
{
	return noise_below(random, 100) < percent;
}

/* ---- letters ---- */

static size_t decode(const char *text, uint32_t *out, size_t cap)
{
	size_t n = 0;
	const unsigned char *p = (const unsigned char *)text;
	while (*p && n < cap) {
		if (*p >= 0xc3 && *p < 0xe0 && p[1]) {
			out[n++] = (uint32_t)(*p & 31) << 6 | (p[1] & 63);
			p += 2;
		} else {
			out[n++] = *p++;
		}
	}
	return n;
}

static void encode(const uint32_t *in, size_t count, char *text, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; i < count && n + 3 < cap; i++) {
		if (in[i] >= 0xc0 && in[i] < 0x800) {
			text[n++] = (char)(0xc0 | in[i] >> 6);
			text[n++] = (char)(0x80 | (in[i] & 63));
		} else {
			text[n++] = (char)in[i];
		}
	}
	text[n] = 0;
}

static uint32_t neighbour(uint32_t c, struct noise_random *random)
{
	static const struct {
		uint32_t key;
		const char *near;
	} KEYS[] = {{'q', "wa"},   {'w', "qeas"}, {'e', "wrsd"}, {'r', "etdf"}, {'t', "rzfg"}, {'z', "tugh"},
	            {'u', "zihj"}, {'i', "uojk"}, {'o', "ipkl"}, {'p', "ol"},   {0xfc, "po"},  {'a', "qwsy"},
	            {'s', "adwx"}, {'d', "sfec"}, {'f', "dgrv"}, {'g', "fhtb"}, {'h', "gjzn"}, {'j', "hkum"},
	            {'k', "jlim"}, {'l', "kop"},  {0xf6, "lp"},  {0xe4, "op"},  {'y', "asx"},  {'x', "ysc"},
	            {'c', "xvd"},  {'v', "cbf"},  {'b', "vng"},  {'n', "bmh"},  {'m', "njk"}};
	bool upper = c < 128 ? isupper((int)c) != 0 : c < 0xe0;
	uint32_t low = c < 128 ? (uint32_t)tolower((int)c) : c | 0x20;
	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
		if (KEYS[i].key != low)
			continue;
		char near = KEYS[i].near[noise_below(random, (uint32_t)strlen(KEYS[i].near))];
		return (uint32_t)(upper ? toupper(near) : near);
	}
	return c;
}

static bool is_letter(uint32_t c)
{
	return (c < 128 && isalpha((int)c)) || (c >= 0xc0 && c < 0x100);
}

static void typo(char *text, size_t cap, struct noise_random *random)
{
	uint32_t c[NOISE_TEXT];
	size_t n = decode(text, c, NOISE_TEXT - 2);
	for (int tries = 0; tries < 30 && n >= 3; tries++) {
		size_t i = 1 + noise_below(random, (uint32_t)n - 1);
		unsigned kind = noise_below(random, 100);
		if (!is_letter(c[i]))
			continue;
		if (kind < 50) {
			c[i] = neighbour(c[i], random);
		} else if (kind < 77) {
			memmove(c + i, c + i + 1, (n - i - 1) * sizeof(*c));
			n--;
		} else if (kind < 92) {
			if (i + 1 >= n || !is_letter(c[i + 1]) || c[i] == c[i + 1])
				continue;
			uint32_t swap = c[i];
			c[i] = c[i + 1];
			c[i + 1] = swap;
		} else {
			memmove(c + i + 1, c + i, (n - i) * sizeof(*c));
			n++;
		}
		break;
	}
	encode(c, n, text, cap);
}

/* ---- replacing parts ---- */

static bool replace_at(char *text, size_t cap, size_t at, size_t old, const char *with)
{
	size_t len = strlen(text);
	size_t add = strlen(with);
	if (len - old + add + 1 > cap)
		return false;
	memmove(text + at + add, text + at + old, len - at - old + 1);
	memcpy(text + at, with, add);
	return true;
}

static bool replace(char *text, size_t cap, const char *from, const char *to)
{
	char *at = strstr(text, from);
	return at && replace_at(text, cap, (size_t)(at - text), strlen(from), to);
}

static void umlauts(char *text, size_t cap, struct noise_random *random)
{
	static const char *const PAIRS[][3] = {{"ä", "ae", "a"}, {"ö", "oe", "o"}, {"ü", "ue", "u"}, {"ß", "ss", "s"},
	                                       {"Ä", "Ae", "A"}, {"Ö", "Oe", "O"}, {"Ü", "Ue", "U"}};
	size_t form = noise_chance(random, 80) ? 1 : 2;
	for (size_t i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++) {
		for (int n = 0; n < 8 && replace(text, cap, PAIRS[i][0], PAIRS[i][i == 3 ? 1 : form]); n++)
			;
	}
}

static size_t find_blanks(const char *text, char c, size_t *places, size_t cap)
{
	size_t n = 0;
	for (size_t i = 1; text[i] && n < cap; i++) {
		if (text[i] == c)
			places[n++] = i;
	}
	return n;
}

static void blanks(char *text, size_t cap, struct noise_random *random)
{
	size_t places[64];
	size_t n = find_blanks(text, ' ', places, 64);
	size_t h = 0;
	size_t len = strlen(text);
	if (noise_chance(random, 4) && (h = find_blanks(text, '-', places, 64)) > 0) {
		text[places[noise_below(random, (uint32_t)h)]] = ' ';
	} else if (n > 0 && noise_chance(random, 92)) {
		n = find_blanks(text, ' ', places, 64);
		(void)replace_at(text, cap, places[noise_below(random, (uint32_t)n)], 1, "");
	} else if (len > 4) {
		size_t at = 2 + noise_below(random, (uint32_t)len - 3);
		if (((unsigned char)text[at] & 0xc0) != 0x80)
			(void)replace_at(text, cap, at, 0, " ");
	}
}

struct form_writing {
	const char *text;
	int class;
};

static const struct form_writing FORMS[] = {
        {"Gesellschaft mit beschränkter Haftung", 1},
        {"gesellschaft mit beschränkter Haftung", 2},
        {"Gesellschaft mbH", 1},
        {"gesellschaft mbH", 2},
        {"gesellschaft m.b.H.", 2},
        {"GmbH", 1},
        {"mbH", 3},
        {"UG (haftungsbeschränkt)", 4},
        {"Unternehmergesellschaft (haftungsbeschränkt)", 4},
        {"Kommanditgesellschaft", 5},
        {"KG", 5},
        {"Aktiengesellschaft", 6},
        {"AG", 6},
        {"OHG", 7},
        {"oHG", 7},
        {"eingetragene Genossenschaft", 8},
        {"eG", 8},
        {"Partnerschaftsgesellschaft", 9},
        {"Partnerschaft", 9},
        {"Limited", 10},
        {"Ltd.", 10},
};

#define FORM_COUNT (sizeof(FORMS) / sizeof(FORMS[0]))

static const char *const VARIANTS[][9] = {
        {NULL},
        {"G.m.b.H.", "Gesellschaft mbH", "Gmbh", "GMBH", "gmbh", "Ges.m.b.H.", "Ges. mit beschr. Haftung", "GmbH",
         "mbH"},
        {"ges. mbH", "gesellschaft m.b.H.", "ges.mbH", "gesellschaft mbh", "gesellschaft MBH", "s GmbH", "sGmbH",
         "gesellschaft mbH", "s-GmbH"},
        {"m.b.H.", "mbh", "MBH", "GmbH", "m.b.H", "mbH.", "m. b. H.", "mbh", "mbH"},
        {"UG", "UG haftungsbeschränkt", "UG (haftungsbeschr.)", "Unternehmergesellschaft", "UG(haftungsbeschränkt)",
         "UG", "ug", "UG (hb)", "U.G."},
        {"Kommanditgesellschaft", "K.G.", "KG", "kg", "KG.", "Kg", "K. G.", "KG", "Kommanditges."},
        {"Aktiengesellschaft", "A.G.", "AG", "ag", "AG", "Ag", "A. G.", "AG", "AG."},
        {"O.H.G.", "oHG", "OHG", "ohg", "Offene Handelsgesellschaft", "OHG.", "oHG", "o.H.G.", "OHG"},
        {"e.G.", "e. G.", "eG", "eg", "e.G", "E.G.", "eingetragene Genossenschaft", "EG", "eG."},
        {"PartG", "Partnerschaft", "Partnerschaftsges.", "PartG", "partnerschaft", "Partnerschaft", "PartG", "PartGmbB",
         "Part."},
        {"Ltd", "ltd.", "Limited", "Ltd.", "limited", "LTD", "Ltd", "Ltd.", "limited"},
};

static bool find_form(const char *text, size_t *ret_at, size_t *ret_which)
{
	for (size_t i = 0; i < FORM_COUNT; i++) {
		const char *at = strstr(text, FORMS[i].text);
		if (at && (at > text || i > 2)) {
			*ret_at = (size_t)(at - text);
			*ret_which = i;
			return true;
		}
	}
	return false;
}

static bool vary_form(char *text, size_t cap, struct noise_random *random)
{
	size_t at, which;
	static const char *const JOINTS[][2] = {
	        {"& Co. KG", "& Co KG"},   {"& Co. KG", "+ Co. KG"}, {"& Co. KG", "&Co. KG"}, {"& Co. KG", "& Co.KG"},
	        {"& Co. KG", "u. Co. KG"}, {"& Co KG", "& Co. KG"},  {"+ Co. KG", "& Co. KG"}};
	if (noise_chance(random, 35)) {
		size_t i = noise_below(random, 7);
		if (replace(text, cap, JOINTS[i][0], JOINTS[i][1]))
			return true;
	}
	if (!find_form(text, &at, &which))
		return false;
	const char *variant = VARIANTS[FORMS[which].class][noise_below(random, 9)];
	return replace_at(text, cap, at, strlen(FORMS[which].text), variant);
}

static void trim(char *text)
{
	size_t n = strlen(text);
	while (n > 0 && strchr(" -,&+.(", text[n - 1]))
		text[--n] = 0;
}

static bool drop_form(char *text, size_t cap)
{
	size_t at, which;
	bool done = false;
	static const char *const WHOLE[] = {" GmbH & Co. KG", " GmbH & Co KG", " GmbH & Co.KG",
	                                    " GmbH + Co. KG", " mbH & Co. KG", " GmbH & Co. Kommanditgesellschaft"};
	for (size_t i = 0; i < sizeof(WHOLE) / sizeof(WHOLE[0]); i++) {
		if (replace(text, cap, WHOLE[i], ""))
			return true;
	}
	if (find_form(text, &at, &which) && at > 2) {
		done = replace_at(text, cap, at, strlen(FORMS[which].text),
		                  FORMS[which].class == 2 ? "gesellschaft" : "");
		trim(text);
	}
	return done;
}

static void set_case(char *text, size_t cap, bool upper)
{
	uint32_t c[NOISE_TEXT];
	size_t n = decode(text, c, NOISE_TEXT);
	for (size_t i = 0; i < n; i++) {
		if (c[i] < 128)
			c[i] = (uint32_t)(upper ? toupper((int)c[i]) : tolower((int)c[i]));
		else if (c[i] >= 0xc0 && c[i] < 0x100 && c[i] != 0xdf)
			c[i] = upper ? c[i] & ~UINT32_C(0x20) : c[i] | 0x20;
	}
	encode(c, n, text, cap);
}

static void add_word(struct noise_query *query, struct noise_random *random)
{
	char text[2 * NOISE_TEXT + 64];
	unsigned kind = noise_below(random, 100);
	const char *name = query->name;
	if (kind < 33)
		snprintf(text, sizeof(text), "Fa. %s", name);
	else if (kind < 41)
		snprintf(text, sizeof(text), "Firma %s", name);
	else if (kind < 57)
		snprintf(text, sizeof(text), "%s - Zentrale", name);
	else if (kind < 66)
		snprintf(text, sizeof(text), "%s (Lager)", name);
	else if (kind < 75)
		snprintf(text, sizeof(text), "%s Buchhaltung", name);
	else if (kind < 80)
		snprintf(text, sizeof(text), "%s, Einkauf", name);
	else if (kind < 90)
		snprintf(text, sizeof(text), "%s Niederlassung %s", name, query->city);
	else
		snprintf(text, sizeof(text), "%s %s", name, query->city);
	text[NOISE_TEXT - 1] = 0;
	memcpy(query->name, text, NOISE_TEXT);
}

static bool abbreviate(char *text, size_t cap, struct noise_random *random)
{
	static const char *const PAIRS[][2] = {
	        {"Gesellschaft", "Ges."},
	        {"gesellschaft", "ges."},
	        {"Verwaltung", "Verw."},
	        {"verwaltung", "verw."},
	        {"technik", "techn."},
	        {"Elektro", "E."},
	        {"Immobilien", "Immo."},
	        {"Handels", "Hdls."},
	        {"Deutschland", "Dtl"},
	        {"Deutschland", "Germany"},
	        {"Beteiligung", "Bet."},
	        {"Vermögens", "Verm."},
	        {"Service", "Serv."},
	        {" und ", " & "},
	        {" und ", " u. "},
	        {" & ", " und "},
	        {" & ", " + "},
	        {" + ", " & "},
	        {"Management", "Mgmt"},
	        {"International", "Int."},
	        {"Industrie", "Ind."},
	        {"Gebrüder", "Gebr."},
	        {"Dr. ", "Doktor "},
	        {"Ing.", "Ingenieur"},
	        {"Gastronomie", "Gastron."},
	        {"maschinen", "masch."},
	        {"Versicherung", "Vers."},
	        {"Grundstücks", "Grdst."},
	        {"Transport", "Transp."},
	        {"Produktion", "Prod."},
	        {"Steuerberatung", "StB"},
	};
	size_t count = sizeof(PAIRS) / sizeof(PAIRS[0]);
	size_t start = noise_below(random, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		const char *const *pair = PAIRS[(start + i) % count];
		if (replace(text, cap, pair[0], pair[1]))
			return true;
	}
	return false;
}

static void punctuation(char *text)
{
	size_t n = 0;
	for (size_t i = 0; text[i]; i++) {
		char c = strchr("-.,&()+/\"'", text[i]) ? ' ' : text[i];
		if (c != ' ' || (n > 0 && text[n - 1] != ' '))
			text[n++] = c;
	}
	text[n] = 0;
	trim(text);
}

/* ---- words ---- */

static size_t split(const char *text, size_t *starts, size_t *ends, size_t cap)
{
	size_t n = 0;
	for (size_t i = 0; text[i] && n < cap;) {
		while (text[i] == ' ')
			i++;
		if (!text[i])
			break;
		starts[n] = i;
		while (text[i] && text[i] != ' ')
			i++;
		ends[n++] = i;
	}
	return n;
}

static bool swap_words(char *text, struct noise_random *random)
{
	char out[NOISE_TEXT];
	size_t starts[64], ends[64];
	size_t n = split(text, starts, ends, 64);
	if (n < 2)
		return false;
	size_t k = noise_below(random, (uint32_t)n - 1);
	size_t a = ends[k] - starts[k];
	size_t b = ends[k + 1] - starts[k + 1];
	size_t gap = starts[k + 1] - ends[k];
	memcpy(out, text + starts[k + 1], b);
	memcpy(out + b, text + ends[k], gap);
	memcpy(out + b + gap, text + starts[k], a);
	memcpy(text + starts[k], out, a + b + gap);
	return true;
}

static bool drop_word(char *text, size_t cap, struct noise_random *random)
{
	size_t starts[64], ends[64];
	size_t n = split(text, starts, ends, 64);
	if (n < 3)
		return false;
	size_t k = noise_below(random, (uint32_t)n);
	for (size_t i = 0; i < FORM_COUNT; i++) {
		if (strncmp(text + starts[k], FORMS[i].text, strlen(FORMS[i].text)) == 0)
			return false;
	}
	if (ends[k] - starts[k] < 3)
		return false;
	(void)replace_at(text, cap, starts[k], k + 1 < n ? starts[k + 1] - starts[k] : ends[k] - starts[k], "");
	trim(text);
	return true;
}

static bool cut_name(char *text, struct noise_random *random)
{
	static const uint8_t LENGTHS[] = {20, 25, 30, 35};
	uint32_t c[NOISE_TEXT];
	size_t n = decode(text, c, NOISE_TEXT);
	size_t len = LENGTHS[noise_below(random, 4)];
	if (n <= len)
		return false;
	encode(c, len, text, NOISE_TEXT);
	trim(text);
	return true;
}

static bool one_name_error(struct noise_query *query, struct noise_random *random, bool keep)
{
	unsigned kind = noise_below(random, keep ? 755 : 925);
	if (kind < 255)
		typo(query->name, NOISE_TEXT, random);
	else if (kind < 385)
		return vary_form(query->name, NOISE_TEXT, random);
	else if (kind < 500)
		blanks(query->name, NOISE_TEXT, random);
	else if (kind < 580)
		set_case(query->name, NOISE_TEXT, noise_chance(random, 45));
	else if (kind < 650)
		add_word(query, random);
	else if (kind < 670)
		return abbreviate(query->name, NOISE_TEXT, random);
	else if (kind < 715)
		punctuation(query->name);
	else if (kind < 755)
		umlauts(query->name, NOISE_TEXT, random);
	else if (kind < 870)
		return drop_form(query->name, NOISE_TEXT);
	else if (kind < 900)
		return drop_word(query->name, NOISE_TEXT, random);
	else
		return cut_name(query->name, random);
	return true;
}

static bool swap_or_error(struct noise_query *query, struct noise_random *random, bool keep)
{
	unsigned kind = noise_below(random, 100);
	if (kind < 6)
		return swap_words(query->name, random);
	if (kind < 12)
		return abbreviate(query->name, NOISE_TEXT, random);
	return one_name_error(query, random, keep);
}

void noise_name(struct noise_query *query, struct noise_random *random, unsigned count, bool keep)
{
	for (unsigned i = 0, tries = 0; i < count && tries < 40; tries++)
		i += swap_or_error(query, random, keep);
}

/* ---- address ---- */

static void spoil_postcode(char *text, struct noise_random *random)
{
	size_t n = strlen(text);
	if (n < 5)
		return;
	if (noise_chance(random, 50)) {
		size_t i = noise_below(random, 4);
		if (text[i] != text[i + 1]) {
			char c = text[i];
			text[i] = text[i + 1];
			text[i + 1] = c;
			return;
		}
	}
	size_t i = noise_below(random, 5);
	text[i] = (char)('0' + (text[i] - '0' + 1 + (int)noise_below(random, 9)) % 10);
}

static void vary_city(struct noise_query *query, struct noise_random *random)
{
	static const char *const TAILS[] = {"-Mitte", "-Nord", "-Süd", "-West", "-Ost", " OT Dorf", " Stadt"};
	unsigned kind = noise_below(random, 100);
	char *blank = strpbrk(query->city, " ,/(");
	size_t len = strlen(query->city);
	if (kind < 35) {
		typo(query->city, NOISE_TEXT, random);
	} else if (kind < 60) {
		umlauts(query->city, NOISE_TEXT, random);
	} else if (kind < 80 && blank && blank - query->city >= 4) {
		*blank = 0;
	} else if (len < 60) {
		(void)snprintf(query->city + len, NOISE_TEXT - len, "%s", TAILS[noise_below(random, 7)]);
	}
}

static size_t house_at(const char *street)
{
	size_t n = strlen(street);
	size_t at = n;
	for (size_t i = 1; i < n; i++) {
		if (isdigit((unsigned char)street[i]) && street[i - 1] == ' ') {
			at = i;
			break;
		}
	}
	return at;
}

static void vary_street(char *street, struct noise_random *random)
{
	static const char *const PAIRS[][2] = {{"straße", "str."},    {"straße", "strasse"}, {"Straße", "Str."},
	                                       {"Straße", "Strasse"}, {"strasse", "str."},   {"platz", "pl."},
	                                       {"Platz", "Pl."},      {"straße", "str"}};
	size_t start = noise_below(random, 8);
	if (noise_chance(random, 15) && strchr(street, '-')) {
		for (char *p = street; *p && !isdigit((unsigned char)*p); p++)
			*p = *p == '-' ? ' ' : *p;
		return;
	}
	for (size_t i = 0; i < 8; i++) {
		if (replace(street, NOISE_TEXT, PAIRS[(start + i) % 8][0], PAIRS[(start + i) % 8][1]))
			return;
	}
}

static void wrong_house(char *street, struct noise_random *random)
{
	char number[16];
	size_t at = house_at(street);
	size_t n = strspn(street + at, "0123456789");
	if (n == 0 || n > 5)
		return;
	int value = 0;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (street[at + i] - '0');
	static const int STEPS[] = {1, 2, -1, -2, 10, -10};
	value += STEPS[noise_below(random, 6)];
	snprintf(number, sizeof(number), "%d", value < 1 ? value + 12 : value);
	(void)replace_at(street, NOISE_TEXT, at, n, number);
}

static void post_box(char *street, struct noise_random *random)
{
	snprintf(street, NOISE_TEXT, "Postfach %u %02u %02u", 1 + noise_below(random, 28), noise_below(random, 100),
	         noise_below(random, 100));
}

void noise_address(struct noise_query *query, struct noise_random *random)
{
	unsigned kind = noise_below(random, 100);
	if (kind < 21) {
		spoil_postcode(query->postal_code, random);
	} else if (kind < 37) {
		size_t at = house_at(query->street);
		query->street[at] = 0;
		trim(query->street);
	} else if (kind < 53) {
		vary_street(query->street, random);
	} else if (kind < 64) {
		vary_city(query, random);
	} else if (kind < 71) {
		typo(query->street, NOISE_TEXT, random);
	} else if (kind < 77) {
		query->street[0] = 0;
	} else if (kind < 82) {
		umlauts(query->street, NOISE_TEXT, random);
	} else if (kind < 88) {
		wrong_house(query->street, random);
	} else if (kind < 92) {
		query->postal_code[0] = 0;
	} else if (kind < 96) {
		query->city[0] = 0;
	} else {
		post_box(query->street, random);
	}
}
