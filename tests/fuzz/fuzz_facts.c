/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/facts.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Whatever unpacks must derive, pack again and be the same bytes. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char mem[MAX_FACTS_PACKED];
	struct facts facts;
	struct buf out;

	if (facts_unpack((struct slice){(const char *)data, size}, &facts) != STATUS_OK)
		return 0;
	facts_derive(&facts, 20000);
	buf_init(&out, mem, sizeof(mem));
	if (facts_pack(&facts, &out) != STATUS_OK || out.len != size || memcmp(mem, data, size) != 0)
		abort();
	return 0;
}
