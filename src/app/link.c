/* SPDX-License-Identifier: MIT */
#include "app/link.h"

#include <string.h>

static struct link_owner owner_of(const struct caller *caller)
{
	return (struct link_owner){caller->tenant, caller->livemode};
}

static enum status find_keyed(const struct checkout_ports *ports, const struct company_key *key,
                              const struct identity_norm *asked, struct deadline deadline, struct facts *ret_facts)
{
	if (!ports->reg.vtable->find_key)
		return STATUS_NOT_FOUND;
	return ports->reg.vtable->find_key(ports->reg.self, key, asked, deadline, ret_facts);
}

/* The name folded as the checkout folds it. */
static enum status fold_name(struct slice name, struct arena *arena, struct link *link)
{
	struct identity raw = {.name = name, .country = SLICE_LIT("DE")};
	struct identity_norm norm;
	struct identity_error error;
	size_t count = 0;
	enum status status;

	if (slice_is_blank(name))
		return STATUS_OK;
	status = identity_normalise(&raw, arena, &norm, &error, 1, &count);
	if (status != STATUS_OK)
		return status;
	return slice_copy(norm.name, link->name, sizeof(link->name)) ? STATUS_OK : STATUS_INVALID;
}

static enum status show(const struct checkout_ports *ports, struct deadline deadline, struct arena *arena,
                        struct link_res *res)
{
	struct facts *facts = arena_alloc(arena, sizeof(*facts));
	enum status status;

	if (!facts)
		return STATUS_NO_MEMORY;
	status = find_keyed(ports, &res->link.key, NULL, deadline, facts);
	res->known = status == STATUS_OK;
	res->facts = facts;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status link_put(const struct checkout_ports *ports, const struct caller *caller, const struct link_req *req,
                     struct deadline deadline, struct arena *arena, struct link_res *ret_res)
{
	struct link_owner owner = owner_of(caller);
	struct link_res res = {.link = {.at_ms = ports->clock.vtable->now_ms(ports->clock.self)}};
	enum status status;

	if (!ports->links.vtable)
		return STATUS_UNAVAILABLE;
	if (slice_is_blank(req->customer_ref) || slice_is_blank(req->key) ||
	    !slice_copy(req->customer_ref, res.link.customer_ref, sizeof(res.link.customer_ref)) ||
	    !slice_copy(req->key, res.link.key.text, sizeof(res.link.key.text)))
		return STATUS_INVALID;
	status = fold_name(req->name, arena, &res.link);
	if (status == STATUS_OK)
		status = show(ports, deadline, arena, &res);
	if (status == STATUS_OK && !res.known)
		status = STATUS_NOT_FOUND;
	if (status == STATUS_OK)
		status = ports->links.vtable->put(ports->links.self, &owner, &res.link);
	if (status == STATUS_OK)
		*ret_res = res;
	return status;
}

enum status link_get(const struct checkout_ports *ports, const struct caller *caller, struct slice customer_ref,
                     struct deadline deadline, struct arena *arena, struct link_res *ret_res)
{
	struct link_owner owner = owner_of(caller);
	enum status status;

	memset(ret_res, 0, sizeof(*ret_res));
	if (!ports->links.vtable)
		return STATUS_UNAVAILABLE;
	status = ports->links.vtable->find(ports->links.self, &owner, customer_ref, &ret_res->link);
	return status == STATUS_OK ? show(ports, deadline, arena, ret_res) : status;
}

enum status link_facts(const struct checkout_ports *ports, const struct caller *caller, struct slice customer_ref,
                       const struct identity_norm *asked, struct deadline deadline, struct facts *ret_facts)
{
	struct link_owner owner = owner_of(caller);
	struct link link;
	enum status status;

	if (!ports->links.vtable || slice_is_blank(customer_ref))
		return STATUS_NOT_FOUND;
	status = ports->links.vtable->find(ports->links.self, &owner, customer_ref, &link);
	if (status != STATUS_OK)
		return status;
	if (link.name[0] && asked->name.len > 0 && !slice_eq_cstr(asked->name, link.name))
		return STATUS_NOT_FOUND;
	return find_keyed(ports, &link.key, asked, deadline, ret_facts);
}
