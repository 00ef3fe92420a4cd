/* SPDX-License-Identifier: MIT */
#include "match_world.h"

#include <stdio.h>

static const char *const FAMILIES[] = {"Schmidthuber", "Wittenborn", "Grabowski", "Kallenberg", "Ostermeyer",
                                       "Peddinghaus",  "Ruhmkorff",  "Zschoche",  "Brinkhege",  "Nagelschmied"};
static const char *const TRADES[] = {"Metallbau", "Logistik",   "Elektrotechnik", "Gartenbau",
                                     "Druckerei", "Immobilien", "Textil",         "Feinmechanik"};
static const char *const FORMS[] = {"GmbH", "GmbH & Co. KG", "KG", "UG (haftungsbeschränkt)", "AG"};
static const char *const PLACES[][2] = {{"40213", "Düsseldorf"}, {"20095", "Hamburg"},  {"80331", "München"},
                                        {"01067", "Dresden"},    {"79098", "Freiburg"}, {"26835", "Hesel"}};
static const char *const STREETS[] = {"Hafenstraße", "Am Untergrün", "Bahnhofstraße", "Kelterweg"};

#define PICK(list, i) (list)[(i) % (sizeof(list) / sizeof((list)[0]))]

struct match_world_company match_world_company(unsigned i)
{
	struct match_world_company c = {.number = 1000 + i};
	const char *family = PICK(FAMILIES, i);
	const char *const *place = PICK(PLACES, i / 7);

	(void)snprintf(c.id, sizeof(c.id), "K1101R_HRB%u", c.number);
	(void)snprintf(c.name, sizeof(c.name), "%s%c%s %s %s", family, "aeiou"[i / 10 % 5],
	               &"ngrtelohstin"[i / 50 % 10], PICK(TRADES, i / 10), PICK(FORMS, i / 80));
	if (i % 9 == 0)
		(void)snprintf(c.previous, sizeof(c.previous), "Altname%u Vormals %s GmbH", i, family);
	(void)snprintf(c.street, sizeof(c.street), "%s %u", PICK(STREETS, i / 3), 1 + i % 97);
	(void)snprintf(c.postal_code, sizeof(c.postal_code), "%s", place[0]);
	(void)snprintf(c.city, sizeof(c.city), "%s", place[1]);
	if (i % 5 == 0)
		(void)snprintf(c.vat_id, sizeof(c.vat_id), "DE%09u", 100000000 + i);
	return c;
}

enum status match_world_add(struct match_build *build, const struct match_world_company *company)
{
	struct slice names[2] = {slice_cstr(company->name), slice_cstr(company->previous)};
	struct match_build_record record = {.id = slice_cstr(company->id),
	                                    .court = SLICE_LIT("K1101R"),
	                                    .type = REGISTER_HRB,
	                                    .number = company->number,
	                                    .vat_id = slice_cstr(company->vat_id),
	                                    .street = slice_cstr(company->street),
	                                    .postal_code = slice_cstr(company->postal_code),
	                                    .city = slice_cstr(company->city),
	                                    .names = names,
	                                    .name_count = company->previous[0] ? 2 : 1};
	return match_build_add(build, &record);
}

enum status match_world_write(const char *path)
{
	struct match_build *build;
	enum status status = match_build_create(&build);

	if (status != STATUS_OK)
		return status;
	for (unsigned i = 0; i < MATCH_WORLD_COMPANIES && status == STATUS_OK; i++) {
		struct match_world_company company = match_world_company(i);
		status = match_world_add(build, &company);
	}
	if (status == STATUS_OK)
		status = match_build_write(build, path, (struct match_build_progress){NULL, NULL});
	match_build_destroy(build);
	return status;
}
