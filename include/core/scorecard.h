/* SPDX-License-Identifier: MIT */
#ifndef CORE_SCORECARD_H
#define CORE_SCORECARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "base/status.h"
#include "core/facts.h"
#include "core/reason.h"

/*
 * A bin of one characteristic. Numeric: values below "below" that no earlier
 * bin took (INT64_MAX: the rest). Codes: values whose bit is set in "codes".
 */
struct bin {
	int64_t below;
	uint64_t codes;
	int32_t points;
};

struct characteristic {
	enum fact_id fact;
	bool by_code;
	int32_t missing_points; /* 0 unless the model says otherwise */
	enum reason good;       /* when the value earns its best or more than missing */
	enum reason bad;
	uint8_t bin_count;
	struct bin bins[MAX_BINS];
};

struct pd_point {
	int32_t from; /* points, or PD in ppm */
	int32_t to;   /* PD in ppm, or score */
};

/*
 * A loaded scorecard; built by wire/model_in, checked by scorecard_check(),
 * immutable afterwards and shared by all threads. Format and meaning of the
 * file are described in wire/model_in.h.
 */
struct model {
	char id[MAX_MODEL_ID + 1];
	char version[MAX_VERSION + 1];
	int32_t base_points;
	uint8_t characteristic_count;
	struct characteristic characteristics[MAX_CHARACTERISTICS];
	uint8_t pd_count; /* points -> PD, points strictly rising, PD strictly falling */
	struct pd_point pd[MAX_PD_POINTS];
	uint8_t score_count; /* PD -> score, PD strictly rising, score strictly falling */
	struct pd_point score[MAX_PD_POINTS];
};

/* What one characteristic did to the points. */
struct effect {
	enum reason reason;
	enum fact_id fact;
	int64_t value;
	int32_t points; /* against a missing value; > 0 helped */
	int32_t lost;   /* best bin's points minus these, >= 0 */
	uint8_t bin;
	bool known;
};

struct score {
	int32_t points;
	int32_t pd_ppm;        /* 1..1000000 */
	int32_t score;         /* 0..100 */
	int32_t known_ppm;     /* known share of the card's range of points, millionths */
	enum reason hard_stop; /* REASON_NONE, or why the score is 0 whatever the points */
	uint8_t effect_count;  /* one per characteristic, model order */
	struct effect effects[MAX_CHARACTERISTICS];
};

/* How insolvency statuses 2 and 4..7 and old events weigh; from the policy. */
struct event_rules {
	int32_t insolvency_points[8];      /* by status 0..7, <= 0, at age 0 */
	int32_t insolvency_forget_days[8]; /* linear to 0 points over these days */
};

/* Every promise of struct model; on STATUS_INVALID *ret_why is a static text. */
enum status scorecard_check(const struct model *model, const char **ret_why) MUST_CHECK;

/*
 * Evaluates derived facts. Pure, integers only, no failure: unknown facts
 * cost missing_points. Hard stops: insolvency status 1 and 3, rejected for
 * lack of assets, register status deleted or liquidation.
 */
void scorecard_eval(const struct model *model, const struct event_rules *rules, const struct facts *facts,
                    int32_t today, struct score *ret_score);

#endif
