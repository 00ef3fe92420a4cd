/* SPDX-License-Identifier: MIT */
#ifndef LAB_MODEL_OUT_H
#define LAB_MODEL_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/scorecard.h"
#include "lab/cohort.h"
#include "lab/measure.h"

/* What a card was fitted on, for the readers of its file. */
struct model_training {
	size_t file_count;
	char sha256[COHORT_PARTS][65]; /* of each file's bytes as they were read, unpacked; lower-case hex */
	uint8_t fitted;                /* characteristics that were fitted; those behind them are expert priors */
	size_t rows;
	size_t failed;
	uint64_t seed;
	unsigned folds; /* 0: no cross-validation */
	struct measure cross_validated;
	size_t attribution_count;
	const char *attribution[COHORT_PARTS]; /* "Source, licence": goes with the card wherever it goes */
};

/* The model file as wire/model_in.h describes it; out->overflow tells when there is no room. */
void model_out(const struct model *model, const struct model_training *training, struct buf *out);

#endif
