/* SPDX-License-Identifier: MIT */
#include "core/fact_code.h"

#include "core/legal_form.h"

static const char *const STATUS_NAMES[] = {
        [REGISTER_STATUS_ACTIVE] = "active",
        [REGISTER_STATUS_LIQUIDATION] = "liquidation",
        [REGISTER_STATUS_DELETED] = "deleted",
};

static int64_t last_of(enum fact_id id)
{
	if (id == FACT_LEGAL_FORM)
		return LEGAL_FORM_COUNT - 1;
	return id == FACT_REGISTER_STATUS ? REGISTER_STATUS_DELETED : 0;
}

const char *fact_code_name(enum fact_id id, int64_t value)
{
	if (value < 1 || value > last_of(id))
		return NULL;
	return id == FACT_LEGAL_FORM ? legal_form_name((enum legal_form)value) : STATUS_NAMES[value];
}

bool fact_code_find(enum fact_id id, struct slice name, int64_t *ret_value)
{
	for (int64_t value = 1; value <= last_of(id); value++) {
		if (!slice_eq_cstr(name, fact_code_name(id, value)))
			continue;
		*ret_value = value;
		return true;
	}
	return false;
}
