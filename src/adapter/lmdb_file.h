/* SPDX-License-Identifier: MIT */
#ifndef SRC_ADAPTER_LMDB_FILE_H
#define SRC_ADAPTER_LMDB_FILE_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The cache file: one LMDB file, one unnamed tree.
 *   'k' + 8 bytes hash of the key (big-endian)  ->  cache_entry.h
 *   'q' + 8 bytes place (big-endian)            ->  8 bytes hash: the order of age
 *   'm'                                         ->  struct lmdb_file_state
 * LMDB's own lock file is not used: a process that scribbles over it could
 * hang every other one. Writers take a kernel lock on the file itself;
 * readers take none and check what they read (cache_entry.h).
 */
#define LMDB_FILE_NAME    "data.mdb"
#define LMDB_FILE_KEY_LEN 9

/* Who the file is, to see that it was deleted or replaced. */
struct lmdb_file_id {
	ino_t inode;
	dev_t device;
};

struct lmdb_file_state {
	uint64_t next_place;
	uint64_t live_bytes; /* what entries occupy, estimated */
	char boot[40];       /* of the system when the file was made: unsynced data do not outlive it */
};

void lmdb_file_key(char kind, uint64_t number, char ret_key[LMDB_FILE_KEY_LEN]);
/* False: there is no file. */
bool lmdb_file_stat(const char *path, struct lmdb_file_id *ret_id);
bool lmdb_file_same(const struct lmdb_file_id *a, const struct lmdb_file_id *b);
/* Whether LMDB can be let open it: both its heads are sane. LMDB itself divides by what they say. */
bool lmdb_file_plausible(const char *path);

#endif
