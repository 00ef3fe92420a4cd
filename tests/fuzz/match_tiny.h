/* SPDX-License-Identifier: MIT */
#ifndef MATCH_TINY_H
#define MATCH_TINY_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/match_build.h"

/* A sound index of a few companies, made once. */
static struct slice match_tiny_image(void)
{
	static const char *const FAMILIES[] = {"Nagelschmied", "Peddinghaus", "Grabowski", "Kallenberg"};
	static const char *const TRADES[] = {"Metallbau GmbH", "Verwaltungs-GmbH", "Logistik 2000 KG"};
	static struct slice image;
	char path[] = "/tmp/bonigate-fuzz-XXXXXX";
	struct match_build *build;
	struct stat info;
	int fd = image.ptr ? -1 : mkstemp(path);

	if (fd < 0 || match_build_create(&build) != STATUS_OK)
		return image;
	for (unsigned i = 0; i < 12; i++) {
		char id[32], name[64];
		(void)snprintf(id, sizeof(id), i % 2 ? "K1101R_HRB%u" : "other-%u", i + 1);
		(void)snprintf(name, sizeof(name), "%s %s", FAMILIES[i % 4], TRADES[i % 3]);
		struct slice names[2] = {slice_cstr(name), SLICE_LIT("Altname Peddinghaus GmbH")};
		struct match_build_record record = {.id = slice_cstr(id),
		                                    .court = SLICE_LIT("K1101R"),
		                                    .type = REGISTER_HRB,
		                                    .number = i + 1,
		                                    .vat_id = SLICE_LIT("DE136695976"),
		                                    .street = SLICE_LIT("Hafenstraße 12"),
		                                    .postal_code = i % 3 ? SLICE_LIT("40213") : SLICE_LIT("20095"),
		                                    .city = i % 3 ? SLICE_LIT("Düsseldorf") : SLICE_LIT("Hamburg"),
		                                    .names = names,
		                                    .name_count = 1 + i % 2};
		if (match_build_add(build, &record) != STATUS_OK)
			abort();
	}
	if (match_build_write(build, path, (struct match_build_progress){NULL, NULL}) != STATUS_OK)
		abort();
	match_build_destroy(build);
	close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0)
		abort();
	void *mem = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	(void)unlink(path);
	if (mem == MAP_FAILED)
		abort();
	image = (struct slice){mem, (size_t)info.st_size};
	return image;
}

#endif
