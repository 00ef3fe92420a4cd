/* SPDX-License-Identifier: MIT */
/* What a name that is still being typed may become, in a register too large to look at every name. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/match.h"
#include "core/match_text.h"
#include "match_book.h"

#define COMPANIES    24000
#define CHANGED      100 /* companies of an update: the first of them renamed, as many new ones */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct slice bytes;
static struct match_set set;
static struct match_scratch *scratch;
static struct match_result result;

struct company {
	char id[32];
	char name[64];
	char previous[64]; /* "" = none */
	bool removed;
};

static uint32_t mix(uint32_t x)
{
	x ^= x >> 16;
	x *= UINT32_C(0x7feb352d);
	x ^= x >> 15;
	x *= UINT32_C(0x846ca68b);
	return x ^ x >> 16;
}

static void word_of(uint32_t seed, char ret_word[32])
{
	static const char *const PARTS[] = {"brü", "kel", "tum", "Mö", "nir", "dag", "wöl", "sep", "hun", "mix", "a"};
	uint32_t x = mix(seed);
	char *at = ret_word;

	for (unsigned i = 0; i < 2 + x % 3; i++)
		at += snprintf(at, 8, "%s", PARTS[mix(x + i) % COUNT(PARTS)]);
}

/* Most are some Handel: too common a word to be listed. */
static struct company company_of(unsigned i)
{
	static const char *const TRADES[] = {"Handel", "Handel", "Bauwesen", "& Söhne"};
	static const char *const FORMS[] = {"GmbH", "KG", "Aktiengesellschaft", "GmbH & Co. KG"};
	struct company c = {.removed = i % 10 == 3};
	char word[32];

	word_of(i, word);
	(void)snprintf(c.id, sizeof(c.id), "B1204_HRB%u", i + 1);
	(void)snprintf(c.name, sizeof(c.name), "%s %s %s", word, TRADES[mix(i) / 7 % 4], FORMS[mix(i) / 29 % 4]);
	word_of(i + COMPANIES, word);
	if (i % 7 == 0)
		(void)snprintf(c.previous, sizeof(c.previous), "%s Verwaltungsgesellschaft mbH", word);
	return c;
}

/* The update gives the first companies other names. */
static struct company changed_company(unsigned i)
{
	struct company c = company_of(i);

	if (i < CHANGED)
		(void)snprintf(c.name, sizeof(c.name), "Neu%u Zukunft GmbH", i);
	return c;
}

static void add(struct match_build *build, const struct company *c)
{
	struct slice names[2] = {slice_cstr(c->name), slice_cstr(c->previous)};
	struct match_build_record record = {.id = slice_cstr(c->id),
	                                    .postal_code = SLICE_LIT("10115"),
	                                    .city = SLICE_LIT("Berlin"),
	                                    .removed = c->removed,
	                                    .names = names,
	                                    .name_count = c->previous[0] ? 2 : 1};
	cr_assert_eq(match_build_add(build, &record), STATUS_OK);
}

static struct slice build_all(struct company (*of)(unsigned), unsigned from, unsigned to,
                              const struct match_build_update *update)
{
	struct match_build *build;

	cr_assert_eq(match_build_create(&build), STATUS_OK);
	for (unsigned i = from; i < to; i++) {
		struct company c = of(i);
		add(build, &c);
	}
	return match_book_bytes(build, update);
}

static void set_up(void)
{
	struct match_image image;

	bytes = build_all(company_of, 0, COMPANIES, NULL);
	cr_assert_eq(match_image_open(bytes, &image), STATUS_OK);
	match_set_init(&set, &image);
	scratch = match_scratch_init(malloc(match_scratch_size()));
}

static void tear_down(void)
{
	free((void *)(uintptr_t)bytes.ptr);
	free(scratch);
}

TestSuite(match_complete, .init = set_up, .fini = tear_down);

static void type(const char *text)
{
	struct match_query query = {.name = slice_cstr(text), .unfinished = true};

	match_search(&set, &query, scratch, &result);
}

static void hit_name(const struct match_hit *hit, char ret_name[128])
{
	ret_name[match_image_name(&set.part[hit->part], hit->row, ret_name, 127)] = '\0';
}

/* Where the first hit with this name stands; result.count when there is none. */
static size_t place_of(const char *name)
{
	char there[128];
	size_t i = 0;

	for (; i < result.count; i++) {
		hit_name(&result.hits[i], there);
		if (strcmp(there, name) == 0)
			break;
	}
	return i;
}

/* ---- against a list that is searched through ---- */

struct expected {
	unsigned company;
	uint8_t rank;
	char key[MATCH_KEY_BYTES + 1];
};

static int compare(const void *a, const void *b)
{
	const struct expected *x = a;
	const struct expected *y = b;
	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->key, y->key);
}

static bool expect_name(const char *name, unsigned i, uint8_t flags, struct slice typed, struct expected *ret)
{
	struct match_name parsed;

	ret->key[match_name_key(slice_cstr(name), ret->key)] = '\0';
	if (strncmp(ret->key, typed.ptr, typed.len) != 0)
		return false;
	match_name_parse(slice_cstr(name), &parsed);
	ret->company = i;
	ret->rank = (uint8_t)(match_name_compact(&parsed).len | flags);
	return true;
}

/* Companies with a name that begins so, each once, the best first. */
static size_t list_all(const char *text, struct expected *ret_list)
{
	char key[MATCH_KEY_BYTES];
	struct slice typed = {key, match_name_key(slice_cstr(text), key)};
	size_t count = 0;

	for (unsigned i = 0; i < COMPANIES; i++) {
		struct company c = company_of(i);
		uint8_t removed = c.removed ? 64 : 0;
		if (expect_name(c.name, i, removed, typed, &ret_list[count]) ||
		    (c.previous[0] && expect_name(c.previous, i, removed | 128, typed, &ret_list[count])))
			count++;
	}
	qsort(ret_list, count, sizeof(*ret_list), compare);
	return count;
}

Test(match_complete, offers_the_best_names_that_begin_so)
{
	static const char *const TYPED[] = {"m",      "M",       "mö",      "moe",      "moek",  "a",
	                                    "aa",     "brü",     "kelt",    "sepd",     "wölmi", "Hun ",
	                                    "hunKEL", "mix-tum", "nir nir", "tum tum h"};
	struct expected *list = malloc(COMPANIES * sizeof(*list));

	for (size_t i = 0; i < COUNT(TYPED); i++) {
		size_t count = list_all(TYPED[i], list);
		type(TYPED[i]);
		cr_expect_lt((int)result.verdict, (int)MATCH_VERDICT_FUZZY, "%s", TYPED[i]);
		cr_assert_gt(count, 0, "%s", TYPED[i]);
		for (size_t k = 0; k < MATCH_HITS && k < count; k++) {
			char name[128], key[MATCH_KEY_BYTES + 1];
			hit_name(&result.hits[k], name);
			key[match_name_key(slice_cstr(name), key)] = '\0';
			cr_expect_eq(result.hits[k].completes, MATCH_COMPLETES_NAME, "%s %zu: %s", TYPED[i], k, name);
			cr_expect_str_eq(key, list[k].key, "%s %zu of %zu", TYPED[i], k, count);
		}
	}
	free(list);
}

/* From the second letter to the last, nobody drops out of sight who is one of few. */
Test(match_complete, every_beginning_leads_to_the_name)
{
	for (unsigned i = 1; i < COMPANIES; i += 997) {
		struct company c = company_of(i);
		bool shown = false;
		for (size_t len = 1; len <= strlen(c.name); len++) {
			char text[64];
			(void)snprintf(text, sizeof(text), "%.*s", (int)len, c.name);
			if (((unsigned char)c.name[len] & 0xc0) == 0x80)
				continue;
			type(text);
			size_t at = place_of(c.name);
			cr_expect(!shown || at < result.count, "%s: gone at %s", c.name, text);
			shown = shown || at < result.count;
		}
		cr_expect(shown, "%s", c.name);
	}
}

/* ---- a few names one by one ---- */

static const struct company FEW[] = {
        {"a", "Müller GmbH", "", false},
        {"b", "Müllerhof Gaststätten KG", "", false},
        {"c", "Autohaus Müller AG", "", false},
        {"d", "Mull Verbandstoffe GmbH", "", false},
        {"e", "Mühlenbetrieb Anna Mull oHG", "", false},
        {"f", "Müller Altlasten GmbH", "", true},
        {"g", "Bonifatius Apotheke e.K.", "Müllermeister Bonifatius e.K.", false},
        {"h", "Agrar Nord eG", "", false},
        {"i", "SE Systeme SE", "", false},
        {"j", "3M Klebstoffe GmbH", "", false},
        {"k", "Großhandel Übersee Öttinger & Ärmel GmbH", "", false},
};

static struct company few(unsigned i)
{
	return FEW[i];
}

/* In this order and nobody else before them. */
static const struct {
	const char *typed;
	const char *found[6];
} TYPED[] = {
        {"mü", {"Müller GmbH", "Mühlenbetrieb Anna Mull oHG", "Müllerhof Gaststätten KG", "Müller Altlasten GmbH"}},
        {"MUE", {"Müller GmbH", "Mühlenbetrieb Anna Mull oHG", "Müllerhof Gaststätten KG", "Müller Altlasten GmbH"}},
        {"mu", {"Müller GmbH", "Mull Verbandstoffe GmbH", "Mühlenbetrieb Anna Mull oHG"}},
        {"m", {"Müller GmbH", "Mull Verbandstoffe GmbH", "Mühlenbetrieb Anna Mull oHG"}},
        {"mull", {"Müller GmbH", "Mull Verbandstoffe GmbH", "Müllerhof Gaststätten KG", "Müller Altlasten GmbH"}},
        {"Müller", {"Müller GmbH", "Müllerhof Gaststätten KG", "Müller Altlasten GmbH"}},
        {"Müller G", {"Müller GmbH"}},
        {"müller gmbh", {"Müller GmbH"}},
        {"muellerho", {"Müllerhof Gaststätten KG"}},
        {"auto müll", {"Autohaus Müller AG"}},
        {"müll auto", {"Autohaus Müller AG"}},
        {"apo", {"Bonifatius Apotheke e.K."}},
        {"Boni", {"Bonifatius Apotheke e.K."}},
        {"müllermeis", {"Müllermeister Bonifatius e.K."}},
        {"ag", {"Agrar Nord eG"}},
        {"se", {"SE Systeme SE"}},
        {"3", {"3M Klebstoffe GmbH"}},
        {"ub", {"Großhandel Übersee Öttinger & Ärmel GmbH"}},
        {"öt", {"Großhandel Übersee Öttinger & Ärmel GmbH"}},
        {"grosshandel ubersee ot", {"Großhandel Übersee Öttinger & Ärmel GmbH"}},
};

static void use(struct slice image_bytes)
{
	struct match_image image;

	free((void *)(uintptr_t)bytes.ptr);
	bytes = image_bytes;
	cr_assert_eq(match_image_open(bytes, &image), STATUS_OK);
	match_set_init(&set, &image);
}

Test(match_complete, offers_what_people_go_on_to_type)
{
	use(build_all(few, 0, COUNT(FEW), NULL));
	for (size_t i = 0; i < COUNT(TYPED); i++) {
		type(TYPED[i].typed);
		for (size_t k = 0; k < COUNT(TYPED[i].found) && TYPED[i].found[k]; k++) {
			char name[128] = "";
			if (k < result.count)
				hit_name(&result.hits[k], name);
			cr_expect_str_eq(name, TYPED[i].found[k], "%s: %zu is %s", TYPED[i].typed, k, name);
		}
	}
}

Test(match_complete, tells_the_beginning_of_a_name_from_that_of_a_word)
{
	use(build_all(few, 0, COUNT(FEW), NULL));
	type("mul");
	cr_expect_eq(result.hits[place_of("Müller GmbH")].completes, MATCH_COMPLETES_NAME);
	cr_expect_eq(result.hits[place_of("Autohaus Müller AG")].completes, MATCH_COMPLETES_WORD);
	cr_expect_gt(place_of("Autohaus Müller AG"), place_of("Müller Altlasten GmbH"));
	type("Peddinghaus");
	for (size_t i = 0; i < result.count; i++)
		cr_expect_eq(result.hits[i].completes, MATCH_COMPLETES_NOTHING);
}

/* A word in too many names to be listed still leads to some of them. */
Test(match_complete, a_common_word_leads_to_its_best_names)
{
	type("handel");
	cr_assert_eq(result.count, MATCH_HITS);
	for (size_t i = 0; i < result.count; i++) {
		char name[128];
		hit_name(&result.hits[i], name);
		cr_expect_not_null(strstr(name, "Handel"), "%s", name);
	}
}

/* ---- safety ---- */

Test(match_complete, changes_no_verdict_and_makes_nobody_safe)
{
	static const char *const ANY[] = {
	        "",    " ", "!", "m",   "müll", "Müller GmbH", "Autohaus Müller AG", "\xff", "\xf0\x9f", "\xe2\x80\x8b",
	        "und", "&", "0", "000", "GmbH"};

	use(build_all(few, 0, COUNT(FEW), NULL));
	for (size_t i = 0; i < COUNT(ANY); i++) {
		struct match_query query = {.name = slice_cstr(ANY[i])};
		struct match_result plain;
		match_search(&set, &query, scratch, &plain);
		type(ANY[i]);
		cr_expect_eq(result.verdict, plain.verdict, "%s", ANY[i]);
		cr_expect_geq(result.count, plain.count, "%s", ANY[i]);
		for (size_t k = 0; k < result.count; k++) {
			size_t at = 0;
			while (at < plain.count && plain.hits[at].company != result.hits[k].company)
				at++;
			uint32_t ppm = at < plain.count ? plain.hits[at].ppm : 0;
			uint32_t sure = at < plain.count ? plain.hits[at].sure : 0;
			cr_expect_eq(result.hits[k].ppm, ppm, "%s: %zu", ANY[i], k);
			cr_expect_eq(result.hits[k].sure, sure, "%s: %zu", ANY[i], k);
		}
	}
}

Test(match_complete, only_a_name_that_is_being_typed_is_completed)
{
	struct match_query query = {.name = SLICE_LIT("mö")};

	match_search(&set, &query, scratch, &result);
	for (size_t i = 0; i < result.count; i++)
		cr_expect_eq(result.hits[i].completes, MATCH_COMPLETES_NOTHING);
}

/* ---- updates ---- */

static void list_names(char (*ret_names)[128])
{
	for (size_t i = 0; i < MATCH_HITS; i++) {
		memset(ret_names[i], 0, 128);
		if (i < result.count && result.hits[i].completes != MATCH_COMPLETES_NOTHING)
			hit_name(&result.hits[i], ret_names[i]);
	}
}

Test(match_complete, an_update_answers_like_one_index_of_both)
{
	static const char *const ASKED[] = {"neu", "neu1", "m", "brü", "kel", "zukunft", "neu 7", "zuk neu55"};
	static char together[MATCH_HITS][128], whole[MATCH_HITS][128];
	struct match_image base = set.part[0];
	struct match_build_update update = {.base = &base};
	struct slice added = build_all(changed_company, 0, CHANGED, &update);
	struct match_set both = set;
	struct match_image part;
	struct slice base_bytes = bytes;

	cr_assert_eq(match_image_open(added, &part), STATUS_OK);
	cr_assert_eq(match_set_add(&both, &part), STATUS_OK);
	struct slice rebuilt = build_all(changed_company, 0, COMPANIES, NULL);
	for (size_t i = 0; i < COUNT(ASKED); i++) {
		set = both;
		type(ASKED[i]);
		list_names(together);
		cr_assert_eq(match_image_open(rebuilt, &part), STATUS_OK);
		match_set_init(&set, &part);
		type(ASKED[i]);
		list_names(whole);
		for (size_t k = 0; k < MATCH_HITS; k++)
			cr_expect_str_eq(together[k], whole[k], "%s: %zu", ASKED[i], k);
	}
	set = both;
	for (unsigned i = 0; i < CHANGED; i += 9) {
		struct company c = company_of(i);
		type(c.name);
		for (size_t k = 0; k < result.count; k++)
			cr_expect(result.hits[k].part == 1 || !match_set_hides(&set, 0, result.hits[k].company), "%s",
			          c.name);
	}
	free((void *)(uintptr_t)added.ptr);
	free((void *)(uintptr_t)rebuilt.ptr);
	bytes = base_bytes;
}
