/* SPDX-License-Identifier: MIT */
#include "app/search.h"

#include <string.h>

#include "base/hash.h"
#include "core/court.h"
#include "core/lei.h"
#include "core/vat.h"

#define CURSOR_BITS 8 /* of a cursor: how many hits were told; the rest belongs to the question */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- one line ---- */

/* Where five digits that stand alone begin; the length of text when there are none. */
static size_t find_postal_code(struct slice text)
{
	for (size_t i = 0; i + 5 <= text.len; i++) {
		size_t n = 0;

		while (i + n < text.len && is_digit(text.ptr[i + n]))
			n++;
		if (n == 5 && (i == 0 || strchr(" ,-", text.ptr[i - 1])))
			return i;
		i += n;
	}
	return text.len;
}

static struct slice trim_commas(struct slice text)
{
	text = slice_trim(text);
	while (text.len > 0 && (text.ptr[text.len - 1] == ',' || text.ptr[text.len - 1] == ' '))
		text.len--;
	while (text.len > 0 && (text.ptr[0] == ',' || text.ptr[0] == ' ')) {
		text.ptr++;
		text.len--;
	}
	return text;
}

static size_t last_comma(struct slice text)
{
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != ',')
		at--;
	return at;
}

static bool has_digit(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.ptr[i]))
			return true;
	return false;
}

/* The "D-" of "D-40213" is neither of the name nor of the street. */
static struct slice drop_country(struct slice front)
{
	if (front.len > 2 && slice_eq_cstr((struct slice){front.ptr + front.len - 2, 2}, "D-"))
		front.len -= 2;
	return trim_commas(front);
}

/* "Name, Street 12, 40213 City": what is not there stays absent. */
static void cut_line(struct slice line, struct match_query *query)
{
	size_t at = find_postal_code(line), comma;
	struct slice front = trim_commas((struct slice){line.ptr, at});

	query->name = front;
	if (at == line.len)
		return;
	query->postal_code = (struct slice){line.ptr + at, 5};
	query->city = trim_commas((struct slice){line.ptr + at + 5, line.len - at - 5});
	front = drop_country(front);
	query->name = front;
	comma = last_comma(front);
	if (comma == 0 || !has_digit((struct slice){front.ptr + comma, front.len - comma}))
		return;
	query->name = trim_commas((struct slice){front.ptr, comma});
	query->street = trim_commas((struct slice){front.ptr + comma, front.len - comma});
}

/* An identifier by itself: "DE 136 695 976", an LEI. */
static bool take_identifier(struct slice line, struct identity_norm *norm, struct match_query *query)
{
	if (line.len > 2 * MAX_VAT_ID || !has_digit(line))
		return false;
	if (vat_normalise(line, "DE", norm->vat_id) == IDENTITY_FAULT_NONE) {
		query->vat_id = slice_cstr(norm->vat_id);
		return true;
	}
	if (lei_normalise(line, norm->lei) == IDENTITY_FAULT_NONE) {
		query->lei = slice_cstr(norm->lei);
		return true;
	}
	return false;
}

/* ---- fields ---- */

static bool any_field(const struct identity *company)
{
	const struct slice all[] = {company->name,  company->street,        company->postal_code,
	                            company->city,  company->vat_id,        company->lei,
	                            company->court, company->register_type, company->register_number};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].ptr)
			return true;
	return false;
}

static void take_fields(const struct identity *company, const struct identity_norm *norm, struct match_query *query)
{
	*query = (struct match_query){.name = company->name,
	                              .street = company->street,
	                              .postal_code = company->postal_code,
	                              .city = company->city,
	                              .vat_id = slice_cstr(norm->vat_id),
	                              .lei = slice_cstr(norm->lei)};
	if (norm->reg.type == REGISTER_NONE)
		return;
	query->type = norm->reg.type;
	query->number = norm->reg.number;
	query->suffix = slice_cstr(norm->reg.suffix);
	if (norm->reg.court != COURT_NONE)
		query->court = slice_cstr(court_code(norm->reg.court));
}

static enum status refuse(struct search_res *res, enum search_fault fault)
{
	res->fault = fault;
	return STATUS_INVALID;
}

/* Identifiers are exact or a mistake; name and address are searched as they are. */
static enum status read_fields(const struct identity *company, struct arena *arena, struct identity_norm *norm,
                               struct match_query *query, struct search_res *res)
{
	struct identity ids = {.country = company->country.ptr ? company->country : SLICE_LIT("DE"),
	                       .vat_id = company->vat_id,
	                       .lei = company->lei,
	                       .court = company->court,
	                       .register_type = company->register_type,
	                       .register_number = company->register_number};
	enum status status = identity_normalise(&ids, arena, norm, res->errors, MAX_ERRORS, &res->error_count);

	if (status == STATUS_INVALID)
		res->fault = SEARCH_FAULT_IDENTITY;
	if (status != STATUS_OK)
		return status;
	take_fields(company, norm, query);
	bool number = query->type != REGISTER_NONE && query->court.len > 0;
	if (slice_is_blank(query->name) && query->vat_id.len == 0 && query->lei.len == 0 && !number)
		return refuse(res, SEARCH_FAULT_NOTHING);
	return STATUS_OK;
}

static enum status make_query(const struct search_req *req, struct arena *arena, struct match_query *query,
                              struct search_res *res)
{
	struct identity_norm *norm = arena_alloc(arena, sizeof(*norm));
	struct slice line = slice_trim(req->q);

	if (!norm)
		return STATUS_NO_MEMORY;
	if (slice_is_blank(req->q))
		return read_fields(&req->company, arena, norm, query, res);
	if (any_field(&req->company))
		return refuse(res, SEARCH_FAULT_BOTH);
	if (take_identifier(line, norm, query))
		return STATUS_OK;
	cut_line(line, query);
	/* who types one line may still be at it, until the postal code */
	query->unfinished = !req->exact && !query->postal_code.ptr;
	return STATUS_OK;
}

/* ---- pages ---- */

static void mix(uint64_t *hash, struct slice part)
{
	*hash = (*hash ^ hash_fnv64(part)) * UINT64_C(0x100000001b3) + 1;
}

/* A cursor belongs to its question. */
static uint64_t question_hash(const struct match_query *query, bool exact)
{
	uint64_t hash = exact ? 7 : 3;

	mix(&hash, query->name);
	mix(&hash, query->street);
	mix(&hash, query->postal_code);
	mix(&hash, query->city);
	mix(&hash, query->vat_id);
	mix(&hash, query->lei);
	mix(&hash, query->court);
	mix(&hash, query->suffix);
	return (hash ^ query->number) << CURSOR_BITS;
}

static int hex_value(char c)
{
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_cursor(struct slice text, uint64_t question, size_t *ret_from)
{
	uint64_t value = 0;

	if (text.len != SEARCH_CURSOR)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = hex_value(text.ptr[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint64_t)digit;
	}
	*ret_from = value & ((1u << CURSOR_BITS) - 1);
	return value >> CURSOR_BITS == question >> CURSOR_BITS;
}

static void put_cursor(uint64_t question, size_t next, char ret_cursor[SEARCH_CURSOR + 1])
{
	uint64_t value = question | next;

	for (size_t i = 0; i < SEARCH_CURSOR; i++)
		ret_cursor[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
	ret_cursor[SEARCH_CURSOR] = '\0';
}

/* ---- hits ---- */

static bool is_worth_showing(const struct register_hit *hit, const struct search_req *req)
{
	if (req->company.country.ptr && !slice_eq_nocase(req->company.country, slice_cstr(hit->country)))
		return false;
	for (size_t i = 0; req->exact && i < MATCH_FIELD_COUNT; i++)
		if (hit->evidence[i] > MATCH_FIELD_EQUAL)
			return false;
	return hit->completes != MATCH_COMPLETES_NOTHING || hit->evidence[MATCH_FIELD_NAME] != MATCH_FIELD_OTHER ||
	       hit->evidence[MATCH_FIELD_REGISTER] == MATCH_FIELD_EQUAL;
}

static void keep_worthy(struct register_hits *found, const struct search_req *req)
{
	size_t kept = 0;

	for (size_t i = 0; i < found->count; i++)
		if (is_worth_showing(&found->hits[i], req))
			found->hits[kept++] = found->hits[i];
	found->count = kept;
	if (kept == 0)
		found->verdict = MATCH_VERDICT_NONE;
	else if (req->exact)
		found->verdict = kept == 1 ? MATCH_VERDICT_EXACT : MATCH_VERDICT_AMBIGUOUS;
}

static enum status ask(const struct register_port *reg, const struct match_query *query, struct deadline deadline,
                       struct arena *arena, struct register_hits *ret_hits)
{
	enum status status;

	if (!reg->vtable->search)
		return STATUS_UNAVAILABLE;
	status = reg->vtable->search(reg->self, query, deadline, arena, ret_hits);
	return status == STATUS_NOT_FOUND ? STATUS_UNAVAILABLE : status;
}

enum status search_companies(const struct register_port *reg, const struct search_req *req, struct deadline deadline,
                             struct arena *arena, struct search_res *ret_res)
{
	struct search_res *res = ret_res;
	struct match_query query = {.type = REGISTER_NONE};
	struct register_hits found;
	size_t from = 0;
	enum status status;

	memset(res, 0, sizeof(*res));
	status = make_query(req, arena, &query, res);
	if (status != STATUS_OK)
		return status;
	uint64_t question = question_hash(&query, req->exact);
	if (req->cursor.ptr && !read_cursor(req->cursor, question, &from))
		return refuse(res, SEARCH_FAULT_CURSOR);
	status = ask(reg, &query, deadline, arena, &found);
	if (status != STATUS_OK)
		return status;
	keep_worthy(&found, req);
	if (from > found.count)
		from = found.count;
	res->hits = found.hits + from;
	res->count = found.count - from < req->limit ? found.count - from : req->limit;
	res->verdict = found.verdict;
	if (from + res->count < found.count)
		put_cursor(question, from + res->count, res->next_cursor);
	return STATUS_OK;
}

const char *search_verdict_name(enum match_verdict verdict)
{
	static const char *const NAMES[] = {
	        [MATCH_VERDICT_NONE] = "none",
	        [MATCH_VERDICT_AMBIGUOUS] = "ambiguous",
	        [MATCH_VERDICT_FUZZY] = "fuzzy",
	        [MATCH_VERDICT_EXACT] = "exact",
	};

	return (unsigned)verdict <= MATCH_VERDICT_EXACT ? NAMES[verdict] : NAMES[MATCH_VERDICT_NONE];
}
