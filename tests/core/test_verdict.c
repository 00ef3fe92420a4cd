/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/verdict.h"

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
