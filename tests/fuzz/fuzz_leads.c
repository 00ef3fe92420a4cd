/* SPDX-License-Identifier: MIT */
/* Leads as JSON and as a form: any bytes end in a list of entries, each sound or with named faults. */
#include <stdlib.h>

#include "wire/lead_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum status status, const struct lead_list *list, const struct field_errors *errors)
{
	if (status == STATUS_INVALID && (!errors->count || errors->count > MAX_ERRORS))
		abort();
	if (status != STATUS_OK)
		return;
	if (!list->count || list->count > MAX_LEADS)
		abort();
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].errors ? !list->entries[i].errors->count
		                            : !list->entries[i].req.company.country.ptr)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[MAX_REQUEST_ARENA] __attribute__((aligned(16)));
	static struct lead_list list;
	struct slice text = {(const char *)data, size};
	struct field_errors errors;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	check(lead_in_json(text, &arena, &list, &errors), &list, &errors);
	arena_reset(&arena);
	check(lead_in_form(text, &arena, &list, &errors), &list, &errors);
	return 0;
}
