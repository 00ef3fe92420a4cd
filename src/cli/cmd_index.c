/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/match_index.h"
#include "adapter/match_sqlite.h"
#include "adapter/sqlite_register.h"
#include "adapter/state_dir.h"
#include "command.h"
#include "core/court.h"
#include "progress.h"
#include "register_feed.h"
#include "state.h"

#define MAX_GONE (256u << 20) /* bytes of the list of ids that left */

static const char usage[] =
        "usage: bonigate index --register FILE --out INDEX\n"
        "       bonigate index --register test|live [--state DIR]\n"
        "       bonigate index --update CHANGES... --out INDEX [--gone FILE]\n"
        "       bonigate index --update CHANGES... --register test|live [--state DIR] [--gone FILE]\n"
        "Builds the file that companies are searched in by name and address. FILE is a register:\n"
        "OffeneRegister JSONL, register TSV, CSV by header, or SQLite; it may be packed. test and live are\n"
        "the registers of the state folder, with the index beside them that handlers look for. Those that\n"
        "serve from INDEX go over to the new one within a second; an interrupted build leaves the old one.\n"
        "--update writes INDEX.update beside it, searched together with it: CHANGES are all companies that\n"
        "were added or changed since INDEX was built, --gone lists the ids of those that left, one a line.\n"
        "For test and live import them first: CHANGES only tells which companies are taken from the register.\n";

struct arguments {
	const char *reg;
	const char *out;
	const char *gone;
	const char *state;
	bool update;
	bool keyed;                    /* of a state folder's register: its ids are company keys */
	char paths[2][STATE_PATH_MAX]; /* register and index of test or live */
};

struct building {
	struct match_build *build;
	struct progress progress;
	struct slice *keys; /* of changed companies; then of those that are gone */
	size_t key_count;
	size_t key_cap;
	uint64_t unkeyed;
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
	arguments->keyed = true;
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
	bool files = arguments->update ? !arguments->reg == !arguments->keyed && (optind < argc || arguments->gone)
	                               : arguments->reg && optind == argc && !arguments->gone;
	if (files && arguments->out)
		return true;
	fputs(usage, stderr);
	*ret_code = EXIT_USAGE;
	return false;
}

/* A key of the register, for what a table calls "B1204_HRB260632HL" or a key already. */
static bool put_key(const struct match_build_record *record, char ret_key[MATCH_ID_BYTES], size_t *ret_len)
{
	uint16_t court = court_find(record->court);
	struct match_number number = {slice_cstr(court_code(court)), record->type, record->number, record->suffix};
	int len = 0;

	*ret_len = court == COURT_NONE ? 0 : match_image_number_id(&number, MATCH_ID_KEY, ret_key, MATCH_ID_BYTES);
	if (*ret_len > 0)
		return true;
	if (record->lei.len > 0)
		len = snprintf(ret_key, MATCH_ID_BYTES, "lei:%.*s", (int)record->lei.len, record->lei.ptr);
	else if (record->vat_id.len > 0)
		len = snprintf(ret_key, MATCH_ID_BYTES, "vat:%.*s", (int)record->vat_id.len, record->vat_id.ptr);
	*ret_len = len > 0 && len < MATCH_ID_BYTES ? (size_t)len : 0;
	return *ret_len > 0;
}

static bool note_key(struct building *building, struct slice key)
{
	if (building->key_count == building->key_cap) {
		size_t cap = building->key_cap ? building->key_cap * 2 : 1024;
		struct slice *keys = realloc(building->keys, cap * sizeof(*keys));
		if (!keys)
			return false;
		building->keys = keys;
		building->key_cap = cap;
	}
	char *copy = strndup(key.ptr, key.len);
	if (!copy)
		return false;
	building->keys[building->key_count++] = (struct slice){copy, key.len};
	return true;
}

/* Of a change to a register of the state folder only who changed is noted. */
static bool take_change(void *ctx, const struct match_build_record *record)
{
	struct building *building = ctx;
	char key[MATCH_ID_BYTES];
	size_t len;

	if (!put_key(record, key, &len)) {
		building->unkeyed++;
		return true;
	}
	building->failed = !note_key(building, (struct slice){key, len});
	return !building->failed;
}

static enum status add_record(void *ctx, const struct match_build_record *record)
{
	return match_build_add(ctx, record);
}

/* The companies as the register has them now; one it does not have is gone. */
static enum status read_changed(struct building *building, const char *reg)
{
	bool *found = calloc(building->key_count + 1, sizeof(*found));
	if (!found)
		return STATUS_NO_MEMORY;
	enum status status = match_sqlite_read_keys(reg, building->keys, building->key_count,
	                                            (struct match_sqlite_reader){add_record, building->build}, found);
	size_t kept = 0;
	for (size_t i = 0; i < building->key_count; i++) {
		if (found[i])
			free((void *)(uintptr_t)building->keys[i].ptr);
		else
			building->keys[kept++] = building->keys[i];
	}
	building->key_count = kept;
	free(found);
	return status;
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
	else if (status == STATUS_MISMATCH)
		fprintf(stderr, "bonigate index: %s: an index of another version; build it again\n", path);
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

/* By key, or by a table's id. */
static bool note_gone(struct building *building, struct slice id)
{
	struct match_build_record record = {.id = id};
	char key[MATCH_ID_BYTES];
	size_t len = 0;

	if (register_feed_split_id(id, &record) && put_key(&record, key, &len))
		id = (struct slice){key, len};
	return note_key(building, id);
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
	for (size_t i = 0; i < update.gone_count && arguments->keyed; i++)
		building->failed |= !note_gone(building, ids[i]);
	const struct match_set *set = match_index_hold(index);
	update.base = &set->part[0];
	update.gone = arguments->keyed ? building->keys : ids;
	update.gone_count = arguments->keyed ? building->key_count : update.gone_count;
	status = building->failed ? STATUS_NO_MEMORY : STATUS_OK;
	if (status == STATUS_OK)
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
	bool noted = arguments->update && arguments->keyed;
	struct register_feed feed = {.command = "index",
	                             .label = "reading",
	                             .company = noted ? take_change : take_company,
	                             .ctx = &building};
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
	if (good && arguments->update && arguments->keyed) {
		enum status status = read_changed(&building, arguments->reg);
		good = status == STATUS_OK;
		if (!good)
			complain(arguments->reg, status);
	}
	if (good) {
		progress_start(&building.progress, "writing", 1);
		good = (arguments->update ? write_update(&building, arguments, path) : write_whole(&building, path)) ==
		       STATUS_OK;
	}
	match_build_destroy(building.build);
	for (size_t i = 0; i < building.key_count; i++)
		free((void *)(uintptr_t)building.keys[i].ptr);
	free(building.keys);
	if (building.unkeyed > 0)
		fprintf(stderr,
		        "bonigate index: %" PRIu64 " companies without register number, LEI or VAT id left out\n",
		        building.unkeyed);
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
