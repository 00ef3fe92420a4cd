/* SPDX-License-Identifier: MIT */
#include "lab/report.h"

#include "base/json_out.h"
#include "core/policy.h"
#include "num.h"
#include "report_part.h"

#define MILLION 1000000.0

void report_decimal(struct buf *out, double value, unsigned places)
{
	int64_t unit = 1000000;

	for (unsigned i = 0; i < places; i++)
		unit /= 10;
	int64_t millionths = num_round(value * MILLION);
	buf_millionths(out, (millionths + (millionths < 0 ? -unit / 2 : unit / 2)) / unit * unit, places);
}

double report_rate(const struct measure_band *band)
{
	return band->rows > 0 ? (double)band->failed / (double)band->rows : 0;
}

size_t report_figures(const struct report *report, struct report_figure ret_figures[REPORT_FIGURES])
{
	const struct measure *m = report->measure;
	const struct report_figure figures[REPORT_FIGURES] = {
	        {"auc", "AUC", m->auc},
	        {"auc_low", "AUC, 95 % from", m->auc_low},
	        {"auc_high", "AUC, 95 % to", m->auc_high},
	        {"gini", "Gini", m->gini},
	        {"ks", "KS", m->ks},
	        {"recall_at_5_percent", "Failures caught at 5 % false positives", m->recall},
	        {"brier", "Brier score", m->brier},
	        {"mean_pd", "Mean PD", m->mean_pd},
	        {"failure_rate", "Failure rate", m->rate},
	        {"calibration_error", "Calibration error", m->calibration_error},
	        {"known", "Known share of the card", report->known},
	};

	for (size_t i = 0; i < REPORT_FIGURES; i++)
		ret_figures[i] = figures[i];
	return REPORT_FIGURES;
}

static void put_padded(struct buf *out, const char *text, size_t width)
{
	size_t before = out->len;

	buf_cstr(out, text);
	while (out->len - before < width && !out->overflow)
		buf_char(out, ' ');
}

static void put_band_text(struct buf *out, const char *name, const struct measure_band *band, const struct measure *m)
{
	put_padded(out, name, 8);
	buf_cstr(out, "  ");
	report_decimal(out, (double)band->rows / (double)m->rows, 4);
	buf_cstr(out, "  ");
	report_decimal(out, band->mean_pd, 6);
	buf_cstr(out, "  ");
	report_decimal(out, report_rate(band), 6);
	buf_cstr(out, "  ");
	report_decimal(out, (double)band->failed / (double)m->failed, 4);
	buf_char(out, '\n');
}

void report_text(const struct report *report, struct buf *out)
{
	struct report_figure figures[REPORT_FIGURES];
	size_t count = report_figures(report, figures);

	buf_cstr(out, report->model->id);
	buf_char(out, ' ');
	buf_cstr(out, report->model->version);
	buf_cstr(out, " on ");
	buf_cstr(out, report->file);
	buf_cstr(out, ": ");
	buf_u64(out, report->measure->rows);
	buf_cstr(out, " companies, ");
	buf_u64(out, report->measure->failed);
	buf_cstr(out, " failed\n");
	for (size_t i = 0; i < count; i++) {
		put_padded(out, figures[i].title, 40);
		report_decimal(out, figures[i].value, 5);
		buf_char(out, '\n');
	}
	buf_cstr(out, "\nband      share   mean PD   failed    of all failures\n");
	for (int i = 0; i < MEASURE_BANDS; i++) {
		char name[3] = {(char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), '\0'};
		put_band_text(out, name, &report->measure->bands[i], report->measure);
	}
	for (int i = MEASURE_LIGHTS - 1; i >= 0; i--)
		put_band_text(out, light_name((enum light)i), &report->measure->lights[i], report->measure);
}

static void put_band_json(struct json_out *json, const char *light, const struct measure_band *band,
                          const struct measure *m)
{
	json_out_object(json, NULL);
	if (light)
		json_out_cstr(json, "light", light);
	json_out_i64(json, "companies", (int64_t)band->rows);
	json_out_i64(json, "failed", (int64_t)band->failed);
	json_out_millionths(json, "share", num_round(MILLION * (double)band->rows / (double)m->rows));
	json_out_millionths(json, "mean_pd", num_round(MILLION * band->mean_pd));
	json_out_millionths(json, "failure_rate", num_round(MILLION * report_rate(band)));
	json_out_millionths(json, "share_of_failures", num_round(MILLION * (double)band->failed / (double)m->failed));
	json_out_object_end(json);
}

void report_json(const struct report *report, struct buf *out)
{
	struct report_figure figures[REPORT_FIGURES];
	size_t count = report_figures(report, figures);
	struct json_out json;

	json_out_init(&json, out);
	json_out_object(&json, NULL);
	json_out_cstr(&json, "model", report->model->id);
	json_out_cstr(&json, "version", report->model->version);
	json_out_i64(&json, "companies", (int64_t)report->measure->rows);
	json_out_i64(&json, "failed", (int64_t)report->measure->failed);
	for (size_t i = 0; i < count; i++)
		json_out_millionths(&json, figures[i].name, num_round(MILLION * figures[i].value));
	json_out_array(&json, "bands");
	for (int i = 0; i < MEASURE_BANDS; i++)
		put_band_json(&json, NULL, &report->measure->bands[i], report->measure);
	json_out_array_end(&json);
	json_out_array(&json, "lights");
	for (int i = MEASURE_LIGHTS - 1; i >= 0; i--)
		put_band_json(&json, light_name((enum light)i), &report->measure->lights[i], report->measure);
	json_out_array_end(&json);
	json_out_object_end(&json);
	buf_char(out, '\n');
}
