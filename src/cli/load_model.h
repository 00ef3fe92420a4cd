/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOAD_MODEL_H
#define CLI_LOAD_MODEL_H

#include "core/scorecard.h"

/* A model file, checked; the caller frees. NULL after a message. */
struct model *load_model(const char *command, const char *path);
/* The model that came with the program: share/bonigate/models beside bin, or the source tree's. */
struct model *load_model_shipped(const char *command);
/*
 * What to add to the log-odds of failing, in millionths, so that a model of
 * its training base rate fits a population of "target" (a decimal fraction,
 * NULL = leave it): ln(t/(1-t)) - ln(c/(1-c)). False after a message.
 */
bool load_shift(const char *command, const struct model *model, const char *target, int64_t *ret_shift);

#endif
