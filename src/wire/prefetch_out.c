/* SPDX-License-Identifier: MIT */
#include "wire/prefetch_out.h"

#include "base/json_out.h"

static const char *const STANDINGS[] = {[PANEL_FRESH] = "fresh", [PANEL_ASKED] = "asked", [PANEL_DOWN] = "unavailable"};

static void put_source(struct json_out *out, const char *id, enum panel_standing standing)
{
	json_out_object(out, NULL);
	json_out_cstr(out, "id", id);
	json_out_cstr(out, "state", STANDINGS[standing]);
	json_out_object_end(out);
}

void prefetch_out_put(struct buf *buf, const struct prefetch_res *res, bool livemode)
{
	struct json_out out;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_bool(&out, "livemode", livemode);
	json_out_object(&out, "company");
	json_out_cstr(&out, "id", res->company_id);
	json_out_object_end(&out);
	json_out_array(&out, "sources");
	put_source(&out, SOURCE_REGISTER, res->register_answers ? PANEL_FRESH : PANEL_DOWN);
	for (size_t i = 0; i < res->source_count; i++)
		put_source(&out, res->sources[i].id, res->sources[i].standing);
	json_out_array_end(&out);
	json_out_object_end(&out);
}
