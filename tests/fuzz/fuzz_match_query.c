/* SPDX-License-Identifier: MIT */
/* Any bytes as a query: the search ends, hits lie in the index, probabilities are some, the best stands first. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "match_tiny.h"

static struct match_set set;
static struct match_scratch *scratch;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct match_image image;
	(void)argc;
	(void)argv;
	scratch = match_scratch_init(malloc(match_scratch_size()));
	if (match_image_open(match_tiny_image(), &image) != STATUS_OK)
		abort();
	match_set_init(&set, &image);
	return 0;
}

static struct slice take(struct slice *rest)
{
	return rest->ptr ? slice_cut(rest, '\n') : SLICE_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct match_result result;
	struct slice rest = {(const char *)data, size};
	struct match_query query = {
	        .name = take(&rest), .street = take(&rest), .postal_code = take(&rest), .city = take(&rest)};
	query.court = take(&rest);
	query.suffix = take(&rest);
	query.vat_id = take(&rest);
	query.lei = take(&rest);
	query.type = (enum register_type)(size % REGISTER_TYPE_COUNT);
	query.number = size > 0 ? data[size - 1] : 0;
	query.unfinished = size % 2 == 1;
	match_search(&set, &query, scratch, &result);
	if (result.count > MATCH_HITS || (result.verdict >= MATCH_VERDICT_FUZZY && result.count == 0))
		abort();
	for (size_t i = 0; i < result.count; i++) {
		if (result.hits[i].company >= set.part[0].companies || result.hits[i].row >= set.part[0].rows ||
		    result.hits[i].ppm >= 1000000 || result.hits[i].completes > MATCH_COMPLETES_WORD)
			abort();
	}
	return 0;
}
