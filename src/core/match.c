/* SPDX-License-Identifier: MIT */
#include "core/match.h"

#include <string.h>

#include "match_compare.h"
#include "match_complete.h"
#include "match_evidence.h"
#include "match_find.h"

#define ACCEPT_PPM    990000 /* safe to use from here; fixed on the development set */
#define AMBIGUOUS_PPM 100000 /* below, nobody is worth a person's choice */
#define NAMESAKES_MAX 64     /* counted at most */
#define FEW_NAMES     500000 /* a register of fewer is taken for a part of the whole */
#define NAME_ALIKE    800    /* likeness that is asked for there, permille */

struct match_scratch {
	struct match_asked asked;
	struct match_finder finder;
	struct match_candidate candidates[MATCH_CANDIDATES];
	uint32_t rows[MATCH_CANDIDATES];
};

size_t match_scratch_size(void)
{
	return sizeof(struct match_scratch);
}

struct match_scratch *match_scratch_init(void *mem)
{
	struct match_scratch *scratch = mem;
	memset(&scratch->finder, 0, sizeof(scratch->finder));
	return scratch;
}

static void remove_at(struct match_candidate *list, size_t *count, size_t at)
{
	memmove(list + at, list + at + 1, (*count - at - 1) * sizeof(*list));
	--*count;
}

/* Adds the best name of each company, best first, as many as fit. */
static size_t choose_finalists(const struct match_candidate *all, size_t count, struct match_candidate *ret_best,
                               size_t kept)
{
	for (size_t i = 0; i < count; i++) {
		size_t same = 0;
		while (same < kept && (ret_best[same].company != all[i].company || ret_best[same].part != all[i].part))
			same++;
		if (same < kept && ret_best[same].first >= all[i].first)
			continue;
		if (same < kept)
			remove_at(ret_best, &kept, same);
		if (kept == MATCH_FINALISTS && ret_best[kept - 1].first >= all[i].first)
			continue;
		size_t at = kept < MATCH_FINALISTS ? kept++ : kept - 1;
		for (; at > 0 && ret_best[at - 1].first < all[i].first; at--)
			ret_best[at] = ret_best[at - 1];
		ret_best[at] = all[i];
	}
	return kept;
}

static struct slice signature_at(const struct match_image *image, uint32_t row)
{
	struct slice all = image->section[MATCH_SECTION_SIGNATURES];
	size_t len = MATCH_SIG_WORDS * 8;
	return row < image->rows ? (struct slice){all.ptr + (size_t)row * len, len} : SLICE_NONE;
}

/* Names with the same compact writing: their signatures are equal, and hardly anybody else's. */
static unsigned count_names(const struct match_image *image, struct match_rows excluded, uint32_t hash,
                            struct slice signature)
{
	uint32_t from, to;
	unsigned count = 0;
	struct slice cores = image->section[MATCH_SECTION_CORES];
	match_image_bucket(image->section[MATCH_SECTION_CORE_TABLE], hash, cores.len / 4, &from, &to);
	for (; from < to && count < NAMESAKES_MAX; from++) {
		uint32_t row = match_image_u32(cores, from);
		bool counts = slice_eq(signature_at(image, row), signature);
		for (size_t i = 0; i < excluded.count && counts; i++)
			counts = excluded.rows[i] != row;
		count += counts;
	}
	return count;
}

static void count_namesakes(const struct match_asked *asked, struct match_candidate *c)
{
	unsigned count = 0;
	struct slice signature = signature_at(&asked->set->part[c->part], c->row);
	for (size_t i = 0; i < asked->set->count; i++)
		count += count_names(&asked->set->part[i], asked->excluded, c->name_hash, signature);
	for (; count > 1; count /= 2)
		c->f[MATCH_F_NAMESAKES]++;
}

static int name_fit(const struct match_candidate *c)
{
	return c->f[MATCH_F_ASKED_COVER] + c->f[MATCH_F_OTHER_COVER] + c->f[MATCH_F_LIKENESS] -
	       (c->f[MATCH_F_NUMBER] >= 2 ? 300 : 0) - (c->f[MATCH_F_FORM] >= 4 ? 150 : 0);
}

static int16_t clip(int32_t value)
{
	return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static void compare_finalists(struct match_candidate *best, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int16_t *f = best[i].f;
		int better = 0;
		f[MATCH_F_RANK] = (int16_t)i;
		f[MATCH_F_GAP] = clip(best[i].first - (count > 1 ? best[i == 0].first : 0));
		for (size_t k = 0; k < count; k++) {
			if (k == i)
				continue;
			bool sister = best[k].part == best[i].part && best[k].street != 0 &&
			              best[k].street == best[i].street && best[k].house == best[i].house &&
			              best[k].city == best[i].city;
			int more = name_fit(&best[k]) - name_fit(&best[i]);
			f[MATCH_F_RIVALS] = (int16_t)(f[MATCH_F_RIVALS] + (best[k].name_hash == best[i].name_hash));
			f[MATCH_F_SISTERS] = (int16_t)(f[MATCH_F_SISTERS] + sister);
			better = more > better ? more : better;
		}
		f[MATCH_F_BETTER] = clip(better);
	}
}

size_t match_candidates(const struct match_set *set, const struct match_query *query, struct match_rows excluded,
                        struct match_scratch *scratch, struct match_candidate *ret_candidates)
{
	size_t count = 0;
	match_asked_init(&scratch->asked, set, query, excluded);
	for (unsigned part = 0; part < set->count; part++) {
		size_t filled = 0;
		if (part > 0)
			match_asked_bind(&scratch->asked, part);
		size_t found = match_find(&scratch->asked, &scratch->finder, scratch->rows);
		for (size_t i = 0; i < found; i++)
			filled += match_compare(&scratch->asked, scratch->rows[i], &scratch->candidates[filled]);
		count = choose_finalists(scratch->candidates, filled, ret_candidates, count);
	}
	for (size_t i = 0; i < count; i++)
		count_namesakes(&scratch->asked, &ret_candidates[i]);
	compare_finalists(ret_candidates, count);
	return count;
}

static uint32_t find_key(const struct match_image *image, struct slice key)
{
	uint32_t from, to;
	uint64_t hash = match_image_hash(key);
	struct slice items = image->section[MATCH_SECTION_KEY_ITEMS];
	struct slice keys = image->section[MATCH_SECTION_KEYS];
	if (slice_is_blank(key))
		return UINT32_MAX;
	match_image_bucket(image->section[MATCH_SECTION_KEY_TABLE], (uint32_t)hash, keys.len / 4, &from, &to);
	for (; from < to; from++) {
		uint64_t item = match_image_u32(keys, from);
		uint32_t company = match_image_u32(items, item * 2 + 1);
		if (match_image_u32(items, item * 2) == (uint32_t)(hash >> 32) && company < image->companies)
			return company;
	}
	return UINT32_MAX;
}

static uint32_t find_number(const struct match_image *image, const struct match_query *query, struct slice court)
{
	uint32_t from, to;
	struct slice numbers = image->section[MATCH_SECTION_NUMBERS];
	if (query->type == REGISTER_NONE || court.len == 0)
		return UINT32_MAX;
	match_image_bucket(image->section[MATCH_SECTION_NUMBER_TABLE],
	                   (uint32_t)match_image_hash_number(query->type, query->number), numbers.len / 4, &from, &to);
	for (; from < to; from++) {
		uint32_t company = match_image_u32(numbers, from);
		struct match_company c = match_image_company(image, company);
		if (c.number == query->number && c.type == (unsigned)query->type &&
		    slice_eq(match_image_court(image, c.court), court) &&
		    match_same_suffix(query->suffix, match_image_affix(image, c.suffix)))
			return company;
	}
	return UINT32_MAX;
}

struct identified {
	unsigned part;
	uint32_t company; /* UINT32_MAX: no identifier was given, or none is known */
	bool agree;       /* false: the identifiers name different companies */
};

static struct identified identify(const struct match_set *set, const struct match_query *query)
{
	struct identified out = {0, UINT32_MAX, true};
	struct slice court = match_court_code(query->court);
	for (unsigned part = 0; part < set->count; part++) {
		const struct match_image *image = &set->part[part];
		uint32_t found[3] = {find_number(image, query, court), find_key(image, query->vat_id),
		                     find_key(image, query->lei)};
		for (size_t i = 0; i < 3; i++) {
			if (found[i] == UINT32_MAX || match_set_hides(set, part, found[i]))
				continue;
			bool first = out.company == UINT32_MAX;
			out.agree = out.agree && (first || (out.company == found[i] && out.part == part));
			out.company = first ? found[i] : out.company;
			out.part = first ? part : out.part;
		}
	}
	return out;
}

/* Two entries of one name and form at one place cannot be told apart by what people type: they share their probability.
 */
static bool are_doubles(const struct match_candidate *a, const struct match_candidate *b)
{
	return a->name_hash == b->name_hash && a->form == b->form &&
	       (a->postcode == b->postcode || (a->city == b->city && a->part == b->part));
}

/* Nothing in their addresses speaks against being one company that was entered twice. */
static bool share_a_street(const struct match_candidate *a, const struct match_candidate *b)
{
	return (a->part == b->part && a->street == b->street) || a->street == 0 || b->street == 0;
}

static uint32_t below_one(uint32_t ppm)
{
	return ppm > 999999 ? 999999 : ppm;
}

static bool agrees(uint8_t evidence)
{
	return evidence == MATCH_FIELD_EQUAL || evidence == MATCH_FIELD_CLOSE;
}

/* More than a name speaks for the hit, and enough of a name. */
static bool is_backed(const struct match_candidate *c, const uint8_t *evidence, uint32_t population)
{
	bool placed = agrees(evidence[MATCH_FIELD_POSTCODE]) || agrees(evidence[MATCH_FIELD_CITY]) ||
	              agrees(evidence[MATCH_FIELD_STREET]) || evidence[MATCH_FIELD_REGISTER] == MATCH_FIELD_EQUAL;
	return placed && (population >= FEW_NAMES || evidence[MATCH_FIELD_NAME] == MATCH_FIELD_EQUAL ||
	                  c->f[MATCH_F_LIKENESS] >= NAME_ALIKE);
}

static void put_hit(const struct match_candidate *candidates, size_t count, size_t i, uint32_t population,
                    struct match_result *result)
{
	const struct match_candidate *c = &candidates[i];
	uint32_t ppm = 0;
	uint32_t sure = 0;
	for (size_t k = 0; k < count; k++) {
		uint32_t own = are_doubles(c, &candidates[k]) ? candidates[k].ppm : 0;
		ppm += own;
		bool entry = candidates[k].f[MATCH_F_REMOVED] && share_a_street(c, &candidates[k]);
		sure += k == i || entry ? own : 0;
	}
	struct match_hit *hit = &result->hits[result->count++];
	*hit = (struct match_hit){
	        .part = c->part, .company = c->company, .row = c->row, .ppm = below_one(ppm), .sure = below_one(sure)};
	match_evidence_of(c->f, hit->evidence);
	if (hit->sure >= ACCEPT_PPM && !is_backed(c, hit->evidence, population))
		hit->sure = ACCEPT_PPM - 1;
}

static void move_to_front(struct match_candidate *candidates, size_t at)
{
	struct match_candidate first = candidates[at];
	memmove(candidates + 1, candidates, at * sizeof(*candidates));
	candidates[0] = first;
}

/* Of the doubles of the best, one that is still registered stands for all. */
static void prefer_registered(struct match_candidate *candidates, size_t count)
{
	for (size_t i = 1; i < count && candidates[0].f[MATCH_F_REMOVED]; i++) {
		if (!candidates[i].f[MATCH_F_REMOVED] && are_doubles(&candidates[0], &candidates[i]) &&
		    share_a_street(&candidates[0], &candidates[i]))
			move_to_front(candidates, i);
	}
}

static void rank(struct match_candidate *candidates, size_t count, uint32_t population, struct match_result *result)
{
	for (size_t n = 0; n < count && n < MATCH_HITS; n++) {
		size_t best = n;
		for (size_t i = n + 1; i < count; i++)
			best = candidates[i].score > candidates[best].score ? i : best;
		struct match_candidate swap = candidates[n];
		candidates[n] = candidates[best];
		candidates[best] = swap;
	}
	prefer_registered(candidates, count);
	for (size_t n = 0; n < count && n < MATCH_HITS; n++)
		put_hit(candidates, count, n, population, result);
}

static enum match_verdict judge(const struct match_result *result)
{
	const uint8_t *evidence = result->hits[0].evidence;
	if (result->count == 0 || result->hits[0].ppm < AMBIGUOUS_PPM)
		return MATCH_VERDICT_NONE;
	if (result->hits[0].sure < ACCEPT_PPM) {
		bool named = evidence[MATCH_FIELD_NAME] != MATCH_FIELD_OTHER ||
		             evidence[MATCH_FIELD_REGISTER] == MATCH_FIELD_EQUAL;
		return named ? MATCH_VERDICT_AMBIGUOUS : MATCH_VERDICT_NONE;
	}
	bool placed = evidence[MATCH_FIELD_POSTCODE] == MATCH_FIELD_EQUAL ||
	              evidence[MATCH_FIELD_REGISTER] == MATCH_FIELD_EQUAL;
	return placed && match_hit_fits(&result->hits[0]) ? MATCH_VERDICT_EXACT : MATCH_VERDICT_FUZZY;
}

/* How the identified company's present name and address compare with what was typed. */
static bool explain_identified(struct match_asked *asked, const struct identified *known, struct match_hit *ret_hit)
{
	struct match_candidate c;
	match_asked_bind(asked, known->part);
	if (!match_compare(asked, known->company, &c))
		return false;
	*ret_hit = (struct match_hit){.part = (uint8_t)known->part,
	                              .company = known->company,
	                              .row = known->company,
	                              .ppm = 999999,
	                              .sure = 999999};
	match_evidence_of(c.f, ret_hit->evidence);
	if (asked->name.count == 0)
		ret_hit->evidence[MATCH_FIELD_NAME] = MATCH_FIELD_ABSENT;
	ret_hit->evidence[MATCH_FIELD_REGISTER] = MATCH_FIELD_EQUAL;
	return true;
}

/* The identified company goes first; what was typed as its name must not contradict one of its names. */
static void put_identified(struct match_hit hit, bool agree, struct match_result *result)
{
	size_t at = 0;
	while (at < result->count && (result->hits[at].company != hit.company || result->hits[at].part != hit.part))
		at++;
	if (at < result->count && result->hits[at].evidence[MATCH_FIELD_NAME] != MATCH_FIELD_OTHER) {
		hit.row = result->hits[at].row;
		hit.evidence[MATCH_FIELD_NAME] = result->hits[at].evidence[MATCH_FIELD_NAME];
	}
	if (at == MATCH_HITS)
		at--;
	else if (at == result->count)
		result->count++;
	memmove(result->hits + 1, result->hits, at * sizeof(*result->hits));
	bool fits = hit.evidence[MATCH_FIELD_NAME] != MATCH_FIELD_OTHER;
	result->verdict = fits && agree ? MATCH_VERDICT_EXACT : MATCH_VERDICT_AMBIGUOUS;
	if (result->verdict == MATCH_VERDICT_AMBIGUOUS)
		hit.ppm = hit.sure = AMBIGUOUS_PPM;
	result->hits[0] = hit;
}

void match_search(const struct match_set *set, const struct match_query *query, struct match_scratch *scratch,
                  struct match_result *ret_result)
{
	struct match_candidate finalists[MATCH_FINALISTS];
	struct match_rows none = {NULL, 0};
	struct match_hit hit = {.company = UINT32_MAX};
	ret_result->count = 0;
	ret_result->verdict = MATCH_VERDICT_NONE;
	struct identified known = identify(set, query);
	match_asked_init(&scratch->asked, set, query, none);
	bool found = known.company != UINT32_MAX && explain_identified(&scratch->asked, &known, &hit);
	bool settled = found && known.agree && hit.evidence[MATCH_FIELD_NAME] != MATCH_FIELD_OTHER;
	if (scratch->asked.name.count > 0 && !settled) {
		size_t count = match_candidates(set, query, none, scratch, finalists);
		match_model_score(finalists, count);
		rank(finalists, count, set->part[set->count - 1].population, ret_result);
		ret_result->verdict = judge(ret_result);
	}
	if (found)
		put_identified(hit, known.agree, ret_result);
	else if (query->unfinished)
		match_complete(&scratch->asked, query->name, ret_result);
}
