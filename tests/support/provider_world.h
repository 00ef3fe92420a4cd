/* SPDX-License-Identifier: MIT */
#ifndef PROVIDER_WORLD_H
#define PROVIDER_WORLD_H

#include "port/provider.h"

/* Memory for one test at a time; reset by each call that says so. */
struct arena *provider_world_arena(void);

/* A checked company; aborts when a field is refused. Resets the arena. */
struct subject provider_world_subject(const struct identity *typed);
/* Schmidt Industrie GmbH with every field a provider may ask for. */
struct subject provider_world_schmidt(void);

/* The first exchange about it, without credentials. */
struct provider_question provider_world_question(const struct subject *subject, const char *base);
/* That exchange encoded; resets the arena. */
enum status provider_world_encode(struct provider_codec codec, const struct subject *subject, const char *base,
                                  struct http_request *ret_request, const char **ret_why);
/* What the codec makes of a reply. The answer's slices live until the next reset, and the answer until the next one. */
const struct provider_answer *provider_world_read(struct provider_codec codec, const struct provider_question *question,
                                                  const struct http_reply *reply);
/* What it makes of these bytes in its first exchange. The answer's slices live until the next reset. */
const struct provider_answer *provider_world_decode(struct provider_codec codec, const struct subject *subject,
                                                    int code, struct slice body);
/* A file below tests/providers, of at most 64 KiB. */
struct slice provider_world_file(const char *name);
/* The field noted under this name; NULL when there is none. */
const struct provider_field *provider_world_field(const struct provider_answer *answer, const char *name);

#endif
