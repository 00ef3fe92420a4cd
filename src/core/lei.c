/* SPDX-License-Identifier: MIT */
#include "core/lei.h"

#include <string.h>

#include "check_digit.h"

enum identity_fault lei_normalise(struct slice text, char ret_lei[MAX_LEI + 1])
{
	char code[MAX_LEI + 1];

	if (code_compress(text, code, sizeof(code)) != MAX_LEI || strpbrk(code, "+*"))
		return IDENTITY_FAULT_FORMAT;
	if (!code_all_digits(code + MAX_LEI - 2, 2))
		return IDENTITY_FAULT_FORMAT;
	if (check_mod97(code, MAX_LEI, 0) != 1)
		return IDENTITY_FAULT_CHECK_DIGIT;
	memcpy(ret_lei, code, sizeof(code));
	return IDENTITY_FAULT_NONE;
}
