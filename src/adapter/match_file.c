/* SPDX-License-Identifier: MIT */
#include "match_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (1 << 20)

static void fail(struct match_file *file)
{
	if (file->error == 0)
		file->error = errno ? errno : EIO;
}

static enum status failure(const struct match_file *file)
{
	return file->error == ENOSPC || file->error == EDQUOT ? STATUS_FULL : STATUS_UNAVAILABLE;
}

/* What an interrupted build left is used again; a build that is still running keeps its own. */
static int open_locked(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(fd, 0) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

enum status match_file_open(struct match_file *file, const char *path)
{
	*file = (struct match_file){.stream = NULL};
	if (asprintf(&file->temp, "%s.new", path) < 0) {
		file->temp = NULL;
		return STATUS_NO_MEMORY;
	}
	int fd = open_locked(file->temp);
	if (fd < 0) {
		free(file->temp);
		file->temp = NULL;
		return errno == EWOULDBLOCK ? STATUS_RUNNING : STATUS_UNAVAILABLE;
	}
	file->stream = fdopen(fd, "w+b");
	if (!file->stream) {
		close(fd);
		return STATUS_NO_MEMORY;
	}
	(void)setvbuf(file->stream, NULL, _IOFBF, BUFFER);
	static const char header[MATCH_IMAGE_HEADER];
	match_file_put(file, header, sizeof(header));
	return STATUS_OK;
}

void match_file_begin(struct match_file *file, enum match_section section)
{
	static const char zeros[8];
	match_file_put(file, zeros, (size_t)(-file->at & 7));
	file->place[section][0] = file->at;
}

void match_file_put(struct match_file *file, const void *bytes, size_t len)
{
	if (len > 0 && file->error == 0 && fwrite(bytes, 1, len, file->stream) != len)
		fail(file);
	file->at += len;
}

void match_file_put_u32(struct match_file *file, uint32_t value)
{
	match_file_put(file, &value, sizeof(value));
}

void match_file_end(struct match_file *file, enum match_section section)
{
	file->place[section][1] = file->at - file->place[section][0];
}

static size_t table_size(size_t count)
{
	size_t size = 2;
	while (size < count)
		size *= 2;
	return size;
}

enum status match_file_lists(struct match_file *file, enum match_section table, struct match_pairs pairs)
{
	size_t size = table_size(pairs.count / pairs.load);
	uint32_t *places = calloc(size + 1, sizeof(*places));
	uint32_t *sorted = malloc((pairs.count ? pairs.count : 1) * sizeof(*sorted));
	if (!places || !sorted || pairs.count > UINT32_MAX / 2) {
		free(places);
		free(sorted);
		return STATUS_NO_MEMORY;
	}
	for (size_t i = 0; i < pairs.count; i++)
		places[pairs.hashes[i] & (size - 1)]++;
	uint32_t sum = 0;
	for (size_t i = 0; i <= size; i++) {
		uint32_t n = places[i];
		places[i] = sum;
		sum += n;
	}
	match_file_begin(file, table);
	match_file_put(file, places, (size + 1) * sizeof(*places));
	match_file_end(file, table);
	for (size_t i = 0; i < pairs.count; i++)
		sorted[places[pairs.hashes[i] & (size - 1)]++] = pairs.values[i];
	match_file_begin(file, table + 1);
	match_file_put(file, sorted, pairs.count * sizeof(*sorted));
	match_file_end(file, table + 1);
	free(places);
	free(sorted);
	return STATUS_OK;
}

/* The sum is taken over the finished bytes, as a reader will see them. */
static bool write_header(struct match_file *file)
{
	char header[MATCH_IMAGE_HEADER];
	memset(header, 0, sizeof(header));
	memcpy(header, MATCH_IMAGE_MAGIC, 8);
	uint32_t version = MATCH_IMAGE_VERSION;
	uint32_t sections = MATCH_SECTION_COUNT;
	memcpy(header + 8, &version, 4);
	memcpy(header + 12, &sections, 4);
	memcpy(header + 16, &file->at, 8);
	for (size_t i = 0; i < MATCH_SECTION_COUNT; i++) {
		if (file->place[i][0] == 0)
			file->place[i][0] = MATCH_IMAGE_HEADER;
	}
	memcpy(header + 32, &file->base, 8);
	memcpy(header + 40, &file->population, 4);
	memcpy(header + 48, file->place, sizeof(file->place));
	int fd = fileno(file->stream);
	if (pwrite(fd, header, sizeof(header), 0) != (ssize_t)sizeof(header))
		return false;
	char *map = mmap(NULL, file->at, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	uint64_t sum = match_image_sum((struct slice){map + 32, file->at - 32});
	munmap(map, file->at);
	return pwrite(fd, &sum, sizeof(sum), 24) == (ssize_t)sizeof(sum);
}

/* The rename itself must survive a power cut. */
static void sync_folder(const char *path)
{
	char *folder = strdup(path);
	if (!folder)
		return;
	char *slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = 0;
	int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(folder);
}

enum status match_file_publish(struct match_file *file, const char *path)
{
	if (file->error == 0 && fflush(file->stream) != 0)
		fail(file);
	if (file->error == 0 && (!write_header(file) || fsync(fileno(file->stream)) != 0))
		fail(file);
	if (file->error == 0 && rename(file->temp, path) != 0)
		fail(file);
	if (file->error != 0)
		return failure(file);
	free(file->temp);
	file->temp = NULL;
	sync_folder(path);
	return STATUS_OK;
}

void match_file_close(struct match_file *file)
{
	if (file->stream)
		(void)fclose(file->stream);
	if (file->temp) {
		(void)unlink(file->temp);
		free(file->temp);
	}
	*file = (struct match_file){.stream = NULL};
}
