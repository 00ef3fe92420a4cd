/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../fcgi/log.h"
#include "temp_dir.h"

#define THREADS 4
#define LINES   200

static struct temp_dir dir;
static char text[1024 * 1024];

static void set_up(void)
{
	dir = temp_dir_make();
}

static void tear_down(void)
{
	temp_dir_remove(&dir);
}

TestSuite(log, .init = set_up, .fini = tear_down);

static const char *content(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[len] = '\0';
	if (file)
		fclose(file);
	return text;
}

static size_t count_lines(void)
{
	size_t lines = 0;

	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}

static const struct log_request plain = {.at_ms = 1700000000123,
                                         .request_id = {"r-1", 3},
                                         .method = "GET",
                                         .route = "health",
                                         .status = 200,
                                         .duration_us = 42};

Test(log, a_request_is_one_json_object_on_a_line)
{
	const char *path = temp_dir_path(&dir, "log");
	struct log_request request = plain;
	bool livemode = true;
	struct log *log;

	cr_assert_eq(log_open(path, 2, &log), STATUS_OK);
	log_request(log, 0, &request);
	request.outcome = "approve";
	request.livemode = &livemode;
	request.tenant = SLICE_LIT("shop");
	request.cache = "hit";
	log_request(log, 0, &request);
	log_close(log);
	cr_assert_str_eq(
	        content(path),
	        "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"request_id\":\"r-1\",\"method\":\"GET\","
	        "\"route\":\"health\",\"status\":200,\"duration_us\":42}\n"
	        "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"info\",\"request_id\":\"r-1\",\"method\":\"GET\","
	        "\"route\":\"health\",\"status\":200,\"duration_us\":42,\"outcome\":\"approve\",\"livemode\":true,"
	        "\"tenant\":\"shop\",\"cache\":\"hit\"}\n");
}

Test(log, control_bytes_of_a_note_are_escaped)
{
	const char *path = temp_dir_path(&dir, "log");
	struct log *log;

	cr_assert_eq(log_open(path, 1, &log), STATUS_OK);
	log_note(log, LOG_ERROR, "a\nb", "c\x1b[31m\"d");
	log_note(log, LOG_WARN, "no subject", NULL);
	log_close(log);
	content(path);
	cr_assert(strstr(text, "\"level\":\"error\",\"message\":\"a\\nb\",\"subject\":\"c\\u001b[31m\\\"d\"}\n"));
	cr_assert(strstr(text, "\"level\":\"warn\",\"message\":\"no subject\"}\n"));
	cr_assert_eq(count_lines(), 2);
}

Test(log, none_writes_nothing_and_a_bad_file_is_an_error)
{
	struct log *log;

	cr_assert_eq(log_open("none", 1, &log), STATUS_OK);
	log_request(log, 0, &plain);
	log_note(log, LOG_INFO, "x", "y");
	log_reopen(log);
	log_close(log);
	cr_assert_eq(log_open("/nonexistent/log", 1, &log), STATUS_UNAVAILABLE);
}

struct writing {
	struct log *log;
	unsigned writer;
};

static void *write_many(void *arg)
{
	const struct writing *writing = arg;

	for (int i = 0; i < LINES; i++) {
		log_request(writing->log, writing->writer, &plain);
		log_note(writing->log, LOG_INFO, "note", NULL);
	}
	return NULL;
}

Test(log, lines_of_many_threads_stay_whole)
{
	const char *path = temp_dir_path(&dir, "log");
	struct writing writing[THREADS];
	pthread_t threads[THREADS];
	struct log *log;

	cr_assert_eq(log_open(path, THREADS, &log), STATUS_OK);
	for (unsigned i = 0; i < THREADS; i++) {
		writing[i] = (struct writing){log, i};
		pthread_create(&threads[i], NULL, write_many, &writing[i]);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	cr_assert_eq(log_dropped(log), 0);
	log_close(log);
	content(path);
	cr_assert_eq(count_lines(), (size_t)THREADS * LINES * 2);
	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		cr_assert_eq(strncmp(line, "{\"time\":\"", 9), 0);
		cr_assert_eq(strchr(line, '\n')[-1], '}');
	}
}

Test(log, a_reader_that_stands_still_costs_lines_and_no_time)
{
	const char *path = temp_dir_path(&dir, "pipe");
	struct log *log;
	uint64_t dropped;
	int reading;

	cr_assert_eq(mkfifo(path, 0600), 0);
	reading = open(path, O_RDONLY | O_NONBLOCK);
	cr_assert_eq(log_open(path, 1, &log), STATUS_OK);
	for (int i = 0; i < 5000; i++)
		log_request(log, 0, &plain);
	dropped = log_dropped(log);
	cr_assert_gt(dropped, 0);
	/* Reading on: the lines that come out are whole, and closing works. */
	fcntl(reading, F_SETFL, 0);
	while (read(reading, text, 4096) == 4096) {
	}
	log_close(log);
	close(reading);
}

struct reading {
	int fd;
	size_t lines; /* to wait for */
};

static void *read_lines(void *arg)
{
	const struct reading *reading = arg;
	size_t len = 0;
	ssize_t count = 1;

	/* pieces that fit neither a line nor what the pipe takes at once */
	while (count > 0 && count_lines() < reading->lines) {
		count = read(reading->fd, text + len, 1000);
		len += count > 0 ? (size_t)count : 0;
		text[len] = '\0';
	}
	return NULL;
}

/* More threads than one write is given lines of, into a pipe that takes each write in many pieces. */
Test(log, nothing_is_lost_when_writes_are_cut)
{
	enum { WRITERS = 150, EACH = 4 };
	const char *path = temp_dir_path(&dir, "pipe");
	struct reading reading = {.lines = (size_t)WRITERS * EACH};
	pthread_t reader;
	struct log *log;

	cr_assert_eq(mkfifo(path, 0600), 0);
	reading.fd = open(path, O_RDONLY | O_NONBLOCK);
	cr_assert_eq(log_open(path, WRITERS, &log), STATUS_OK);
	cr_assert_gt(fcntl(reading.fd, F_SETPIPE_SZ, 4096), 0);
	fcntl(reading.fd, F_SETFL, 0);
	for (unsigned i = 0; i < WRITERS * EACH; i++)
		log_request(log, i % WRITERS, &plain);
	pthread_create(&reader, NULL, read_lines, &reading);
	pthread_join(reader, NULL);
	log_close(log);
	close(reading.fd);
	cr_assert_eq(count_lines(), reading.lines);
	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		cr_assert_eq(strncmp(line, "{\"time\":\"", 9), 0);
		cr_assert_eq(strchr(line, '\n')[-1], '}');
	}
}

Test(log, a_file_that_was_moved_away_is_opened_anew)
{
	const char *path = temp_dir_path(&dir, "log");
	const char *moved = temp_dir_path(&dir, "moved");
	struct log *log;

	cr_assert_eq(log_open(path, 1, &log), STATUS_OK);
	log_note(log, LOG_INFO, "first", NULL);
	while (!strstr(content(path), "first"))
		usleep(1000);
	cr_assert_eq(rename(path, moved), 0);
	log_reopen(log);
	while (access(path, F_OK) != 0)
		usleep(1000);
	log_note(log, LOG_INFO, "second", NULL);
	log_close(log);
	cr_assert(strstr(content(path), "second"));
	cr_assert_null(strstr(content(moved), "second"));
}

Test(log, a_file_that_cannot_be_opened_anew_is_told_in_the_one_before)
{
	const char *folder = temp_dir_path(&dir, "folder");
	const char *moved = temp_dir_path(&dir, "moved");
	char path[512], old[512];
	struct log *log;

	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(old, sizeof(old), "%s/log", moved);
	cr_assert_eq(mkdir(folder, 0700), 0);
	cr_assert_eq(log_open(path, 1, &log), STATUS_OK);
	cr_assert_eq(rename(folder, moved), 0);
	log_reopen(log);
	while (!strstr(content(old), "not opened anew"))
		usleep(1000);
	log_note(log, LOG_INFO, "goes on", NULL);
	log_close(log);
	cr_assert(strstr(content(old), "goes on"));
}

Test(log, lines_that_a_full_disk_does_not_take_are_counted)
{
	enum { GIVEN = 50 };
	struct log *log;

	cr_assert_eq(log_open("/dev/full", 1, &log), STATUS_OK);
	for (int i = 0; i < GIVEN; i++)
		log_request(log, 0, &plain);
	while (log_dropped(log) < GIVEN)
		usleep(1000);
	cr_assert_eq(log_dropped(log), GIVEN);
	log_close(log);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

Test(log, what_follows_a_line_cut_by_a_full_disk_begins_a_line)
{
	enum { GIVEN = 50, ROOM = 1000 };
	const char *path = temp_dir_path(&dir, "log");
	struct log *log;
	char *cut, *next;

	signal(SIGXFSZ, SIG_IGN);
	limit_files(ROOM);
	cr_assert_eq(log_open(path, 1, &log), STATUS_OK);
	for (int i = 0; i < GIVEN; i++)
		log_request(log, 0, &plain);
	while (!log_dropped(log) || strlen(content(path)) < ROOM)
		usleep(1000);
	cr_assert_eq(log_dropped(log) + count_lines(), GIVEN);
	cut = strrchr(text, '\n') + 1;
	cr_assert_neq(*cut, '\0', "no line was cut: choose another size");
	limit_files(RLIM_INFINITY);
	log_request(log, 0, &plain);
	log_close(log);
	content(path);
	next = strchr(cut, '\n') + 1;
	cr_assert_eq(next - text, ROOM + 1);
	cr_assert_eq(strncmp(next, "{\"time\":\"", 9), 0);
	cr_assert_eq(strchr(next, '\n')[-1], '}');
}
