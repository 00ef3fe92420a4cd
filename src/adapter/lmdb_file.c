/* SPDX-License-Identifier: MIT */
#include "lmdb_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LMDB_MAGIC   0xbeefc0deu
#define LMDB_VERSION 1u
#define MAX_MAP      (INT64_C(1) << 40)

/* The first bytes of LMDB 0.9's head pages on a 64-bit machine. */
struct head_page {
	uint64_t page;
	uint16_t pad;
	uint16_t flags;
	uint32_t bounds;
	uint32_t magic;
	uint32_t version;
	uint64_t address;
	uint64_t map_bytes;
	uint32_t page_size;
};

static bool plausible_head(int fd, off_t at, off_t size, uint32_t *ret_page_size)
{
	struct head_page head;

	if (pread(fd, &head, sizeof(head), at) != (ssize_t)sizeof(head))
		return false;
	if (head.magic != LMDB_MAGIC || head.version != LMDB_VERSION || head.address != 0)
		return false;
	if (head.page_size < 512 || head.page_size > 65536 || (head.page_size & (head.page_size - 1)) != 0)
		return false;
	if (head.map_bytes < 2u * head.page_size || head.map_bytes > (uint64_t)MAX_MAP)
		return false;
	if (size < 2 * (off_t)head.page_size)
		return false;
	*ret_page_size = head.page_size;
	return true;
}

void lmdb_file_key(char kind, uint64_t number, char ret_key[LMDB_FILE_KEY_LEN])
{
	ret_key[0] = kind;
	for (int i = 8; i > 0; i--, number >>= 8)
		ret_key[i] = (char)(number & 0xff);
}

bool lmdb_file_stat(const char *path, struct lmdb_file_id *ret_id)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return false;
	ret_id->inode = info.st_ino;
	ret_id->device = info.st_dev;
	return true;
}

bool lmdb_file_same(const struct lmdb_file_id *a, const struct lmdb_file_id *b)
{
	return a->inode == b->inode && a->device == b->device;
}

bool lmdb_file_plausible(const char *path)
{
	uint32_t first = 0, second = 0;
	struct stat info;
	bool good;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe would have us wait */

	if (fd < 0)
		return false;
	good = fstat(fd, &info) == 0 && plausible_head(fd, 0, info.st_size, &first) &&
	       plausible_head(fd, (off_t)first, info.st_size, &second) && first == second;
	close(fd);
	return good;
}
