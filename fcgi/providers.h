/* SPDX-License-Identifier: MIT */
#ifndef FCGI_PROVIDERS_H
#define FCGI_PROVIDERS_H

#include "adapter/provider_panel.h"
#include "config.h"
#include "log.h"
#include "port/panel.h"

/* The providers of state/providers/, each on one http client, and reloaded without losing a question. */
struct providers;

/*
 * Reads every NAME.json of the folder; no folder is no provider. What is
 * wrong with a file is told on standard error, and nothing stays open. Of "ports"
 * all but its clock, lock file and waiters is looked at.
 */
enum status providers_open(const struct config *config, const struct panel_config *ports,
                           struct providers **ret_providers) MUST_CHECK;
/* Ends every call under way. NULL is fine. */
void providers_close(struct providers *providers);
/*
 * Reads the files again. Who asks from now on asks the new providers; those
 * who ask already, and calls under way, stay with the old ones, which go when
 * the last of them has ended. A wrong file leaves all as it was. The log says
 * which. One thread, as for providers_tick().
 */
void providers_reload(struct providers *providers, struct log *log);
/* Closes what nobody uses any more. */
void providers_tick(struct providers *providers);
struct panel_port providers_port(struct providers *providers);
/* Threads that may wait for providers: some never do, so that one that hangs cannot hold the warm requests. */
unsigned providers_waiters(const struct config *config);

#endif
