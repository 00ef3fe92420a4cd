/* SPDX-License-Identifier: MIT */
#include "adapter/match_index.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fault_guard.h"

#define LOOK_NS INT64_C(1000000000)

/* Which file it was: another one of the same name differs in one of these. */
struct identity_of_file {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct snapshot {
	struct match_set set; /* first: callers hold a pointer to it */
	struct slice maps[MATCH_PARTS];
	unsigned users; /* one of them is the index itself */
};

struct match_index {
	char *paths[MATCH_PARTS];
	pthread_mutex_t lock;
	pthread_mutex_t loading; /* one loader at a time */
	struct snapshot *current;
	struct identity_of_file tried[MATCH_PARTS]; /* the last ones loaded, or found broken */
	int64_t looked_ns;
	enum status state; /* of the last look */
	pthread_t loader;
	bool has_loader;  /* to be joined */
	bool load_active; /* the loader has not ended */
};

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * LOOK_NS + now.tv_nsec;
}

static bool look(const char *path, struct identity_of_file *ret_file)
{
	struct stat info;
	if (stat(path, &info) != 0)
		return false;
	*ret_file = (struct identity_of_file){info.st_dev, info.st_ino, info.st_size, info.st_mtim};
	return true;
}

static bool same_file(const struct identity_of_file *a, const struct identity_of_file *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static void unmap(struct slice *map)
{
	if (map->ptr)
		munmap((void *)(uintptr_t)map->ptr, map->len);
	*map = SLICE_NONE;
}

struct opening {
	struct slice bytes;
	struct match_image image;
	enum status status;
};

static void open_image(void *ctx)
{
	struct opening *opening = ctx;
	opening->status = match_image_open(opening->bytes, &opening->image);
}

/* A file that is cut while it is looked at is no index. */
static enum status check_image(struct slice bytes, struct match_image *ret_image)
{
	struct opening opening = {.bytes = bytes, .status = STATUS_CORRUPT};
	if (!fault_guard_run(open_image, &opening))
		return STATUS_CORRUPT;
	if (opening.status == STATUS_OK)
		*ret_image = opening.image;
	return opening.status;
}

static enum status map_file(const char *path, struct slice *map, struct match_image *ret_image)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		close(fd);
		return STATUS_UNAVAILABLE;
	}
	if (info.st_size < MATCH_IMAGE_HEADER) {
		close(fd);
		return STATUS_CORRUPT;
	}
	void *mem = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (mem == MAP_FAILED)
		return STATUS_UNAVAILABLE;
	*map = (struct slice){mem, (size_t)info.st_size};
	enum status status = check_image(*map, ret_image);
	if (status == STATUS_OK)
		(void)madvise(mem, map->len, MADV_RANDOM);
	else
		unmap(map);
	return status;
}

/* An update that is missing or of an older index is no fault: it comes after its index or was merged into it. */
static enum status load(char *const *paths, struct snapshot **ret_snapshot)
{
	struct match_image image;
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	if (!snapshot)
		return STATUS_NO_MEMORY;
	enum status status = map_file(paths[0], &snapshot->maps[0], &image);
	if (status != STATUS_OK) {
		free(snapshot);
		return status;
	}
	match_set_init(&snapshot->set, &image);
	snapshot->users = 1;
	status = map_file(paths[1], &snapshot->maps[1], &image);
	if (status == STATUS_OK && match_set_add(&snapshot->set, &image) != STATUS_OK)
		unmap(&snapshot->maps[1]);
	*ret_snapshot = snapshot;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void snapshot_drop(struct snapshot *snapshot)
{
	unmap(&snapshot->maps[0]);
	unmap(&snapshot->maps[1]);
	free(snapshot);
}

/* Holds the lock. */
static void unuse(struct snapshot *snapshot)
{
	if (--snapshot->users == 0)
		snapshot_drop(snapshot);
}

/* Notes what is there; false when it was tried before, or there is no index. */
static bool is_replaced(struct match_index *index)
{
	bool other = false;
	for (size_t i = 0; i < MATCH_PARTS; i++) {
		struct identity_of_file file = {.size = 0};
		if (!look(index->paths[i], &file) && i == 0)
			return false;
		other |= !same_file(&file, &index->tried[i]);
		index->tried[i] = file;
	}
	return other;
}

static enum status replace(struct match_index *index)
{
	struct snapshot *fresh = NULL;
	pthread_mutex_lock(&index->loading);
	enum status status = load(index->paths, &fresh);
	pthread_mutex_lock(&index->lock);
	index->state = status;
	if (fresh && (status == STATUS_OK || fresh->set.part[0].revision != index->current->set.part[0].revision)) {
		struct snapshot *old = index->current;
		index->current = fresh;
		unuse(old);
	} else if (fresh) {
		snapshot_drop(fresh);
	}
	pthread_mutex_unlock(&index->lock);
	pthread_mutex_unlock(&index->loading);
	return status;
}

static void *run_loader(void *arg)
{
	struct match_index *index = arg;
	(void)replace(index);
	pthread_mutex_lock(&index->lock);
	index->load_active = false;
	pthread_mutex_unlock(&index->lock);
	return NULL;
}

/* Holds the lock. */
static void look_now_and_then(struct match_index *index)
{
	int64_t now = now_ns();
	if (index->load_active || now - index->looked_ns < LOOK_NS)
		return;
	index->looked_ns = now;
	if (!is_replaced(index))
		return;
	if (index->has_loader)
		pthread_join(index->loader, NULL);
	index->has_loader = pthread_create(&index->loader, NULL, run_loader, index) == 0;
	index->load_active = index->has_loader;
}

static bool name_paths(struct match_index *index, const char *path)
{
	char *whole = NULL;
	char *update = NULL;
	if (asprintf(&whole, "%s", path) < 0 || asprintf(&update, "%s" MATCH_INDEX_UPDATE, path) < 0) {
		free(whole);
		return false;
	}
	index->paths[0] = whole;
	index->paths[1] = update;
	return true;
}

enum status match_index_open(const char *path, struct match_index **ret_index)
{
	struct match_index *index = calloc(1, sizeof(*index));
	if (!index)
		return STATUS_NO_MEMORY;
	fault_guard_install();
	pthread_mutex_init(&index->lock, NULL);
	pthread_mutex_init(&index->loading, NULL);
	if (!name_paths(index, path)) {
		match_index_close(index);
		return STATUS_NO_MEMORY;
	}
	enum status status = load(index->paths, &index->current);
	if (!index->current) {
		match_index_close(index);
		return status;
	}
	index->state = status;
	index->looked_ns = now_ns();
	(void)is_replaced(index);
	*ret_index = index;
	return STATUS_OK;
}

void match_index_close(struct match_index *index)
{
	if (!index)
		return;
	if (index->has_loader)
		pthread_join(index->loader, NULL);
	if (index->current)
		snapshot_drop(index->current);
	pthread_mutex_destroy(&index->lock);
	pthread_mutex_destroy(&index->loading);
	free(index->paths[0]);
	free(index->paths[1]);
	free(index);
}

const struct match_set *match_index_hold(struct match_index *index)
{
	pthread_mutex_lock(&index->lock);
	look_now_and_then(index);
	struct snapshot *snapshot = index->current;
	snapshot->users++;
	pthread_mutex_unlock(&index->lock);
	return &snapshot->set;
}

void match_index_release(struct match_index *index, const struct match_set *set)
{
	pthread_mutex_lock(&index->lock);
	unuse((struct snapshot *)(uintptr_t)set);
	pthread_mutex_unlock(&index->lock);
}

enum status match_index_refresh(struct match_index *index)
{
	return replace(index);
}

enum status match_index_state(struct match_index *index)
{
	pthread_mutex_lock(&index->lock);
	enum status status = index->state;
	pthread_mutex_unlock(&index->lock);
	return status;
}
