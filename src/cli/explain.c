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

static int32_t lost(const struct characteristic *c, int64_t value)
{
	return value == COHORT_UNKNOWN ? 0 : c->best - c->bins[scorecard_bin(c, value)].points;
}

static void put_reasons(struct buf *out, const struct model *model, const int64_t *values)
{
	bool told[MAX_CHARACTERISTICS] = {false};

	for (int n = 0; n < MOST_REASONS; n++) {
		int most = -1;
		for (int i = 0; i < model->characteristic_count; i++) {
			const struct characteristic *c = &model->characteristics[i];
			if (told[i] || lost(c, values[i]) <= 0)
				continue;
			if (most < 0 || lost(c, values[i]) > lost(&model->characteristics[most], values[most]))
				most = i;
		}
		if (most < 0)
			return;
		const struct characteristic *c = &model->characteristics[most];
		told[most] = true;
		buf_cstr(out, n ? " | " : "");
		buf_cstr(out, scorecard_input(c));
		buf_cstr(out, " -");
		buf_i64(out, lost(c, values[most]));
		if (!c->by_code) {
			buf_cstr(out, " (is ");
			put_value(out, c->fact, values[most]);
			put_border(out, c, scorecard_bin(c, values[most]));
			buf_char(out, ')');
		}
	}
}

void explain_put(struct buf *out, const struct apply *apply, const int64_t *values)
{
	const struct model *model = apply->model;
	bool first = true;

	buf_char(out, ',');
	buf_millionths(out, apply_known(apply, values), 2);
	buf_char(out, ',');
	put_reasons(out, model, values);
	buf_char(out, ',');
	for (int i = 0; i < model->characteristic_count; i++) {
		if (values[i] != COHORT_UNKNOWN)
			continue;
		buf_cstr(out, first ? "" : " | ");
		buf_cstr(out, scorecard_input(&model->characteristics[i]));
		first = false;
	}
}
