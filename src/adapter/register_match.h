/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_REGISTER_MATCH_H
#define SRC_ADAPTER_REGISTER_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/facts.h"
#include "core/identity.h"
#include "register_row.h"

/* Candidates looked at for one question; more of them are ambiguous anyway. */
#define REGISTER_MATCH_MAX 32

/* The question, prepared once: its keys, without and with the name's. */
struct register_question {
	const struct identity_norm *norm;
	size_t key_count; /* identifiers */
	struct company_key keys[REGISTER_ROW_KEYS];
	bool has_name_key;
	struct company_key name_key;
};

void register_question_init(struct register_question *question, const struct identity_norm *norm);

enum register_name_hit { NAME_HIT_NONE, NAME_HIT_PREVIOUS, NAME_HIT_CURRENT };

/* What one company has to do with the question. */
struct register_verdict {
	int64_t company;
	bool by_identifier;              /* carries one of those asked for */
	bool contradicts_identifier;     /* carries another one of a kind asked for */
	bool fits_name;                  /* or no name was asked for, or none is known */
	enum register_name_hit name_hit; /* this very name and postal code */
	bool deleted;
};

void register_judge(const struct register_question *question, const struct register_names *names,
                    struct register_verdict *ret_verdict);

struct register_choice {
	enum match_kind match;
	int32_t probability;
	const struct register_verdict *chosen; /* with MATCH_EXACT */
};

/* port/register.h: find; adapter/sqlite_register.h. */
void register_choose(const struct register_verdict *verdicts, size_t count, struct register_choice *ret_choice);

#endif
