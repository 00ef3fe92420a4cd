/* SPDX-License-Identifier: MIT */
#ifndef MATCH_WORLD_H
#define MATCH_WORLD_H

#include "adapter/match_build.h"

/* A made-up register of a few hundred companies, small enough to build for every test. */
#define MATCH_WORLD_COMPANIES 400

struct match_world_company {
	char id[32];
	char name[96];
	char previous[96]; /* "" = none */
	char street[64];
	char postal_code[8];
	char city[32];
	char vat_id[16];
	unsigned number;
};

/* Company i of the world: the same for the same i. */
struct match_world_company match_world_company(unsigned i);
enum status match_world_add(struct match_build *build, const struct match_world_company *company);
/* The whole world as an index file. */
enum status match_world_write(const char *path);

#endif
