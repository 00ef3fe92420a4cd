/* SPDX-License-Identifier: MIT */
#ifndef LAB_MEASURE_H
#define LAB_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define MEASURE_BANDS  10
#define MEASURE_LIGHTS 3 /* red, yellow, green: enum light */

/* One company as a model judged it, and what became of it. */
struct measure_row {
	double pd;
	int32_t points; /* what is ranked: more is better */
	uint8_t light;
	uint8_t bad;
};

/* Companies of neighbouring PD. */
struct measure_band {
	size_t rows;
	size_t failed;
	double mean_pd;
};

struct measure {
	size_t rows;
	size_t failed;
	double auc;       /* ties count half */
	double auc_error; /* standard error (DeLong, DeLong and Clarke-Pearson 1988) */
	double auc_low;   /* 95 % confidence interval, on the log-odds of the AUC */
	double auc_high;
	double gini;   /* 2 AUC - 1 */
	double ks;     /* largest distance of the two distributions (Kolmogorov, Smirnov) */
	double recall; /* share of failures caught when 5 % of the sound companies are refused */
	double brier;  /* mean squared error of the PD */
	double mean_pd;
	double rate;              /* of failures */
	double calibration_error; /* mean distance of PD and failure rate over ten bands of equally many companies */
	struct measure_band bands[MEASURE_BANDS]; /* lowest PD first */
	struct measure_band lights[MEASURE_LIGHTS];
};

/* Sorts the rows by points. STATUS_INVALID: no failed or no sound company. */
enum status measure(struct measure_row *rows, size_t count, struct measure *ret_measure) MUST_CHECK;

#endif
