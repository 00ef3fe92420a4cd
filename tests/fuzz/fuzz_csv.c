/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, in pieces of any size: the reader ends, its lines rise, its
 * fields lie in its block, and the pieces do not change what is read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "wire/csv.h"

struct pieces {
	const uint8_t *bytes;
	size_t len;
	size_t step;
};

static char block[CSV_BLOCK];
static struct csv csv;

static long pieces_read(void *ctx, void *mem, size_t cap)
{
	struct pieces *p = ctx;
	size_t n = p->step < p->len ? p->step : p->len;

	if (n > cap)
		n = cap;
	if (n > 0)
		memcpy(mem, p->bytes, n);
	p->bytes += n;
	p->len -= n;
	return (long)n;
}

static void need(int holds)
{
	if (!holds)
		abort();
}

static uint64_t read_all(struct pieces pieces, struct csv_options options, int header)
{
	uint64_t sum = 0;
	uint64_t line = 0;
	enum csv_result result;

	csv_init(&csv, (struct csv_source){pieces_read, &pieces}, options, block, sizeof(block));
	if (header && csv_header(&csv) != STATUS_OK)
		return 0;
	while ((result = csv_next(&csv)) != CSV_END) {
		need(result != CSV_READ_FAILED && csv.line > line);
		line = csv.line;
		sum = sum * 31 + (uint64_t)result + line;
		need(result == CSV_ROW || csv.field_count == 0);
		for (size_t i = 0; i < csv.field_count; i++) {
			need(csv.fields[i].ptr >= block &&
			     csv.fields[i].ptr + csv.fields[i].len <= block + sizeof(block));
			sum = sum * 31 + hash_fnv64(csv.fields[i]);
		}
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char separators[] = {0, ',', ';', '\t'};

	if (size < 2)
		return 0;
	struct csv_options options = {separators[data[0] & 3], (enum csv_quotes)((data[0] >> 2) % 3)};
	int header = data[0] >> 7;
	struct pieces whole = {data + 2, size - 2, size};
	struct pieces parts = {data + 2, size - 2, 1 + data[1]};
	need(read_all(whole, options, header) == read_all(parts, options, header));
	return 0;
}
