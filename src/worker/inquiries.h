/* SPDX-License-Identifier: MIT */
#ifndef WORKER_INQUIRIES_H
#define WORKER_INQUIRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "fcgi/background.h"
#include "figures.h"

/* Goes on with reports that were ordered: asks for each when it is due, several at once. */
struct inquiries;

/* wake(ctx) is called on any thread when one has come to its end. */
struct inquiries *inquiries_create(const struct background *background, void (*wake)(void *ctx), void *ctx);
/* After background_close(), which ends those under way. */
void inquiries_destroy(struct inquiries *inquiries);
/*
 * Tells those that ended to the log, and takes up what is due. Returns when
 * to be called at the latest, by the wall clock; INT64_MAX: when woken.
 */
int64_t inquiries_step(struct inquiries *inquiries);
/* Whether one is under way. */
bool inquiries_busy(const struct inquiries *inquiries);
/* What became of those that were told, and what the list holds now. */
void inquiries_read_figures(const struct inquiries *inquiries, struct inquiry_figures *ret_figures);
/* Tells those that ended, takes up nothing; whether one is still under way. */
bool inquiries_finish(struct inquiries *inquiries);

#endif
