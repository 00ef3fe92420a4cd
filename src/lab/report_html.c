/* SPDX-License-Identifier: MIT */
#include "core/policy.h"
#include "report_part.h"

#define SIDE      320.0 /* of a plot, in its own units */
#define EDGE      40.0
#define SPAN      (SIDE - 2 * EDGE)
#define BARS      25
#define ROC_STEPS 400
#define BAR_WIDTH 300.0

static const char HEAD[] =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Scorecard report</title><style>\n"
        "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}\n"
        "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;border-bottom:1px solid #bbb;"
        "text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:0 1rem 1rem "
        "0}"
        "svg{width:20rem;height:20rem}\n"
        ".axis{stroke:#555;fill:none}.good{fill:#2b6cb0}.bad{fill:#c53030;fill-opacity:.7}"
        ".line{stroke:#2b6cb0;stroke-width:2;fill:none}\n</style></head><body>\n";

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			buf_cstr(out, "&lt;");
		else if (*text == '&')
			buf_cstr(out, "&amp;");
		else if (*text == '"')
			buf_cstr(out, "&quot;");
		else
			buf_char(out, *text);
	}
}

/* A place in a plot: shares from the lower left. */
static void put_point(struct buf *out, double x, double y)
{
	report_decimal(out, EDGE + SPAN * x, 1);
	buf_char(out, ',');
	report_decimal(out, SIDE - EDGE - SPAN * y, 1);
	buf_char(out, ' ');
}

static void begin_plot(struct buf *out, const char *title, const char *x, const char *y)
{
	buf_cstr(out, "<figure><figcaption>");
	buf_cstr(out, title);
	buf_cstr(out, "</figcaption><svg viewBox=\"0 0 320 320\" role=\"img\" aria-label=\"");
	buf_cstr(out, title);
	buf_cstr(out, "\"><path class=\"axis\" d=\"M40 40V280H280\"/><text x=\"160\" y=\"310\" font-size=\"12\" "
	              "text-anchor=\"middle\">");
	buf_cstr(out, x);
	buf_cstr(out, "</text><text x=\"12\" y=\"30\" font-size=\"12\">");
	buf_cstr(out, y);
	buf_cstr(out, "</text>");
}

static void end_plot(struct buf *out)
{
	buf_cstr(out, "</svg></figure>\n");
}

static void put_roc(const struct report *report, struct buf *out)
{
	const struct measure *m = report->measure;
	double bad = 0;
	double good = 0;
	size_t step = m->rows / ROC_STEPS + 1;
	size_t next = 0; /* first row that may be a point of the curve */

	begin_plot(out, "ROC", "share of sound companies refused", "share of failures caught");
	buf_cstr(
	        out,
	        "<path class=\"axis\" stroke-dasharray=\"4\" d=\"M40 280L280 40\"/><polyline class=\"line\" points=\"");
	put_point(out, 0, 0);
	for (size_t i = 0; i < m->rows; i++) {
		bad += report->rows[i].bad;
		good += !report->rows[i].bad;
		bool tied = i + 1 < m->rows && report->rows[i + 1].points == report->rows[i].points;
		if (tied || (i < next && i + 1 < m->rows))
			continue;
		next = i + step;
		put_point(out, good / (double)(m->rows - m->failed), bad / (double)m->failed);
	}
	buf_cstr(out, "\"/>");
	end_plot(out);
}

static void put_reliability(const struct report *report, struct buf *out)
{
	const struct measure *m = report->measure;
	double most = 0;

	for (int i = 0; i < MEASURE_BANDS; i++) {
		most = m->bands[i].mean_pd > most ? m->bands[i].mean_pd : most;
		most = report_rate(&m->bands[i]) > most ? report_rate(&m->bands[i]) : most;
	}
	begin_plot(out, "Reliability", "mean PD of a band", "failure rate");
	buf_cstr(
	        out,
	        "<path class=\"axis\" stroke-dasharray=\"4\" d=\"M40 280L280 40\"/><polyline class=\"line\" points=\"");
	for (int i = 0; i < MEASURE_BANDS && most > 0; i++)
		put_point(out, m->bands[i].mean_pd / most, report_rate(&m->bands[i]) / most);
	buf_cstr(out, "\"/><text x=\"280\" y=\"298\" font-size=\"12\" text-anchor=\"end\">");
	report_decimal(out, most, 4);
	buf_cstr(out, "</text>");
	end_plot(out);
}

static void put_bar(struct buf *out, const char *class, int bar, double share)
{
	double width = SPAN / BARS;

	buf_cstr(out, "<rect class=\"");
	buf_cstr(out, class);
	buf_cstr(out, "\" x=\"");
	report_decimal(out, EDGE + width * bar, 1);
	buf_cstr(out, "\" y=\"");
	report_decimal(out, SIDE - EDGE - SPAN * share, 1);
	buf_cstr(out, "\" width=\"");
	report_decimal(out, width - 1, 1);
	buf_cstr(out, "\" height=\"");
	report_decimal(out, SPAN * share, 1);
	buf_cstr(out, "\"/>");
}

/* Both outcomes over the points, each scaled to its own sum: the shapes are what counts. */
static void put_histogram(const struct report *report, struct buf *out)
{
	const struct measure *m = report->measure;
	double shares[2][BARS] = {{0}};
	double most = 0;
	int32_t least = report->rows[0].points;
	int32_t range = report->rows[m->rows - 1].points - least + 1;

	for (size_t i = 0; i < m->rows; i++) {
		int bar = (int)((int64_t)(report->rows[i].points - least) * BARS / range);
		double *share = &shares[report->rows[i].bad][bar];
		*share += 1.0 / (double)(report->rows[i].bad ? m->failed : m->rows - m->failed);
		most = *share > most ? *share : most;
	}
	begin_plot(out, "Points by outcome (blue sound, red failed)", "points", "share of each");
	for (int bar = 0; bar < BARS; bar++) {
		put_bar(out, "good", bar, shares[0][bar] / most);
		put_bar(out, "bad", bar, shares[1][bar] / most);
	}
	buf_cstr(out, "<text x=\"40\" y=\"296\" font-size=\"12\">");
	buf_i64(out, least);
	buf_cstr(out, "</text><text x=\"280\" y=\"296\" font-size=\"12\" text-anchor=\"end\">");
	buf_i64(out, least + range - 1);
	buf_cstr(out, "</text>");
	end_plot(out);
}

/* One line per input: from its worst to its best points, the bins as ticks. */
static void put_inputs(const struct report *report, struct buf *out)
{
	const struct model *model = report->model;
	int32_t most = 1;

	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		most = c->best > most ? c->best : most;
		most = -c->worst > most ? -c->worst : most;
	}
	buf_cstr(out, "<h2>Points per input</h2><table><tr><th>input</th><th>worst</th><th>best</th><th></th></tr>\n");
	for (int i = 0; i < model->characteristic_count; i++) {
		const struct characteristic *c = &model->characteristics[i];
		double left = BAR_WIDTH / 2 * (1.0 + (double)c->worst / most);
		buf_cstr(out, "<tr><td>");
		put_escaped(out, scorecard_input(c));
		buf_cstr(out, "</td><td>");
		buf_i64(out, c->worst);
		buf_cstr(out, "</td><td>");
		buf_i64(out, c->best);
		buf_cstr(out,
		         "</td><td><svg style=\"width:300px;height:14px\" viewBox=\"0 0 300 14\" aria-hidden=\"true\">"
		         "<path class=\"axis\" d=\"M150 0V14\"/><rect class=\"good\" y=\"3\" height=\"8\" x=\"");
		report_decimal(out, left, 1);
		buf_cstr(out, "\" width=\"");
		report_decimal(out, BAR_WIDTH / 2 * (double)(c->best - c->worst) / most, 1);
		buf_cstr(out, "\"/></svg></td></tr>\n");
	}
	buf_cstr(out, "</table>\n");
}

static void put_band(struct buf *out, const char *name, const struct measure_band *band, const struct measure *m)
{
	const double shares[] = {(double)band->rows / (double)m->rows, band->mean_pd, report_rate(band),
	                         (double)band->failed / (double)m->failed};

	buf_cstr(out, "<tr><td>");
	buf_cstr(out, name);
	for (int i = 0; i < 4; i++) {
		buf_cstr(out, "</td><td>");
		report_decimal(out, 100 * shares[i], 2);
		buf_cstr(out, " %");
	}
	buf_cstr(out, "</td></tr>\n");
}

static void put_bands(const struct report *report, struct buf *out)
{
	static const char heads[] =
	        "</th><th>companies</th><th>mean PD</th><th>failed</th><th>of all failures</th></tr>\n";
	const struct measure *m = report->measure;

	buf_cstr(out, "<h2>Lights</h2><table><tr><th>light");
	buf_cstr(out, heads);
	for (int i = MEASURE_LIGHTS - 1; i >= 0; i--)
		put_band(out, light_name((enum light)i), &m->lights[i], m);
	buf_cstr(out, "</table><h2>Reliability</h2><table><tr><th>tenth by PD");
	buf_cstr(out, heads);
	for (int i = 0; i < MEASURE_BANDS; i++) {
		char name[3] = {(char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), '\0'};
		put_band(out, name, &m->bands[i], m);
	}
	buf_cstr(out, "</table>\n");
}

void report_html(const struct report *report, struct buf *out)
{
	struct report_figure figures[REPORT_FIGURES];
	size_t count = report_figures(report, figures);

	buf_cstr(out, HEAD);
	buf_cstr(out, "<h1>");
	put_escaped(out, report->model->id);
	buf_char(out, ' ');
	put_escaped(out, report->model->version);
	buf_cstr(out, "</h1><p>On ");
	put_escaped(out, report->file);
	buf_cstr(out, ": ");
	buf_u64(out, report->measure->rows);
	buf_cstr(out, " companies, ");
	buf_u64(out, report->measure->failed);
	buf_cstr(out, " failed.</p>\n<table>");
	for (size_t i = 0; i < count; i++) {
		buf_cstr(out, "<tr><td>");
		buf_cstr(out, figures[i].title);
		buf_cstr(out, "</td><td>");
		report_decimal(out, figures[i].value, 5);
		buf_cstr(out, "</td></tr>\n");
	}
	buf_cstr(out, "</table>\n");
	put_roc(report, out);
	put_reliability(report, out);
	put_histogram(report, out);
	put_bands(report, out);
	put_inputs(report, out);
	buf_cstr(out, "</body></html>\n");
}
