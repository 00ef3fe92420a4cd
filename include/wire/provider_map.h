/* SPDX-License-Identifier: MIT */
#ifndef WIRE_PROVIDER_MAP_H
#define WIRE_PROVIDER_MAP_H

#include "port/provider.h"

/*
 * A JSON bureau described by data instead of code: how it is asked and where
 * in its answer the company and each fact stand. Read by provider_in_parse().
 */
#define PROVIDER_MAP_VALUES 16 /* words one fact's values are written with */
#define PROVIDER_MAP_WORD   48
#define PROVIDER_MAP_PATH   512
#define PROVIDER_MAP_BODY   4096
#define PROVIDER_MAP_CODES  8
#define PROVIDER_MAP_JOB    "{job}" /* stands for the job's number in its path */
#define PROVIDER_MAP_STATES 8

struct provider_map_value {
	char word[PROVIDER_MAP_WORD + 1];
	int64_t value;
};

struct provider_map_fact {
	enum fact_id fact;
	unsigned scale; /* how the number is written: src/wire/json_fact.h */
	char pointer[MAX_POINTER + 1];
	struct provider_map_value values[PROVIDER_MAP_VALUES];
	uint8_t value_count; /* 0 = the value itself */
};

/* A report that is ordered first and fetched later: the request's answer names the job. */
struct provider_map_job {
	char id[MAX_POINTER + 1];         /* "" = the request's answer is the report */
	char path[PROVIDER_MAP_PATH + 1]; /* behind the base: "/reports/{job}" */
	char state[MAX_POINTER + 1];      /* in the job's answer; "" = code 202 waits, any other 2xx is the report */
	char done[PROVIDER_MAP_STATES][PROVIDER_MAP_WORD + 1];
	char failed[PROVIDER_MAP_STATES][PROVIDER_MAP_WORD + 1]; /* no report will come; all other states wait */
	uint8_t done_count, failed_count;
	int32_t poll_ms;
};

struct provider_map {
	enum http_method method;
	bool repeatable;
	bool trust_unnamed;               /* an answer that names nobody is the company's */
	char path[PROVIDER_MAP_PATH + 1]; /* behind the base: "/companies/{register_number}?country={country}" */
	char body[PROVIDER_MAP_BODY + 1]; /* JSON with the same placeholders; "" = none */
	char no_data[MAX_POINTER + 1];    /* nothing, null or empty there: no data; "" = not told this way */
	int no_data_codes[PROVIDER_MAP_CODES];
	uint8_t no_data_code_count;
	char company[IDENTITY_FIELD_COUNT][MAX_POINTER + 1]; /* "" = not in the answer */
	char as_of[MAX_POINTER + 1];
	char reference[MAX_POINTER + 1];
	struct provider_map_fact facts[MAX_PROVIDER_FACTS];
	uint8_t fact_count;
	struct provider_map_job job;
};

struct provider_codec provider_map_codec(const struct provider_map *map);
/* Whether every {word} or {word?} of a template is a part of a company; a NUL-terminated text. */
bool provider_map_template_is_sound(const char *text);

#endif
