/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "trade.h"

static struct trade trade;

/* The list names a company as people do; its buyer gives a VAT id only. */
Test(ruling, a_deny_entry_by_name_hits_a_buyer_without_a_name)
{
	struct identity raw = {.name = SLICE_LIT("Grabowski & Söhne Gesellschaft mbH"),
	                       .postal_code = SLICE_LIT("40213"),
	                       .country = SLICE_LIT("DE")};
	static char mem[16384] __attribute__((aligned(16)));
	struct arena arena;
	struct identity_norm norm;
	struct identity_error error;
	struct company_key key;
	size_t count = 0;

	trade_init(&trade);
	arena_init(&arena, mem, sizeof(mem));
	cr_assert_eq(identity_normalise(&raw, &arena, &norm, &error, 1, &count), STATUS_OK);
	cr_assert_eq(identity_key(&norm, &key), STATUS_OK);
	(void)slice_copy(SLICE_LIT("GRABOWSKI und Soehne GmbH"), trade.facts.name, sizeof(trade.facts.name));
	(void)slice_copy(SLICE_LIT("40213"), trade.facts.postal_code, sizeof(trade.facts.postal_code));
	cr_assert_eq(policy_list_add(&trade.policy, &key, false), STATUS_OK);
	(void)trade_decide(&trade);
	cr_expect_eq(trade.out.outcome, OUTCOME_DECLINE);
	cr_expect(trade_has(trade.out.reasons, trade.out.reason_count, REASON_ON_DENY_LIST));
	(void)slice_copy(SLICE_LIT("40215"), trade.facts.postal_code, sizeof(trade.facts.postal_code));
	cr_expect_eq(trade_decide(&trade)->outcome, OUTCOME_APPROVE, "the same name elsewhere is somebody else");
	(void)slice_copy(SLICE_LIT("40 213"), trade.facts.postal_code, sizeof(trade.facts.postal_code));
	cr_expect_eq(trade_decide(&trade)->outcome, OUTCOME_DECLINE, "however its postal code is written");
	(void)slice_copy(SLICE_LIT("Grabowski GmbH"), trade.facts.name, sizeof(trade.facts.name));
	cr_expect_eq(trade_decide(&trade)->outcome, OUTCOME_APPROVE, "another name in the same place");
}
