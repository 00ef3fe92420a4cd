/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/verdict.h"
#include "trade.h"

#define INVOICE    SLICE_LIT("invoice")
#define PREPAYMENT SLICE_LIT("prepayment")

static struct verdict make(enum outcome outcome, bool invoice)
{
	return (struct verdict){.outcome = outcome, .count = 2, .methods = {{INVOICE, invoice}, {PREPAYMENT, true}}};
}

Test(verdict, differs_in_what_a_shop_acts_upon)
{
	const struct verdict yes = make(OUTCOME_APPROVE, true), no = make(OUTCOME_APPROVE, false),
	                     review = make(OUTCOME_REVIEW, true);

	cr_expect(verdict_same(&yes, &yes));
	cr_expect_not(verdict_same(&yes, &no));
	cr_expect_not(verdict_same(&no, &yes));
	cr_expect_not(verdict_same(&yes, &review));
}

Test(verdict, order_and_methods_that_are_withheld_do_not_count)
{
	const struct verdict one = make(OUTCOME_APPROVE, false);
	const struct verdict turned = {
	        .outcome = OUTCOME_APPROVE, .count = 2, .methods = {{PREPAYMENT, true}, {INVOICE, false}}};
	const struct verdict shorter = {.outcome = OUTCOME_APPROVE, .count = 1, .methods = {{PREPAYMENT, true}}};

	cr_expect(verdict_same(&one, &turned));
	cr_expect(verdict_same(&one, &shorter));
	cr_expect(verdict_same(&shorter, &one));
}

Test(verdict, is_written_as_one_member)
{
	const struct verdict verdict = make(OUTCOME_REVIEW, false);
	struct json_out out;
	char mem[256];
	struct buf buf;

	buf_init(&buf, mem, sizeof(mem));
	json_out_init(&out, &buf);
	json_out_object(&out, NULL);
	verdict_put(&out, "before", &verdict);
	json_out_object_end(&out);
	cr_expect(slice_eq_cstr(buf_view(&buf), "{\"before\":{\"outcome\":\"review\",\"payment_methods\":["
	                                        "{\"id\":\"invoice\",\"allowed\":false},"
	                                        "{\"id\":\"prepayment\",\"allowed\":true}]}}"));
}

Test(verdict, of_a_decision_is_what_the_decision_allows)
{
	struct trade trade;
	struct verdict good, bad;

	trade_init(&trade);
	verdict_of(trade_decide(&trade), &good);
	cr_expect_eq(good.outcome, OUTCOME_APPROVE);
	cr_assert_eq(good.count, trade.policy.method_count);
	for (size_t i = 0; i < good.count; i++) {
		const struct method_decision *method = &trade.out.methods[i];

		cr_expect(slice_eq_cstr(good.methods[i].id, method->rule->id));
		cr_expect_eq(good.methods[i].allowed, method->allowed);
	}
	trade_light(&trade, LIGHT_RED);
	verdict_of(trade_decide(&trade), &bad);
	cr_expect_eq(bad.outcome, OUTCOME_DECLINE);
	cr_expect_not(verdict_same(&good, &bad));
}

/* Over all verdicts on three methods, each there and allowed, there and withheld, or not there. */
Test(verdict, sameness_is_of_outcome_and_allowed_methods_alone)
{
	static const struct slice IDS[] = {SLICE_LIT("invoice"), SLICE_LIT("card"), SLICE_LIT("prepayment")};
	struct verdict all[27];
	unsigned allowed[27];

	for (unsigned i = 0; i < 27; i++) {
		unsigned rest = i;

		all[i] = (struct verdict){.outcome = OUTCOME_REVIEW};
		allowed[i] = 0;
		for (unsigned method = 0; method < 3; method++, rest /= 3) {
			if (rest % 3 == 2)
				continue;
			all[i].methods[all[i].count].id = IDS[method];
			all[i].methods[all[i].count++].allowed = rest % 3;
			allowed[i] |= rest % 3 << method;
		}
	}
	for (unsigned i = 0; i < 27; i++)
		for (unsigned j = 0; j < 27; j++)
			cr_expect_eq(verdict_same(&all[i], &all[j]), allowed[i] == allowed[j], "%u and %u", i, j);
}
