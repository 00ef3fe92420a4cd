/* SPDX-License-Identifier: MIT */
#ifndef CORE_SOURCE_RULES_H
#define CORE_SOURCE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/maxima.h"
#include "core/facts.h"

/* The terms of whoever is not named; no id of a provider can be this. */
#define SOURCE_OTHERS   "*"
/* The register is no provider: it is local, costs nothing, and is always asked and required. */
#define SOURCE_REGISTER "register"
/* The made-up bureau of test mode and the sandbox: required, whatever a policy says, so that its silence shows. */
#define SOURCE_DEMO     "demo_bureau"

/* Whether a provider may have this id: small letters, digits, - and _, and none of those above. */
bool source_id_is_sound(const char *id);

#define RECHECK_OFF (-1)

/* On what terms a tenant asks one provider. */
struct source_terms {
	char id[MAX_SOURCE_ID + 1];
	bool ask;            /* false: neither asked nor used, even when another tenant asked it */
	bool required;       /* without its word, old or new, a decision is made under the outage rules */
	int32_t fresh_hours; /* an answer is used as it is, 0..MAX_FRESH_HOURS */
	int32_t stale_days;  /* and until then used while it is asked again behind the request, 0..MAX_STALE_DAYS */
	int32_t no_data_hours;
	int32_t no_data_stale_hours;
	int32_t invalid_input_hours; /* not asked again for as long with the same input */
	int32_t unavailable_seconds; /* left alone for as long after a failure */
};

struct source_rules {
	int32_t recheck_days;           /* what was asked longer ago than this is asked for again */
	int32_t recheck_basket_percent; /* so it is when an order is this much larger than before; or RECHECK_OFF */
	struct source_terms others;     /* id SOURCE_OTHERS */
	uint8_t count;
	struct source_terms named[MAX_SOURCES];
};

/* Documented defaults: everybody is asked, nobody is required. */
void source_rules_defaults(struct source_rules *ret_rules);
/* Of this provider: its own, else those of all others. */
const struct source_terms *source_rules_of(const struct source_rules *rules, const char *id);
/* What is wrong with one provider's terms and in which member; NULL when they are sound. */
const char *source_rules_fault(const struct source_terms *terms, const char **ret_member);

/* Oldest that any terms let a source's word be used: what is older need not be kept. */
#define MAX_FRESH_HOURS         2160
#define MAX_STALE_DAYS          90
#define MAX_UNAVAILABLE_SECONDS 3600

/* What is remembered of one source about one company, for all tenants. */
struct source_memory {
	enum source_state outcome; /* of the last question that was not in vain; SOURCE_UNAVAILABLE: all were */
	int64_t at_ms;             /* of that outcome */
	int64_t failed_ms;         /* last time it was unavailable since then; 0 = not */
};

enum source_asking { ASK_NOT, ASK_BEHIND, ASK_BESIDE };

/* What to do with a memory. */
struct source_step {
	bool use;   /* it counts; with ASK_BESIDE only if nothing newer comes in time */
	bool stale; /* it is no longer fresh */
	enum source_asking asking;
};

/*
 * Ages are judged when a memory is read, by the terms of whoever reads it: a
 * strict tenant is not served by what a lax one is content with. What is
 * older than not_before_ms is asked for again, however fresh it is.
 */
struct source_step source_rules_step(const struct source_terms *terms, const struct source_memory *memory,
                                     int64_t not_before_ms, int64_t now_ms);
/* How long to keep an outcome so that the most patient terms find it. */
int64_t source_rules_life_ms(enum source_state outcome);

#endif
