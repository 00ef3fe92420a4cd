/* SPDX-License-Identifier: MIT */
#include "upkeep.h"

#include "provider_metrics.h"
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

void upkeep_metrics(const struct server *server, struct buf *out)
{
	const struct checkout_ports *ports = server->ports;
	struct metrics_extra extra = {.log_dropped = log_dropped(server->log), .start_ms = server->start_ms};

	if (ports->cache.vtable)
		ports->cache.vtable->stats(ports->cache.self, &extra.cache);
	if (ports->store.vtable)
		ports->store.vtable->stats(ports->store.self, &extra.store);
	metrics_put_process(&extra, out);
	provider_metrics_put(&ports[1].panel, out);
	document_metrics_put(&server->documents, out);
}
