/* SPDX-License-Identifier: MIT */
#include "core/verdict.h"

void verdict_of(const struct decision *decision, struct verdict *ret_verdict)
{
	ret_verdict->outcome = decision->outcome;
	ret_verdict->count = decision->method_count;
	for (size_t i = 0; i < decision->method_count; i++) {
		ret_verdict->methods[i].id = slice_cstr(decision->methods[i].rule->id);
		ret_verdict->methods[i].allowed = decision->methods[i].allowed;
	}
}

static bool allows(const struct verdict *verdict, struct slice id)
{
	for (size_t i = 0; i < verdict->count; i++) {
		if (slice_eq(verdict->methods[i].id, id))
			return verdict->methods[i].allowed;
	}
	return false;
}

static bool allows_all_of(const struct verdict *verdict, const struct verdict *other)
{
	for (size_t i = 0; i < other->count; i++) {
		if (other->methods[i].allowed && !allows(verdict, other->methods[i].id))
			return false;
	}
	return true;
}

bool verdict_same(const struct verdict *a, const struct verdict *b)
{
	return a->outcome == b->outcome && allows_all_of(a, b) && allows_all_of(b, a);
}

void verdict_put(struct json_out *out, const char *name, const struct verdict *verdict)
{
	json_out_object(out, name);
	json_out_word(out, "outcome", outcome_name(verdict->outcome));
	json_out_array(out, "payment_methods");
	for (size_t i = 0; i < verdict->count; i++) {
		json_out_object(out, NULL);
		json_out_string(out, "id", verdict->methods[i].id);
		json_out_bool(out, "allowed", verdict->methods[i].allowed);
		json_out_object_end(out);
	}
	json_out_array_end(out);
	json_out_object_end(out);
}
