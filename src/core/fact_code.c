/* SPDX-License-Identifier: MIT */
#include "core/fact_code.h"

#include "core/legal_form.h"

static const char *const STATUS_NAMES[] = {
        [REGISTER_STATUS_ACTIVE] = "active",
        [REGISTER_STATUS_LIQUIDATION] = "liquidation",
        [REGISTER_STATUS_DELETED] = "deleted",
};

static const char *const SCALE_NAMES[] = {
        [BUREAU_SCALE_CREDITREFORM_1_0] = "creditreform_1.0",
        [BUREAU_SCALE_CREDITREFORM_2_0] = "creditreform_2.0",
};

static int64_t last_of(enum fact_id id)
{
	if (id == FACT_LEGAL_FORM)
		return LEGAL_FORM_COUNT - 1;
	if (id == FACT_BUREAU_SCALE)
		return BUREAU_SCALE_CREDITREFORM_2_0;
	return id == FACT_REGISTER_STATUS ? REGISTER_STATUS_DELETED : 0;
}

const char *fact_code_name(enum fact_id id, int64_t value)
{
	if (value < 1 || value > last_of(id))
		return NULL;
	if (id == FACT_LEGAL_FORM)
		return legal_form_name((enum legal_form)value);
	return id == FACT_BUREAU_SCALE ? SCALE_NAMES[value] : STATUS_NAMES[value];
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
