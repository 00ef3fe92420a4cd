/* SPDX-License-Identifier: MIT */
#include "core/evidence.h"

#include <stddef.h>

void evidence_shares(const struct evidence *list, uint8_t count, uint32_t known, int64_t ret_shares[MAX_EVIDENCE])
{
	for (uint8_t i = 0; i < count; i++) {
		int64_t share = list[i].weight_ppm;
		for (uint8_t k = 0; k < count; k++)
			if (k != i && (known >> k & 1))
				share = share * list[i].beside_ppm[k] / EVIDENCE_FULL;
		ret_shares[i] = share;
	}
}

int64_t evidence_age_share(const struct evidence *evidence, int64_t days)
{
	const struct evidence_age *age = evidence->ages;
	uint8_t last = (uint8_t)(evidence->age_count - 1);

	if (evidence->age_count == 0 || days < age[0].days)
		return evidence->age_count == 0 ? EVIDENCE_FULL : age[0].share_ppm;
	if (days >= age[last].days)
		return age[last].share_ppm;
	while (days >= age[1].days)
		age++;
	return age[0].share_ppm +
	       (age[1].share_ppm - age[0].share_ppm) * (days - age[0].days) / (age[1].days - age[0].days);
}

int32_t evidence_weigh(int32_t points, int64_t share_ppm)
{
	int64_t scaled = points * share_ppm;

	return (int32_t)((scaled + (scaled < 0 ? -EVIDENCE_FULL / 2 : EVIDENCE_FULL / 2)) / EVIDENCE_FULL);
}

static bool is_share(int32_t ppm)
{
	return ppm >= 0 && ppm <= EVIDENCE_FULL;
}

const char *evidence_check(const struct evidence *evidence, uint8_t count)
{
	if (evidence->id[0] == '\0')
		return "id";
	if (!is_share(evidence->weight_ppm))
		return "weight";
	for (uint8_t i = 0; i < count; i++)
		if (!is_share(evidence->beside_ppm[i]))
			return "beside";
	for (uint8_t i = 0; i < evidence->age_count; i++) {
		const struct evidence_age *age = &evidence->ages[i];
		if (!is_share(age->share_ppm) || age->days < 0 || evidence->age_count > MAX_AGES)
			return "ages";
		if (i > 0 && (age->days <= age[-1].days || age->share_ppm > age[-1].share_ppm))
			return "ages";
	}
	return NULL;
}
