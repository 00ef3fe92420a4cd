/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "provider_case.h"
#include "wire/northdata.h"

Test(northdata, answers_as_its_cases_say)
{
	provider_case_run("northdata", northdata_codec());
}
