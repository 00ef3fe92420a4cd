/* SPDX-License-Identifier: MIT */
#ifndef TEMP_DIR_H
#define TEMP_DIR_H

/* A folder of the test's own. */
struct temp_dir {
	char path[64];
};

struct temp_dir temp_dir_make(void);
/* With everything in it. */
void temp_dir_remove(const struct temp_dir *dir);
/* "dir/name" in memory that is valid until the fourth next call. */
const char *temp_dir_path(const struct temp_dir *dir, const char *name);

#endif
