/* SPDX-License-Identifier: MIT */
#include "match_compare.h"

#include <string.h>

struct sums {
	struct slice city;    /* of the company */
	unsigned asked_found; /* weight * similarity / 100 */
	unsigned other_found;
	unsigned found;
	unsigned close;
	unsigned worst;
};

static int16_t clip(unsigned value)
{
	return (int16_t)(value > INT16_MAX ? INT16_MAX : value);
}

static unsigned permille(unsigned part, unsigned whole)
{
	return whole == 0 ? 0 : part * 1000u / whole;
}

static struct slice other_word(const struct match_other *other, size_t j)
{
	return (struct slice){other->text + other->start[j], (size_t)(other->start[j + 1] - other->start[j])};
}

static void raise_to(int16_t *value, unsigned candidate)
{
	if (clip(candidate) > *value)
		*value = clip(candidate);
}

static void count_asked(const struct match_asked *asked, const struct match_alignment *al, int16_t *f,
                        struct sums *sums)
{
	unsigned total = 0;
	unsigned unknown = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		unsigned weight = asked->weight[i];
		unsigned sim = al->asked_sim[i];
		bool extra = asked->is_extra[i] && sim < 60;
		f[MATCH_F_EXTRA] = (int16_t)(f[MATCH_F_EXTRA] + extra);
		if (extra)
			continue;
		total += weight;
		unknown += asked->known[i] ? 0 : weight;
		sums->asked_found += weight * sim / 100;
		if (sim == 0 && asked->is_city[i]) {
			f[MATCH_F_ASKED_CITY]++;
		} else if (sim == 0 && asked->kind[i] == MATCH_KIND_STOP) {
			f[MATCH_F_STOPS]++;
		} else if (sim == 0 && asked->kind[i] == MATCH_KIND_ROLE) {
			f[MATCH_F_ASKED_ROLE]++;
			raise_to(&f[MATCH_F_ASKED_RARE], weight);
		} else if (sim == 0 && asked->kind[i] == MATCH_KIND_PLAIN) {
			f[MATCH_F_ASKED_PLAIN]++;
			raise_to(&f[MATCH_F_ASKED_RARE], weight);
		}
	}
	f[MATCH_F_ASKED_COVER] = clip(permille(sums->asked_found, total));
	f[MATCH_F_ASKED_WEIGHT] = clip(total);
	f[MATCH_F_UNKNOWN] = clip(permille(unknown, total));
}

static bool begins(struct slice text, struct slice start)
{
	return text.len >= start.len && memcmp(text.ptr, start.ptr, start.len) == 0;
}

static void count_other(const struct match_asked *asked, const struct match_other *other,
                        const struct match_alignment *al, int16_t *f, struct sums *sums)
{
	struct slice typed = {asked->city.key, asked->city.len};
	for (size_t j = 0; j < other->count; j++) {
		unsigned weight = other->weight[j];
		unsigned sim = al->other_sim[j];
		struct slice word = other_word(other, j);
		sums->other_found += weight * sim / 100;
		if (sim > 0) {
			sums->found += weight;
			sums->close += sim < 100 ? weight : 0;
			if (other->kind[j] == MATCH_KIND_PLAIN && sim < sums->worst)
				sums->worst = sim;
			continue;
		}
		if (word.len >= 3 && (begins(sums->city, word) || begins(typed, word))) {
			f[MATCH_F_OTHER_CITY]++;
		} else if (other->kind[j] == MATCH_KIND_STOP) {
			f[MATCH_F_STOPS]++;
		} else if (other->kind[j] == MATCH_KIND_ROLE) {
			f[MATCH_F_OTHER_ROLE]++;
			raise_to(&f[MATCH_F_OTHER_RARE], weight);
		} else if (other->kind[j] == MATCH_KIND_PLAIN) {
			f[MATCH_F_OTHER_PLAIN]++;
			raise_to(&f[MATCH_F_OTHER_RARE], weight);
		}
	}
	f[MATCH_F_OTHER_COVER] = clip(permille(sums->other_found, other->weight_sum));
	f[MATCH_F_OTHER_WEIGHT] = clip(other->weight_sum);
	f[MATCH_F_EVIDENCE] = clip((sums->asked_found + sums->other_found) / 2);
	f[MATCH_F_CLOSE_SHARE] = clip(permille(sums->close, sums->found));
	f[MATCH_F_WORST_SIM] = (int16_t)sums->worst;
}

static int16_t compare_numbers(const struct match_asked *asked, const struct match_other *other,
                               const struct match_alignment *al)
{
	unsigned found = 0;
	unsigned asked_only = 0;
	unsigned other_only = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		bool number = asked->kind[i] == MATCH_KIND_NUMBER;
		found += number && al->asked_sim[i] > 0;
		asked_only += number && al->asked_sim[i] == 0;
	}
	for (size_t j = 0; j < other->count; j++)
		other_only += other->kind[j] == MATCH_KIND_NUMBER && al->other_sim[j] == 0;
	if (asked_only > 0 && other_only > 0)
		return 4;
	if (asked_only > 0)
		return 2;
	if (other_only > 0)
		return 3;
	return found > 0;
}

static void compare_letters(const struct match_asked *asked, const struct match_other *other, int16_t *f)
{
	uint16_t slots[MATCH_GRAMS];
	uint8_t used[MATCH_GRAM_SLOTS / 8] = {0};
	struct slice compact = {other->text, other->start[other->count]};
	unsigned count = match_asked_grams(compact, slots);
	unsigned both = 0;
	for (unsigned i = 0; i < count; i++) {
		uint8_t bit = (uint8_t)(1u << (slots[i] & 7));
		both += asked->gram_count[slots[i]] > 0 && !(used[slots[i] >> 3] & bit);
		used[slots[i] >> 3] |= bit;
	}
	f[MATCH_F_DICE] = clip(permille(2 * both, asked->grams + count));
	unsigned distance = match_sim_distance(&asked->compact, compact);
	size_t own = asked->compact.len;
	size_t longer = compact.len > own ? compact.len : own;
	if (longer > MATCH_SIM_MAX)
		longer = MATCH_SIM_MAX;
	f[MATCH_F_DISTANCE] = clip(distance);
	f[MATCH_F_LIKENESS] = clip(1000 - permille(distance, (unsigned)longer));
	size_t typed = asked->name.start[asked->name.count];
	if (typed >= 4 && typed < compact.len && memcmp(asked->name.text, compact.ptr, typed) == 0)
		f[MATCH_F_CUT] = clip((unsigned)typed);
}

static void compare_order(const struct match_asked *asked, const struct match_alignment *al, int16_t *f)
{
	unsigned last = 0;
	for (size_t i = 0; i < asked->name.count; i++) {
		if (al->partner[i] == 0)
			continue;
		f[MATCH_F_TURNED] = (int16_t)(f[MATCH_F_TURNED] + (al->partner[i] < last));
		last = al->partner[i];
	}
	f[MATCH_F_FIRST] = asked->name.count > 0 && al->partner[0] == 1 ? al->asked_sim[0] : 0;
}

static int16_t count_bits(unsigned x)
{
	int16_t n = 0;
	for (; x != 0; x &= x - 1)
		n++;
	return n;
}

static void compare_forms(unsigned asked, unsigned other, int16_t *f)
{
	unsigned a = asked & ~(unsigned)MATCH_FORM_CHARITY;
	unsigned b = other & ~(unsigned)MATCH_FORM_CHARITY;
	int relation = 6;
	if (a == b)
		relation = a == 0 ? 1 : 0;
	else if (a == 0)
		relation = 2;
	else if (b == 0)
		relation = 3;
	else if ((a & b) == a)
		relation = 4;
	else if ((a & b) == b)
		relation = 5;
	f[MATCH_F_FORM] = (int16_t)relation;
	f[MATCH_F_FORM_GMBH] = (int16_t)((a & MATCH_FORM_GMBH ? 1 : 0) + (b & MATCH_FORM_GMBH ? 2 : 0));
	f[MATCH_F_FORM_KG] = (int16_t)((a & MATCH_FORM_KG ? 1 : 0) + (b & MATCH_FORM_KG ? 2 : 0));
	f[MATCH_F_FORM_REST] = count_bits((a ^ b) & ~(unsigned)(MATCH_FORM_GMBH | MATCH_FORM_KG | MATCH_FORM_CO));
}

static int16_t compare_postcodes(uint32_t a, uint32_t b)
{
	if (a >= MATCH_NO_POSTCODE || b >= MATCH_NO_POSTCODE)
		return 5;
	if (a == b)
		return 0;
	unsigned x[5];
	unsigned y[5];
	unsigned differ = 0;
	size_t first = 5;
	uint32_t m = a;
	uint32_t n = b;
	for (size_t i = 5; i-- > 0; m /= 10, n /= 10) {
		x[i] = m % 10;
		y[i] = n % 10;
		if (x[i] != y[i]) {
			differ++;
			first = i;
		}
	}
	if (differ == 1)
		return 1;
	if (differ == 2 && first < 4 && x[first] == y[first + 1] && x[first + 1] == y[first])
		return 2;
	return a / 100 == b / 100 ? 3 : a / 1000 == b / 1000 ? 4 : 6;
}

/* Equal, part, misspelt or other: the codes of MATCH_F_CITY; streets map them. */
static int compare_places(struct slice a, struct slice b, const struct match_pattern *pattern)
{
	if (a.len == 0 || b.len == 0)
		return 3;
	if (slice_eq(a, b))
		return 0;
	size_t shorter = a.len < b.len ? a.len : b.len;
	if (shorter >= 4 && memcmp(a.ptr, b.ptr, shorter) == 0)
		return 1;
	unsigned distance = match_sim_distance(pattern, b);
	return distance <= 2 && distance * 3 <= shorter ? 2 : 4;
}

static int16_t compare_streets(const struct match_asked *asked, struct slice other)
{
	static const int16_t CODE[] = {0, 2, 1, 3, 5};
	if (asked->street.po_box)
		return 4;
	return CODE[compare_places((struct slice){asked->street.key, asked->street.len}, other,
	                           &asked->street_pattern)];
}

static int16_t compare_houses(const struct match_asked *asked, const struct match_company *company)
{
	unsigned a = asked->street.house;
	unsigned b = company->house;
	if (a == 0 || b == 0 || asked->street.po_box)
		return 3;
	if (a == b)
		return asked->street.letter == company->letter ? 0 : 1;
	unsigned small = a < b ? a : b;
	unsigned large = a < b ? b : a;
	unsigned top = 1; /* ten to the number of small's digits */
	unsigned differ = 0;
	while (top <= small)
		top *= 10;
	if (large >= top)
		return large < top * 10 && (large / 10 == small || large % top == small) ? 2 : 4;
	for (; a > 0; a /= 10, b /= 10)
		differ += a % 10 != b % 10;
	return differ == 1 ? 2 : 4;
}

static int16_t compare_register(const struct match_image *image, const struct match_asked *asked,
                                const struct match_company *company)
{
	if (asked->type == REGISTER_NONE || company->type == REGISTER_NONE)
		return 0;
	if ((unsigned)asked->type != company->type || asked->number != company->number)
		return 3;
	bool court = asked->court.len == 0 || slice_eq(asked->court, match_image_court(image, company->court));
	bool suffix = asked->suffix.len == 0 ||
	              match_same_suffix(asked->suffix, match_image_affix(image, company->suffix));
	return court && suffix ? 1 : 2;
}

static void compare_address(const struct match_image *image, const struct match_asked *asked,
                            const struct match_company *company, int16_t *f)
{
	static const int16_t POSTCODE[] = {40, 30, 30, 20, 14, 12, 0};
	static const int16_t CITY[] = {20, 16, 16, 10, 0};
	static const int16_t STREET[] = {40, 36, 32, 15, 15, 0};
	static const int16_t HOUSE[] = {12, 10, 8, 5, 0};
	f[MATCH_F_POSTCODE] = compare_postcodes(asked->postcode, company->postcode);
	f[MATCH_F_CITY] = (int16_t)compare_places((struct slice){asked->city.key, asked->city.len},
	                                          match_image_city(image, company->city), &asked->city_pattern);
	f[MATCH_F_STREET] = compare_streets(asked, match_image_street(image, company->street));
	f[MATCH_F_HOUSE] = compare_houses(asked, company);
	f[MATCH_F_REMOVED] = company->removed;
	f[MATCH_F_REGISTER] = compare_register(image, asked, company);
	f[MATCH_F_PLACE] = (int16_t)(POSTCODE[f[MATCH_F_POSTCODE]] + CITY[f[MATCH_F_CITY]] + STREET[f[MATCH_F_STREET]] +
	                             HOUSE[f[MATCH_F_HOUSE]]);
}

bool match_compare(const struct match_asked *asked, uint32_t row, struct match_candidate *ret_candidate)
{
	const struct match_image *image = &asked->set->part[asked->part];
	struct match_other other;
	struct match_alignment al;
	uint32_t home = match_image_row_company(image, row);
	if (home == UINT32_MAX || !match_other_init(&other, image, row))
		return false;
	struct match_company company = match_image_company(image, home);
	struct match_candidate *c = ret_candidate;
	struct sums sums = {.city = match_image_city(image, company.city), .worst = 100};
	memset(c->f, 0, sizeof(c->f));
	c->part = (uint8_t)asked->part;
	c->row = row;
	c->company = home;
	c->city = company.city;
	c->postcode = company.postcode;
	c->form = other.form;
	c->street = company.street;
	c->house = company.house;
	match_align(asked, &other, &al);
	count_asked(asked, &al, c->f, &sums);
	count_other(asked, &other, &al, c->f, &sums);
	c->f[MATCH_F_EDITS] = clip(al.edits);
	c->f[MATCH_F_SHORTENED] = clip(al.shortened);
	c->f[MATCH_F_KNOWN] = clip(al.known);
	c->f[MATCH_F_NUMBER] = compare_numbers(asked, &other, &al);
	compare_letters(asked, &other, c->f);
	compare_order(asked, &al, c->f);
	compare_forms(asked->name.form, other.form, c->f);
	compare_address(image, asked, &company, c->f);
	c->name_hash = (uint32_t)match_image_hash((struct slice){other.text, other.start[other.count]});
	c->f[MATCH_F_ASKED_WORDS] = asked->name.count;
	c->f[MATCH_F_ALIAS] = row >= image->companies;
	const int16_t *f = c->f;
	c->first = f[MATCH_F_ASKED_COVER] * 4 + f[MATCH_F_OTHER_COVER] * 2 + f[MATCH_F_DICE] * 2 +
	           f[MATCH_F_LIKENESS] * 2 + f[MATCH_F_PLACE] * 30 - (f[MATCH_F_NUMBER] >= 2 ? 500 : 0) -
	           (f[MATCH_F_FORM] == 6 ? 400 : 0) - (f[MATCH_F_FORM] == 4 || f[MATCH_F_FORM] == 5 ? 200 : 0) +
	           (f[MATCH_F_REGISTER] == 1 ? 3000 : 0) - f[MATCH_F_REMOVED] * 60;
	return true;
}
