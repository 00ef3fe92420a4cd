/* SPDX-License-Identifier: MIT */
#ifndef LAB_MATCH_SAMPLE_H
#define LAB_MATCH_SAMPLE_H

#include "core/match_feature.h"
#include "lab/match_fit.h"
#include "match_noise.h"

enum sample_kind {
	SAMPLE_LIGHT,
	SAMPLE_MEDIUM,
	SAMPLE_HEAVY,
	SAMPLE_PREVIOUS,
	SAMPLE_REFERENCE,
	SAMPLE_UNIQUE, /* from here on nobody is meant: the company was left out */
	SAMPLE_SIBLING,
	SAMPLE_NEAR,
	SAMPLE_NAMESAKE,
	SAMPLE_CLUB,
	SAMPLE_KINDS
};

#define SAMPLE_EXCLUDED 64

/* One query made from the register, and who is meant. */
struct sample {
	enum sample_kind kind;
	struct noise_query text;
	struct match_query query;
	uint32_t company; /* UINT32_MAX: nobody */
	uint32_t excluded[SAMPLE_EXCLUDED];
	size_t excluded_count;
};

/* What samples are drawn from; company i is company i of the image. */
struct sample_source {
	const struct match_image *image;
	const struct match_fit_company *companies;
	uint32_t *alias_first; /* company: first of alias_rows; one more than companies */
	uint32_t *alias_rows;
};

enum status sample_source_init(struct sample_source *source, const struct match_image *image,
                               const struct match_fit_company *companies) MUST_CHECK;
void sample_source_finish(struct sample_source *source);

/* False: no company of this kind was met in many tries. */
bool sample_draw(const struct sample_source *source, enum sample_kind kind, struct noise_random *random,
                 struct sample *ret_sample);
/* The kinds in the shares of the development queries. */
enum sample_kind sample_kind_draw(struct noise_random *random);
/* The candidate is the company meant, or one of the same name at the same place. */
bool sample_is_meant(const struct sample_source *source, const struct sample *sample, const struct match_candidate *c);

#endif
