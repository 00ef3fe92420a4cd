/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapter/sqlite_admin.h"
#include "base/date.h"
#include "command.h"
#include "port/store.h"
#include "state.h"

static const char usage[] = "usage: bonigate key add TENANT --mode test|live [--scopes LIST] [--label TEXT]\n"
                            "                        [--expires DATE] [--file FILE] [--state DIR]\n"
                            "       bonigate key add TENANT --mode test|live --scopes form --origin URL ...\n"
                            "                        --return URL [--label TEXT] [--file FILE] [--state DIR]\n"
                            "       bonigate key list [--state DIR]\n"
                            "       bonigate key revoke ID [--state DIR]\n"
                            "The key is told once and only its hash is kept. Scopes: checkout, lead, read,\n"
                            "admin, separated by commas; checkout,read when left out. With --file the key is\n"
                            "written there (mode 0600) instead of shown, and a key that is there already is\n"
                            "taken over, so that a repeated set-up keeps the same key.\n"
                            "A form's key is public: it lets the pages of each --origin post leads, whose\n"
                            "visitors go to --return afterwards and learn nothing of the result.\n";

static const struct {
	const char *name;
	unsigned scope;
} scope_names[] = {
        {"checkout", SCOPE_CHECKOUT}, {"lead", SCOPE_LEAD}, {"read", SCOPE_READ},
        {"admin", SCOPE_ADMIN},       {"form", SCOPE_FORM},
};

#define SCOPE_NAMES (sizeof(scope_names) / sizeof(scope_names[0]))

struct arguments {
	const char *dir;
	const char *mode;
	const char *scopes;
	const char *label;
	const char *expires;
	const char *file;
	const char *target; /* of a form */
	char origins[MAX_URI];
};

static bool parse_scopes(const char *text, unsigned *ret_scopes)
{
	struct slice rest = slice_cstr(text);
	unsigned scopes = 0;

	while (rest.ptr) {
		struct slice name = slice_trim(slice_cut(&rest, ','));
		size_t i = 0;

		while (i < SCOPE_NAMES && !slice_eq_cstr(name, scope_names[i].name))
			i++;
		if (i == SCOPE_NAMES)
			return false;
		scopes |= scope_names[i].scope;
	}
	*ret_scopes = scopes;
	return true;
}

static bool make_request(const struct arguments *arguments, const char *tenant, struct admin_key_request *request)
{
	int32_t day;

	*request = (struct admin_key_request){.tenant = slice_cstr(tenant), .label = slice_cstr(arguments->label)};
	if (!arguments->mode || (strcmp(arguments->mode, "test") != 0 && strcmp(arguments->mode, "live") != 0)) {
		fputs("bonigate key: --mode must be test or live\n", stderr);
		return false;
	}
	request->livemode = strcmp(arguments->mode, "live") == 0;
	if (!parse_scopes(arguments->scopes ? arguments->scopes : "checkout,read", &request->scopes)) {
		fputs("bonigate key: --scopes knows checkout, lead, read, admin and form\n", stderr);
		return false;
	}
	if (request->scopes & SCOPE_FORM) {
		request->origins = slice_cstr(arguments->origins);
		request->return_url = slice_cstr(arguments->target);
	}
	if ((request->scopes == SCOPE_FORM) != (arguments->origins[0] && arguments->target)) {
		fputs("bonigate key: --scopes form goes alone, with --origin and --return\n", stderr);
		return false;
	}
	if (!arguments->expires)
		return true;
	if (!date_parse(slice_cstr(arguments->expires), &day)) {
		fputs("bonigate key: --expires is no date like 2027-12-31\n", stderr);
		return false;
	}
	request->expires_ms = (day + INT64_C(1)) * DATE_MS_PER_DAY;
	return true;
}

/* The key in FILE, if there is one; "" when not. */
static void read_key(const char *path, char ret_text[MAX_API_KEY + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, ret_text, MAX_API_KEY);

	if (fd >= 0)
		(void)close(fd);
	ret_text[len > 0 ? len : 0] = '\0';
	ret_text[strcspn(ret_text, "\r\n")] = '\0';
}

/* A file that was there has the mode it was made with; a device is left alone. */
static bool make_private(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 && (!S_ISREG(info.st_mode) || fchmod(fd, 0600) == 0);
}

static bool write_key(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool good = fd >= 0 && make_private(fd) && dprintf(fd, "%s\n", text) > 0 && fsync(fd) == 0;

	if (!good)
		fprintf(stderr, "bonigate key: %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return good;
}

static int add(struct state *state, const struct arguments *arguments, const char *tenant)
{
	struct admin_key_request request;
	char text[MAX_API_KEY + 1], kept[MAX_API_KEY + 1] = "";
	enum status status;

	if (!make_request(arguments, tenant, &request))
		return EXIT_USAGE;
	if (arguments->file)
		read_key(arguments->file, kept);
	if (kept[0])
		request.text = slice_cstr(kept);
	status = sqlite_admin_add_key(state->admin, &request, text);
	if (status) {
		state_complain("key", tenant, status);
		return EXIT_FAILED;
	}
	if (kept[0])
		return EXIT_FINE; /* it is in its file */
	if (!arguments->file)
		return puts(text) < 0 ? EXIT_FAILED : EXIT_FINE;
	return write_key(arguments->file, text) ? EXIT_FINE : EXIT_FAILED;
}

static void print_day(const char *label, int64_t ms)
{
	char mem[16];
	struct buf day;

	if (!ms)
		return;
	buf_init(&day, mem, sizeof(mem));
	date_put(&day, date_of_instant(ms));
	printf("\t%s %.*s", label, (int)day.len, day.ptr);
}

static bool print_key(void *ctx, const struct admin_key *key)
{
	(void)ctx;
	printf("%s\t%s\t%s\t", key->id, key->tenant, key->livemode ? "live" : "test");
	for (size_t i = 0, n = 0; i < SCOPE_NAMES; i++)
		if (key->scopes & scope_names[i].scope)
			printf("%s%s", n++ ? "," : "", scope_names[i].name);
	print_day("created", key->created_ms);
	print_day("expires", key->expires_ms);
	print_day("revoked", key->revoked_ms);
	printf("\t%s\n", key->label);
	return true;
}

static int run(struct state *state, const struct arguments *arguments, int argc, char **argv)
{
	enum status status;

	if (argc == 2 && strcmp(argv[0], "add") == 0)
		return add(state, arguments, argv[1]);
	if (argc == 2 && strcmp(argv[0], "revoke") == 0)
		status = sqlite_admin_revoke_key(state->admin, slice_cstr(argv[1]));
	else if (argc == 1 && strcmp(argv[0], "list") == 0)
		status = sqlite_admin_each_key(state->admin, print_key, NULL);
	else
		return fputs(usage, stderr), EXIT_USAGE;
	if (status)
		state_complain("key", argc == 2 ? argv[1] : "list", status);
	return status ? EXIT_FAILED : EXIT_FINE;
}

/* False: there are too many of them. */
static bool add_origin(struct arguments *arguments, const char *origin)
{
	size_t len = strlen(arguments->origins);
	int more = snprintf(arguments->origins + len, sizeof(arguments->origins) - len, "%s%s", len ? " " : "", origin);

	return more > 0 && (size_t)more < sizeof(arguments->origins) - len;
}

int cmd_key(int argc, char **argv)
{
	struct arguments arguments = {0};
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'},   {"mode", required_argument, NULL, 'm'},
	        {"scopes", required_argument, NULL, 'c'},  {"label", required_argument, NULL, 'l'},
	        {"expires", required_argument, NULL, 'e'}, {"file", required_argument, NULL, 'f'},
	        {"origin", required_argument, NULL, 'o'},  {"return", required_argument, NULL, 'r'},
	        {"help", no_argument, NULL, 'h'},          {0},
	};
	struct state state;
	int code;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 's':
			arguments.dir = optarg;
			break;
		case 'm':
			arguments.mode = optarg;
			break;
		case 'c':
			arguments.scopes = optarg;
			break;
		case 'l':
			arguments.label = optarg;
			break;
		case 'e':
			arguments.expires = optarg;
			break;
		case 'f':
			arguments.file = optarg;
			break;
		case 'r':
			arguments.target = optarg;
			break;
		case 'o':
			if (add_origin(&arguments, optarg))
				break;
			fputs("bonigate key: too many --origin\n", stderr);
			return EXIT_USAGE;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? EXIT_FINE : EXIT_USAGE;
		}
	}
	if (!state_open(&state, arguments.dir))
		return EXIT_FAILED;
	code = run(&state, &arguments, argc - optind, argv + optind);
	state_close(&state);
	return code;
}
