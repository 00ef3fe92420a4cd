/* SPDX-License-Identifier: MIT */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "core/scorecard.h"
#include "lab/measure.h"

/* A model and a labelled file, as evaluate and compare take them. */
struct judge_options {
	const char *command;
	const char *model;
	const char *in;
	const char *label;
	const char *base_rate; /* NULL: as the model tells; "own": the file's */
	int32_t green;
	int32_t yellow;
};

/* What the model says of the file's companies, in the order of the file. */
struct judgement {
	struct model *model;
	struct measure_row *rows;
	size_t count;
	double known; /* mean known share of the card's range */
};

/* False after a message. judge_finish() frees what a judgement holds. */
bool judge(const struct judge_options *options, struct judgement *ret_judgement);
void judge_finish(struct judgement *judgement);

#endif
