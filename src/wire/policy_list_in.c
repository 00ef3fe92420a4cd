/* SPDX-License-Identifier: MIT */
#include "policy_list_in.h"

static void read_field(struct load *load, const json_t *object, const char *name, struct slice *field)
{
	const json_t *member = json_object_get(object, name);

	if (!member)
		return;
	if (json_is_string(member) && !slice_is_blank(load_slice(member)))
		*field = load_slice(member);
	else
		load_fault_at(load, name, "must be a text");
}

static void read_register(struct load *load, const json_t *entry, struct identity *identity)
{
	const json_t *reg = json_object_get(entry, "register");
	size_t mark = load_enter(load, "register");

	if (reg && load_object(load, reg, "court type number")) {
		read_field(load, reg, "court", &identity->court);
		read_field(load, reg, "type", &identity->register_type);
		read_field(load, reg, "number", &identity->register_number);
		if (json_object_size(reg) != 3)
			load_fault(load, "needs court, type and number");
	}
	load_leave(load, mark);
}

/* The ways in which an entry names its company; it must be exactly one. */
static int ways_of(const struct identity *identity)
{
	return (identity->vat_id.ptr != NULL) + (identity->lei.ptr != NULL) + (identity->economic_id.ptr != NULL) +
	       (identity->register_number.ptr != NULL) + (identity->name.ptr != NULL);
}

static void read_identity(struct load *load, const json_t *entry, struct identity *identity)
{
	read_field(load, entry, "vat_id", &identity->vat_id);
	read_field(load, entry, "lei", &identity->lei);
	read_field(load, entry, "economic_id", &identity->economic_id);
	read_field(load, entry, "name", &identity->name);
	read_field(load, entry, "postal_code", &identity->postal_code);
	read_field(load, entry, "country", &identity->country);
	read_register(load, entry, identity);
	if (ways_of(identity) != 1)
		load_fault(load, "must name the company in exactly one way");
	else if ((identity->name.ptr != NULL) != (identity->postal_code.ptr != NULL) ||
	         (identity->name.ptr != NULL) != (identity->country.ptr != NULL))
		load_fault(load, "name, postal_code and country belong together");
}

static void explain(struct load *load, const struct identity_error *error)
{
	size_t mark = load->path.len;

	if (error->field == IDENTITY_COURT || error->field == IDENTITY_REGISTER_TYPE ||
	    error->field == IDENTITY_REGISTER_NUMBER)
		(void)load_enter(load, "register");
	if (error->field == IDENTITY_REGISTER_TYPE)
		(void)load_enter(load, "type");
	else if (error->field == IDENTITY_REGISTER_NUMBER)
		(void)load_enter(load, "number");
	else
		(void)load_enter(load, identity_field_name(error->field));
	load_fault(load, identity_fault_code(error->fault));
	load_leave(load, mark);
}

static enum status read_entry(struct load *load, const json_t *entry, struct arena *arena, struct company_key *ret_key)
{
	struct identity identity = {.country = SLICE_NONE};
	struct identity_norm norm;
	struct identity_error error;
	size_t count = 0;
	enum status status;

	if (!load_object(load, entry, "vat_id lei economic_id register name postal_code country note"))
		return STATUS_OK;
	read_identity(load, entry, &identity);
	if (load_failed(load))
		return STATUS_OK;
	status = identity_normalise(&identity, arena, &norm, &error, 1, &count);
	if (status == STATUS_NO_MEMORY)
		return status;
	if (status == STATUS_INVALID && count)
		explain(load, &error);
	else if (status != STATUS_OK || identity_key(&norm, ret_key) != STATUS_OK)
		load_fault(load, "identifies nobody");
	return STATUS_OK;
}

static void add(struct load *load, const struct company_key *key, bool allow, struct policy *policy)
{
	enum status status = policy_list_add(policy, key, allow);

	if (status == STATUS_TOO_LARGE)
		load_fault(load, "allow and deny list together have too many entries");
	else if (status)
		load_fault(load, "is on the lists already");
}

static enum status read_list(struct load *load, const json_t *list, bool allow, struct arena *arena,
                             struct policy *policy)
{
	enum status status = STATUS_OK;

	if (!list || !load_array(load, list, MAX_LIST_ENTRIES))
		return STATUS_OK;
	for (size_t i = 0; i < json_array_size(list) && !status && !load_failed(load); i++) {
		size_t mark = load_enter_item(load, i);
		struct company_key key = {{0}};

		status = read_entry(load, json_array_get(list, i), arena, &key);
		if (!status && !load_failed(load))
			add(load, &key, allow, policy);
		load_leave(load, mark);
	}
	return status;
}

enum status policy_list_in_read(struct load *load, const json_t *root, struct arena *arena, struct policy *policy)
{
	size_t mark = load_enter(load, "allow");
	enum status status = read_list(load, json_object_get(root, "allow"), true, arena, policy);

	load_leave(load, mark);
	if (status)
		return status;
	mark = load_enter(load, "deny");
	status = read_list(load, json_object_get(root, "deny"), false, arena, policy);
	load_leave(load, mark);
	return status;
}
