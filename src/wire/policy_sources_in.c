/* SPDX-License-Identifier: MIT */
#include "policy_sources_in.h"

#include <string.h>

static const char MEMBERS[] = "ask required fresh_hours stale_days no_data_hours no_data_stale_hours "
                              "invalid_input_hours unavailable_seconds";

static void read_terms(struct load *load, const json_t *providers, const char *id, struct source_terms *terms)
{
	const json_t *object = json_object_get(providers, id);
	size_t mark = load_enter(load, id);

	if (object && load_object(load, object, MEMBERS)) {
		load_bool(load, object, "ask", &terms->ask);
		load_bool(load, object, "required", &terms->required);
		load_small(load, object, "fresh_hours", &terms->fresh_hours);
		load_small(load, object, "stale_days", &terms->stale_days);
		load_small(load, object, "no_data_hours", &terms->no_data_hours);
		load_small(load, object, "no_data_stale_hours", &terms->no_data_stale_hours);
		load_small(load, object, "invalid_input_hours", &terms->invalid_input_hours);
		load_small(load, object, "unavailable_seconds", &terms->unavailable_seconds);
	}
	load_leave(load, mark);
}

static void read_named(struct load *load, const json_t *providers, const char *id, struct source_rules *sources)
{
	struct source_terms *terms;

	if (sources->count == MAX_SOURCES) {
		load_fault(load, "names too many providers");
		return;
	}
	terms = &sources->named[sources->count++];
	*terms = sources->others;
	if (slice_copy(slice_cstr(id), terms->id, sizeof(terms->id)))
		read_terms(load, providers, id, terms);
	else
		load_fault_at(load, id, "is no id of a provider");
}

static void read_providers(struct load *load, const json_t *providers, struct source_rules *sources)
{
	const char *id;
	json_t *terms;

	if (!json_is_object(providers)) {
		load_fault(load, "must be an object");
		return;
	}
	read_terms(load, providers, SOURCE_OTHERS, &sources->others);
	json_object_foreach((json_t *)(uintptr_t)providers, id, terms)
	{
		if (strcmp(id, SOURCE_OTHERS) != 0)
			read_named(load, providers, id, sources);
	}
}

static void read_basket(struct load *load, const json_t *root, int32_t *percent)
{
	if (load_is_null(root, "recheck_basket_percent")) {
		*percent = RECHECK_OFF;
		return;
	}
	load_small(load, root, "recheck_basket_percent", percent);
	if (*percent < 0 && json_object_get(root, "recheck_basket_percent"))
		load_fault_at(load, "recheck_basket_percent", "must not be negative; null switches it off");
}

void policy_sources_in_read(struct load *load, const json_t *root, struct source_rules *sources)
{
	const json_t *providers = json_object_get(root, "providers");
	size_t mark;

	load_small(load, root, "recheck_days", &sources->recheck_days);
	read_basket(load, root, &sources->recheck_basket_percent);
	if (!providers)
		return;
	mark = load_enter(load, "providers");
	read_providers(load, providers, sources);
	load_leave(load, mark);
}
