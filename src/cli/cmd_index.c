/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "adapter/sqlite_register.h"
#include "adapter/state_dir.h"
#include "command.h"
#include "progress.h"
#include "register_feed.h"
#include "state.h"

#define MAX_GONE (256u << 20) /* bytes of the list of ids that left */

static const char usage[] =
        "usage: bonigate index --register FILE --out INDEX\n"
        "       bonigate index --register test|live [--state DIR]\n"
        "       bonigate index --update CHANGES... --out INDEX [--gone FILE]\n"
        "Builds the file that companies are searched in by name and address. FILE is a register:\n"
        "OffeneRegister JSONL, register TSV, CSV by header, or SQLite; it may be packed. test and live are\n"
        "the registers of the state folder, with the index beside them that handlers look for. Those that\n"
        "serve from INDEX go over to the new one within a second; an interrupted build leaves the old one.\n"
        "--update writes INDEX.update beside it, searched together with it: CHANGES are all companies that\n"
        "were added or changed since INDEX was built, --gone lists the ids of those that left, one a line.\n";

struct arguments {
	const char *reg;
	const char *out;
	const char *gone;
	const char *state;
	bool update;
	char paths[2][STATE_PATH_MAX]; /* register and index of test or live */
};

struct building {
	struct match_build *build;
	struct progress progress;
	bool failed;
};

/* "test" and "live" stand for files of the state folder; another name needs --out. */
static bool name_paths(struct arguments *arguments)
{
	bool live = strcmp(arguments->reg, "live") == 0;
	const char *name = live ? STATE_REGISTER_LIVE : STATE_REGISTER_TEST;
	const char *dir;

	if (!live && strcmp(arguments->reg, "test") != 0)
		return true;
	dir = state_option(arguments->state);
	if (!dir || state_path(dir, name, arguments->paths[0]) != STATUS_OK ||
	    snprintf(arguments->paths[1], STATE_PATH_MAX, "%s" SQLITE_REGISTER_INDEX, arguments->paths[0]) >=
	            STATE_PATH_MAX)
		return false;
	arguments->reg = arguments->paths[0];
	arguments->out = arguments->paths[1];
	return true;
}

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option options[] = {
	        {"register", required_argument, NULL, 'r'},
	        {"out", required_argument, NULL, 'o'},
	        {"gone", required_argument, NULL, 'g'},
	        {"update", no_argument, NULL, 'u'},
	        {"state", required_argument, NULL, 's'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'r') {
			arguments->reg = optarg;
		} else if (c == 'o') {
			arguments->out = optarg;
		} else if (c == 'g') {
			arguments->gone = optarg;
		} else if (c == 'u') {
			arguments->update = true;
		} else if (c == 's') {
			arguments->state = optarg;
		} else {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
	}
	if (arguments->reg && !arguments->out && !name_paths(arguments)) {
		*ret_code = EXIT_USAGE;
		return false;
	}
	bool files = arguments->update ? !arguments->reg && (optind < argc || arguments->gone)
	                               : arguments->reg && optind == argc && !arguments->gone;
	if (files && arguments->out)
		return true;
	fputs(usage, stderr);
	*ret_code = EXIT_USAGE;
	return false;
}

static bool take_company(void *ctx, const struct match_build_record *record)
{
	struct building *building = ctx;
	enum status status = match_build_add(building->build, record);

	if (status == STATUS_OK || status == STATUS_INVALID)
		return true;
	progress_finish(&building->progress);
	state_complain("index", "a company", status);
	building->failed = true;
	return false;
}

static void report(void *ctx, uint64_t done, uint64_t total)
{
	struct building *building = ctx;

	building->progress.total = total;
	progress_update(&building->progress, done);
}

static void complain(const char *path, enum status status)
{
	if (status == STATUS_UNAVAILABLE)
		fprintf(stderr, "bonigate index: %s: %s\n", path, strerror(errno));
	else if (status == STATUS_RUNNING)
		fprintf(stderr, "bonigate index: %s: another build is running\n", path);
	else
		state_complain("index", path, status);
}

/* A list of ids, one a line; the text they point into is the caller's to free. */
static bool read_gone(const char *path, char **ret_text, struct slice **ret_ids, size_t *ret_count)
{
	size_t len;
	char *text = state_read_file(path, MAX_GONE, &len);

	if (!text)
		return false;
	size_t lines = 1;
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	struct slice *ids = malloc(lines * sizeof(*ids));
	if (!ids) {
		free(text);
		return false;
	}
	size_t count = 0;
	for (struct slice rest = {text, len}; rest.ptr;) {
		struct slice id = slice_trim(slice_cut(&rest, '\n'));
		if (id.len > 0)
			ids[count++] = id;
	}
	*ret_text = text;
	*ret_ids = ids;
	*ret_count = count;
	return true;
}

static enum status write_update(struct building *building, const struct arguments *arguments, const char *path)
{
	struct match_build_progress progress = {report, building};
	struct match_build_update update = {0};
	struct match_index *index;
	struct slice *ids = NULL;
	char *text = NULL;
	enum status status = match_index_open(arguments->out, &index);

	if (status != STATUS_OK) {
		complain(arguments->out, status);
		return status;
	}
	if (arguments->gone && !read_gone(arguments->gone, &text, &ids, &update.gone_count)) {
		match_index_close(index);
		return STATUS_INVALID;
	}
	const struct match_set *set = match_index_hold(index);
	update.base = &set->part[0];
	update.gone = ids;
	status = match_build_write_update(building->build, &update, path, progress);
	progress_finish(&building->progress);
	if (status != STATUS_OK)
		complain(path, status);
	match_index_release(index, set);
	match_index_close(index);
	free(ids);
	free(text);
	return status;
}

static enum status write_whole(struct building *building, const char *path)
{
	struct match_build_progress progress = {report, building};
	enum status status = match_build_write(building->build, path, progress);

	progress_finish(&building->progress);
	if (status != STATUS_OK)
		complain(path, status);
	return status;
}

static int run(const struct arguments *arguments, char **files)
{
	struct building building = {.failed = false};
	struct register_feed feed = {.command = "index", .label = "reading", .company = take_company, .ctx = &building};
	char path[4096];
	bool good = true;

	if (snprintf(path, sizeof(path), "%s%s", arguments->out, arguments->update ? MATCH_INDEX_UPDATE : "") >=
	    (int)sizeof(path)) {
		fputs("bonigate index: name too long\n", stderr);
		return EXIT_USAGE;
	}
	if (match_build_create(&building.build) != STATUS_OK) {
		fputs("bonigate index: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	if (!arguments->update)
		good = register_feed_read(&feed, arguments->reg);
	for (; arguments->update && *files && good; files++)
		good = register_feed_read(&feed, *files);
	if (good) {
		progress_start(&building.progress, "writing", 1);
		good = (arguments->update ? write_update(&building, arguments, path) : write_whole(&building, path)) ==
		       STATUS_OK;
	}
	match_build_destroy(building.build);
	if (good)
		printf("%" PRIu64 " companies, %" PRIu64 " refused: %s\n", feed.taken, feed.refused, path);
	return good && feed.refused == 0 ? EXIT_FINE : EXIT_FAILED;
}

int cmd_index(int argc, char **argv)
{
	struct arguments arguments = {0};
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	return run(&arguments, argv + optind);
}
