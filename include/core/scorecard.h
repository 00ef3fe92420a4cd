/* SPDX-License-Identifier: MIT */
#ifndef CORE_SCORECARD_H
#define CORE_SCORECARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/status.h"
#include "core/evidence.h"
#include "core/facts.h"
#include "core/reason.h"

#define CODE_WORDS 2 /* bits for codes 0..127: the largest list is the WZ 2008 divisions, 1..99 */

/*
 * A bin of one characteristic. Numeric: values below "below" that no earlier
 * bin took (INT64_MAX: the rest). Codes: values whose bit is set in "codes";
 * the last bin takes the rest.
 */
struct bin {
	int64_t below;
	uint64_t codes[CODE_WORDS];
	int32_t points;
};

/*
 * What a card asks of a company: a fact, or, with FACT_NONE, a column of the
 * files it was fitted on, which score and evaluate read and a checkout never
 * knows.
 */
struct characteristic {
	enum fact_id fact;
	char input[MAX_INPUT_NAME + 1]; /* "" for a fact */
	bool by_code;
	int32_t missing_points; /* 0 unless the model says otherwise */
	enum reason good;       /* when the value earns its best or more than missing */
	enum reason bad;
	uint8_t evidence; /* which kind, 0 when the model names none */
	uint8_t bin_count;
	int32_t best;  /* of all bins; scorecard_prepare() */
	int32_t worst; /* of all bins; scorecard_prepare() */
	struct bin bins[MAX_BINS];
};

struct pd_point {
	int32_t from; /* points, or PD in ppm */
	int32_t to;   /* PD in ppm, or score */
};

#define SCORE_MAX  100
#define POINTS_MAX 100000 /* of a bin, a base or a table, either sign */

/*
 * A loaded scorecard; built by wire/model_in, checked and completed by
 * scorecard_prepare(), immutable afterwards and shared by all threads. Format
 * and meaning of the file are described in wire/model_in.h.
 */
struct model {
	char id[MAX_MODEL_ID + 1];
	char version[MAX_VERSION + 1];
	int32_t base_points;
	int32_t base_rate_ppm;  /* failures per million in the population the PD stands for; 0 = not told */
	uint8_t evidence_count; /* 0: all of one kind, at full weight and any age */
	struct evidence evidence[MAX_EVIDENCE];
	int32_t min_known_ppm;  /* a known share below it is thin: never green */
	int32_t thin_share_ppm; /* of the limit that is left to a thin assessment */
	uint8_t characteristic_count;
	struct characteristic characteristics[MAX_CHARACTERISTICS];
	uint8_t pd_count; /* points -> PD, points strictly rising, PD strictly falling */
	struct pd_point pd[MAX_PD_POINTS];
	uint8_t score_count; /* PD -> score, PD strictly rising, score strictly falling */
	struct pd_point score[MAX_PD_POINTS];
	/* made by scorecard_prepare() */
	int64_t range;                      /* sum of best - worst, optional evidence left out */
	int64_t pd_log_odds[MAX_PD_POINTS]; /* of pd[i].to */
	int32_t score_up_to[SCORE_MAX + 1]; /* largest PD in ppm that still earns this score, 0 = none does */
};

/* What one characteristic did to the points, the weight of its evidence included. */
struct effect {
	enum reason reason;
	enum fact_id fact;
	int64_t value;
	int32_t points;    /* against a missing value; > 0 helped */
	int32_t share_ppm; /* what weight, neighbours and age leave of a bin's points */
	int32_t lost;      /* best bin's points minus these, >= 0 */
	uint8_t bin;
	bool known;
};

struct score {
	int32_t points;
	int32_t pd_ppm;         /* 1..1000000 */
	int32_t score;          /* 0..100 */
	int32_t known_ppm;      /* known share of the card's range of points, millionths */
	int32_t thin_share_ppm; /* EVIDENCE_FULL, or what a thin assessment leaves of the limit */
	bool thin;              /* less is known than the model asks for */
	enum reason hard_stop;  /* REASON_NONE, or why the score is 0 and the PD 1 whatever the points */
	uint8_t effect_count;   /* one per characteristic, model order, then one for a past insolvency event */
	struct effect effects[MAX_CHARACTERISTICS + 1];
};

/* How insolvency statuses 2 and 4..7 and old events weigh; from the policy. */
struct event_rules {
	int32_t insolvency_points[8];      /* by status 0..7, <= 0, at age 0 */
	int32_t insolvency_forget_days[8]; /* linear to 0 points over these days; 0 = never forgotten */
};

/* Which member breaks which promise. */
struct model_fault {
	char pointer[MAX_POINTER + 1]; /* RFC 6901, in the model file: "/characteristics/3/bins/0/below" */
	const char *why;               /* static English text */
};

/* Every promise of struct model; STATUS_INVALID names the first member that breaks one. */
enum status scorecard_check(const struct model *model, struct model_fault *ret_fault) MUST_CHECK;
/* Checks, then fills the members that are computed from others; needed before the first scorecard_eval(). */
enum status scorecard_prepare(struct model *model, struct model_fault *ret_fault) MUST_CHECK;

/* Name of the fact or column. */
const char *scorecard_input(const struct characteristic *characteristic);
/* The bin a known value falls into. */
uint8_t scorecard_bin(const struct characteristic *characteristic, int64_t value);
/* PD in ppm for points; score for a PD. */
int32_t scorecard_pd(const struct model *model, int32_t points);
int32_t scorecard_grade(const struct model *model, int32_t pd_ppm);
/* The insolvency status that still stands: 0 when none is known, or the rules have forgotten it. */
int64_t scorecard_insolvency(const struct event_rules *rules, const struct facts *facts, int32_t today);
/*
 * Evaluates derived facts. Pure, integers only, no failure: unknown facts
 * cost missing_points, known ones what their evidence's weight, neighbours and
 * age leave of their bin's points. Hard stops: insolvency status 1 and 3, rejected for
 * lack of assets, register status deleted or liquidation. Points beyond the
 * points-to-PD table take its end's PD; a score is reached, not rounded up to:
 * PD 1.5 % is 70 in the default table, anything above it is 69 or less.
 */
void scorecard_eval(const struct model *model, const struct event_rules *rules, const struct facts *facts,
                    int32_t today, struct score *ret_score);

#endif
