/* SPDX-License-Identifier: MIT */
#include "adapter/job_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define FOLDER   "jobs"
#define CHUNK    65536
#define MAX_FILE 8192

static const char *const PHASES[] = {
        [JOB_QUEUED] = "queued", [JOB_RUNNING] = "running", [JOB_DONE] = "done", [JOB_FAILED] = "failed"};
#define PHASE_COUNT (sizeof(PHASES) / sizeof(PHASES[0]))

const char *job_phase_name(enum job_phase phase)
{
	return PHASES[phase];
}

bool job_id_is(struct slice text)
{
	if (text.len != JOB_ID || !slice_starts(text, SLICE_LIT("job_")))
		return false;
	for (size_t i = 4; i < text.len; i++)
		if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') && !(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z'))
			return false;
	return true;
}

static enum status failure(void)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return STATUS_FULL;
	return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_UNAVAILABLE;
}

static enum status path_of(const char *state, struct slice id, const char *ending, char ret_path[STATE_PATH_MAX])
{
	int len = snprintf(ret_path, STATE_PATH_MAX, "%s/" FOLDER "/%.*s%s", state, (int)id.len, id.ptr, ending);

	return len > 0 && len < STATE_PATH_MAX ? STATUS_OK : STATUS_TOO_LARGE;
}

static void remove_file(const char *state, struct slice id, const char *ending)
{
	char path[STATE_PATH_MAX];

	if (path_of(state, id, ending, path) == STATUS_OK)
		(void)unlink(path);
}

/* A new name is durable when its folder is. */
static enum status sync_folder(const char *state)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(state, FOLDER, path);
	int fd;

	if (status != STATUS_OK)
		return status;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failure();
	status = fsync(fd) == 0 ? STATUS_OK : failure();
	close(fd);
	return status;
}

enum status job_dir_prepare(const char *state)
{
	char path[STATE_PATH_MAX];
	enum status status = state_path(state, FOLDER, path);

	return status == STATUS_OK ? state_dir_create(path) : status;
}

enum status job_dir_append(int out, struct slice bytes)
{
	size_t done = 0;

	while (done < bytes.len) {
		ssize_t count = write(out, bytes.ptr + done, bytes.len - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return failure();
		done += (size_t)count;
	}
	return fdatasync(out) == 0 ? STATUS_OK : failure();
}

static void put_line(struct buf *out, const char *name, uint64_t number, struct slice text)
{
	buf_cstr(out, name);
	buf_char(out, ' ');
	buf_u64(out, number);
	buf_char(out, ' ');
	buf_slice(out, text);
	buf_char(out, '\n');
}

static void put_job(struct buf *out, const struct job *job)
{
	put_line(out, "tenant", 1, slice_cstr(job->tenant));
	put_line(out, "livemode", job->livemode, SLICE_NONE);
	put_line(out, "english", job->english, SLICE_NONE);
	put_line(out, "phase", job->phase, slice_cstr(PHASES[job->phase]));
	put_line(out, "lines", job->lines, SLICE_NONE);
	put_line(out, "line", job->line, SLICE_NONE);
	put_line(out, "judged", job->judged, SLICE_NONE);
	put_line(out, "refused", job->refused, SLICE_NONE);
	put_line(out, "out_bytes", job->out_bytes, SLICE_NONE);
	put_line(out, "fault", 0, slice_cstr(job->fault));
	for (size_t i = 0; i < job->bad_count; i++)
		put_line(out, "bad", job->bad[i].line, slice_cstr(job->bad[i].why));
	buf_cstr(out, "end\n");
}

static bool read_number(struct job *job, struct slice name, uint64_t number)
{
	struct {
		const char *name;
		uint64_t *target;
	} const numbers[] = {{"lines", &job->lines},
	                     {"line", &job->line},
	                     {"judged", &job->judged},
	                     {"refused", &job->refused},
	                     {"out_bytes", &job->out_bytes}};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!slice_eq_cstr(name, numbers[i].name))
			continue;
		*numbers[i].target = number;
		return true;
	}
	return false;
}

static bool read_line(struct job *job, struct slice line)
{
	struct slice rest = line;
	struct slice name = slice_cut(&rest, ' ');
	struct slice digits = slice_cut(&rest, ' ');
	uint64_t number;

	if (!slice_to_u64(digits, &number))
		return false;
	if (slice_eq_cstr(name, "tenant"))
		return slice_copy(rest, job->tenant, sizeof(job->tenant));
	if (slice_eq_cstr(name, "fault"))
		return slice_copy(rest, job->fault, sizeof(job->fault));
	if (slice_eq_cstr(name, "livemode"))
		return job->livemode = number == 1, number <= 1;
	if (slice_eq_cstr(name, "english"))
		return job->english = number == 1, number <= 1;
	if (slice_eq_cstr(name, "phase"))
		return job->phase = (enum job_phase)(number < PHASE_COUNT ? number : 0), number < PHASE_COUNT;
	if (slice_eq_cstr(name, "bad") && job->bad_count < JOB_BAD) {
		job->bad[job->bad_count].line = number;
		return slice_copy(rest, job->bad[job->bad_count++].why, JOB_WHY + 1);
	}
	return read_number(job, name, number);
}

static enum status parse_job(struct slice text, struct job *job)
{
	struct slice rest = text;

	while (rest.ptr) {
		struct slice line = slice_cut(&rest, '\n');

		if (slice_eq_cstr(line, "end"))
			return STATUS_OK;
		if (!read_line(job, line))
			break;
	}
	return STATUS_CORRUPT;
}

enum status job_dir_load(const char *state, struct slice id, struct job *ret_job)
{
	char path[STATE_PATH_MAX], mem[MAX_FILE];
	struct job job = {0};
	enum status status;
	ssize_t len;
	int fd;

	if (!job_id_is(id))
		return STATUS_NOT_FOUND;
	status = path_of(state, id, ".job", path);
	if (status != STATUS_OK)
		return status;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure();
	len = read(fd, mem, sizeof(mem));
	status = len < 0 ? failure() : parse_job((struct slice){mem, (size_t)len}, &job);
	close(fd);
	if (status != STATUS_OK)
		return status;
	(void)slice_copy(id, job.id, sizeof(job.id));
	*ret_job = job;
	return STATUS_OK;
}

enum status job_dir_save(const char *state, const struct job *job)
{
	char path[STATE_PATH_MAX], fresh[STATE_PATH_MAX], mem[MAX_FILE];
	enum status status = path_of(state, slice_cstr(job->id), ".job", path);
	struct buf text;
	int fd;

	if (status == STATUS_OK)
		status = path_of(state, slice_cstr(job->id), ".new", fresh);
	if (status != STATUS_OK)
		return status;
	buf_init(&text, mem, sizeof(mem));
	put_job(&text, job);
	if (text.overflow)
		return STATUS_INTERNAL;
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return failure();
	status = job_dir_append(fd, buf_view(&text));
	close(fd);
	if (status == STATUS_OK && rename(fresh, path) != 0)
		status = failure();
	return status == STATUS_OK ? sync_folder(state) : status;
}

static enum status copy_in(int fd, struct job_source source, uint64_t *ret_lines)
{
	char mem[CHUNK];
	uint64_t total = 0, lines = 0;
	size_t len;
	char last = '\n';

	for (;;) {
		if (!source.read(source.ctx, mem, sizeof(mem), &len))
			return STATUS_INVALID;
		if (len == 0)
			break;
		total += len;
		if (total > JOB_MAX_SIZE)
			return STATUS_TOO_LARGE;
		for (size_t i = 0; i < len; i++)
			lines += mem[i] == '\n' ? 1u : 0u;
		last = mem[len - 1];
		for (size_t done = 0; done < len;) {
			ssize_t count = write(fd, mem + done, len - done);

			if (count < 0 && errno != EINTR)
				return failure();
			done += count > 0 ? (size_t)count : 0;
		}
	}
	*ret_lines = lines + (last != '\n' ? 1u : 0u);
	return total == 0 ? STATUS_INVALID : fsync(fd) == 0 ? STATUS_OK : failure();
}

enum status job_dir_add(const char *state, struct job *job, struct job_source source)
{
	char path[STATE_PATH_MAX];
	enum status status = path_of(state, slice_cstr(job->id), ".in", path);
	int fd;

	if (status != STATUS_OK)
		return status;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return failure();
	status = copy_in(fd, source, &job->lines);
	close(fd);
	if (status == STATUS_OK)
		status = job_dir_save(state, job);
	if (status != STATUS_OK)
		(void)unlink(path);
	return status;
}

void job_dir_finish(const char *state, const struct job *job)
{
	remove_file(state, slice_cstr(job->id), ".in");
}

/* Open and locked; STATUS_RUNNING: somebody works on it. */
static enum status lock_input(const char *state, const struct job *job, int *ret_in)
{
	char path[STATE_PATH_MAX];
	enum status status = path_of(state, slice_cstr(job->id), ".in", path);
	int fd;

	if (status != STATUS_OK)
		return status;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure();
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return STATUS_RUNNING;
	}
	*ret_in = fd;
	return STATUS_OK;
}

/* Whether this name of the folder is a job to be done that comes before the one found so far. */
static bool is_earlier(const char *state, const char *name, const struct job *found, struct job *ret_job)
{
	struct slice id = slice_cstr(name);

	if (id.len != JOB_ID + 3 || strcmp(name + JOB_ID, ".in") != 0)
		return false;
	id.len = JOB_ID;
	if (found->id[0] && memcmp(id.ptr, found->id, JOB_ID) >= 0)
		return false;
	if (job_dir_load(state, id, ret_job) != STATUS_OK)
		return false;
	if (ret_job->phase > JOB_RUNNING)
		job_dir_finish(state, ret_job); /* its process ended before it did this itself */
	return ret_job->phase <= JOB_RUNNING;
}

enum status job_dir_take(const char *state, struct job *ret_job, int *ret_in)
{
	struct job found = {0}, job;
	char path[STATE_PATH_MAX];
	const struct dirent *entry;
	int in = -1;
	DIR *folder;

	if (state_path(state, FOLDER, path) != STATUS_OK)
		return STATUS_TOO_LARGE;
	folder = opendir(path);
	if (!folder)
		return failure();
	while ((entry = readdir(folder)) != NULL) {
		int fd;

		if (!is_earlier(state, entry->d_name, &found, &job) || lock_input(state, &job, &fd) != STATUS_OK)
			continue;
		if (in >= 0)
			close(in);
		in = fd;
		found = job;
	}
	closedir(folder);
	if (in < 0)
		return STATUS_NOT_FOUND;
	/* Another process may have done it between the look and the lock. */
	if (job_dir_load(state, slice_cstr(found.id), ret_job) != STATUS_OK || ret_job->phase > JOB_RUNNING) {
		close(in);
		return STATUS_NOT_FOUND;
	}
	*ret_in = in;
	return STATUS_OK;
}

/* An ended job's file is not written again, so that its age is the result's. */
static bool is_old(const char *state, const char *name, int64_t before_ms)
{
	char path[STATE_PATH_MAX];
	struct stat about;

	return path_of(state, slice_cstr(name), "", path) == STATUS_OK && stat(path, &about) == 0 &&
	       about.st_mtim.tv_sec < before_ms / 1000;
}

/* An old file goes with all of its job if that has ended, and alone if its job never came to be. */
static void expire(const char *state, const char *name)
{
	static const char *const endings[] = {".in", ".csv", ".job"};
	struct slice id = {name, strnlen(name, JOB_ID)};
	struct job job;
	enum status status;

	if (!job_id_is(id))
		return;
	status = job_dir_load(state, id, &job);
	if (status == STATUS_NOT_FOUND)
		remove_file(state, id, name + JOB_ID);
	if (status != STATUS_OK || strcmp(name + JOB_ID, ".job") != 0 || job.phase <= JOB_RUNNING)
		return;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		remove_file(state, id, endings[i]);
}

void job_dir_expire(const char *state, int64_t before_ms)
{
	char path[STATE_PATH_MAX];
	const struct dirent *entry;
	DIR *folder;

	if (state_path(state, FOLDER, path) != STATUS_OK)
		return;
	folder = opendir(path);
	while (folder && (entry = readdir(folder)) != NULL) {
		if (is_old(state, entry->d_name, before_ms))
			expire(state, entry->d_name);
	}
	if (folder)
		closedir(folder);
}

enum status job_dir_result(const char *state, const struct job *job, int *ret_out)
{
	char path[STATE_PATH_MAX];
	enum status status = path_of(state, slice_cstr(job->id), ".csv", path);
	int fd;

	if (status != STATUS_OK)
		return status;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return failure();
	if (ftruncate(fd, (off_t)job->out_bytes) != 0 || lseek(fd, 0, SEEK_END) != (off_t)job->out_bytes) {
		status = failure();
		close(fd);
		return status;
	}
	*ret_out = fd;
	return STATUS_OK;
}

enum status job_dir_read(const char *state, const struct job *job, int *ret_fd)
{
	char path[STATE_PATH_MAX];
	enum status status = path_of(state, slice_cstr(job->id), ".csv", path);

	if (status != STATUS_OK)
		return status;
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd >= 0 ? STATUS_OK : failure();
}
