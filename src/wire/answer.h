/* SPDX-License-Identifier: MIT */
#ifndef SRC_WIRE_ANSWER_H
#define SRC_WIRE_ANSWER_H

#include <jansson.h>
#include <stdbool.h>

#include "json_fact.h"
#include "port/provider.h"

/* What the decoders of JSON providers share: an answer is filled step by step, each value noted as a field. */

/*
 * The tree of an answer with this code's meaning: 2xx is read, anything else
 * ends it (404 and 410 no data, 400 and 422 invalid input, the rest
 * unavailable) and gives NULL, as does what is no JSON object.
 */
json_t *answer_open(struct provider_answer *answer, const struct http_reply *reply, struct arena *arena);
/*
 * The same for a question about what the provider has named itself, a job or a
 * report: that it does not know it any more says nothing about the company.
 */
json_t *answer_open_own(struct provider_answer *answer, const struct http_reply *reply, struct arena *arena);
/* The tree of a 200 that is a list, else NULL; nothing is ended. */
json_t *answer_list(const struct http_reply *reply, struct arena *arena);
/* The tree whatever the code says, NULL without an object; nothing is ended. */
json_t *answer_tree(const struct http_reply *reply, struct arena *arena);
/* Facts stay with SOURCE_ANSWER only. */
void answer_end(struct provider_answer *answer, enum source_state outcome, const char *detail);
/* Ends it by an HTTP code that is not 2xx. */
void answer_end_code(struct provider_answer *answer, int code);

/* Not ended: the next exchange is this step, about what the provider calls "ref". A ref that is too long ends it. */
void answer_go_on(struct provider_answer *answer, uint8_t step, struct slice ref);
/* The same after a wait. */
void answer_wait(struct provider_answer *answer, uint8_t step, struct slice ref, int64_t wait_ms);

/* The text at the pointer; nothing is noted. */
struct slice answer_peek(json_t *root, const char *pointer);
/* The text at the pointer, noted under the name; the absent slice when it is not there or no text. */
struct slice answer_text(struct provider_answer *answer, json_t *root, const char *name, const char *pointer);
/* Shows a value; left out when there are too many. */
void answer_note(struct provider_answer *answer, const struct provider_field *field);
/* Notes a value that the decoder takes for a fact, and sets the fact when there is no fault. */
void answer_fact(struct provider_answer *answer, const struct provider_field *field, int32_t as_of);
/* The day of an ISO date or instant; DATE_NONE when it is none. */
int32_t answer_day(struct slice text);
/*
 * Compares who answered with who was asked about and ends the answer:
 * SOURCE_ANSWER with name and address taken over, or SOURCE_NO_DATA without facts.
 * "trusted": an answer that tells no name is taken for the right one.
 */
void answer_judge(struct provider_answer *answer, const struct subject *subject, const struct identity *answered,
                  bool trusted, struct arena *arena);

/*
 * The one of a list that is shown to be the company; NULL when none is, or
 * several are: then the answer has ended. "identity_of" reads an item.
 */
json_t *answer_choose(struct provider_answer *answer, json_t *list, struct identity (*identity_of)(json_t *item),
                      const struct subject *subject, struct arena *arena);

/*
 * Goes on with what the list's choice is known by: the text at the pointer,
 * noted under the name. Without it the answer ends; no choice (NULL) is one that has.
 */
void answer_follow(struct provider_answer *answer, json_t *chosen, const char *name, const char *pointer, uint8_t step);

/* The credential of this name; the absent slice when there is none. */
struct slice answer_secret(const struct provider_question *question, const char *name);
/* "Authorization: Bearer TOKEN" in the arena; absent without room. */
struct slice answer_bearer(struct slice token, struct arena *arena);

/* base + path in a buffer of MAX_HTTP_URL of the arena (its overflow says when it is too long). */
struct buf answer_url(struct arena *arena, struct slice base, const char *path);
/* Percent-encoded (RFC 3986: all but the unreserved). */
void answer_url_value(struct buf *url, struct slice value);

#endif
