/* SPDX-License-Identifier: MIT */
#include "match_find.h"

#include <string.h>

#define POSTINGS_BUDGET 30000
#define BY_NUMBER       24  /* candidates from each source */
#define HOUSE_SEEN      256 /* of those at a street and number anywhere */
#define BY_HOUSE        24
#define BY_CORE         32
#define BY_WORDS        40
#define BY_SCAN         48
#define MET_RANKED      400
#define REGION_ROWS     120000 /* companies of two digits that are still scanned */
#define NEAR_ENOUGH     75     /* per cent of the perfect score; with one of those nobody is looked for further away */
#define SCAN_FLOOR      64     /* least score of a scanned row */
#define SCAN_ROWS       500000
#define SCAN_ALL_ROWS   20000 /* of a small register: all names are looked at, typed place or not */
#define TWICE_MIN       9     /* letters of an unknown word two of which are left out */
#define TWICE_MAX       20
#define TYPO_WORDS      24 /* known words taken for one misspelt word */

struct picked {
	const struct match_asked *asked;
	uint32_t *rows;
	size_t count;
};

static void pick(struct picked *picked, uint32_t row)
{
	for (size_t i = 0; i < picked->count; i++) {
		if (picked->rows[i] == row)
			return;
	}
	if (picked->count < MATCH_CANDIDATES && !match_asked_excludes(picked->asked, row))
		picked->rows[picked->count++] = row;
}

/* Without an instruction for it; nor may core call the compiler's library. */
static unsigned bit_count(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

static unsigned common_bits(const struct match_image *image, const struct match_asked *asked, uint32_t row)
{
	unsigned bits = 0;
	uint64_t sig[MATCH_SIG_WORDS];
	if (row >= image->rows)
		return 0;
	memcpy(sig, image->section[MATCH_SECTION_SIGNATURES].ptr + row * sizeof(sig), sizeof(sig));
	for (size_t i = 0; i < MATCH_SIG_WORDS; i++)
		bits += bit_count(sig[i] & asked->sig[i]);
	return bits;
}

static bool is_near(const struct match_asked *asked, const struct match_company *company)
{
	if (asked->postcode < MATCH_NO_POSTCODE && company->postcode / 1000 == asked->postcode / 1000)
		return true;
	for (size_t i = 0; i < asked->city_count; i++) {
		if (asked->cities[i] == company->city)
			return true;
	}
	return false;
}

struct range {
	uint32_t from;
	uint32_t to;
};

/* A bucket is ascending in rows, that is, in postal codes: keeps "most" of it around the typed one. */
static struct range narrow(const struct match_image *image, const struct match_asked *asked, struct slice list,
                           struct range range, uint32_t most)
{
	if (range.to - range.from <= most)
		return range;
	uint32_t postcode = asked->postcode < MATCH_NO_POSTCODE ? asked->postcode : 0;
	uint32_t here = match_image_u32(image->section[MATCH_SECTION_MAIN_PLACES], postcode);
	uint32_t low = range.from;
	uint32_t high = range.to;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (match_image_u32(list, middle) < here)
			low = middle + 1;
		else
			high = middle;
	}
	uint32_t first = low - range.from > most / 2 ? low - most / 2 : range.from;
	first = range.to - first < most ? range.to - most : first;
	return (struct range){first, first + most};
}

/* Everybody at this street and number, as far as the place fits roughly. */
static void pick_by_house(const struct match_image *image, const struct match_asked *asked, struct picked *picked)
{
	uint32_t from, to;
	size_t found = 0;
	if (asked->street_id == UINT32_MAX)
		return;
	match_image_bucket(image->section[MATCH_SECTION_HOUSE_TABLE],
	                   (uint32_t)match_image_hash_house(asked->street_id, asked->street.house),
	                   image->section[MATCH_SECTION_HOUSES].len / 4, &from, &to);
	struct range near = narrow(image, asked, image->section[MATCH_SECTION_HOUSES], (struct range){from, to},
	                           HOUSE_SEEN);
	for (; near.from < near.to && found < BY_HOUSE; near.from++) {
		uint32_t row = match_image_u32(image->section[MATCH_SECTION_HOUSES], near.from);
		struct match_company company = match_image_company(image, row);
		if (company.street != asked->street_id || company.house != asked->street.house ||
		    !is_near(asked, &company))
			continue;
		pick(picked, row);
		found++;
	}
}

static void pick_by_number(const struct match_image *image, const struct match_asked *asked, struct picked *picked)
{
	uint32_t from, to;
	size_t found = 0;
	if (asked->type == REGISTER_NONE)
		return;
	match_image_bucket(image->section[MATCH_SECTION_NUMBER_TABLE],
	                   (uint32_t)match_image_hash_number(asked->type, asked->number),
	                   image->section[MATCH_SECTION_NUMBERS].len / 4, &from, &to);
	for (; from < to && found < BY_NUMBER; from++) {
		uint32_t row = match_image_u32(image->section[MATCH_SECTION_NUMBERS], from);
		struct match_company company = match_image_company(image, row);
		if (company.number != asked->number || company.type != asked->type)
			continue;
		if (asked->court.len > 0 && !slice_eq(asked->court, match_image_court(image, company.court)))
			continue;
		if (common_bits(image, asked, row) * 4 >= asked->grams || asked->court.len > 0) {
			pick(picked, row);
			found++;
		}
	}
}

static void pick_by_core(const struct match_image *image, const struct match_asked *asked, struct slice compact,
                         struct picked *picked)
{
	uint32_t from, to;
	struct slice cores = image->section[MATCH_SECTION_CORES];
	match_image_bucket(image->section[MATCH_SECTION_CORE_TABLE], (uint32_t)match_image_hash(compact), cores.len / 4,
	                   &from, &to);
	struct range near = narrow(image, asked, cores, (struct range){from, to}, BY_CORE);
	for (; near.from < near.to; near.from++)
		pick(picked, match_image_u32(cores, near.from));
}

static void meet(struct match_finder *finder, uint32_t row, unsigned score)
{
	uint32_t at = (row * UINT32_C(0x9e3779b1)) >> 16;
	while (finder->slots[at].round == finder->round && finder->slots[at].row != row)
		at = (at + 1) & (FIND_SLOTS - 1);
	struct find_slot *slot = &finder->slots[at];
	if (slot->round != finder->round) {
		if (finder->met_count == FIND_MET)
			return;
		*slot = (struct find_slot){row, finder->round, 0};
		finder->met[finder->met_count++] = at;
	}
	score += slot->score;
	slot->score = (uint16_t)(score > UINT16_MAX ? UINT16_MAX : score);
}

static void read_postings(const struct match_image *image, struct match_finder *finder, uint32_t word, unsigned score,
                          uint32_t *budget)
{
	uint32_t count;
	const char *postings = match_image_postings(image, word, &count);
	if (count > *budget)
		return;
	*budget -= count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row;
		memcpy(&row, postings + (size_t)i * 4, 4);
		if (row < image->rows)
			meet(finder, row, score);
	}
}

static struct slice leave_out(struct slice word, size_t i, char *mem)
{
	memcpy(mem, word.ptr, i);
	memcpy(mem + i, word.ptr + i + 1, word.len - i - 1);
	return (struct slice){mem, word.len - 1};
}

/* Known words one letter (or one of each side) away from a word of the query. */
static void read_typos(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder,
                       size_t i, uint32_t *budget)
{
	uint32_t seen[TYPO_WORDS];
	size_t seen_count = 0;
	struct slice word = match_name_word(&asked->name, i);
	struct slice typos = image->section[MATCH_SECTION_TYPOS];
	unsigned allowed = word.len >= 8 ? 2 : 1;
	bool twice = word.len >= TWICE_MIN && word.len <= TWICE_MAX && !asked->known[i];
	size_t tries = word.len + 1 + (twice ? word.len * (word.len - 1) / 2 : 0);
	for (size_t k = 0, a = 0, b = 0; k < tries && seen_count < TYPO_WORDS; k++) {
		uint32_t from, to;
		if (k > word.len && ++b >= word.len) {
			a++;
			b = a + 1;
		}
		char less[MATCH_WORD_BYTES];
		uint64_t hash;
		if (k > word.len) {
			hash = match_image_hash_less(leave_out(word, a, less), b - 1);
		} else {
			hash = match_image_hash_less(word, k);
		}
		match_image_bucket(image->section[MATCH_SECTION_TYPO_TABLE], (uint32_t)hash, typos.len / 4, &from, &to);
		if (to - from > 64)
			to = from + 64;
		for (; from < to && seen_count < TYPO_WORDS; from++) {
			uint32_t other = match_image_u32(typos, from);
			struct slice text = match_image_word(image, other);
			bool skip = other == asked->word[i] || text.len == 0;
			for (size_t n = 0; n < seen_count && !skip; n++)
				skip = seen[n] == other;
			unsigned distance = skip ? 9 : match_sim_distance(&asked->pattern[i], text);
			if (distance == 0 || distance > allowed)
				continue;
			seen[seen_count++] = other;
			unsigned weight = match_asked_weight(image->population, match_image_word_count(image, other));
			read_postings(image, finder, other, weight * (distance == 1 ? 3 : 2) / 4, budget);
		}
	}
}

/* A word that lost its blank is two known words; two words that got one are one. */
static void read_other_cuts(const struct match_image *image, const struct match_asked *asked,
                            struct match_finder *finder, size_t i, uint32_t *budget)
{
	const struct slice *s = image->section;
	struct slice word = match_name_word(&asked->name, i);
	if (i + 1 < asked->name.count) {
		struct slice both = {word.ptr, word.len + match_name_word(&asked->name, i + 1).len};
		uint32_t joined = match_image_find(s[MATCH_SECTION_WORD_TABLE], s[MATCH_SECTION_WORDS], MATCH_WORD,
		                                   s[MATCH_SECTION_WORD_TEXT], both);
		if (joined != UINT32_MAX)
			read_postings(image, finder, joined,
			              match_asked_weight(image->population, match_image_word_count(image, joined)),
			              budget);
	}
	if (asked->word[i] != UINT32_MAX && match_image_word_count(image, asked->word[i]) > 3)
		return;
	for (size_t cut = 3; cut + 3 <= word.len; cut++) {
		for (int side = 0; side < 2; side++) {
			struct slice part = side ? (struct slice){word.ptr + cut, word.len - cut}
			                         : (struct slice){word.ptr, cut};
			uint32_t found = match_image_find(s[MATCH_SECTION_WORD_TABLE], s[MATCH_SECTION_WORDS],
			                                  MATCH_WORD, s[MATCH_SECTION_WORD_TEXT], part);
			if (found == UINT32_MAX)
				continue;
			unsigned weight = match_asked_weight(image->population, match_image_word_count(image, found));
			read_postings(image, finder, found, weight * (unsigned)part.len / (unsigned)word.len, budget);
		}
	}
}

/* Keeps the best: raises the floor so that "keep" remain. */
static void shrink(struct match_finder *finder, size_t keep)
{
	memset(finder->histogram, 0, sizeof(finder->histogram));
	for (size_t i = 0; i < finder->scan_count; i++)
		finder->histogram[finder->scanned[i].score]++;
	uint32_t floor = 1023;
	size_t above = 0;
	while (floor > 0 && above + finder->histogram[floor] <= keep)
		above += finder->histogram[floor--];
	size_t kept = 0;
	size_t room = keep - above;
	for (size_t i = 0; i < finder->scan_count; i++) {
		bool level = finder->scanned[i].score == floor && room > 0;
		room -= level;
		if (finder->scanned[i].score > floor || level)
			finder->scanned[kept++] = finder->scanned[i];
	}
	finder->scan_count = kept;
	finder->scan_floor = floor;
}

/* The rows with the rarest words in common; among equals those with the most trigrams in common. */
static void pick_met(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder,
                     struct picked *picked)
{
	memset(finder->histogram, 0, sizeof(finder->histogram));
	for (size_t i = 0; i < finder->met_count; i++) {
		unsigned bin = finder->slots[finder->met[i]].score / 4u;
		finder->histogram[bin > 1023 ? 1023 : bin]++;
	}
	unsigned floor = 1023;
	size_t above = finder->histogram[1023];
	while (floor > 0 && above + finder->histogram[floor - 1] <= MET_RANKED)
		above += finder->histogram[--floor];
	if (above < BY_WORDS && floor > 0)
		floor--;
	finder->scan_count = 0;
	for (size_t i = 0; i < finder->met_count && finder->scan_count < FIND_SCANNED; i++) {
		const struct find_slot *slot = &finder->slots[finder->met[i]];
		if (slot->score / 4u < floor)
			continue;
		uint32_t common = asked->grams ? common_bits(image, asked, slot->row) * 600u / asked->grams : 0;
		uint32_t score = slot->score / 4u + common;
		finder->scanned[finder->scan_count++] = (struct find_scan){slot->row, score > 1023 ? 1023 : score};
	}
	shrink(finder, BY_WORDS);
	for (size_t i = 0; i < finder->scan_count; i++)
		pick(picked, finder->scanned[i].row);
}

static size_t rarest_left(const struct match_asked *asked, const bool *done)
{
	size_t best = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		if (!done[i] && (done[best] || asked->weight[i] > asked->weight[best]))
			best = i;
	}
	return best;
}

static void pick_by_words(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder,
                          struct picked *picked)
{
	uint32_t budget = POSTINGS_BUDGET;
	bool done[MATCH_WORDS] = {false};
	for (size_t n = 0; n < asked->name.count; n++) {
		size_t best = rarest_left(asked, done);
		done[best] = true;
		read_postings(image, finder, asked->word[best], asked->weight[best], &budget);
		struct slice word = match_name_word(&asked->name, best);
		if (n < 6 && word.len >= 4 && asked->kind[best] != MATCH_KIND_NUMBER)
			read_typos(image, asked, finder, best, &budget);
		if (n < 6)
			read_other_cuts(image, asked, finder, best, &budget);
	}
	pick_met(image, asked, finder, picked);
}

struct scan {
	uint64_t sig[MATCH_SIG_WORDS];
	uint64_t rare[MATCH_SIG_WORDS];
	uint16_t scale[513]; /* by the row's number of bits */
};

#if defined(__x86_64__)
#define HAS_POPCNT 1
/* Asked once a scratch: in a virtual machine the instruction is slow. */
static bool can_count(struct match_finder *finder)
{
	unsigned a = 1, b, c = 0, d;
	if (finder->popcnt == 0) {
		__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
		finder->popcnt = c >> 23 & 1 ? 1 : 2;
	}
	return finder->popcnt == 1;
}
#else
#define HAS_POPCNT 0
#endif

static void keep(struct match_finder *finder, uint32_t row, uint32_t score)
{
	finder->scanned[finder->scan_count++] = (struct find_scan){row, score > 1023 ? 1023 : score};
	if (finder->scan_count == FIND_SCANNED)
		shrink(finder, BY_SCAN);
}

/* One row's score; written out because a loop over the four words costs a third more. */
#define SCAN_SCORE(COUNT)                                                                                             \
	(((unsigned)(COUNT(r[0] & q[0]) + COUNT(r[1] & q[1]) + COUNT(r[2] & q[2]) + COUNT(r[3] & q[3]) +              \
	             COUNT(r[0] & rare[0]) + COUNT(r[1] & rare[1]) + COUNT(r[2] & rare[2]) + COUNT(r[3] & rare[3])) * \
	  scan->scale[COUNT(r[0]) + COUNT(r[1]) + COUNT(r[2]) + COUNT(r[3])]) >>                                      \
	 8)

#define SCAN_BODY(COUNT)                                                                       \
	const uint64_t q[4] = {scan->sig[0], scan->sig[1], scan->sig[2], scan->sig[3]};        \
	const uint64_t rare[4] = {scan->rare[0], scan->rare[1], scan->rare[2], scan->rare[3]}; \
	for (uint32_t row = from; row < to; row++) {                                           \
		uint64_t r[4];                                                                 \
		memcpy(r, sigs + (size_t)row * sizeof(r), sizeof(r));                          \
		uint32_t score = SCAN_SCORE(COUNT);                                            \
		if (score > finder->scan_floor)                                                \
			keep(finder, row, score);                                              \
	}

#if HAS_POPCNT
__attribute__((target("popcnt"))) static void scan_quick(struct match_finder *finder, const struct scan *scan,
                                                         const char *sigs, uint32_t from, uint32_t to)
{
	SCAN_BODY((unsigned)__builtin_popcountll)
}
#endif

static void scan_rows(struct match_finder *finder, const struct scan *scan, const char *sigs, uint32_t from,
                      uint32_t to)
{
#if HAS_POPCNT
	if (can_count(finder)) {
		scan_quick(finder, scan, sigs, from, to);
		return;
	}
#endif
	SCAN_BODY(bit_count)
}

static void mark(struct match_finder *finder, uint32_t region)
{
	if (region < 1000)
		finder->region_bits[region / 32] |= UINT32_C(1) << (region % 32);
}

static void mark_city(const struct match_image *image, struct match_finder *finder, uint32_t city)
{
	uint64_t at = (uint64_t)city * MATCH_CITY + 4;
	for (size_t k = 0; k < 3; k++)
		mark(finder, match_image_u16(image->section[MATCH_SECTION_CITIES], at + 2 * k));
}

/* The typed postal code's first three digits and the regions of the city. */
static void mark_near(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder)
{
	memset(finder->region_bits, 0, sizeof(finder->region_bits));
	if (asked->postcode < MATCH_NO_POSTCODE)
		mark(finder, asked->postcode / 100);
	if (asked->city_count > 0)
		mark_city(image, finder, asked->cities[0]);
}

/* Cities of a like name and, if they are not too many companies, the first two digits: what was not looked at yet. */
static void mark_far(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder)
{
	struct slice places = image->section[MATCH_SECTION_MAIN_PLACES];
	uint32_t two = asked->postcode / 1000;
	uint32_t seen[32];
	memcpy(seen, finder->region_bits, sizeof(seen));
	for (size_t i = 1; i < asked->city_count; i++)
		mark_city(image, finder, asked->cities[i]);
	bool few = asked->postcode < MATCH_NO_POSTCODE &&
	           match_image_u32(places, (two + 1) * 1000) - match_image_u32(places, two * 1000) <= REGION_ROWS;
	for (uint32_t i = 0; few && i < 10; i++)
		mark(finder, two * 10 + i);
	for (size_t i = 0; i < 32; i++)
		finder->region_bits[i] &= ~seen[i];
}

static void scan_regions(const struct match_image *image, struct match_finder *finder, const struct scan *scan)
{
	uint32_t budget = SCAN_ROWS;
	if (image->rows <= SCAN_ALL_ROWS) {
		scan_rows(finder, scan, image->section[MATCH_SECTION_SIGNATURES].ptr, 0, image->rows);
		return;
	}
	for (uint32_t region = 0; region < 1000; region++) {
		if (!(finder->region_bits[region / 32] >> (region % 32) & 1))
			continue;
		for (int part = 0; part < 2; part++) {
			struct slice places =
			        image->section[part ? MATCH_SECTION_ALIAS_PLACES : MATCH_SECTION_MAIN_PLACES];
			uint32_t from = match_image_u32(places, region * 100);
			uint32_t to = match_image_u32(places, region * 100 + 100);
			if (from > to || to > image->rows)
				continue;
			if (to - from > budget)
				to = from + budget;
			budget -= to - from;
			scan_rows(finder, scan, image->section[MATCH_SECTION_SIGNATURES].ptr, from, to);
		}
	}
}

static unsigned prepare_scan(const struct match_asked *asked, struct scan *scan)
{
	unsigned own = 0;
	unsigned bits = 0;
	memcpy(scan->sig, asked->sig, sizeof(scan->sig));
	memcpy(scan->rare, asked->sig_rare, sizeof(scan->rare));
	for (size_t i = 0; i < MATCH_SIG_WORDS; i++) {
		own += bit_count(scan->sig[i]) + bit_count(scan->rare[i]);
		bits += bit_count(scan->sig[i]);
	}
	for (unsigned n = 0; n < 513; n++)
		scan->scale[n] = (uint16_t)(512 * 256 / (own + n * 3 / 2 + 1));
	return own * scan->scale[bits] >> 8;
}

static uint32_t best_scanned(const struct match_finder *finder)
{
	uint32_t best = 0;
	for (size_t i = 0; i < finder->scan_count; i++)
		best = finder->scanned[i].score > best ? finder->scanned[i].score : best;
	return best;
}

static void pick_by_scan(const struct match_image *image, const struct match_asked *asked, struct match_finder *finder,
                         struct picked *picked)
{
	struct scan scan;
	unsigned perfect = prepare_scan(asked, &scan);
	if (perfect == 0)
		return;
	finder->scan_count = 0;
	finder->scan_floor = SCAN_FLOOR;
	mark_near(image, asked, finder);
	scan_regions(image, finder, &scan);
	if (image->rows > SCAN_ALL_ROWS && best_scanned(finder) * 100 < perfect * NEAR_ENOUGH) {
		mark_far(image, asked, finder);
		scan_regions(image, finder, &scan);
	}
	shrink(finder, BY_SCAN);
	for (size_t i = 0; i < finder->scan_count; i++)
		pick(picked, finder->scanned[i].row);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): written through picked.rows */
size_t match_find(const struct match_asked *asked, struct match_finder *finder, uint32_t ret_rows[MATCH_CANDIDATES])
{
	const struct match_image *image = &asked->set->part[asked->part];
	struct picked picked = {.asked = asked, .rows = ret_rows};
	finder->met_count = 0;
	if (++finder->round == 0) {
		memset(finder->slots, 0, sizeof(finder->slots));
		finder->round = 1;
	}
	pick_by_number(image, asked, &picked);
	pick_by_house(image, asked, &picked);
	if (asked->core_len > 0)
		pick_by_core(image, asked, (struct slice){asked->core, asked->core_len}, &picked);
	if (asked->name.count > 0)
		pick_by_core(image, asked, match_name_compact(&asked->name), &picked);
	pick_by_words(image, asked, finder, &picked);
	pick_by_scan(image, asked, finder, &picked);
	return picked.count;
}
