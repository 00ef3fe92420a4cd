/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "core/subject.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Whatever unpacks must pack again and be the same bytes. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char mem[MAX_SUBJECT_PACKED];
	struct subject subject;
	struct buf out;

	if (subject_unpack((struct slice){(const char *)data, size}, &subject) != STATUS_OK)
		return 0;
	buf_init(&out, mem, sizeof(mem));
	if (subject_pack(&subject, &out) != STATUS_OK || out.len != size || memcmp(mem, data, size) != 0)
		abort();
	return 0;
}
