/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/subject.h"

static char memory[1 << 20] __attribute__((aligned(16)));

static struct arena scratch(void)
{
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory));
	return arena;
}

static struct subject ask(struct identity typed)
{
	struct arena arena = scratch();
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	struct identity_norm norm;
	struct subject subject;
	size_t count;

	cr_assert_eq(identity_normalise(&typed, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count), STATUS_OK);
	subject_init(&typed, &norm, &subject);
	return subject;
}

#define S(text) .ptr = (text), .len = sizeof(text) - 1

static const struct identity schmidt = {.name = {S("Schmidt Industrie GmbH")},
                                        .street = {S("Hafenstraße 12")},
                                        .postal_code = {S("40213")},
                                        .city = {S("Düsseldorf")},
                                        .country = {S("DE")},
                                        .vat_id = {S("DE136695976")},
                                        .court = {S("Düsseldorf")},
                                        .register_type = {S("HRB")},
                                        .register_number = {S("12345")}};

static void expect(struct identity asked, struct identity answered, enum subject_verdict expected, int line)
{
	struct subject subject = ask(asked);
	struct arena arena = scratch();
	enum subject_verdict got = subject_judge(&subject, &answered, &arena);

	cr_expect_eq(got, expected, "line %d: %s", line, subject_verdict_name(got));
}

#define EXPECT(asked, verdict, ...) expect(asked, (struct identity){__VA_ARGS__}, verdict, __LINE__)

Test(subject, proves_a_company_by_an_identifier)
{
	EXPECT(schmidt, SUBJECT_SAME, .vat_id = {S("DE 136 695 976")});
	EXPECT(schmidt, SUBJECT_SAME, .vat_id = {S("DE136695976")}, .name = {S("SCHMIDT INDUSTRIE GmbH")});
	EXPECT(schmidt, SUBJECT_SAME, .vat_id = {S("DE136695976")}, .name = {S("Schmidt Industrie und Handel GmbH")});
	EXPECT(schmidt, SUBJECT_SAME, .court = {S("Amtsgericht Düsseldorf")}, .register_type = {S("HRB")},
	       .register_number = {S("12345")});
	/* A field that is no identifier at all says nothing. */
	EXPECT(schmidt, SUBJECT_SAME, .vat_id = {S("DE136695976")}, .lei = {S("not an LEI")}, .postal_code = {S("?")});
}

Test(subject, does_not_take_another_company)
{
	EXPECT(schmidt, SUBJECT_OTHER, .vat_id = {S("DE811907980")}, .name = {S("Schmidt Industrie GmbH")});
	EXPECT(schmidt, SUBJECT_OTHER, .vat_id = {S("DE136695976")}, .name = {S("Bäckerei Vogel KG")});
	EXPECT(schmidt, SUBJECT_OTHER, .court = {S("Köln")}, .register_type = {S("HRB")},
	       .register_number = {S("12345")}, .name = {S("Schmidt Industrie GmbH")});
	EXPECT(schmidt, SUBJECT_OTHER, .register_number = {S("HRB 12346")}, .name = {S("Schmidt Industrie GmbH")},
	       .postal_code = {S("40213")});
	EXPECT(schmidt, SUBJECT_OTHER, .name = {S("Vogel GmbH")}, .postal_code = {S("40213")});
	EXPECT(schmidt, SUBJECT_OTHER, .country = {S("AT")}, .name = {S("Schmidt Industrie GmbH")});
}

Test(subject, takes_a_whole_name_with_its_place)
{
	EXPECT(schmidt, SUBJECT_LIKELY, .name = {S("schmidt industrie gmbh")}, .postal_code = {S("40213")});
	EXPECT(schmidt, SUBJECT_LIKELY, .name = {S("Schmidt Industrie GmbH")}, .city = {S("DÜSSELDORF")});
	EXPECT(schmidt, SUBJECT_SAME, .name = {S("Schmidt Industrie GmbH")}, .register_number = {S("HRB12345")});
	EXPECT(schmidt, SUBJECT_LIKELY, .name = {S("Schmidt Industrie")}, .register_number = {S("HRB 12345")},
	       .postal_code = {S("40213")});
}

Test(subject, leaves_open_what_nothing_shows)
{
	static const struct identity nothing = {0};

	expect(schmidt, nothing, SUBJECT_UNPROVEN, __LINE__);
	EXPECT(schmidt, SUBJECT_UNPROVEN, .name = {S("Schmidt Industrie GmbH")});
	EXPECT(schmidt, SUBJECT_UNPROVEN, .name = {S("Schmidt Industrie GmbH")}, .postal_code = {S("10115")});
	EXPECT(schmidt, SUBJECT_UNPROVEN, .name = {S("Schmidt Industrie GmbH & Co. KG")}, .postal_code = {S("40213")});
	EXPECT(schmidt, SUBJECT_UNPROVEN, .register_number = {S("HRB 12345")});
	EXPECT(schmidt, SUBJECT_UNPROVEN, .name = {S("\xff\xfe")});
}

Test(subject, needs_room)
{
	struct subject subject = ask(schmidt);
	struct identity same = schmidt;
	struct arena arena;

	arena_init(&arena, memory, 16);
	cr_expect_eq(subject_judge(&subject, &same, &arena), SUBJECT_UNPROVEN);
	cr_expect_str_eq(subject_verdict_name(SUBJECT_SAME), "same");
	cr_expect_str_eq(subject_verdict_name(SUBJECT_OTHER), "other");
	cr_expect_str_eq(subject.typed_name, "Schmidt Industrie GmbH");
}
