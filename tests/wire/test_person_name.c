/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>

#include "../../src/wire/person_name.h"

static struct subject named(const char *name)
{
	struct subject subject = {.typed_name = ""};

	snprintf(subject.typed_name, sizeof(subject.typed_name), "%s", name);
	return subject;
}

Test(person_name, takes_a_name_apart)
{
	static const struct {
		const char *typed, *title, *first, *last, *form;
	} cases[] = {
	        {"Anna Weber", "", "Anna", "Weber", ""},
	        {"Anna Maria Weber-Groß", "", "Anna Maria", "Weber-Groß", ""},
	        {"Dr. Anna Weber", "Dr.", "Anna", "Weber", ""},
	        {"Prof. Dr. Anna  Weber", "Prof. Dr.", "Anna", "Weber", ""},
	        {"Hans Müller e.K.", "", "Hans", "Müller", "e.K."},
	        {"Hans Müller e. K.", "", "Hans", "Müller", "e. K."},
	        {"Eva Kurz eingetragene Kauffrau", "", "Eva", "Kurz", "eingetragene Kauffrau"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct subject subject = named(cases[i].typed);
		struct person_name person;

		cr_assert(person_name_read(&subject, &person), "%s", cases[i].typed);
		cr_expect(slice_eq(person.first, slice_cstr(cases[i].first)), "%s", cases[i].typed);
		cr_expect(slice_eq(person.last, slice_cstr(cases[i].last)), "%s", cases[i].typed);
		cr_expect(slice_eq(person.title, slice_cstr(cases[i].title)), "%s", cases[i].typed);
		cr_expect(slice_eq(person.form, slice_cstr(cases[i].form)), "%s", cases[i].typed);
	}
}

Test(person_name, is_none_of_a_company)
{
	static const char *const NONE[] = {"",
	                                   "Weber",
	                                   "Dr. Weber",
	                                   "Müller e.K.",
	                                   "Weber GmbH",
	                                   "Anna Weber GmbH",
	                                   "Anna Weber & Co. KG",
	                                   "Kiosk 24",
	                                   "Das kleine Haus an der Ecke"};

	for (size_t i = 0; i < sizeof(NONE) / sizeof(*NONE); i++) {
		struct subject subject = named(NONE[i]);
		struct person_name person;

		cr_expect_not(person_name_read(&subject, &person), "%s", NONE[i]);
	}
}
