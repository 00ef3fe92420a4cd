/* SPDX-License-Identifier: MIT */
#include "explain.h"

#include <string.h>

#include "lab/cohort.h"

#define MOST_REASONS 4
#define CENTS        100

void explain_put_cell(struct buf *out, struct slice text)
{
	bool quote = false;

	for (size_t i = 0; i < text.len; i++)
		quote |= strchr(",\"\r\n", text.ptr[i]) != NULL;
	if (!quote) {
		buf_slice(out, text);
		return;
	}
	buf_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_char(out, '"');
		buf_char(out, text.ptr[i]);
	}
	buf_char(out, '"');
}

static void put_value(struct buf *out, enum fact_id fact, int64_t value)
{
	if (fact == FACT_NONE || fact_unit(fact) == UNIT_RATIO)
		buf_millionths(out, value, 4);
	else
		buf_i64(out, fact_unit(fact) == UNIT_MONEY ? value / CENTS : value);
}

/* Where points rise next: "from 0.2" or "below 90". */
static void put_border(struct buf *out, const struct characteristic *c, uint8_t bin)
{
	int32_t points = c->bins[bin].points;

	if (c->by_code)
		return;
	for (int i = bin + 1; i < c->bin_count; i++) {
		if (c->bins[i].points <= points)
			continue;
		buf_cstr(out, "; better from ");
		put_value(out, c->fact, c->bins[i - 1].below);
		return;
	}
	for (int i = bin - 1; i >= 0; i--) {
		if (c->bins[i].points <= points)
			continue;
		buf_cstr(out, "; better below ");
		put_value(out, c->fact, c->bins[i].below);
		return;
	}
}

/* A company's values, and what is left of each kind of evidence. */
struct row {
	const struct model *model;
	const int64_t *values;
	int64_t shares[MAX_EVIDENCE];
};

static int32_t lost(const struct row *row, int i)
{
	const struct characteristic *c = &row->model->characteristics[i];

	if (row->values[i] == COHORT_UNKNOWN)
		return 0;
	return evidence_weigh(c->best, row->shares[c->evidence]) -
	       evidence_weigh(c->bins[scorecard_bin(c, row->values[i])].points, row->shares[c->evidence]);
}

static void put_reasons(struct buf *out, const struct row *row)
{
	const struct model *model = row->model;
	bool told[MAX_CHARACTERISTICS] = {false};

	for (int n = 0; n < MOST_REASONS; n++) {
		int most = -1;
		for (int i = 0; i < model->characteristic_count; i++) {
			if (told[i] || lost(row, i) <= 0)
				continue;
			if (most < 0 || lost(row, i) > lost(row, most))
				most = i;
		}
		if (most < 0)
			return;
		const struct characteristic *c = &model->characteristics[most];
		told[most] = true;
		buf_cstr(out, n ? " | " : "");
		buf_cstr(out, scorecard_input(c));
		buf_cstr(out, " -");
		buf_i64(out, lost(row, most));
		if (!c->by_code) {
			buf_cstr(out, " (is ");
			put_value(out, c->fact, row->values[most]);
			put_border(out, c, scorecard_bin(c, row->values[most]));
			buf_char(out, ')');
		}
	}
}

void explain_put(struct buf *out, const struct apply *apply, const int64_t *values)
{
	const struct model *model = apply->model;
	struct row row = {.model = model, .values = values};
	bool first = true;

	buf_char(out, ',');
	buf_millionths(out, apply_known(apply, values), 2);
	buf_char(out, ',');
	apply_shares(apply, values, row.shares);
	put_reasons(out, &row);
	buf_char(out, ',');
	for (int i = 0; i < model->characteristic_count; i++) {
		if (values[i] != COHORT_UNKNOWN)
			continue;
		buf_cstr(out, first ? "" : " | ");
		buf_cstr(out, scorecard_input(&model->characteristics[i]));
		first = false;
	}
}
