/* SPDX-License-Identifier: MIT */
#include "match_evidence.h"

#define NAME_FITS 550 /* likeness from which a name does not contradict an identifier, permille */

static uint8_t grade(int value, int equal, int close, int absent)
{
	if (value == absent)
		return MATCH_FIELD_ABSENT;
	return value <= equal ? MATCH_FIELD_EQUAL : value <= close ? MATCH_FIELD_CLOSE : MATCH_FIELD_OTHER;
}

void match_evidence_of(const int16_t *f, uint8_t *ret_evidence)
{
	bool same = f[MATCH_F_LIKENESS] == 1000 || (f[MATCH_F_ASKED_COVER] == 1000 && f[MATCH_F_OTHER_COVER] == 1000);
	bool number = f[MATCH_F_NUMBER] < 2;
	ret_evidence[MATCH_FIELD_NAME] = same && number ? MATCH_FIELD_EQUAL
	                                 : f[MATCH_F_LIKENESS] >= NAME_FITS || f[MATCH_F_ASKED_COVER] >= NAME_FITS
	                                         ? MATCH_FIELD_CLOSE
	                                         : MATCH_FIELD_OTHER;
	ret_evidence[MATCH_FIELD_FORM] = f[MATCH_F_FORM] == 0                           ? MATCH_FIELD_EQUAL
	                                 : f[MATCH_F_FORM] <= 3                         ? MATCH_FIELD_ABSENT
	                                 : f[MATCH_F_FORM] == 4 || f[MATCH_F_FORM] == 5 ? MATCH_FIELD_CLOSE
	                                                                                : MATCH_FIELD_OTHER;
	ret_evidence[MATCH_FIELD_STREET] = f[MATCH_F_STREET] == 4 ? MATCH_FIELD_ABSENT
	                                                          : grade(f[MATCH_F_STREET], 0, 2, 3);
	ret_evidence[MATCH_FIELD_HOUSE] = grade(f[MATCH_F_HOUSE], 0, 2, 3);
	ret_evidence[MATCH_FIELD_POSTCODE] = grade(f[MATCH_F_POSTCODE], 0, 4, 5);
	ret_evidence[MATCH_FIELD_CITY] = grade(f[MATCH_F_CITY], 0, 2, 3);
	ret_evidence[MATCH_FIELD_REGISTER] = f[MATCH_F_REGISTER] == 0   ? MATCH_FIELD_ABSENT
	                                     : f[MATCH_F_REGISTER] == 1 ? MATCH_FIELD_EQUAL
	                                                                : MATCH_FIELD_OTHER;
}

bool match_hit_fits(const struct match_hit *hit)
{
	for (size_t i = 0; i < MATCH_FIELD_COUNT; i++) {
		if (hit->evidence[i] > MATCH_FIELD_EQUAL)
			return false;
	}
	return true;
}
