/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_events.h"
#include "adapter/state_dir.h"
#include "command.h"
#include "state.h"
#include "wire/event_out.h"

#define PAGE      64
#define ARENA_CAP (4u << 20)

static const char usage[] = "usage: bonigate events --tenant ID [--mode test|live] [--after EVENT] [--state DIR]\n"
                            "Prints what happened that nobody was waiting for, oldest first: one JSON object a line,\n"
                            "as GET /v1/events gives them. --after: only what came behind this one. The mode is live\n"
                            "unless told otherwise.\n";

struct arguments {
	const char *dir;
	const char *tenant;
	const char *mode;
	const char *after;
};

/* Where one page is read and a line made. */
struct desk {
	struct event events[PAGE];
	char line[MAX_ANSWER];
	_Alignas(16) char mem[ARENA_CAP];
};

static bool print_event(struct desk *desk, const struct event *event)
{
	struct buf line;

	buf_init(&line, desk->line, sizeof(desk->line));
	event_out_put(&line, event);
	buf_char(&line, '\n');
	return !line.overflow && fwrite(line.ptr, 1, line.len, stdout) == line.len;
}

static enum status print_all(struct event_port port, const struct arguments *arguments, struct desk *desk)
{
	char after[MAX_DECISION_ID + 1];
	struct slice last = slice_cstr(arguments->after);
	enum status status = STATUS_OK;
	size_t count = PAGE;

	while (status == STATUS_OK && count == PAGE) {
		struct arena arena;

		arena_init(&arena, desk->mem, sizeof(desk->mem));
		status = port.vtable->list(port.self, slice_cstr(arguments->tenant),
		                           strcmp(arguments->mode, "live") == 0, last, PAGE, &arena, desk->events,
		                           &count);
		for (size_t i = 0; status == STATUS_OK && i < count; i++)
			status = print_event(desk, &desk->events[i]) ? STATUS_OK : STATUS_UNAVAILABLE;
		if (status == STATUS_OK && count > 0)
			status = slice_copy(desk->events[count - 1].id, after, sizeof(after)) ? STATUS_OK
			                                                                      : STATUS_CORRUPT;
		last = slice_cstr(after);
	}
	return status;
}

static int run(const struct arguments *arguments)
{
	const char *dir = state_option(arguments->dir);
	struct desk *desk = malloc(sizeof(*desk));
	struct sqlite_events *events = NULL;
	enum status status = STATUS_NO_MEMORY;
	char file[STATE_PATH_MAX];

	if (dir && desk) {
		status = state_path(dir, STATE_STORE, file);
		if (status == STATUS_OK)
			status = sqlite_events_open(file, &events);
		if (status == STATUS_OK)
			status = print_all(sqlite_events_port(events), arguments, desk);
	}
	if (dir && status != STATUS_OK)
		state_complain("events", arguments->tenant, status);
	sqlite_events_close(events);
	free(desk);
	return status == STATUS_OK ? EXIT_FINE : EXIT_FAILED;
}

int cmd_events(int argc, char **argv)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'}, {"tenant", required_argument, NULL, 't'},
	        {"mode", required_argument, NULL, 'm'},  {"after", required_argument, NULL, 'a'},
	        {"help", no_argument, NULL, 'h'},        {0},
	};
	struct arguments arguments = {.mode = "live"};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's') {
			arguments.dir = optarg;
		} else if (c == 't') {
			arguments.tenant = optarg;
		} else if (c == 'm') {
			arguments.mode = optarg;
		} else if (c == 'a') {
			arguments.after = optarg;
		} else {
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? EXIT_FINE : EXIT_USAGE;
		}
	}
	if (optind != argc || !arguments.tenant ||
	    (strcmp(arguments.mode, "live") != 0 && strcmp(arguments.mode, "test") != 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return run(&arguments);
}
