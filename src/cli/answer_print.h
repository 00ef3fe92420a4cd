/* SPDX-License-Identifier: MIT */
#ifndef CLI_ANSWER_PRINT_H
#define CLI_ANSWER_PRINT_H

#include "port/provider.h"
#include "wire/provider_in.h"

/* What a provider answered, field by field, on standard output. */
void answer_print(const struct provider_config *config, const struct provider_answer *answer);

#endif
