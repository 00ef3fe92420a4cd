/* SPDX-License-Identifier: MIT */
#include "lmdb_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adapter/state_dir.h"
#include "lmdb_file.h"
#include "lmdb_tree.h"

#define IDLE_MS    1000    /* between looks at the file when there is nothing to write */
#define NAP_NS     1000000 /* while waiting for the writer's end */
#define MAX_NAPS   1000
#define RESTART_NS 100000000 /* between two lives of a writer that dies */
#define WAKE_FD    3

struct writer {
	const struct lmdb_writer_options *options;
	struct cache_ring_shared *shared;
	MDB_env *env; /* NULL = to be opened */
	struct lmdb_file_id id;
	int file_fd; /* carries the lock between the writers of several processes */
	uint64_t faults_seen;
	struct lmdb_file_state fresh; /* of a new file */
};

static void nap(long ns)
{
	struct timespec pause = {0, ns};

	nanosleep(&pause, NULL);
}

/* ---- the file ---- */

static bool set_lock(int fd, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = INT64_C(1) << 62, .l_len = 1};

	return fcntl(fd, F_OFD_SETLKW, &lock) == 0;
}

static void close_file(struct writer *writer)
{
	if (writer->env != NULL)
		mdb_env_close(writer->env);
	writer->env = NULL;
	if (writer->file_fd >= 0)
		close(writer->file_fd);
	writer->file_fd = -1;
}

static int open_env(const char *path, size_t map_bytes, MDB_env **ret_env)
{
	const unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NOMETASYNC | MDB_NORDAHEAD;
	MDB_env *env;
	int code = mdb_env_create(&env);

	if (code != 0)
		return code;
	code = mdb_env_set_mapsize(env, map_bytes);
	if (code == 0)
		code = mdb_env_open(env, path, flags, 0600);
	if (code != 0)
		mdb_env_close(env);
	else
		*ret_env = env;
	return code;
}

/* A fresh file, whole before it has its name: nobody ever opens half of one. */
static bool create_file(const struct writer *writer)
{
	char path[STATE_PATH_MAX];
	MDB_env *env;
	int len = snprintf(path, sizeof(path), "%s.%ld", writer->options->path, (long)getpid());
	bool done;

	if (len < 0 || len >= (int)sizeof(path))
		return false;
	(void)mkdir(writer->options->dir, 0700);
	(void)unlink(path);
	if (open_env(path, writer->options->map_bytes, &env) != 0)
		return false;
	done = lmdb_tree_create(env, &writer->fresh) == 0;
	mdb_env_close(env);
	if (done && rename(path, writer->options->path) == 0)
		return true;
	(void)unlink(path);
	return false;
}

/* One process replaces a bad file; the others find that it was done. */
static bool replace_file(const struct writer *writer, const struct lmdb_file_id *bad)
{
	char path[STATE_PATH_MAX];
	struct lmdb_file_id now;
	bool done = false;
	int fd;

	(void)mkdir(writer->options->dir, 0700);
	if (state_path(writer->options->dir, "lock", path) != STATUS_OK)
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || !set_lock(fd, F_WRLCK))
		goto end;
	if (lmdb_file_stat(writer->options->path, &now) && (bad == NULL || !lmdb_file_same(&now, bad)))
		done = true;
	else
		done = create_file(writer);
	if (!done) /* better nothing than what may be wrong */
		(void)unlink(writer->options->path);
end:
	if (fd >= 0)
		close(fd);
	return done;
}

static bool is_of_this_boot(struct writer *writer)
{
	struct lmdb_tree tree;
	bool same;

	if (lmdb_tree_begin(&tree, writer->env, writer->options->map_bytes) != 0)
		return false;
	same = memcmp(tree.state.boot, writer->fresh.boot, sizeof(tree.state.boot)) == 0;
	lmdb_tree_abort(&tree);
	return same;
}

static bool open_file(struct writer *writer)
{
	if (writer->env != NULL)
		return true;
	if (!lmdb_file_stat(writer->options->path, &writer->id) || !lmdb_file_plausible(writer->options->path))
		return false;
	writer->file_fd = open(writer->options->path, O_RDWR | O_CLOEXEC);
	if (writer->file_fd < 0 || !set_lock(writer->file_fd, F_WRLCK)) {
		close_file(writer);
		return false;
	}
	if (open_env(writer->options->path, writer->options->map_bytes, &writer->env) != 0 ||
	    !is_of_this_boot(writer)) {
		close_file(writer);
		return false;
	}
	(void)set_lock(writer->file_fd, F_UNLCK);
	return true;
}

/* The file as it should be; false when even a new one cannot be made (disk full, no directory). */
static bool ensure_file(struct writer *writer)
{
	uint64_t faults = atomic_load(&writer->shared->faults);
	struct lmdb_file_id now, bad = writer->id;
	bool exists = lmdb_file_stat(writer->options->path, &now);

	if (writer->env != NULL && exists && lmdb_file_same(&now, &writer->id) && faults == writer->faults_seen)
		return true;
	if (faults != writer->faults_seen && exists && (writer->env == NULL || lmdb_file_same(&now, &writer->id)))
		(void)replace_file(writer, &now);
	writer->faults_seen = faults;
	close_file(writer);
	if (open_file(writer))
		return true;
	bad = writer->id;
	if (!replace_file(writer, exists ? &bad : NULL))
		return false;
	return open_file(writer);
}

/* ---- the work ---- */

static int write_batch(struct writer *writer, uint64_t tail, uint64_t head)
{
	struct lmdb_tree tree;
	int code;

	if (!set_lock(writer->file_fd, F_WRLCK))
		return errno;
	code = lmdb_tree_begin(&tree, writer->env, writer->options->map_bytes);
	for (uint64_t at = tail; at != head && code == 0; at++) {
		code = lmdb_tree_apply(&tree, &writer->shared->slots[at % CACHE_RING_SLOTS]);
		if (code != 0)
			lmdb_tree_abort(&tree);
	}
	if (code == 0)
		code = lmdb_tree_commit(&tree);
	(void)set_lock(writer->file_fd, F_UNLCK);
	if (code == 0)
		atomic_fetch_add(&writer->shared->evictions, tree.evictions);
	return code;
}

static void apply_waiting(struct writer *writer)
{
	uint64_t head = atomic_load(&writer->shared->head);
	uint64_t tail = atomic_load(&writer->shared->tail);
	bool usable = ensure_file(writer);

	if (tail != head && usable && write_batch(writer, tail, head) != 0) {
		/* Whatever it was, a fresh file is without it; the batch is lost, and with it all that was older. */
		struct lmdb_file_id bad = writer->id;

		close_file(writer);
		(void)replace_file(writer, &bad);
	}
	atomic_store(&writer->shared->tail, head);
}

/* False: the process we work for has ended. */
static bool sleep_until_woken(struct cache_ring_shared *shared)
{
	struct pollfd wake = {.fd = WAKE_FD, .events = POLLIN};
	char bytes[64];

	atomic_store(&shared->idle, 1);
	if (atomic_load(&shared->head) != atomic_load(&shared->tail)) {
		atomic_store(&shared->idle, 0);
		return true;
	}
	if (poll(&wake, 1, IDLE_MS) <= 0)
		return true;
	return read(WAKE_FD, bytes, sizeof(bytes)) > 0;
}

static void read_boot(char ret_boot[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	memset(ret_boot, 0, 40);
	if (fd < 0)
		return;
	(void)!read(fd, ret_boot, 36);
	close(fd);
}

static void work(const struct lmdb_writer_options *options, struct cache_ring_shared *shared)
{
	struct writer writer = {.options = options, .shared = shared, .file_fd = -1};

	writer.faults_seen = atomic_load(&shared->faults);
	read_boot(writer.fresh.boot);
	do
		apply_waiting(&writer);
	while (sleep_until_woken(shared));
	apply_waiting(&writer);
	close_file(&writer);
}

/* ---- the processes ---- */

/* Nothing of the process we come from stays open: its sockets and locks are its own. */
static void detach(int sleep_fd)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGCHLD};
	static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};
	const struct rlimit no_core = {0, 0};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	if (sleep_fd != WAKE_FD)
		dup2(sleep_fd, WAKE_FD);
	for (int fd = 0; fd < WAKE_FD && null >= 0; fd++)
		dup2(null, fd);
	close_range(WAKE_FD + 1, ~0u, 0);
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_NAME, "bonigate-cache", 0, 0, 0);
}

/* Keeps a writer alive; one that died leaves its batch and a fault behind, so that the next begins with a new file. */
static void supervise(const struct lmdb_writer_options *options, struct cache_ring_shared *shared)
{
	for (;;) {
		int outcome = 0;
		pid_t pid = fork();

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
			work(options, shared);
			_exit(0);
		}
		if (pid < 0)
			return;
		while (waitpid(pid, &outcome, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0)
			return;
		(void)unlink(options->path);
		atomic_store(&shared->tail, atomic_load(&shared->head));
		nap(RESTART_NS);
	}
}

enum status lmdb_writer_start(const struct lmdb_writer_options *options, struct cache_ring *ring, pid_t *ret_pid)
{
	pid_t pid = fork();

	if (pid < 0)
		return STATUS_UNAVAILABLE;
	if (pid == 0) {
		detach(ring->sleep_fd);
		supervise(options, ring->shared);
		_exit(0);
	}
	close(ring->sleep_fd);
	ring->sleep_fd = -1;
	*ret_pid = pid;
	return STATUS_OK;
}

void lmdb_writer_wait(pid_t pid)
{
	for (int naps = 0; naps < MAX_NAPS; naps++) {
		pid_t ended = waitpid(pid, NULL, WNOHANG);

		if (ended == pid || (ended < 0 && errno != EINTR))
			return;
		nap(NAP_NS);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
