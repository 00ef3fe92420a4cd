/* SPDX-License-Identifier: MIT */
#include "upkeep.h"

#include "providers.h"

void upkeep_tick(const struct server *server)
{
	const struct store_port *store = &server->ports[0].store;

	if (server->auth.book)
		rulebook_tick(server->auth.book);
	if (server->providers)
		providers_tick(server->providers);
	if (store->vtable)
		store->vtable->expire(store->self);
}

void upkeep_reload(const struct server *server)
{
	log_reopen(server->log);
	if (server->auth.book)
		rulebook_reload(server->auth.book);
	if (server->providers)
		providers_reload(server->providers, server->log);
}
