/* SPDX-License-Identifier: MIT */
#include "core/explanation.h"

#include <string.h>

/* The bin with more points that is fewest bins away, higher values first; -1 when there is none. */
static int nearest_better(const struct characteristic *c, int bin)
{
	for (int apart = 1; apart < c->bin_count; apart++) {
		if (bin + apart < c->bin_count && c->bins[bin + apart].points > c->bins[bin].points)
			return bin + apart;
		if (bin - apart >= 0 && c->bins[bin - apart].points > c->bins[bin].points)
			return bin - apart;
	}
	return -1;
}

static void find_border(const struct characteristic *c, const struct effect *effect, struct explanation_item *item)
{
	int better = c->by_code ? -1 : nearest_better(c, effect->bin);

	if (better < 0)
		return;
	item->below = better < effect->bin;
	item->border = item->below ? c->bins[better].below : c->bins[better - 1].below;
	item->gain = evidence_weigh(c->bins[better].points, effect->share_ppm) -
	             evidence_weigh(c->bins[effect->bin].points, effect->share_ppm);
}

static struct explanation_item make_item(const struct model *model, const struct score *score, uint8_t index)
{
	const struct effect *effect = &score->effects[index];
	struct explanation_item item = {.reason = effect->reason,
	                                .fact = effect->fact,
	                                .value = effect->value,
	                                .points = effect->points,
	                                .lost = effect->lost};

	if (index < model->characteristic_count)
		find_border(&model->characteristics[index], effect, &item);
	return item;
}

static int32_t size_of(const struct explanation_item *item, bool costs)
{
	return costs ? item->lost : item->points;
}

/* By falling size, equal ones in the model's order; the smallest falls off the end. */
static void insert(struct explanation_item *list, uint8_t *count, const struct explanation_item *item, bool costs)
{
	uint8_t at = *count;

	while (at > 0 && size_of(&list[at - 1], costs) < size_of(item, costs))
		at--;
	if (at == EXPLANATION_ITEMS)
		return;
	if (*count < EXPLANATION_ITEMS)
		(*count)++;
	memmove(list + at + 1, list + at, (size_t)(*count - at - 1) * sizeof(*list));
	list[at] = *item;
}

void explanation_make(const struct model *model, const struct score *score, struct explanation *ret_explanation)
{
	struct explanation explanation;

	memset(&explanation, 0, sizeof(explanation));
	for (uint8_t i = 0; i < score->effect_count; i++) {
		const struct effect *effect = &score->effects[i];
		if (!effect->known) {
			explanation.unknown[explanation.unknown_count++] = effect->fact;
			continue;
		}
		struct explanation_item item = make_item(model, score, i);
		if (item.lost > 0)
			insert(explanation.costs, &explanation.cost_count, &item, true);
		if (item.points > 0)
			insert(explanation.strengths, &explanation.strength_count, &item, false);
	}
	*ret_explanation = explanation;
}
