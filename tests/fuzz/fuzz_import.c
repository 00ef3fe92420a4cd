/* SPDX-License-Identifier: MIT */
/* Import files: the first byte chooses the kind, the rest is the file. */
#include <string.h>

#include "wire/import_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
	const uint8_t *ptr;
	size_t left;
};

static long read_text(void *ctx, void *mem, size_t cap)
{
	struct text *text = ctx;
	size_t n = text->left < cap ? text->left : cap;

	if (n)
		memcpy(mem, text->ptr, n);
	text->ptr += n;
	text->left -= n;
	return (long)n;
}

static char memory[1 << 20] __attribute__((aligned(16)));
static struct import_row row;

static void read_table(enum import_kind kind, struct text *text)
{
	static char block[CSV_BLOCK];
	static struct csv csv;
	struct import_columns columns;
	struct import_fault fault;
	enum csv_result result;

	csv_init(&csv, (struct csv_source){read_text, text}, (struct csv_options){0}, block, sizeof(block));
	if (csv_header(&csv) || import_columns_map(&csv, kind, 20000, 20000, &columns, &fault))
		return;
	while ((result = csv_next(&csv)) == CSV_ROW || result == CSV_FAULT) {
		struct arena arena;

		arena_init(&arena, memory, sizeof(memory));
		if (result == CSV_ROW && import_csv_row(&columns, &csv, &arena, &row, &fault) == STATUS_INVALID &&
		    !fault.why)
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {data + 1, size ? size - 1 : 0};
	struct import_fault fault;
	struct arena arena;

	if (!size)
		return 0;
	if (data[0] % 5 < 4) {
		read_table((enum import_kind)(data[0] % 5), &text);
		return 0;
	}
	arena_init(&arena, memory, sizeof(memory));
	(void)!import_offeneregister_row((struct slice){(const char *)text.ptr, text.left}, &arena, 20000, &row,
	                                 &fault);
	return 0;
}
