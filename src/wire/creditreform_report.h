/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_CREDITREFORM_REPORT_H
#define SRC_WIRE_CREDITREFORM_REPORT_H

#include "soap.h"
#include "wire/creditreform.h"

/* The text of an element, noted under the name when it is there. */
struct slice creditreform_text(struct provider_answer *answer, const struct xml_element *from, const char *name,
                               const char *path);
/*
 * Fills the answer from the body of a report: who it is about, its facts and
 * its PDF. It is judged against the company asked, and must be on the number
 * of the step.
 */
void creditreform_report(const struct soap_reply *reply, const struct xml_element *body,
                         const struct provider_question *question, struct arena *arena, struct provider_answer *answer);
/* Annual accounts, turnover and staff: figures of financial years, of which the youngest in EUR counts. */
void creditreform_figures(const struct xml_element *data, struct provider_answer *answer);
/* Solvency: index, probability of default, traffic light, credit limit. */
void creditreform_solvency(const struct xml_element *data, struct provider_answer *answer);

/* A number with its scale for a fact, noted and set; nothing when the element is not there. */
void creditreform_number(struct provider_answer *answer, const struct xml_element *from, enum fact_id fact,
                         const char *path, int32_t as_of);

#endif
