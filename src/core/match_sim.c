/* SPDX-License-Identifier: MIT */
#include "match_sim.h"

#include <string.h>

void match_sim_prepare(struct match_pattern *pattern, struct slice text)
{
	memset(pattern->mask, 0, sizeof(pattern->mask));
	pattern->len = text.len > MATCH_SIM_MAX ? MATCH_SIM_MAX : (unsigned)text.len;
	for (unsigned i = 0; i < pattern->len; i++)
		pattern->mask[text.ptr[i] & 127] |= UINT64_C(1) << i;
}

unsigned match_sim_distance(const struct match_pattern *pattern, struct slice text)
{
	if (pattern->len == 0)
		return (unsigned)(text.len > MATCH_SIM_MAX ? MATCH_SIM_MAX : text.len);
	size_t len = text.len > MATCH_SIM_MAX ? MATCH_SIM_MAX : text.len;
	uint64_t last = UINT64_C(1) << (pattern->len - 1);
	uint64_t vp = ~UINT64_C(0);
	uint64_t vn = 0;
	uint64_t d0 = 0;
	uint64_t before = 0;
	unsigned distance = pattern->len;
	for (size_t i = 0; i < len; i++) {
		uint64_t eq = pattern->mask[text.ptr[i] & 127];
		uint64_t swap = ((~d0 & eq) << 1) & before;
		d0 = swap | (((eq & vp) + vp) ^ vp) | eq | vn;
		uint64_t hp = vn | ~(d0 | vp);
		uint64_t hn = d0 & vp;
		distance += (hp & last) != 0;
		distance -= (hn & last) != 0;
		hp = hp << 1 | 1;
		hn <<= 1;
		vp = hn | ~(d0 | hp);
		vn = hp & d0;
		before = eq;
	}
	return distance;
}

unsigned match_sim_pair(struct slice a, struct slice b)
{
	struct match_pattern pattern;
	match_sim_prepare(&pattern, a);
	return match_sim_distance(&pattern, b);
}
