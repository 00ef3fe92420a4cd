/* SPDX-License-Identifier: MIT */
/* A list of companies: any bytes end in rows, each sound or with a named fault, and no result cell begins a formula. */
#include <stdlib.h>
#include <string.h>

#include "wire/lead_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
	const uint8_t *at;
	size_t left;
};

static long read_text(void *ctx, void *mem, size_t cap)
{
	struct text *text = ctx;
	size_t len = text->left < cap ? text->left : cap;

	memcpy(mem, text->at, len);
	text->at += len;
	text->left -= len;
	return (long)len;
}

/* Read again, the row has the header's cells, and none of them begins a formula. */
static void put_refused(const struct lead_req *req, const struct field_errors *errors)
{
	static char block[CSV_BLOCK];
	static struct csv csv;
	char mem[2 * LEAD_CSV_ROW], why[256];
	struct text text;
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	lead_csv_put_header(&out);
	lead_csv_put_refused(&out, 1, req, lead_csv_why(errors, LANG_DE, why, sizeof(why)));
	if (out.overflow || out.len > LEAD_CSV_ROW)
		abort();
	text = (struct text){(const uint8_t *)mem, out.len};
	csv_init(&csv, (struct csv_source){read_text, &text}, (struct csv_options){.separator = ','}, block,
	         sizeof(block));
	if (csv_header(&csv) != STATUS_OK || csv_next(&csv) != CSV_ROW)
		abort();
	for (size_t i = 0; i < csv.field_count; i++)
		if (csv.fields[i].len && strchr("=+-@", csv.fields[i].ptr[0]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char block[CSV_BLOCK], memory[65536] __attribute__((aligned(16)));
	static struct csv csv;
	struct text text = {data, size};
	struct lead_csv columns;
	enum csv_result result;

	csv_init(&csv, (struct csv_source){read_text, &text}, (struct csv_options){0}, block, sizeof(block));
	if (csv_header(&csv) != STATUS_OK || lead_csv_columns(&csv, &columns) != STATUS_OK)
		return 0;
	while ((result = csv_next(&csv)) == CSV_ROW || result == CSV_FAULT) {
		struct field_errors errors = {0};
		struct lead_req req;
		struct arena arena;
		enum status status;

		if (result == CSV_FAULT)
			continue;
		arena_init(&arena, memory, sizeof(memory));
		status = lead_csv_read(&columns, &csv, &arena, &req, &errors);
		if (status != STATUS_OK && status != STATUS_INVALID)
			abort();
		if ((status == STATUS_INVALID) != (errors.count > 0) ||
		    (status == STATUS_OK && !req.company.country.ptr))
			abort();
		if (status == STATUS_INVALID)
			put_refused(&req, &errors);
	}
	return 0;
}
