/* SPDX-License-Identifier: MIT */
#include "lab/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"

#define FALSE_POSITIVES 0.05
#define QUANTILE_95     1.959963984540054

static int by_points(const void *a, const void *b)
{
	const struct measure_row *x = a;
	const struct measure_row *y = b;

	if (x->points != y->points)
		return x->points < y->points ? -1 : 1;
	if (x->pd != y->pd)
		return x->pd > y->pd ? -1 : 1;
	return (int)x->bad - (int)y->bad;
}

/* Rows of equal points from "first"; the end, and how many of them failed. */
static size_t find_ties(const struct measure_row *rows, size_t count, size_t first, double *ret_failed)
{
	size_t end = first;

	*ret_failed = 0;
	for (; end < count && rows[end].points == rows[first].points; end++)
		*ret_failed += rows[end].bad;
	return end;
}

/*
 * One pass from the worst points up. The share of companies of the other kind
 * a company ranks rightly against is its placement; AUC is their mean, and
 * their variances give its error.
 */
static void measure_ranking(const struct measure_row *rows, struct measure *m)
{
	double bad = (double)m->failed;
	double good = (double)(m->rows - m->failed);
	double bad_below = 0;
	double good_below = 0;
	double sum = 0;
	double squares_good = 0;
	double squares_bad = 0;
	size_t end;

	for (size_t i = 0; i < m->rows; i = end) {
		double failed;
		end = find_ties(rows, m->rows, i, &failed);
		double sound = (double)(end - i) - failed;
		double placed_good = (bad_below + 0.5 * failed) / bad;
		double placed_bad = 1.0 - (good_below + 0.5 * sound) / good;
		sum += sound * placed_good;
		squares_good += sound * placed_good * placed_good;
		squares_bad += failed * placed_bad * placed_bad;
		double room = FALSE_POSITIVES * good - good_below;
		if (room > 0)
			m->recall += failed / bad * (sound <= room ? 1.0 : room / sound);
		bad_below += failed;
		good_below += sound;
		double apart = bad_below / bad - good_below / good;
		m->ks = apart > m->ks ? apart : m->ks;
	}
	m->auc = sum / good;
	double variance_good = good > 1 ? (squares_good - good * m->auc * m->auc) / (good - 1) : 0;
	double variance_bad = bad > 1 ? (squares_bad - bad * m->auc * m->auc) / (bad - 1) : 0;
	double variance = variance_good / good + variance_bad / bad;
	m->auc_error = variance > 0 ? sqrt(variance) : 0;
}

/* Symmetric on the log-odds of the AUC, so that it stays within 0 and 1. */
static void set_interval(struct measure *m)
{
	double spread = m->auc * (1.0 - m->auc);

	m->auc_low = m->auc_high = m->auc;
	if (spread <= 0)
		return;
	double middle = num_log(m->auc / (1.0 - m->auc));
	double width = QUANTILE_95 * m->auc_error / spread;
	m->auc_low = num_logistic(middle - width);
	m->auc_high = num_logistic(middle + width);
}

static void add_to_band(struct measure_band *band, const struct measure_row *row)
{
	band->rows++;
	band->failed += row->bad;
	band->mean_pd += row->pd;
}

static void finish_band(struct measure_band *band)
{
	if (band->rows > 0)
		band->mean_pd /= (double)band->rows;
}

static void measure_probabilities(const struct measure_row *rows, struct measure *m)
{
	for (size_t i = 0; i < m->rows; i++) {
		double error = rows[i].pd - rows[i].bad;
		m->brier += error * error / (double)m->rows;
		m->mean_pd += rows[i].pd / (double)m->rows;
		add_to_band(&m->bands[MEASURE_BANDS - 1 - i * MEASURE_BANDS / m->rows], &rows[i]);
		add_to_band(&m->lights[rows[i].light], &rows[i]);
	}
	for (size_t i = 0; i < MEASURE_BANDS; i++) {
		struct measure_band *band = &m->bands[i];
		finish_band(band);
		if (band->rows > 0)
			m->calibration_error += fabs(band->mean_pd - (double)band->failed / (double)band->rows) *
			                        (double)band->rows / (double)m->rows;
	}
	for (size_t i = 0; i < MEASURE_LIGHTS; i++)
		finish_band(&m->lights[i]);
}

enum status measure(struct measure_row *rows, size_t count, struct measure *ret_measure)
{
	struct measure m = {.rows = count};

	for (size_t i = 0; i < count; i++)
		m.failed += rows[i].bad;
	if (m.failed == 0 || m.failed == count)
		return STATUS_INVALID;
	qsort(rows, count, sizeof(*rows), by_points);
	measure_ranking(rows, &m);
	set_interval(&m);
	m.gini = 2.0 * m.auc - 1.0;
	m.rate = (double)m.failed / (double)count;
	measure_probabilities(rows, &m);
	*ret_measure = m;
	return STATUS_OK;
}
