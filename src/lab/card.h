/* SPDX-License-Identifier: MIT */
#ifndef LAB_CARD_H
#define LAB_CARD_H

#include "bins.h"
#include "lab/fit.h"

/*
 * Adds an input whose log-odds by code are "values" to the
 * card, in whole points; neighbours of equal points become one bin, and the
 * closest neighbours too while there are more than MAX_BINS. An input that
 * never earns or costs a point is left out.
 */
void card_input(struct model *model, const struct fit_input *input, const struct bins *bins, const double *values);

/*
 * Sets base points and the table of PD so that the mean PD over the cohort is
 * its failure rate, averaged over the parts or that of the part most like the
 * companies to be judged, and then stands for a population of the base rate.
 */
enum status card_calibrate(struct model *model, const struct cohort *cohort, const struct fit_input *inputs,
                           const struct fit_options *options) MUST_CHECK;

#endif
