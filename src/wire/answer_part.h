/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_ANSWER_PART_H
#define SRC_WIRE_ANSWER_PART_H

#include "answer.h"
#include "core/bureau.h"

/*
 * One object of an answer whose values become facts: an adapter says in tables
 * what stands where. Whatever is taken is noted as a field under its JSON
 * pointer in the whole answer; what is not there is noted as such.
 */
struct answer_part {
	struct provider_answer *answer;
	struct arena *arena;
	json_t *object;          /* NULL: the part is not there and nothing of it is noted */
	const char *pointer;     /* to it in the answer, "" = the answer itself */
	int32_t as_of;           /* the day its values held */
	const char *fault;       /* static: why none of its values is used; NULL = they are */
	const char *money_fault; /* the same for its amounts: "is not in EUR" */
};

/* What FACT_INSOLVENCY_STATUS counts. */
enum answer_insolvency {
	INSOLVENCY_APPLIED = 1,
	INSOLVENCY_APPLICATION_LIFTED,
	INSOLVENCY_OPENED,
	INSOLVENCY_ENDED, /* discontinued or lifted */
	INSOLVENCY_DISCHARGE_ANNOUNCED,
	INSOLVENCY_DISCHARGE_GRANTED,
	INSOLVENCY_DISCHARGE_REFUSED /* or revoked */
};

/* Where one fact stands within a part. */
struct answer_place {
	enum fact_id fact;
	const char *pointer;
	enum json_scale scale;
};

/* A word and the value of a code that it stands for. */
struct answer_word {
	const char *word;
	int64_t value;
};

/* The answer itself, and the part below a part: an object, or an item of a list. The fault and the day go down with it.
 */
struct answer_part answer_part_of(struct provider_answer *answer, json_t *root, struct arena *arena);
struct answer_part answer_part_at(const struct answer_part *whole, const char *pointer);
struct answer_part answer_part_item(const struct answer_part *whole, const char *pointer, size_t index);

/* A scalar as text: "12.5", "true", "{...}". */
struct slice answer_part_scalar(const json_t *value, struct arena *arena);
/* A text of the part, noted under the name. */
struct slice answer_part_text(const struct answer_part *part, const char *name, const char *pointer);
/* A value that is shown and not taken: "why" is a static text. Nothing is noted when it is not there. */
void answer_part_show(const struct answer_part *part, const char *name, const char *pointer, const char *why);
/* The day at the pointer, DATE_NONE when it is none. Not noted. */
int32_t answer_part_day(const struct answer_part *part, const char *pointer);
/* Amounts of this part are of the currency told there: any but EUR is unknown, none too unless "assumed". */
void answer_part_currency(struct answer_part *part, const char *pointer, bool assumed);

void answer_part_take(const struct answer_part *part, const struct answer_place *places, size_t count);
/* A value that the adapter has read itself. */
void answer_part_set(const struct answer_part *part, enum fact_id fact, const char *pointer, int64_t value);
/* A code by its word, compared without case; "words" end with NULL. */
void answer_part_word(const struct answer_part *part, enum fact_id fact, const char *pointer,
                      const struct answer_word *words);
/* The legal form that the name at the pointer tells; not noted when it tells none. */
void answer_part_form(const struct answer_part *part, const char *pointer);
/*
 * The probability of default of a bureau's value, by the operator's table of its
 * scale; without one the value is shown only. Whether it told a probability.
 */
bool answer_part_score(const struct answer_part *part, const char *name, const char *pointer,
                       const struct bureau_table *scale);
/*
 * Balance sheets of German law tell debts without provisions; what the fact
 * means is total assets less equity, both of this part.
 */
void answer_part_liabilities(const struct answer_part *part);

#endif
