/* SPDX-License-Identifier: MIT */
#ifndef WIRE_MODEL_IN_H
#define WIRE_MODEL_IN_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "core/scorecard.h"

/* Why a file was refused: JSON pointer and an English sentence, for the operator. */
struct load_error {
	char pointer[MAX_POINTER + 1];
	char detail[200];
};

/*
 * Reads a model file:
 *   {"format": "bonigate-model/1", "id": "de-base", "version": "1.0.0",
 *    "description": "...", "attribution": ["..."],
 *    "training": {...}, "base_rate": 0.0173, "base_points": 600,
 *    "characteristics": [
 *      {"fact": "equity_ratio", "good": "EQUITY_RATIO_STRONG", "bad": "EQUITY_RATIO_WEAK",
 *       "missing_points": 0,
 *       "bins": [{"below": -0.05, "points": -60}, {"below": 0.1, "points": -20}, {"points": 25}]},
 *      {"fact": "legal_form", "good": "...", "bad": "...",
 *       "bins": [{"in": ["UG (haftungsbeschränkt)"], "points": -20}, {"points": 0}]}],
 *    "points_to_pd": [[400, 0.5], [600, 0.0196]],
 *    "pd_to_score": [[0.0005, 100], [0.003, 88], [1, 0]]}
 * Borders are in the fact's own unit: ratios as decimals of at most six
 * places, money in whole EUR, dates as days since 1970, codes by name.
 * "input" in place of "fact" names a column of the user's own files, in
 * decimals as ratios are: score and evaluate read it, a checkout never knows
 * it. Values between two table points are interpolated linearly in log-odds.
 * "evidence", when there, names the kinds the characteristics belong to by
 * their "evidence": {"id": "accounts", "weight": 1, "beside": {"bureau": 0.6},
 * "ages": [[600, 1], [1095, 0.7]], "optional": false}, see core/evidence.h.
 * "coverage": {"min_known": 0.5, "limit_share": 0.5}: below that known share
 * never green, and that share of the limit. "note" is for the readers.
 * "base_rate" is the share of failures in the population the PD stands for,
 * so that it can be shifted to another; "training" is any object. Both may be
 * left out. The arena is scratch. STATUS_INVALID fills ret_error.
 */
enum status model_in_parse(struct slice json, struct arena *arena, struct model *ret_model,
                           struct load_error *ret_error) MUST_CHECK;

#endif
