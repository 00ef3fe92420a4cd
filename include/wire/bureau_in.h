/* SPDX-License-Identifier: MIT */
#ifndef WIRE_BUREAU_IN_H
#define WIRE_BUREAU_IN_H

#include "base/arena.h"
#include "core/bureau.h"
#include "wire/model_in.h"

/*
 * Reads a table of a bureau's scale:
 *   {"format": "bonigate-bureau/1", "id": "creditreform-index", "version": "2016-09-30",
 *    "description": "...", "source": "...", "expert": false,
 *    "points": [[100, 0.0005], [150, 0.0009]], "defaults": [[500, 0.7536]],
 *    "words": {"A": 0.002, "Not Rated": null}}
 * Points are values and their PD, linear in log-odds between; "defaults" are
 * single values that mean default; a word of null says nothing. "expert":
 * nobody but this file's author vouches for the PD. STATUS_INVALID fills
 * ret_error.
 */
enum status bureau_in_parse(struct slice json, struct arena *arena, struct bureau_table *ret_table,
                            struct load_error *ret_error) MUST_CHECK;

#endif
