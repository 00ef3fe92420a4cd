/* SPDX-License-Identifier: MIT */
#include "core/facts.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"

#define DAY 20000

static struct facts facts;
static char bytes[MAX_FACTS_PACKED];
static struct buf packed;

static void init(void)
{
	facts_init(&facts);
	buf_init(&packed, bytes, sizeof(bytes));
}

TestSuite(facts_pack, .init = init);

static void fill_text(char *text, size_t cap)
{
	memset(text, 'x', cap - 1);
	text[cap - 1] = '\0';
}

/* Everything known, every text as long as it may be. */
static void fill(void)
{
	char id[MAX_SOURCE_ID + 1];

	fill_text(facts.key.text, sizeof(facts.key.text));
	fill_text(facts.name, sizeof(facts.name));
	fill_text(facts.street, sizeof(facts.street));
	fill_text(facts.postal_code, sizeof(facts.postal_code));
	fill_text(facts.city, sizeof(facts.city));
	cr_assert(slice_copy(SLICE_LIT("DE"), facts.country, sizeof(facts.country)));
	for (char c = 'a'; facts.alias_count < MAX_ALIASES; c++) {
		struct company_key key;

		fill_text(key.text, sizeof(key.text));
		key.text[0] = c;
		facts_alias(&facts, &key);
	}
	facts.match = MATCH_FUZZY;
	facts.match_probability = 987654;
	fill_text(id, sizeof(id));
	for (int i = 0; i < MAX_SOURCES; i++) {
		id[0] = (char)('a' + i);
		facts_source_hash(&facts,
		                  facts_source(&facts, id, (enum source_state)(i % 4), i % 3 ? DAY + i : DATE_NONE),
		                  (const uint8_t *)facts.name);
	}
	facts_source(&facts, id, SOURCE_NO_DATA, DAY); /* named anew, it has no hash */
	for (int id_number = FACT_NONE + 1; id_number < FACT_FIRST_DERIVED; id_number++)
		facts_set(&facts, (enum fact_id)id_number, 1 + id_number % 3,
		          id_number % 5 ? DAY - id_number : DATE_NONE, (uint8_t)(id_number % MAX_SOURCES));
}

static struct slice pack(void)
{
	buf_reset(&packed);
	cr_assert_eq(facts_pack(&facts, &packed), STATUS_OK);
	return buf_view(&packed);
}

static void expect_same(const struct facts *a, const struct facts *b)
{
	cr_expect_str_eq(a->key.text, b->key.text);
	cr_expect_str_eq(a->name, b->name);
	cr_expect_str_eq(a->street, b->street);
	cr_expect_str_eq(a->postal_code, b->postal_code);
	cr_expect_str_eq(a->city, b->city);
	cr_expect_str_eq(a->country, b->country);
	cr_expect_eq(a->alias_count, b->alias_count);
	for (int i = 0; i < a->alias_count; i++)
		cr_expect_str_eq(a->aliases[i].text, b->aliases[i].text);
	cr_expect_eq(a->match, b->match);
	cr_expect_eq(a->match_probability, b->match_probability);
	cr_expect_eq(a->source_count, b->source_count);
	for (int i = 0; i < a->source_count; i++) {
		cr_expect_str_eq(a->sources[i].id, b->sources[i].id);
		cr_expect_eq(a->sources[i].state, b->sources[i].state);
		cr_expect_eq(a->sources[i].as_of, b->sources[i].as_of);
		cr_expect_eq(a->sources[i].hashed, b->sources[i].hashed);
		if (a->sources[i].hashed)
			cr_expect_arr_eq(a->sources[i].raw_sha256, b->sources[i].raw_sha256, SOURCE_HASH);
	}
	for (int id = FACT_NONE; id < FACT_FIRST_DERIVED; id++) {
		cr_expect_eq(a->items[id].known, b->items[id].known);
		cr_expect_eq(a->items[id].value, b->items[id].value);
		cr_expect_eq(a->items[id].as_of, b->items[id].as_of);
		cr_expect_eq(a->items[id].source, b->items[id].source);
	}
}

Test(facts_pack, nothing_known_comes_back_as_nothing_known)
{
	struct facts back;

	cr_assert_eq(facts_unpack(pack(), &back), STATUS_OK);
	expect_same(&facts, &back);
}

Test(facts_pack, everything_known_comes_back_and_fits_the_maximum)
{
	struct facts back;

	fill();
	cr_assert_eq(facts_unpack(pack(), &back), STATUS_OK);
	expect_same(&facts, &back);
}

Test(facts_pack, derived_facts_are_left_out)
{
	struct facts back;
	int64_t ratio;

	facts_source(&facts, "accounts", SOURCE_ANSWER, DAY);
	facts_set(&facts, FACT_TOTAL_ASSETS, 1000, DAY, 0);
	facts_set(&facts, FACT_EQUITY, -350, DAY, 0);
	facts_derive(&facts, DAY);
	cr_assert_eq(facts_unpack(pack(), &back), STATUS_OK);
	cr_expect_not(facts_get(&back, FACT_EQUITY_RATIO, &ratio));
	facts_derive(&back, DAY);
	cr_assert(facts_get(&back, FACT_EQUITY_RATIO, &ratio));
	cr_expect_eq(ratio, -350000);
}

Test(facts_pack, equal_facts_are_equal_bytes)
{
	struct facts back;
	char again[MAX_FACTS_PACKED];
	struct buf second;

	fill();
	cr_assert_eq(facts_unpack(pack(), &back), STATUS_OK);
	buf_init(&second, again, sizeof(again));
	cr_assert_eq(facts_pack(&back, &second), STATUS_OK);
	cr_assert_eq(second.len, packed.len);
	cr_expect_arr_eq(again, bytes, packed.len);
}

Test(facts_pack, a_buffer_too_small_is_told)
{
	fill();
	for (size_t cap = 0; cap < 300; cap++) {
		buf_init(&packed, bytes, cap);
		cr_expect_eq(facts_pack(&facts, &packed), STATUS_TOO_LARGE);
	}
}

Test(facts_pack, every_cut_and_every_addition_is_corrupt)
{
	struct facts back = {.match = MATCH_FUZZY};
	struct slice whole;

	fill();
	whole = pack();
	for (size_t len = 0; len < whole.len; len++)
		cr_assert_eq(facts_unpack((struct slice){whole.ptr, len}, &back), STATUS_CORRUPT, "%zu bytes", len);
	cr_expect_eq(facts_unpack((struct slice){whole.ptr, whole.len + 1}, &back), STATUS_CORRUPT);
	cr_expect_eq(facts_unpack(SLICE_NONE, &back), STATUS_CORRUPT);
	cr_expect_eq(back.match, MATCH_FUZZY, "nothing is written on failure");
}

static void expect_sound(const struct facts *back)
{
	cr_assert_leq(back->source_count, MAX_SOURCES);
	cr_assert_leq(back->match, MATCH_EXACT);
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		cr_assert(!back->items[id].known || fact_valid((enum fact_id)id, back->items[id].value));
		cr_assert_lt(back->items[id].source, MAX_SOURCES);
	}
}

Test(facts_pack, any_changed_bit_is_refused_or_gives_sound_facts)
{
	struct facts back;
	struct slice whole;

	fill();
	whole = pack();
	for (size_t bit = 0; bit < 8 * whole.len; bit++) {
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		if (facts_unpack(whole, &back) == STATUS_OK)
			expect_sound(&back);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
	}
}

/* Offsets of the smallest pack: format, six empty texts, aliases, match, probability, sources, facts. */
#define AT_ALIASES     14
#define AT_MATCH       15
#define AT_PROBABILITY 16
#define AT_SOURCES     20

Test(facts_pack, what_no_sound_pack_holds_is_corrupt)
{
	static const struct {
		size_t at;
		const char *with;
		size_t len;
	} CASES[] = {
	        {0, "\0", 1},                                   /* another version */
	        {AT_ALIASES, "\1\0\0\0\0\0\0\0\0\0", 10},       /* an alias that is no key */
	        {AT_ALIASES, "\2\1\0a\1\0a\0\0\0\0\0\0\0", 14}, /* the same alias twice */
	        {AT_ALIASES, "\x07\1\0a\1\0b\1\0c\1\0d\1\0e\1\0f\1\0g\0\0\0\0\0\0\0",
	         29},                                                         /* more aliases than there may be */
	        {AT_MATCH, "\4", 1},                                          /* no such match */
	        {AT_PROBABILITY, "\x41\x42\x0f\x00", 4},                      /* 1000001 */
	        {AT_PROBABILITY, "\xff\xff\xff\xff", 4},                      /* -1 */
	        {AT_SOURCES, "\x11", 1},                                      /* 17 sources */
	        {AT_SOURCES, "\1\0\0\0\0\0\0\0", 8},                          /* a source without id */
	        {AT_SOURCES, "\1\1a\4\0\0\0\0\0", 9},                         /* a state that is none */
	        {AT_SOURCES, "\1\1a\0\xff\xff\xff\x7f\0", 9},                 /* a day beyond the calendar */
	        {AT_SOURCES, "\1\2a\0\0\0\0\0\0\0", 10},                      /* NUL in an id */
	        {AT_SOURCES, "\0\1\1\x10\0\0\0\0\1\0\0\0\0\0\0\0", 16},       /* source 16 */
	        {AT_SOURCES, "\0\1\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 16},         /* legal form 0 */
	        {AT_SOURCES, "\0\1\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16},         /* no fact */
	        {AT_SOURCES, "\0\1\xf0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16},       /* beyond the table */
	        {AT_SOURCES, "\0\1\1\0\xff\xff\xff\x7f\1\0\0\0\0\0\0\0", 16}, /* a fact's day beyond the calendar */
	        {AT_SOURCES,
	         "\0\2\5\0\0\0\0\0\1\0\0\0\0\0\0\0"
	         "\5\0\0\0\0\0\1\0\0\0\0\0\0\0",
	         30}, /* a fact twice */
	};
	struct facts back;

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		size_t end = CASES[i].at + CASES[i].len;
		size_t len = pack().len;

		cr_assert_eq(len, AT_SOURCES + 2);
		memcpy(bytes + CASES[i].at, CASES[i].with, CASES[i].len);
		cr_expect_eq(facts_unpack((struct slice){bytes, end > len ? end : len}, &back), STATUS_CORRUPT,
		             "case %zu", i);
	}
	/* the same shape with sound values is taken */
	pack();
	memcpy(bytes + AT_SOURCES, "\0\1\1\0\0\0\0\0\1\0\0\0\0\0\0\0", 16);
	cr_expect_eq(facts_unpack((struct slice){bytes, AT_SOURCES + 16}, &back), STATUS_OK);
}

Test(facts_pack, the_table_of_facts_is_the_one_the_format_number_stands_for)
{
	char names[4096];
	struct buf list;

	buf_init(&list, names, sizeof(names));
	for (int id = FACT_NONE + 1; id < FACT_FIRST_DERIVED; id++) {
		buf_cstr(&list, fact_name((enum fact_id)id));
		buf_u64(&list, (uint64_t)fact_unit((enum fact_id)id));
	}
	cr_assert_not(list.overflow);
	cr_expect_eq(hash_fnv64(buf_view(&list)), UINT64_C(0xb8a34f0669b3ed92),
	             "the table changed: raise FACTS_FORMAT in facts_pack.c, then set this to %#lx",
	             hash_fnv64(buf_view(&list)));
}
