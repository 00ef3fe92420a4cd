/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "core/bureau.h"
#include "creditreform_report.h"
#include "json_fact.h"

#define RANGE_BYTES 16
#define MILLION     1000000
#define PERCENT     100

/* "0,8 %" or "0.8%" in millionths of one. */
static bool read_percent(struct slice text, int64_t *ret_ppm)
{
	char mem[RANGE_BYTES];
	struct buf number;
	int64_t millionths;

	buf_init(&number, mem, sizeof(mem));
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == ',')
			buf_char(&number, '.');
		else if ((c >= '0' && c <= '9') || c == '.')
			buf_char(&number, c);
		else if (c != '%' && c != ' ' && c != '\xc2' && c != '\xa0')
			return false;
	}
	if (number.overflow || !json_fact_decimal(buf_view(&number), &millionths))
		return false;
	*ret_ppm = millionths / PERCENT;
	return *ret_ppm <= MILLION;
}

/*
 * "0,8 % - 7,1 %": the service tells no more than a range. The worse end
 * never makes a company look better than it is; a range that ends at 100 %
 * says nothing by its end, and counts by its middle.
 */
static bool read_range(struct slice text, int64_t *ret_ppm)
{
	struct slice high = text, low = slice_cut(&high, '-');
	int64_t from, to;

	if (!high.ptr || !read_percent(low, &from) || !read_percent(high, &to) || from >= to)
		return false;
	*ret_ppm = to < MILLION ? to : (from + to) / 2;
	return true;
}

/* The company's own range, else what the report tells of its colour: a red light must not say nothing. */
static const char *range_of(const struct xml_element *light)
{
	struct slice colour = xml_text(light, "colour/key");

	if (!xml_text(light, "probabilityofdefaultrange").len && slice_eq_cstr(colour, "TL-30"))
		return "probabilityofdefaultrangered";
	if (!xml_text(light, "probabilityofdefaultrange").len && slice_eq_cstr(colour, "TL-10"))
		return "probabilityofdefaultrangegreen";
	return "probabilityofdefaultrange";
}

static void take_light(const struct xml_element *data, struct provider_answer *answer)
{
	const struct xml_element *light = xml_at(data, "trafficlightsolvency");
	const char *range = range_of(light);
	struct provider_field field = {.name = "bureau_pd",
	                               .pointer = slice_cstr(range),
	                               .text = xml_text(light, range),
	                               .fact = FACT_BUREAU_PD};

	(void)creditreform_text(answer, light, "light", "colour/key");
	(void)creditreform_text(answer, light, "light_colour", "colour/designation");
	(void)creditreform_text(answer, light, "light_grade", "colour/grade");
	(void)creditreform_text(answer, light, "index_range", "solvencyindexrange");
	if (!field.text.len)
		return;
	if (!read_range(field.text, &field.value))
		field.fault = "is no range of percentages";
	answer_fact(answer, &field, answer->as_of);
}

/* The report's own table from index to PD; it says by which the service counts this year. */
static bool read_table(const struct xml_element *solvency, struct bureau_table *table)
{
	const struct xml_element *row = xml_at(solvency, "probabilityofdefault/assignments/assignment");

	*table = (struct bureau_table){.point_count = 0};
	for (; row && table->point_count < MAX_PD_POINTS; row = xml_next(row)) {
		struct bureau_point *point = &table->points[table->point_count];
		int64_t percent;

		if (!json_fact_decimal(xml_text(row, "solvencyindex"), &point->value) ||
		    !json_fact_decimal(xml_text(row, "probabilityofdefault"), &percent) || percent < 0 ||
		    percent > (int64_t)PERCENT * MILLION)
			return false;
		point->pd_ppm = (int32_t)(percent / PERCENT);
		table->point_count++;
	}
	return bureau_check(table) == NULL;
}

/* The PD told for the index, else by the report's own table. */
static void take_pd(const struct xml_element *solvency, struct slice index, struct provider_answer *answer)
{
	struct provider_field field = {.name = "bureau_pd",
	                               .pointer = SLICE_LIT("solvencyindex/probabilityofdefault/assignments"),
	                               .text = index,
	                               .fact = FACT_BUREAU_PD};
	struct bureau_table table;
	int32_t ppm;

	(void)creditreform_text(answer, solvency, "pd_date", "probabilityofdefault/date");
	if (xml_text(solvency, "probabilityofdefault/duetosolvencyindex").len) {
		creditreform_number(answer, solvency, FACT_BUREAU_PD, "probabilityofdefault/duetosolvencyindex",
		                    answer->as_of);
		return;
	}
	if (!index.len || !read_table(solvency, &table) || bureau_pd(&table, index, &ppm) != BUREAU_PD)
		return;
	field.value = ppm;
	answer_fact(answer, &field, answer->as_of);
}

/* The fact that tells the indices apart. */
static void take_scale(struct slice index, bool is_two, struct provider_answer *answer)
{
	struct provider_field field = {.name = "bureau_scale",
	                               .pointer = SLICE_LIT("solvencyindex"),
	                               .text = index,
	                               .fact = FACT_BUREAU_SCALE,
	                               .value = is_two ? BUREAU_SCALE_CREDITREFORM_2_0 : BUREAU_SCALE_CREDITREFORM_1_0};

	if (answer->facts.items[FACT_BUREAU_INDEX].known)
		answer_fact(answer, &field, answer->as_of);
}

/* Index 1.0 and 2.0 of one company differ: the fact is 2.0 where there is one, and both are noted by name. */
static void take_index(const struct xml_element *data, struct provider_answer *answer)
{
	const struct xml_element *solvency = xml_at(data, "solvencyindex");
	struct slice one = creditreform_text(answer, solvency, "index_1_0", "solvencyindexone");
	struct slice two = creditreform_text(answer, solvency, "index_2_0", "solvencyindextwozero");

	if (!solvency)
		return;
	creditreform_number(answer, solvency, FACT_BUREAU_INDEX, two.len ? "solvencyindextwozero" : "solvencyindexone",
	                    answer->as_of);
	take_scale(two.len ? two : one, two.len > 0, answer);
	(void)creditreform_text(answer, solvency, "index_meaning", "solvencyindexmeaning");
	take_pd(solvency, two.len ? two : one, answer);
}

static void take_limit(const struct xml_element *data, struct provider_answer *answer)
{
	const struct xml_element *opinion = xml_at(data, "creditopinion");

	(void)creditreform_text(answer, opinion, "credit_opinion", "typeofcreditopinion/designation");
	if (slice_eq_cstr(xml_text(opinion, "creditlimit/currency/key"), "EUR"))
		creditreform_number(answer, opinion, FACT_BUREAU_LIMIT, "creditlimit/value", answer->as_of);
}

void creditreform_solvency(const struct xml_element *data, struct provider_answer *answer)
{
	take_light(data, answer);
	take_index(data, answer);
	take_limit(data, answer);
	(void)creditreform_text(answer, data, "payment_mode", "paymentmode/paymentmode/designation");
}
