/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/job_dir.h"
#include "temp_dir.h"

static struct temp_dir dir;

static void setup(void)
{
	dir = temp_dir_make();
	cr_assert_eq(job_dir_prepare(dir.path), STATUS_OK);
	cr_assert_eq(job_dir_prepare(dir.path), STATUS_OK, "again");
}

static void teardown(void)
{
	temp_dir_remove(&dir);
}

TestSuite(job_dir, .init = setup, .fini = teardown);

static bool read_text(void *ctx, char *mem, size_t cap, size_t *ret_len)
{
	const char **text = ctx;
	size_t len = strlen(*text) < cap ? strlen(*text) : cap;

	memcpy(mem, *text, len);
	*text += len;
	*ret_len = len;
	return true;
}

static bool read_broken(void *ctx, char *mem, size_t cap, size_t *ret_len)
{
	(void)ctx;
	(void)mem;
	(void)cap;
	(void)ret_len;
	return false;
}

static struct job make(const char *id)
{
	struct job job = {.livemode = true, .english = true};

	(void)slice_copy(slice_cstr(id), job.id, sizeof(job.id));
	(void)slice_copy(SLICE_LIT("shop"), job.tenant, sizeof(job.tenant));
	return job;
}

static enum status add(const char *id, const char *text)
{
	struct job job = make(id);

	return job_dir_add(dir.path, &job, (struct job_source){read_text, &text});
}

#define FIRST  "job_01AAAAAAAAAAAAAAAAAAAAAAAA"
#define SECOND "job_01BBBBBBBBBBBBBBBBBBBBBBBB"

Test(job_dir, what_was_saved_is_loaded)
{
	struct job job = make(FIRST), loaded;

	job.phase = JOB_RUNNING;
	job.lines = 12;
	job.line = 7;
	job.judged = 4;
	job.refused = 2;
	job.out_bytes = 999;
	(void)slice_copy(SLICE_LIT("a word, 3 more"), job.fault, sizeof(job.fault));
	job.bad_count = JOB_BAD;
	for (size_t i = 0; i < JOB_BAD; i++) {
		job.bad[i].line = i;
		memset(job.bad[i].why, 'x', JOB_WHY);
	}
	cr_assert_eq(job_dir_save(dir.path, &job), STATUS_OK);
	cr_assert_eq(job_dir_load(dir.path, slice_cstr(FIRST), &loaded), STATUS_OK);
	cr_assert_str_eq(loaded.tenant, "shop");
	cr_assert_eq(loaded.phase, JOB_RUNNING);
	cr_assert(loaded.livemode && loaded.english);
	cr_assert_eq(loaded.lines * 10000 + loaded.line * 1000 + loaded.judged * 10 + loaded.refused, 127042);
	cr_assert_eq(loaded.out_bytes, 999);
	cr_assert_str_eq(loaded.fault, "a word, 3 more");
	cr_assert_eq(loaded.bad_count, JOB_BAD);
	cr_assert_str_eq(loaded.bad[JOB_BAD - 1].why, job.bad[JOB_BAD - 1].why);
}

Test(job_dir, an_upload_is_counted_taken_in_order_and_locked)
{
	struct job job;
	int in, other;
	char text[8];

	cr_assert_eq(job_dir_take(dir.path, &job, &in), STATUS_NOT_FOUND);
	cr_assert_eq(add(SECOND, "b\n"), STATUS_OK);
	cr_assert_eq(add(FIRST, "a\nc"), STATUS_OK);
	cr_assert_eq(job_dir_take(dir.path, &job, &in), STATUS_OK);
	cr_assert_str_eq(job.id, FIRST);
	cr_assert_eq(job.lines, 2);
	cr_assert_eq(read(in, text, sizeof(text)), 3);
	cr_assert_eq(job_dir_take(dir.path, &job, &other), STATUS_OK);
	cr_assert_str_eq(job.id, SECOND, "the first is worked on");
	close(other);
	job = make(FIRST);
	job.phase = JOB_DONE;
	cr_assert_eq(job_dir_save(dir.path, &job), STATUS_OK);
	close(in);
	cr_assert_eq(job_dir_take(dir.path, &job, &in), STATUS_OK);
	cr_assert_str_eq(job.id, SECOND, "what is done is not taken");
	cr_assert_neq(access(temp_dir_path(&dir, "jobs/" FIRST ".in"), F_OK), 0, "and its upload is removed");
	close(in);
}

Test(job_dir, a_result_goes_on_where_it_is_sound)
{
	struct job job = make(FIRST);
	char text[16] = "";
	int fd;

	cr_assert_eq(job_dir_result(dir.path, &job, &fd), STATUS_OK);
	cr_assert_eq(job_dir_append(fd, SLICE_LIT("one,half")), STATUS_OK);
	close(fd);
	job.out_bytes = 4;
	cr_assert_eq(job_dir_result(dir.path, &job, &fd), STATUS_OK);
	cr_assert_eq(job_dir_append(fd, SLICE_LIT("two")), STATUS_OK);
	close(fd);
	cr_assert_eq(job_dir_read(dir.path, &job, &fd), STATUS_OK);
	cr_assert_eq(read(fd, text, sizeof(text) - 1), 7);
	cr_assert_str_eq(text, "one,two");
	close(fd);
}

Test(job_dir, nothing_is_left_of_a_broken_upload)
{
	struct job job = make(FIRST);

	cr_assert_eq(add(FIRST, ""), STATUS_INVALID);
	cr_assert_eq(job_dir_add(dir.path, &job, (struct job_source){read_broken, NULL}), STATUS_INVALID);
	cr_assert_neq(access(temp_dir_path(&dir, "jobs/" FIRST ".in"), F_OK), 0);
	cr_assert_eq(job_dir_load(dir.path, slice_cstr(FIRST), &job), STATUS_NOT_FOUND);
}

Test(job_dir, ended_jobs_are_removed_when_they_are_old)
{
	static const struct timespec old[] = {{1000, 0}, {1000, 0}};
	struct job job = make(FIRST), running = make(SECOND);
	int fd;

	job.phase = JOB_DONE;
	running.phase = JOB_RUNNING;
	cr_assert_eq(job_dir_save(dir.path, &job), STATUS_OK);
	cr_assert_eq(job_dir_save(dir.path, &running), STATUS_OK);
	cr_assert_eq(job_dir_result(dir.path, &job, &fd), STATUS_OK);
	close(fd);
	job_dir_expire(dir.path, 2000000);
	cr_assert_eq(job_dir_load(dir.path, slice_cstr(FIRST), &job), STATUS_OK, "it is not old yet");
	cr_assert_eq(utimensat(AT_FDCWD, temp_dir_path(&dir, "jobs/" FIRST ".job"), old, 0), 0);
	cr_assert_eq(utimensat(AT_FDCWD, temp_dir_path(&dir, "jobs/" SECOND ".job"), old, 0), 0);
	job_dir_expire(dir.path, 2000000);
	cr_assert_eq(job_dir_load(dir.path, slice_cstr(FIRST), &job), STATUS_NOT_FOUND);
	cr_assert_neq(access(temp_dir_path(&dir, "jobs/" FIRST ".csv"), F_OK), 0);
	cr_assert_eq(job_dir_load(dir.path, slice_cstr(SECOND), &running), STATUS_OK, "it has not ended");
}

/* A process that was killed in the middle of an upload leaves what came so far, and nobody who would know of it. */
Test(job_dir, what_is_no_job_is_removed_when_it_is_old)
{
	static const struct timespec old[] = {{1000, 0}, {1000, 0}};
	static const char *const LEFT[] = {"jobs/" FIRST ".in", "jobs/" FIRST ".new", "jobs/" FIRST ".csv"};
	static const char *const OTHERS[] = {"jobs/" SECOND ".in", "jobs/" SECOND ".job", "jobs/README"};

	cr_assert_eq(add(SECOND, "one\n"), STATUS_OK);
	for (size_t i = 0; i < 3; i++)
		close(open(temp_dir_path(&dir, LEFT[i]), O_WRONLY | O_CREAT, 0600));
	close(open(temp_dir_path(&dir, OTHERS[2]), O_WRONLY | O_CREAT, 0600));
	job_dir_expire(dir.path, 2000000);
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(access(temp_dir_path(&dir, LEFT[i]), F_OK), 0, "%s may be coming in", LEFT[i]);
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(utimensat(AT_FDCWD, temp_dir_path(&dir, LEFT[i]), old, 0), 0);
		cr_assert_eq(utimensat(AT_FDCWD, temp_dir_path(&dir, OTHERS[i]), old, 0), 0);
	}
	job_dir_expire(dir.path, 2000000);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_neq(access(temp_dir_path(&dir, LEFT[i]), F_OK), 0, "%s", LEFT[i]);
		cr_expect_eq(access(temp_dir_path(&dir, OTHERS[i]), F_OK), 0, "%s", OTHERS[i]);
	}
}

Test(job_dir, only_ids_of_ours_name_a_file)
{
	static const char *const bad[] = {"",
	                                  "job_",
	                                  "../store.db",
	                                  "job_01aaaaaaaaaaaaaaaaaaaaaaaa",
	                                  FIRST "A",
	                                  "job_/AAAAAAAAAAAAAAAAAAAAAAAAA"};
	struct job job;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(job_dir_load(dir.path, slice_cstr(bad[i]), &job), STATUS_NOT_FOUND, "%s", bad[i]);
	cr_expect(job_id_is(slice_cstr(FIRST)));
}

Test(job_dir, a_cut_or_changed_file_is_corrupt)
{
	static const char *const bad[] = {"", "tenant 1 shop\n", "tenant x shop\nend\n", "phase 9 odd\nend\n",
	                                  "odd 1 x\nend\n"};
	struct job job;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int fd = open(temp_dir_path(&dir, "jobs/" FIRST ".job"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

		cr_assert_eq(write(fd, bad[i], strlen(bad[i])), (ssize_t)strlen(bad[i]));
		close(fd);
		cr_expect_eq(job_dir_load(dir.path, slice_cstr(FIRST), &job), STATUS_CORRUPT, "%s", bad[i]);
	}
}
