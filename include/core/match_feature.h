/* SPDX-License-Identifier: MIT */
#ifndef CORE_MATCH_FEATURE_H
#define CORE_MATCH_FEATURE_H

#include <stddef.h>
#include <stdint.h>

#include "core/match.h"

/*
 * What a query and a name have in common, as small integers. The model's
 * trees ask for values by these numbers: add at the end of each group only
 * together with a newly fitted model.
 */
enum match_feature {
	/* the name */
	MATCH_F_ASKED_COVER, /* permille of the query's rarity found in the name */
	MATCH_F_OTHER_COVER, /* permille of the name's rarity found in the query */
	MATCH_F_EVIDENCE,    /* rarity found, 1/16 bit */
	MATCH_F_ASKED_RARE,  /* rarest word of the query that is not found */
	MATCH_F_OTHER_RARE,  /* rarest word of the name that is not found */
	MATCH_F_ASKED_PLAIN, /* how many plain words are not found */
	MATCH_F_OTHER_PLAIN,
	MATCH_F_ASKED_ROLE, /* how many role words are not found */
	MATCH_F_OTHER_ROLE,
	MATCH_F_NUMBER,      /* 0 none, 1 equal, 2 only asked, 3 only other, 4 both differ */
	MATCH_F_CLOSE_SHARE, /* permille of the found rarity that is misspelt or shortened */
	MATCH_F_WORST_SIM,   /* worst similarity of a found plain word */
	MATCH_F_DICE,        /* trigrams, permille */
	MATCH_F_DISTANCE,    /* letters to change in the names without blanks */
	MATCH_F_LIKENESS,    /* the same, permille of the longer */
	MATCH_F_EXTRA,       /* words typed in addition: firma, zentrale */
	MATCH_F_ASKED_CITY,  /* words not found that are the city */
	MATCH_F_OTHER_CITY,
	MATCH_F_ASKED_WEIGHT, /* rarity of all words */
	MATCH_F_OTHER_WEIGHT,
	MATCH_F_ASKED_WORDS,
	MATCH_F_NAMESAKES, /* log2 of the names with this compact writing */
	MATCH_F_TURNED,    /* word pairs in other order */
	MATCH_F_CUT,       /* the query is the beginning of the name: its length, else 0 */
	MATCH_F_FIRST,     /* similarity of the first words */
	MATCH_F_UNKNOWN,   /* permille of the query's rarity in words the register does not know */
	MATCH_F_EDITS,     /* letters changed in words taken for others */
	MATCH_F_SHORTENED, /* words taken for others as their beginnings */
	MATCH_F_KNOWN,     /* how common a typed word is that was taken for another one */
	MATCH_F_STOPS,     /* little words not found on either side */
	/* the legal form */
	MATCH_F_FORM, /* 0 equal, 1 both none, 2 asked none, 3 other none, 4 asked less, 5 asked more, 6 conflict */
	MATCH_F_FORM_GMBH, /* asked has it + 2 * other has it */
	MATCH_F_FORM_KG,
	MATCH_F_FORM_REST, /* number of other parts that differ */
	/* the address */
	MATCH_F_POSTCODE, /* 0 equal, 1 one digit, 2 swapped, 3 three equal, 4 two equal, 5 absent, 6 other */
	MATCH_F_CITY,     /* 0 equal, 1 part, 2 misspelt, 3 absent, 4 other */
	MATCH_F_STREET,   /* 0 equal, 1 misspelt, 2 part, 3 absent, 4 post box, 5 other */
	MATCH_F_HOUSE,    /* 0 equal, 1 letter differs, 2 one digit, 3 absent, 4 other */
	MATCH_F_ALIAS,    /* an earlier name */
	MATCH_F_REMOVED,
	MATCH_F_REGISTER, /* 0 absent, 1 equal, 2 number equal, suffix or court not, 3 other */
	MATCH_F_PLACE,    /* sum of the address's agreement, for ranking */
	/* against the other candidates */
	MATCH_F_RANK,    /* 0 = best by the first score */
	MATCH_F_GAP,     /* first score less the best of another company */
	MATCH_F_RIVALS,  /* companies with the same compact name among the candidates */
	MATCH_F_SISTERS, /* other candidates at the same street and number */
	MATCH_F_BETTER,  /* another candidate's name fits better: permille of cover and likeness */
	MATCH_F_COUNT
};

/* Candidates of one search that reach the model. */
#define MATCH_FINALISTS 24

struct match_candidate {
	uint8_t part; /* of the set */
	uint32_t row;
	uint32_t company;
	uint32_t city; /* numbers of places are those of the part */
	uint32_t postcode;
	uint32_t name_hash; /* of the compact name */
	uint16_t form;
	uint16_t house;
	uint32_t street;
	int32_t first; /* first score, by hand-made weights */
	int64_t score; /* log-odds against "none", millionths */
	uint32_t ppm;
	int16_t f[MATCH_F_COUNT];
};

struct match_scratch;
/*
 * The first half of a search, for fitting a model: candidates that reach the
 * model, one a company, best first score first; at most MATCH_FINALISTS.
 * Rows of "excluded" are treated as if they were not in the register.
 */
size_t match_candidates(const struct match_set *set, const struct match_query *query, struct match_rows excluded,
                        struct match_scratch *scratch, struct match_candidate *ret_candidates);

/* Fills score and ppm. */
void match_model_score(struct match_candidate *candidates, size_t count);

#endif
