/* SPDX-License-Identifier: MIT */
#include "lab/model_out.h"

#include <string.h>

#include "base/json_out.h"
#include "core/fact_code.h"
#include "num.h"

#define CENTS   100
#define MILLION 1000000.0

/* A decimal that reads back as the same millionths, without needless zeros. */
static void put_decimal(struct buf *out, int64_t millionths)
{
	char mem[40];
	struct buf text;

	buf_init(&text, mem, sizeof(mem));
	buf_millionths(&text, millionths, 6);
	while (text.len > 0 && text.ptr[text.len - 1] == '0')
		text.len--;
	if (text.len > 0 && text.ptr[text.len - 1] == '.')
		text.len--;
	buf_slice(out, buf_view(&text));
}

static void put_border(struct buf *out, enum fact_id fact, int64_t below)
{
	if (fact == FACT_NONE || fact_unit(fact) == UNIT_RATIO)
		put_decimal(out, below);
	else
		buf_i64(out, fact_unit(fact) == UNIT_MONEY ? below / CENTS : below);
}

static void put_codes(struct buf *out, enum fact_id fact, const struct bin *bin)
{
	bool first = true;

	buf_cstr(out, "\"in\": [");
	for (int64_t code = 0; code < 64 * CODE_WORDS; code++) {
		const char *name = fact_code_name(fact, code);
		if (!(bin->codes[code / 64] >> (code % 64) & 1))
			continue;
		buf_cstr(out, first ? "\"" : ", \"");
		if (name)
			buf_cstr(out, name);
		else
			buf_i64(out, code);
		buf_char(out, '"');
		first = false;
	}
	buf_cstr(out, "], ");
}

static void put_bin(struct buf *out, const struct characteristic *c, int i)
{
	buf_cstr(out, i > 0 ? ", {" : "{");
	if (i + 1 < c->bin_count && c->by_code) {
		put_codes(out, c->fact, &c->bins[i]);
	} else if (i + 1 < c->bin_count) {
		buf_cstr(out, "\"below\": ");
		put_border(out, c->fact, c->bins[i].below);
		buf_cstr(out, ", ");
	}
	buf_cstr(out, "\"points\": ");
	buf_i64(out, c->bins[i].points);
	buf_char(out, '}');
}

static void put_characteristic(struct json_out *json, const struct model *model, int index, bool fitted)
{
	const struct characteristic *c = &model->characteristics[index];
	struct buf *out = json->buf;

	buf_cstr(out, json->comma ? ",\n    {" : "\n    {");
	json->comma = false;
	json_out_cstr(json, c->fact == FACT_NONE ? "input" : "fact", scorecard_input(c));
	json_out_cstr(json, "good", reason_code(c->good));
	json_out_cstr(json, "bad", reason_code(c->bad));
	if (c->missing_points != 0)
		json_out_i64(json, "missing_points", c->missing_points);
	if (model->evidence_count > 0)
		json_out_cstr(json, "evidence", model->evidence[c->evidence].id);
	if (!fitted)
		json_out_cstr(json, "note", "expert prior, not fitted");
	buf_cstr(out, ",\n     \"bins\": [");
	for (int i = 0; i < c->bin_count; i++)
		put_bin(out, c, i);
	buf_cstr(out, "]}");
	json->comma = true;
}

static void put_share(struct json_out *json, const char *name, double share)
{
	json_out_millionths(json, name, num_round(share * MILLION));
}

static void put_training(struct json_out *json, const struct model_training *training)
{
	const struct measure *m = &training->cross_validated;

	json_out_object(json, "training");
	json_out_array(json, "sha256");
	for (size_t i = 0; i < training->file_count; i++)
		json_out_cstr(json, NULL, training->sha256[i]);
	json_out_array_end(json);
	json_out_i64(json, "rows", (int64_t)training->rows);
	json_out_i64(json, "failed", (int64_t)training->failed);
	json_out_i64(json, "seed", (int64_t)training->seed);
	if (training->folds > 0) {
		json_out_object(json, "cross_validated");
		json_out_i64(json, "folds", training->folds);
		put_share(json, "auc", m->auc);
		put_share(json, "auc_low", m->auc_low);
		put_share(json, "auc_high", m->auc_high);
		put_share(json, "ks", m->ks);
		put_share(json, "recall_at_5_percent", m->recall);
		put_share(json, "brier", m->brier);
		put_share(json, "calibration_error", m->calibration_error);
		json_out_object_end(json);
	}
	json_out_object_end(json);
}

static void put_table(struct buf *out, const char *name, const struct pd_point *table, int count)
{
	bool to_pd = strcmp(name, "points_to_pd") == 0;

	buf_cstr(out, ",\n  \"");
	buf_cstr(out, name);
	buf_cstr(out, "\": [");
	for (int i = 0; i < count; i++) {
		buf_cstr(out, i > 0 ? ", [" : "[");
		if (to_pd)
			buf_i64(out, table[i].from);
		else
			put_decimal(out, table[i].from);
		buf_cstr(out, ", ");
		if (to_pd)
			put_decimal(out, table[i].to);
		else
			buf_i64(out, table[i].to);
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

/* A kind of evidence by its id, shares as decimals. */
static void put_evidence(struct json_out *json, const struct model *model, int index)
{
	const struct evidence *e = &model->evidence[index];
	struct buf *out = json->buf;

	buf_cstr(out, index > 0 ? ",\n    {" : "\n    {");
	json->comma = false;
	json_out_cstr(json, "id", e->id);
	buf_cstr(out, ", \"weight\": ");
	put_decimal(out, e->weight_ppm);
	buf_cstr(out, ", \"beside\": {");
	for (int i = 0, n = 0; i < model->evidence_count; i++) {
		if (e->beside_ppm[i] == EVIDENCE_FULL)
			continue;
		buf_cstr(out, n++ ? ", \"" : "\"");
		buf_cstr(out, model->evidence[i].id);
		buf_cstr(out, "\": ");
		put_decimal(out, e->beside_ppm[i]);
	}
	buf_cstr(out, e->optional ? "}, \"optional\": true" : "}");
	for (int i = 0; i < e->age_count; i++) {
		buf_cstr(out, i ? ", [" : ", \"ages\": [[");
		buf_i64(out, e->ages[i].days);
		buf_cstr(out, ", ");
		put_decimal(out, e->ages[i].share_ppm);
		buf_char(out, ']');
	}
	buf_cstr(out, e->age_count ? "]}" : "}");
	json->comma = true;
}

/* Each member of the file on a line of its own. */
static struct json_out *line(struct json_out *json)
{
	buf_cstr(json->buf, json->comma ? ",\n  " : "\n  ");
	json->comma = false;
	return json;
}

static void put_head(struct json_out *json, const struct model *model, const struct model_training *training)
{
	json_out_cstr(line(json), "format", "bonigate-model/1");
	json_out_cstr(line(json), "id", model->id);
	json_out_cstr(line(json), "version", model->version);
	json_out_cstr(line(json), "description",
	              "Fitted by bonigate fit: 20 points double the odds, 600 points are odds of 50 good to 1 "
	              "failed within 12 months. Unknown inputs count 0.");
	json_out_array(line(json), "attribution");
	for (size_t i = 0; i < training->attribution_count; i++)
		json_out_cstr(json, NULL, training->attribution[i]);
	json_out_array_end(json);
	line(json);
	put_training(json, training);
	json_out_millionths(line(json), "base_rate", model->base_rate_ppm);
	json_out_i64(line(json), "base_points", model->base_points);
}

void model_out(const struct model *model, const struct model_training *training, struct buf *out)
{
	struct json_out json;

	json_out_init(&json, out);
	json_out_object(&json, NULL);
	put_head(&json, model, training);
	if (model->min_known_ppm > 0) {
		json_out_object(line(&json), "coverage");
		json_out_millionths(&json, "min_known", model->min_known_ppm);
		json_out_millionths(&json, "limit_share", model->thin_share_ppm);
		json_out_object_end(&json);
	}
	if (model->evidence_count > 0) {
		json_out_array(line(&json), "evidence");
		for (int i = 0; i < model->evidence_count; i++)
			put_evidence(&json, model, i);
		json_out_array_end(&json);
	}
	json_out_array(line(&json), "characteristics");
	for (int i = 0; i < model->characteristic_count; i++)
		put_characteristic(&json, model, i, i < training->fitted || training->fitted == 0);
	json_out_array_end(&json);
	put_table(out, "points_to_pd", model->pd, model->pd_count);
	put_table(out, "pd_to_score", model->score, model->score_count);
	buf_cstr(out, "\n}\n");
}
