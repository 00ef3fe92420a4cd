/* SPDX-License-Identifier: MIT */
/*
 * A sound image with bytes changed anywhere and the check sum made good
 * again: whatever its places and counts say, opening and searching it stay
 * inside. And any bytes at all as an image.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/match.h"
#include "match_tiny.h"

#define SUM_AT   24
#define SUM_FROM 32

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct match_scratch *scratch;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	scratch = match_scratch_init(malloc(match_scratch_size()));
	return 0;
}

static void use(struct slice bytes)
{
	static const struct match_query QUERIES[] = {
	        {.name = SLICE_LIT("Nagelschmied Metallbau GmbH"),
	         .street = SLICE_LIT("Hafenstraße 12"),
	         .postal_code = SLICE_LIT("40213"),
	         .city = SLICE_LIT("Düsseldorf")},
	        {.name = SLICE_LIT("Peddinghaus Grabwoski"), .city = SLICE_LIT("Hambrug")},
	        {.name = SLICE_LIT("x"), .type = REGISTER_HRB, .number = 3, .court = SLICE_LIT("K1101R")},
	        {.name = SLICE_LIT("Ped"), .unfinished = true},
	        {.name = SLICE_LIT("verwaltungs nagelschm"), .unfinished = true},
	        {.name = SLICE_LIT("Kallenberg Logistik 2000"), .unfinished = true},
	};
	struct match_image image;
	struct match_set set;
	struct match_result result;
	char text[MATCH_ID_BYTES];

	if (match_image_open(bytes, &image) != STATUS_OK)
		return;
	match_set_init(&set, &image);
	for (size_t i = 0; i < sizeof(QUERIES) / sizeof(QUERIES[0]); i++) {
		match_search(&set, &QUERIES[i], scratch, &result);
		for (size_t k = 0; k < result.count; k++) {
			(void)match_image_id(&image, result.hits[k].company, text, sizeof(text));
			(void)match_image_name(&image, result.hits[k].row, text, sizeof(text));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice sound = match_tiny_image();
	if (size > 0 && data[0] == 0xff) {
		use((struct slice){(const char *)data + 1, size - 1});
		return 0;
	}
	char *bytes = malloc(sound.len);
	if (!bytes)
		return 0;
	memcpy(bytes, sound.ptr, sound.len);
	/* four bytes of place, one of value */
	for (size_t i = 0; i + 5 <= size; i += 5) {
		uint32_t at;
		memcpy(&at, data + i, 4);
		/* every other change goes to the header, where the sections stand */
		at = at & 1 ? SUM_FROM + (at >> 1) % (MATCH_IMAGE_HEADER - SUM_FROM) : at % (uint32_t)sound.len;
		bytes[at] = (char)data[i + 4];
	}
	uint64_t sum = match_image_sum((struct slice){bytes + SUM_FROM, sound.len - SUM_FROM});
	memcpy(bytes + SUM_AT, &sum, sizeof(sum));
	use((struct slice){bytes, sound.len});
	free(bytes);
	return 0;
}
