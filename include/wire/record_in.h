/* SPDX-License-Identifier: MIT */
#ifndef WIRE_RECORD_IN_H
#define WIRE_RECORD_IN_H

#include "base/arena.h"
#include "core/record.h"
#include "wire/model_in.h"

struct record_method {
	struct slice id;
	bool allowed;
	int32_t net_days;
	int32_t deposit_percent;
	uint8_t reason_count;
	enum reason reasons[DECISION_METHOD_REASONS];
};

struct record_effect {
	enum reason reason;
	int32_t points;
};

/* The rule of one method in the outage that a decision was made under. */
struct record_outage_rule {
	struct slice method;
	struct outage_terms terms;
};

struct record_outage {
	bool told; /* the record says so */
	enum customer_class customer;
	uint8_t missing_count;
	struct slice missing[MAX_SOURCES];
	uint8_t rule_count;
	struct record_outage_rule rules[MAX_METHODS];
};

/* What was decided then, whatever today's model and policy would say. */
struct record_result {
	enum outcome outcome;
	enum light light;
	enum recommendation recommendation;
	bool natural_person;
	bool identified;
	int32_t points;
	int32_t pd_ppm;
	int32_t score;
	int32_t known_ppm;
	enum reason hard_stop;
	uint8_t effect_count;
	struct record_effect effects[DECISION_TOP];
	struct record_outage outage;
	struct credit_limit limit;
	struct slice recommended; /* method id, absent = none */
	uint8_t method_count;
	struct record_method methods[MAX_METHODS];
	uint8_t reason_count;
	enum reason reasons[MAX_REASONS];
};

/* A stored record: all it takes to decide again, and what was decided. Texts live in the arena. */
struct record {
	struct record_head head;
	struct identity asked;
	struct order order;
	int64_t exposure;
	enum freshness freshness;
	int32_t today;
	struct facts facts; /* as gathered: facts_derive(&facts, today) is the reader's to call */
	struct slice model_id, model_version;
	struct slice policy_id, policy_version;
	struct record_result result;
	uint64_t seq;
	uint8_t prev[32];
};

/*
 * Reads a closed record as record_put() and record_close() write it. To
 * replay: normalise the identity, derive the facts, decide with the model and
 * policy named; record_put() then gives the same bytes. STATUS_CORRUPT fills
 * ret_error: not one member may be missing, unknown or of another type.
 * STATUS_NO_MEMORY: the arena is too small (MAX_REQUEST_ARENA is enough).
 */
enum status record_in_parse(struct slice text, struct arena *arena, struct record *ret_record,
                            struct load_error *ret_error) MUST_CHECK;

#endif
