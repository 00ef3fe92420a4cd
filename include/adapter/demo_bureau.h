/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_DEMO_BUREAU_H
#define ADAPTER_DEMO_BUREAU_H

#include "base/status.h"
#include "port/clock.h"
#include "port/crypto.h"
#include "port/panel.h"

/*
 * A bureau that is made up, for test mode and the sandbox: no network, no
 * cost, no state. It is asked about two companies of the demo register only,
 * by way of the same panel as real bureaus:
 *   Schneckenpost Versand GmbH  answers, but later than a checkout may take,
 *                               so that the answer is ready for the next one
 *   Funkstille Systeme GmbH     does not answer
 * Its source is SOURCE_DEMO, and required, so that its silence shows. What it
 * said is forgotten after a minute, so that everybody sees it.
 */
struct demo_bureau;

/* waiters: threads that may wait for it at the same time. STATUS_NO_MEMORY, STATUS_UNAVAILABLE (no thread). */
enum status demo_bureau_open(struct clock_port clock, struct crypto_port crypto, unsigned waiters,
                             struct demo_bureau **ret_bureau) MUST_CHECK;
/* When nobody asks any more. NULL is fine. */
void demo_bureau_close(struct demo_bureau *bureau);
/* Adds nothing about any other company, and is no provider to be counted. */
struct panel_port demo_bureau_panel(struct demo_bureau *bureau);

#endif
