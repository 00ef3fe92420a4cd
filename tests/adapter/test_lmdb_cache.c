/* SPDX-License-Identifier: MIT */
/* Whatever happens to its file, the cache costs speed at most. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adapter/lmdb_cache.h"
#include "base/maxima.h"
#include "temp_dir.h"

#define MAP_BYTES (4u << 20)
#define PATIENCE  20000000 /* rounds of waiting for another process; far more than it takes */

static struct temp_dir dir;
static char cache_dir[128], data_file[160];

static void set_up(void)
{
	dir = temp_dir_make();
	snprintf(cache_dir, sizeof(cache_dir), "%s", temp_dir_path(&dir, "cache"));
	snprintf(data_file, sizeof(data_file), "%s/data.mdb", cache_dir);
}

static void tear_down(void)
{
	temp_dir_remove(&dir);
}

TestSuite(lmdb_cache, .init = set_up, .fini = tear_down);

static struct lmdb_cache *open_cache(void)
{
	struct lmdb_cache *cache;

	cr_assert_eq(lmdb_cache_open(cache_dir, MAP_BYTES, &cache), STATUS_OK);
	return cache;
}

static _Thread_local char memory[1 << 16] __attribute__((aligned(16)));
static _Thread_local struct arena arena;

static size_t key_text(int number, char ret_key[24])
{
	return (size_t)snprintf(ret_key, 24, "key-%d", number);
}

/* 100 to about 3,000 bytes that only this number has. */
static size_t value_text(int number, char ret_value[4096])
{
	size_t len = 100 + (size_t)(number * 37 % 2900);

	for (size_t i = 0; i < len; i++)
		ret_value[i] = (char)(number * 31 + (int)i);
	return len;
}

static void put(struct lmdb_cache *cache, int number)
{
	struct cache_port port = lmdb_cache_port(cache);
	char key[24], value[4096];
	size_t key_len = key_text(number, key), len = value_text(number, value);

	port.vtable->put(port.self, (struct slice){key, key_len}, (struct slice){value, len}, 1000, 2000);
}

enum seen { SEEN_NONE, SEEN_RIGHT, SEEN_WRONG };

static enum seen see(struct lmdb_cache *cache, int number)
{
	struct cache_port port = lmdb_cache_port(cache);
	char key[24], expected[4096];
	size_t key_len = key_text(number, key), len = value_text(number, expected);
	struct slice value;

	arena_init(&arena, memory, sizeof(memory));
	if (port.vtable->get(port.self, (struct slice){key, key_len}, 0, &arena, &value) != CACHE_FRESH)
		return SEEN_NONE;
	return slice_eq(value, (struct slice){expected, len}) ? SEEN_RIGHT : SEEN_WRONG;
}

/* Puts until it is seen through the file, by a reader that is not the writer. */
static bool comes_through(struct lmdb_cache *from, struct lmdb_cache *to, int number)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (i % 1000 == 0)
			put(from, number);
		if (see(to, number) == SEEN_RIGHT)
			return true;
		if (i % 100 == 99)
			sched_yield();
	}
	return false;
}

static struct cache_stats stats_of(struct lmdb_cache *cache)
{
	struct cache_port port = lmdb_cache_port(cache);
	struct cache_stats stats;

	port.vtable->stats(port.self, &stats);
	return stats;
}

Test(lmdb_cache, processes_share_the_file)
{
	struct lmdb_cache *first = open_cache(), *second = open_cache();

	for (int i = 0; i < 5; i++) {
		cr_expect(comes_through(first, second, i));
		cr_expect(comes_through(second, first, 100 + i));
	}
	lmdb_cache_close(first);
	cr_expect(comes_through(second, second, 7));
	lmdb_cache_close(second);
}

Test(lmdb_cache, outlives_its_process)
{
	struct lmdb_cache *cache = open_cache();

	put(cache, 1);
	lmdb_cache_close(cache); /* writes what waits */
	cache = open_cache();
	cr_expect_eq(see(cache, 1), SEEN_RIGHT);
	lmdb_cache_close(cache);
}

Test(lmdb_cache, the_oldest_make_room)
{
	struct lmdb_cache *cache = open_cache(), *reader = open_cache();
	struct stat info;
	int kept = 0;

	for (int i = 0; i < 6000; i += 10) {
		for (int j = 0; j < 10; j++)
			put(cache, i + j);
		cr_assert(comes_through(cache, reader, i + 9));
	}
	for (int i = 0; i < 6000; i++)
		kept += see(reader, i) == SEEN_RIGHT;
	cr_expect_gt(kept, 500, "%d", kept);
	cr_expect_lt(kept, 5000, "%d", kept);
	cr_expect_eq(see(reader, 0), SEEN_NONE);
	cr_expect_gt(stats_of(cache).evictions, 0);
	cr_assert_eq(stat(data_file, &info), 0);
	cr_expect_leq(info.st_size, MAP_BYTES);
	lmdb_cache_close(reader);
	lmdb_cache_close(cache);
}

Test(lmdb_cache, a_place_that_cannot_be_used_makes_it_useless_only)
{
	struct lmdb_cache *cache;
	struct slice value;

	cr_assert_eq(lmdb_cache_open("/proc/no/such/place", MAP_BYTES, &cache), STATUS_OK);
	arena_init(&arena, memory, sizeof(memory));
	for (int i = 0; i < 200; i++)
		put(cache, i);
	for (int i = 0; i < 200; i++)
		cr_expect_neq(see(cache, i), SEEN_WRONG);
	lmdb_cache_port(cache).vtable->drop(cache, SLICE_LIT("x"));
	cr_expect_eq(lmdb_cache_port(cache).vtable->get(cache, SLICE_LIT("x"), 0, &arena, &value), CACHE_MISS);
	lmdb_cache_close(cache);
}

/* Who opens one for reading waits for somebody who writes. */
Test(lmdb_cache, a_pipe_in_its_place_is_replaced)
{
	struct lmdb_cache *cache, *reader;

	cr_assert_eq(mkdir(cache_dir, 0700), 0);
	cr_assert_eq(mkfifo(data_file, 0600), 0);
	cache = open_cache();
	reader = open_cache();
	cr_expect(comes_through(cache, reader, 1));
	lmdb_cache_close(reader);
	lmdb_cache_close(cache);
}

/* ---- what can happen to a file ---- */

static void delete_file(unsigned seed)
{
	(void)seed;
	(void)unlink(data_file);
}

static void delete_folder(unsigned seed)
{
	(void)seed;
	(void)unlink(data_file);
	(void)unlink(temp_dir_path(&dir, "cache/lock"));
	(void)rmdir(cache_dir);
}

static void truncate_to_nothing(unsigned seed)
{
	(void)seed;
	(void)!truncate(data_file, 0);
}

static void truncate_to_a_part(unsigned seed)
{
	(void)!truncate(data_file, (off_t)(seed % 40) * 4096 + 100);
}

static void scribble(unsigned seed, off_t from, size_t pages)
{
	unsigned char page[4096];
	uint64_t state = seed + 1;
	int fd = open(data_file, O_WRONLY);

	if (fd < 0)
		return;
	for (size_t i = 0; i < pages; i++) {
		for (size_t j = 0; j < sizeof(page); j++) {
			state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			page[j] = (unsigned char)(state >> 56);
		}
		(void)!pwrite(fd, page, sizeof(page), from + (off_t)(i * sizeof(page)));
	}
	close(fd);
}

static void overwrite_all(unsigned seed)
{
	scribble(seed, 0, 100);
}

static void overwrite_behind_the_head(unsigned seed)
{
	scribble(seed, 8192, 300);
}

static void overwrite_here_and_there(unsigned seed)
{
	for (unsigned i = 0; i < 20; i++)
		scribble(seed + i, (off_t)((seed * 7 + i * 13) % 200) * 4096 + 8192, 1);
}

/* Lengths and flags of real pages replaced: the most dangerous garbage. */
static void poison_page_heads(unsigned seed)
{
	unsigned char head[6] = {0xff, 0xff, 0xff, (unsigned char)seed, 0xff, 0xff};
	int fd = open(data_file, O_WRONLY);

	for (off_t page = 2; fd >= 0 && page < 300; page++)
		(void)!pwrite(fd, head, sizeof(head), page * 4096 + 10);
	if (fd >= 0)
		close(fd);
}

static void replace_by_text(unsigned seed)
{
	FILE *file = fopen(data_file, "w");

	(void)seed;
	if (file == NULL)
		return;
	for (int i = 0; i < 10000; i++)
		fputs("no database\n", file);
	fclose(file);
}

static void make_it_a_folder(unsigned seed)
{
	(void)seed;
	(void)unlink(data_file);
	(void)mkdir(data_file, 0700);
	(void)rmdir(data_file);
}

static const struct accident {
	const char *name;
	void (*happen)(unsigned seed);
} accidents[] = {
        {"deleted", delete_file},
        {"folder deleted", delete_folder},
        {"truncated to nothing", truncate_to_nothing},
        {"truncated to a part", truncate_to_a_part},
        {"overwritten whole", overwrite_all},
        {"overwritten behind the head", overwrite_behind_the_head},
        {"overwritten here and there", overwrite_here_and_there},
        {"page heads poisoned", poison_page_heads},
        {"replaced by text", replace_by_text},
        {"made a folder for a moment", make_it_a_folder},
};

#define ACCIDENTS (sizeof(accidents) / sizeof(*accidents))

struct load {
	struct lmdb_cache *cache;
	_Atomic bool stop;
	_Atomic long rounds, right, wrong;
};

static void *keep_busy(void *ctx)
{
	struct load *load = ctx;

	for (int i = 0; !atomic_load(&load->stop); i++) {
		int number = (int)((unsigned)i * 2654435761u % 500);

		if (i % 20 == 0)
			put(load->cache, number);
		switch (see(load->cache, number)) {
		case SEEN_RIGHT:
			atomic_fetch_add(&load->right, 1);
			break;
		case SEEN_WRONG:
			atomic_fetch_add(&load->wrong, 1);
			break;
		case SEEN_NONE:
			break;
		}
		atomic_fetch_add(&load->rounds, 1);
	}
	return NULL;
}

static void wait_for_rounds(struct load *load, long rounds)
{
	long until = atomic_load(&load->rounds) + rounds;

	while (atomic_load(&load->rounds) < until)
		sched_yield();
}

static void suffer(const struct accident *accident)
{
	struct lmdb_cache *reader = open_cache();
	struct load load = {.cache = open_cache()};
	pthread_t threads[3];

	for (int i = 0; i < 300; i++)
		put(load.cache, i);
	cr_assert(comes_through(load.cache, reader, 1), "%s", accident->name);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, keep_busy, &load);
	for (unsigned round = 0; round < 4; round++) {
		accident->happen(round * 1000 + 17);
		wait_for_rounds(&load, 1000);
		cr_expect(comes_through(load.cache, reader, 2000 + (int)round), "%s: heals by itself", accident->name);
	}
	atomic_store(&load.stop, true);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	cr_expect_eq(load.wrong, 0, "%s", accident->name);
	cr_expect_gt(load.right, 0, "%s", accident->name);
	for (int i = 0; i < 500; i++)
		cr_expect_neq(see(reader, i), SEEN_WRONG, "%s", accident->name);
	lmdb_cache_close(load.cache);
	lmdb_cache_close(reader);
}

#define ACCIDENT(test, number)                   \
	Test(lmdb_cache, test)                   \
	{                                        \
		cr_assert_lt(number, ACCIDENTS); \
		suffer(&accidents[number]);      \
	}

ACCIDENT(survives_being_deleted, 0)
ACCIDENT(survives_its_folder_being_deleted, 1)
ACCIDENT(survives_being_truncated_to_nothing, 2)
ACCIDENT(survives_being_truncated_to_a_part, 3)
ACCIDENT(survives_being_overwritten, 4)
ACCIDENT(survives_being_overwritten_behind_its_head, 5)
ACCIDENT(survives_being_overwritten_here_and_there, 6)
ACCIDENT(survives_poisoned_pages, 7)
ACCIDENT(survives_being_replaced_by_text, 8)
ACCIDENT(survives_being_a_folder, 9)

/* ---- processes ---- */

static pid_t parent_of(const char *pid)
{
	char path[300], line[400] = "";
	const char *behind;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	(void)!fgets(line, sizeof(line), file);
	fclose(file);
	behind = strrchr(line, ')'); /* "pid (name) state parent" */
	return behind != NULL && strlen(behind) > 4 ? (pid_t)strtol(behind + 4, NULL, 10) : 0;
}

static pid_t child_of(pid_t parent)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (found == 0 && (entry = readdir(processes)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == parent)
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	closedir(processes);
	return found;
}

Test(lmdb_cache, a_dead_writer_is_replaced)
{
	struct lmdb_cache *cache = open_cache(), *reader;
	pid_t supervisor = child_of(getpid()), writer;

	cr_assert_neq(supervisor, 0);
	reader = open_cache();
	cr_assert(comes_through(cache, reader, 1));
	for (int i = 0; i < 3; i++) {
		writer = child_of(supervisor);
		if (writer != 0)
			kill(writer, SIGKILL);
		cr_expect(comes_through(cache, reader, 10 + i));
	}
	lmdb_cache_close(cache);
	lmdb_cache_close(reader);
}

Test(lmdb_cache, a_killed_process_holds_nobody_up)
{
	struct lmdb_cache *cache, *reader;
	int ready[2];
	char byte;
	pid_t child;

	cr_assert_eq(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct lmdb_cache *own;

		if (lmdb_cache_open(cache_dir, MAP_BYTES, &own) != STATUS_OK)
			_exit(1);
		for (int i = 0;; i++) {
			put(own, i % 100);
			(void)see(own, i % 50);
			if (i == 1000)
				(void)!write(ready[1], "", 1);
		}
	}
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	cache = open_cache();
	reader = open_cache();
	for (int i = 0; i < 20; i++)
		cr_expect(comes_through(cache, reader, 1000 + i));
	for (int i = 0; i < 100; i++)
		cr_expect_neq(see(reader, i), SEEN_WRONG);
	lmdb_cache_close(cache);
	lmdb_cache_close(reader);
}

Test(lmdb_cache, the_writer_ends_with_its_process)
{
	int pids[2];
	pid_t child, supervisor = 0;

	cr_assert_eq(pipe(pids), 0);
	child = fork();
	if (child == 0) {
		struct lmdb_cache *own;
		pid_t pid;

		if (lmdb_cache_open(cache_dir, MAP_BYTES, &own) != STATUS_OK)
			_exit(1);
		pid = child_of(getpid());
		(void)!write(pids[1], &pid, sizeof(pid));
		for (;;)
			pause();
	}
	cr_assert_eq(read(pids[0], &supervisor, sizeof(supervisor)), (ssize_t)sizeof(supervisor));
	cr_assert_neq(supervisor, 0);
	cr_assert_eq(kill(supervisor, 0), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	for (int i = 0; i < PATIENCE && kill(supervisor, 0) == 0; i++)
		sched_yield();
	cr_expect_neq(kill(supervisor, 0), 0);
}

Test(lmdb_cache, a_full_disk_costs_speed_only)
{
	struct rlimit limit, before;
	struct lmdb_cache *cache;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 200000;
	setrlimit(RLIMIT_FSIZE, &limit); /* of the writer, which inherits it */
	cache = open_cache();
	setrlimit(RLIMIT_FSIZE, &before);
	for (int i = 0; i < 3000; i++) {
		put(cache, i);
		cr_expect_neq(see(cache, i), SEEN_WRONG);
	}
	for (int i = 0; i < 3000; i++)
		cr_expect_neq(see(cache, i), SEEN_WRONG);
	lmdb_cache_close(cache);
	cache = open_cache();
	cr_expect(comes_through(cache, cache, 1));
	lmdb_cache_close(cache);
}
