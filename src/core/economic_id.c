/* SPDX-License-Identifier: MIT */
#include "core/economic_id.h"

#include <string.h>

#include "check_digit.h"

enum {
	OWNER = 2 + 9,        /* "DE" and nine digits */
	BUSINESS = OWNER + 5, /* and the business of that owner */
};

enum identity_fault economic_id_normalise(struct slice text, char ret_id[MAX_ECONOMIC_ID + 1])
{
	char code[BUSINESS + 1];
	size_t len = code_compress(text, code, sizeof(code));

	if ((len != OWNER && len != BUSINESS) || code[0] != 'D' || code[1] != 'E' || code[2] == '0' ||
	    !code_all_digits(code + 2, len - 2))
		return IDENTITY_FAULT_FORMAT;
	if (!check_mod11_10(code + 2, 9))
		return IDENTITY_FAULT_CHECK_DIGIT;
	if (len == OWNER)
		memcpy(code + OWNER, "00001", 6);
	else if (memcmp(code + OWNER, "00000", 5) == 0)
		return IDENTITY_FAULT_FORMAT;
	memcpy(ret_id, code, OWNER);
	ret_id[OWNER] = '-';
	memcpy(ret_id + OWNER + 1, code + OWNER, 6);
	return IDENTITY_FAULT_NONE;
}
