/* SPDX-License-Identifier: MIT */
#include "wire/record_csv.h"

#include <string.h>

#include "csv_out.h"
#include "json_in.h"

/* A column and where its value stands in the record. */
static const struct {
	const char *column;
	const char *object; /* NULL = the record itself */
	const char *member;
} columns[] = {
        {"seq", NULL, "seq"},
        {"at", NULL, "at"},
        {"decision_id", NULL, "id"},
        {"livemode", NULL, "livemode"},
        {"outcome", NULL, "outcome"},
        {"light", NULL, "light"},
        {"score", "score", "score"},
        {"pd_ppm", "score", "pd"},
        {"company_key", "match", "key"},
        {"match", "match", "kind"},
        {"name_asked", "asked", "name"},
        {"name_found", "match", "name"},
        {"order_ref", "order", "ref"},
        {"amount", "order", "amount"},
        {"currency", "order", "currency"},
        {"limit_total", "limit", "total"},
        {"limit_available", "limit", "available"},
        {"recommended", NULL, "recommended"},
        {"freshness", NULL, "freshness"},
        {"reasons", NULL, "reasons"},
        {"prev", NULL, "prev"},
        {"lead", NULL, "lead"},
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static struct slice string_of(const json_t *value)
{
	return (struct slice){json_string_value(value), json_string_length(value)};
}

static void put_list(struct buf *out, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (i)
			buf_char(out, ' ');
		csv_out_text(out, string_of(item), i == 0);
	}
}

static void put_cell(struct buf *out, const json_t *value)
{
	if (json_is_integer(value)) {
		buf_i64(out, json_integer_value(value));
		return;
	}
	if (json_is_boolean(value)) {
		buf_cstr(out, json_is_true(value) ? "true" : "false");
		return;
	}
	buf_char(out, '"');
	if (json_is_string(value))
		csv_out_text(out, string_of(value), true);
	else if (json_is_array(value))
		put_list(out, value);
	buf_char(out, '"');
}

void record_csv_header(struct buf *out)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i)
			buf_char(out, ',');
		buf_cstr(out, columns[i].column);
	}
	buf_cstr(out, "\r\n");
}

enum status record_csv_row(struct slice record, struct arena *arena, struct buf *out)
{
	struct json_in_error error;
	json_t *root;
	enum status status = json_in_parse(record, arena, &root, &error);

	if (status)
		return status == STATUS_INVALID ? STATUS_CORRUPT : status;
	for (size_t i = 0; i < COLUMNS; i++) {
		const json_t *object = columns[i].object ? json_object_get(root, columns[i].object) : root;

		if (i)
			buf_char(out, ',');
		put_cell(out, json_object_get(object, columns[i].member));
	}
	buf_cstr(out, "\r\n");
	return out->overflow ? STATUS_TOO_LARGE : STATUS_OK;
}
