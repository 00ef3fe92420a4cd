/* SPDX-License-Identifier: MIT */
#include "wire/link_out.h"

static void put_link(struct json_out *out, const struct link *link)
{
	json_out_cstr(out, "customer_ref", link->customer_ref);
	json_out_cstr(out, "key", link->key.text);
	json_out_string(out, "confirmed_name", link->name[0] ? slice_cstr(link->name) : SLICE_NONE);
	json_out_instant(out, "confirmed_at", link->at_ms, true);
}

static void put_or_null(struct json_out *out, const char *name, const char *value)
{
	json_out_string(out, name, value[0] ? slice_cstr(value) : SLICE_NONE);
}

/* Null when the register no longer has it. */
static void put_company(struct json_out *out, const struct link_res *res)
{
	char id[32];

	if (!res->known) {
		json_out_null(out, "company");
		return;
	}
	identity_company_id(&res->facts->key, id);
	json_out_object(out, "company");
	json_out_cstr(out, "id", id);
	json_out_cstr(out, "name", res->facts->name);
	put_or_null(out, "street", res->facts->street);
	put_or_null(out, "postal_code", res->facts->postal_code);
	put_or_null(out, "city", res->facts->city);
	put_or_null(out, "country", res->facts->country);
	json_out_object_end(out);
}

void link_out_put(struct buf *buf, const struct link_res *res, bool livemode)
{
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_bool(&out, "livemode", livemode);
	put_link(&out, &res->link);
	put_company(&out, res);
	json_out_object_end(&out);
}

void link_out_put_list(struct buf *buf, const struct link *links, size_t count, bool next, bool livemode)
{
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_bool(&out, "livemode", livemode);
	json_out_array(&out, "links");
	for (size_t i = 0; i < count; i++) {
		json_out_object(&out, NULL);
		put_link(&out, &links[i]);
		json_out_object_end(&out);
	}
	json_out_array_end(&out);
	json_out_string(&out, "next_after", next ? slice_cstr(links[count - 1].customer_ref) : SLICE_NONE);
	json_out_object_end(&out);
}
