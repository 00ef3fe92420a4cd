/* SPDX-License-Identifier: MIT */
#include "wire/search_out.h"

#include "base/json_out.h"

static const char *const EVIDENCE[] = {
        [MATCH_FIELD_ABSENT] = "absent",
        [MATCH_FIELD_EQUAL] = "equal",
        [MATCH_FIELD_CLOSE] = "close",
        [MATCH_FIELD_OTHER] = "other",
};

static const char *const FIELDS[MATCH_FIELD_COUNT] = {
        [MATCH_FIELD_NAME] = "name",          [MATCH_FIELD_FORM] = "legal_form",      [MATCH_FIELD_STREET] = "street",
        [MATCH_FIELD_HOUSE] = "house_number", [MATCH_FIELD_POSTCODE] = "postal_code", [MATCH_FIELD_CITY] = "city",
        [MATCH_FIELD_REGISTER] = "register",
};

static const char *const COMPLETES[] = {
        [MATCH_COMPLETES_NOTHING] = "",
        [MATCH_COMPLETES_NAME] = "name",
        [MATCH_COMPLETES_WORD] = "word",
};

static void put_or_null(struct json_out *out, const char *name, const char *value)
{
	json_out_string(out, name, value[0] ? slice_cstr(value) : SLICE_NONE);
}

/* The identifier that the key is made of, as a checkout call takes it. */
static void put_identifiers(struct json_out *out, const struct company_key *key)
{
	struct slice rest = slice_cstr(key->text);
	struct slice kind = slice_cut(&rest, ':');

	if (slice_eq_cstr(kind, "reg")) {
		json_out_object(out, "register");
		json_out_string(out, "court", slice_cut(&rest, ':'));
		json_out_string(out, "type", slice_cut(&rest, ':'));
		json_out_string(out, "number", rest);
		json_out_object_end(out);
	} else if (slice_eq_cstr(kind, "vat")) {
		json_out_string(out, "vat_id", rest);
	} else if (slice_eq_cstr(kind, "lei")) {
		json_out_string(out, "lei", rest);
	}
}

static void put_evidence(struct json_out *out, const uint8_t *evidence)
{
	json_out_object(out, "evidence");
	for (size_t i = 0; i < MATCH_FIELD_COUNT; i++)
		json_out_cstr(out, FIELDS[i], EVIDENCE[evidence[i] <= MATCH_FIELD_OTHER ? evidence[i] : 0]);
	json_out_object_end(out);
}

static void put_hit(struct json_out *out, const struct register_hit *hit)
{
	char id[32];

	identity_company_id(&hit->key, id);
	json_out_object(out, NULL);
	json_out_cstr(out, "id", id);
	json_out_cstr(out, "key", hit->key.text);
	json_out_cstr(out, "name", hit->name);
	put_or_null(out, "street", hit->street);
	put_or_null(out, "postal_code", hit->postal_code);
	put_or_null(out, "city", hit->city);
	put_or_null(out, "country", hit->country);
	put_identifiers(out, &hit->key);
	json_out_bool(out, "removed", hit->removed);
	json_out_bool(out, "earlier_name", hit->earlier_name);
	put_or_null(out, "completes", COMPLETES[hit->completes <= MATCH_COMPLETES_WORD ? hit->completes : 0]);
	json_out_millionths(out, "probability", hit->probability);
	put_evidence(out, hit->evidence);
	json_out_object_end(out);
}

void search_out_put(struct buf *buf, const struct search_res *res, bool livemode)
{
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_bool(&out, "livemode", livemode);
	json_out_cstr(&out, "verdict", search_verdict_name(res->verdict));
	json_out_array(&out, "companies");
	for (size_t i = 0; i < res->count; i++)
		put_hit(&out, &res->hits[i]);
	json_out_array_end(&out);
	put_or_null(&out, "next_cursor", res->next_cursor);
	json_out_object_end(&out);
}
