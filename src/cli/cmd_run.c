/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "fill.h"
#include "supervise.h"

#define READY_MS       20000
#define GRACE_MS       10000
#define MAX_CONFIG     65536
#define LONGEST_RUNDIR 80 /* leaves room for "/checkout.sock" in sun_path */
#define PATH_CAP       512

static const char *const handlers[] = {"checkout", "sandbox", "lead", "api"};
#define HANDLERS (sizeof(handlers) / sizeof(*handlers))

/* One handler: its program, its socket and the argument that names the socket. */
struct handler {
	char program[PATH_CAP];
	char socket[PATH_CAP];
	char listen[PATH_CAP];
};

/* Everything one run knows; paths are absolute. */
struct run {
	char state[PATH_CAP];
	char nginx[PATH_CAP];    /* folder of the nginx configuration and the pages */
	char programs[PATH_CAP]; /* folder of the handlers: our own */
	char dir[PATH_CAP];      /* sockets, rendered configuration, nginx's own files */
	char config[PATH_CAP];
	bool own_dir; /* dir is a temporary folder, removed at the end */
	char port_text[8];
	uint16_t port;
	struct handler handlers[HANDLERS];
	char worker[PATH_CAP];
	struct child children[HANDLERS + 2]; /* nginx and the worker are the others */
	struct supervisor all;
};

static bool fail(const char *what, const char *which)
{
	fprintf(stderr, "bonigate: %s %s: %s\n", what, which, strerror(errno));
	return false;
}

/* Writes dir + rest; false when the path is too long. */
static bool join(char *ret_path, const char *dir, const char *rest)
{
	struct buf path;

	buf_init(&path, ret_path, PATH_CAP - 1);
	buf_cstr(&path, dir);
	buf_cstr(&path, rest);
	ret_path[path.len] = '\0';
	if (path.overflow)
		fprintf(stderr, "bonigate: path too long: %s%s\n", dir, rest);
	return !path.overflow;
}

static bool resolve(char *ret_path, const char *path)
{
	char *real = realpath(path, NULL);
	bool fits;

	if (!real)
		return fail("cannot find", path);
	fits = join(ret_path, real, "");
	free(real);
	return fits;
}

/* The folder our own program is in, and the nginx files that belong to it. */
static bool find_folders(struct run *run, const char *nginx)
{
	char installed[PATH_CAP];
	char *slash;

	if (!resolve(run->programs, "/proc/self/exe"))
		return false;
	slash = strrchr(run->programs, '/');
	*slash = '\0';
	if (nginx)
		return resolve(run->nginx, nginx);
	return join(installed, run->programs, "/../share/bonigate/nginx") && resolve(run->nginx, installed);
}

/*
 * state/run, or a temporary folder when its path is too long for a socket.
 * The lock on the state folder lives as long as this process.
 */
static bool claim_state(struct run *run, const char *state)
{
	char lock[PATH_CAP];
	int fd;

	if (!resolve(run->state, state) || !join(run->dir, run->state, "/run") || !join(lock, run->dir, "/lock"))
		return false;
	if (mkdir(run->dir, 0700) != 0 && errno != EEXIST)
		return fail("cannot create", run->dir);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail("cannot open", lock);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		fprintf(stderr, "bonigate: another bonigate run serves %s already\n", run->state);
		return false;
	}
	if (strlen(run->dir) <= LONGEST_RUNDIR)
		return true;
	run->own_dir = join(run->dir, "/tmp/", "bonigate-XXXXXX") && mkdtemp(run->dir);
	return run->own_dir || fail("cannot create", run->dir);
}

/* A clear word now, instead of nginx's five attempts to bind later. */
static bool port_is_free(const struct run *run)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(run->port)};
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_free;

	if (fd < 0)
		return fail("cannot open", "a socket");
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	is_free = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;
	if (!is_free)
		fprintf(stderr, "bonigate: cannot serve on port %s: %s; choose another one (make run PORT=8081)\n",
		        run->port_text, strerror(errno));
	close(fd);
	return is_free;
}

static bool add_handler(struct run *run, const char *name)
{
	struct handler *handler = &run->handlers[run->all.count];
	struct child *child = &run->children[run->all.count];
	char file[32];

	snprintf(file, sizeof(file), "/bonigate-%s", name);
	if (!join(handler->program, run->programs, file))
		return false;
	if (access(handler->program, X_OK) != 0)
		return true; /* not part of this build */
	snprintf(file, sizeof(file), "/%s.sock", name);
	if (!join(handler->socket, run->dir, file) || !join(handler->listen, "unix:", handler->socket))
		return false;
	*child = (struct child){.name = name,
	                        .argv = {handler->program, "--listen", handler->listen, "--state", run->state}};
	run->all.count++;
	return true;
}

static bool read_file(const char *path, char *mem, size_t cap, struct slice *ret_text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return fail("cannot open", path);
	len = read(fd, mem, cap);
	close(fd);
	if (len < 0)
		return fail("cannot read", path);
	*ret_text = (struct slice){mem, (size_t)len};
	return true;
}

static bool write_file(const char *path, struct slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool done;

	if (fd < 0)
		return fail("cannot create", path);
	done = write(fd, text.ptr, text.len) == (ssize_t)text.len;
	return (close(fd) == 0 && done) || fail("cannot write", path);
}

/* nginx/dev.conf.in with this run's port and folders, into dir. */
static bool render_config(struct run *run)
{
	static char text[MAX_CONFIG], filled[MAX_CONFIG];
	const struct fill list[] = {
	        {"PORT", run->port_text},
	        {"NGINX", run->nginx},
	        {"RUN", run->dir},
	        /* Workers of a master that is root change to another user, who could not reach a private folder. */
	        {"USER", geteuid() == 0 ? "user root;" : ""},
	};
	char source[PATH_CAP];
	struct slice template;
	struct buf out;

	if (!join(source, run->nginx, "/dev.conf.in") || !join(run->config, run->dir, "/nginx.conf"))
		return false;
	if (!read_file(source, text, sizeof(text), &template))
		return false;
	buf_init(&out, filled, sizeof(filled));
	if (fill_text(template, list, sizeof(list) / sizeof(*list), &out) != STATUS_OK) {
		fprintf(stderr, "bonigate: %s: too long, or a name between @ that is not known\n", source);
		return false;
	}
	return write_file(run->config, buf_view(&out));
}

static void add_nginx(struct run *run)
{
	run->children[run->all.count++] = (struct child){
	        .name = "nginx",
	        .argv = {"nginx", "-e", "stderr", "-p", run->dir, "-c", run->config, "-g", "daemon off;"}};
}

/* It has no socket: nobody waits for it. */
static bool start_worker(struct run *run)
{
	struct child *child = &run->children[run->all.count];

	if (!join(run->worker, run->programs, "/bonigate-worker"))
		return false;
	if (access(run->worker, X_OK) != 0)
		return true; /* not part of this build */
	*child = (struct child){.name = "worker", .argv = {run->worker, "--state", run->state}};
	run->all.count++;
	return supervise_start(child) || fail("cannot start", child->name);
}

static bool answers(int family, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = fd >= 0 && connect(fd, address, len) == 0;

	if (fd >= 0)
		close(fd);
	return connected;
}

static bool handlers_answer(void *ctx)
{
	const struct run *run = ctx;

	for (unsigned i = 0; i < run->all.count; i++) {
		struct sockaddr_un at = {.sun_family = AF_UNIX};

		snprintf(at.sun_path, sizeof(at.sun_path), "%s", run->handlers[i].socket);
		if (!answers(AF_UNIX, (const struct sockaddr *)&at, sizeof(at)))
			return false;
	}
	return true;
}

static bool nginx_answers(void *ctx)
{
	const struct run *run = ctx;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(run->port)};

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return answers(AF_INET, (const struct sockaddr *)&at, sizeof(at));
}

/* Handlers first, so that nginx never answers for one that is not there yet. */
static bool start(struct run *run)
{
	for (unsigned i = 0; i < run->all.count; i++) {
		if (!supervise_start(&run->children[i]))
			return fail("cannot start", run->children[i].name);
	}
	if (!supervise_wait(&run->all, handlers_answer, run, READY_MS))
		return false;
	add_nginx(run);
	if (!supervise_start(&run->children[run->all.count - 1]))
		return fail("cannot start", "nginx");
	return start_worker(run) && supervise_wait(&run->all, nginx_answers, run, READY_MS);
}

/* The ready line, and a call that works as it stands when the demo's key is there. */
static void announce(const struct run *run)
{
	char path[PATH_CAP], key[160];
	struct slice text = SLICE_NONE;

	printf("ready http://127.0.0.1:%s\n", run->port_text);
	if (join(path, run->state, "/demo.key") && access(path, R_OK) == 0 &&
	    read_file(path, key, sizeof(key), &text)) {
		text = slice_trim(text);
		printf("\ncurl -s http://127.0.0.1:%s/v1/checkout/payment-methods \\\n"
		       "  -H 'Authorization: Bearer %.*s' -H 'Content-Type: application/json' \\\n"
		       "  -H 'Idempotency-Key: '$(date +%%s%%N) \\\n"
		       "  -d '{\"company\":{\"name\":\"Schmidt Industrie "
		       "GmbH\",\"postal_code\":\"40213\",\"country\":\"DE\"},"
		       "\"order\":{\"amount\":125000,\"currency\":\"EUR\"}}'\n\n",
		       run->port_text, (int)text.len, text.ptr);
	}
	fflush(stdout);
}

static bool prepare(struct run *run, const char *state, const char *nginx)
{
	if (!find_folders(run, nginx) || !claim_state(run, state) || !port_is_free(run))
		return false;
	for (size_t i = 0; i < HANDLERS; i++) {
		if (!add_handler(run, handlers[i]))
			return false;
	}
	return render_config(run);
}

static bool parse_port(struct run *run, const char *text)
{
	uint64_t port;

	if (!slice_to_u64(slice_cstr(text), &port) || port < 1 || port > UINT16_MAX) {
		fprintf(stderr, "bonigate: --port takes a number from 1 to 65535, not \"%s\"\n", text);
		return false;
	}
	run->port = (uint16_t)port;
	snprintf(run->port_text, sizeof(run->port_text), "%u", (unsigned)run->port);
	return true;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

static int usage(FILE *to, int code)
{
	fputs("usage: bonigate run [--state DIR] [--port N] [--nginx DIR]\n\n"
	      "Runs nginx on http://127.0.0.1:N (8080), the handlers and the worker beside this program, starts\n"
	      "again what ends, and stops all of them on Ctrl-C or SIGTERM. SIGHUP makes the handlers load\n"
	      "policies and keys again. The state folder is --state, else BONIGATE_STATE, else ./state; DIR holds\n"
	      "dev.conf.in and the pages (default: ../share/bonigate/nginx beside this program).\n",
	      to);
	return code;
}

static int serve(struct run *run, const char *state, const char *nginx)
{
	const char *path = getenv("PATH");
	char with_sbin[4096];
	bool ready;

	/* A plain user's PATH lacks the folder Debian puts nginx in. */
	snprintf(with_sbin, sizeof(with_sbin), "%s:/usr/local/sbin:/usr/sbin", path ? path : "/usr/bin");
	setenv("PATH", with_sbin, 1);
	supervise_signals();
	run->all.children = run->children;
	ready = prepare(run, state, nginx) && start(run);
	if (ready) {
		announce(run);
		supervise_run(&run->all);
	}
	supervise_stop(&run->all, GRACE_MS);
	if (run->own_dir)
		nftw(run->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return ready ? EXIT_FINE : EXIT_FAILED;
}

int cmd_run(int argc, char **argv)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'},
	        {"port", required_argument, NULL, 'p'},
	        {"nginx", required_argument, NULL, 'n'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	static struct run run;
	const char *state = getenv("BONIGATE_STATE"), *nginx = NULL, *port = "8080";
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			state = optarg;
		else if (option == 'p')
			port = optarg;
		else if (option == 'n')
			nginx = optarg;
		else
			return option == 'h' ? usage(stdout, EXIT_FINE) : usage(stderr, EXIT_USAGE);
	}
	if (optind != argc || !parse_port(&run, port))
		return usage(stderr, EXIT_USAGE);
	return serve(&run, state && *state ? state : "state", nginx);
}
