/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgi.h"
#include "listen.h"

#define EXIT_FINE   0
#define EXIT_FAILED 1
#define EXIT_USAGE  2
#define UNIX_PREFIX "unix:"

/* What a client of a CGI program gets that could not even start; a FastCGI server notices by itself. */
static const char not_started[] =
        "Status: 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
        "Retry-After: 2\r\n\r\n"
        "{\"type\":\"urn:bonigate:problem:unavailable\",\"title\":\"Temporarily unavailable\",\"status\":503,"
        "\"detail\":\"The service is temporarily unavailable; please try again later.\",\"code\":\"unavailable\","
        "\"request_id\":null}";

/* A connection must never get the number of a standard stream. */
static bool fill_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return false;
	return true;
}

void process_complain(const char *what, const char *which, enum status status)
{
	fprintf(stderr, "%s: %s %s: %s%s%s\n", program_invocation_short_name, what, which, status_name(status),
	        status == STATUS_UNAVAILABLE && errno ? ", " : "",
	        status == STATUS_UNAVAILABLE && errno ? strerror(errno) : "");
}

static bool open_socket(const struct config *config, struct serve_options *options)
{
	enum status status;

	if (!config->listen) {
		if (listen_inherited(&options->listen_fd) == STATUS_OK)
			return true;
		fprintf(stderr,
		        "%s: nothing to serve on: give --listen unix:PATH, or a listening socket as descriptor 0\n",
		        program_invocation_short_name);
		return false;
	}
	options->path = config->listen + strlen(UNIX_PREFIX);
	status = listen_unix(options->path, (mode_t)config->socket_mode, &options->listen_fd);
	if (status == STATUS_OK)
		return true;
	if (status == STATUS_RUNNING)
		fprintf(stderr, "%s: another process serves %s\n", program_invocation_short_name, options->path);
	else
		process_complain("cannot listen on", options->path, status);
	return false;
}

static int run_fastcgi(const struct config *config, struct server *server)
{
	struct serve_app app = server_app(server);
	struct serve_options options = {
	        .threads = (unsigned)config->threads,
	        .connections = (unsigned)config->connections,
	        .idle_ms = (unsigned)config->idle_ms,
	        .exchange_ms = (unsigned)config->request_ms,
	        .drain_ms = (unsigned)config->drain_ms,
	};
	enum status status;

	if (!open_socket(config, &options))
		return EXIT_FAILED;
	log_note(server->log, LOG_INFO, "serving", options.path ? options.path : "descriptor 0");
	status = serve_run(&options, &app);
	if (status == STATUS_TIMEOUT) {
		/* Stuck threads still use everything: leave it to the kernel. What was acknowledged is on disk. */
		log_note(server->log, LOG_WARN, "requests were still running at the end", NULL);
		log_close(server->log);
		_exit(EXIT_FINE);
	}
	if (status != STATUS_OK)
		process_complain("cannot serve on", options.path ? options.path : "descriptor 0", status);
	return status == STATUS_OK ? EXIT_FINE : EXIT_FAILED;
}

static int run_cgi(struct server *server)
{
	struct serve_app app = server_app(server);

	cgi_serve(&app);
	return EXIT_FINE;
}

static int run(const struct config *config, const struct program *program, bool cgi)
{
	struct server server = {
	        .routes = program->routes, .route_count = program->route_count, .budget_ms = config->budget_ms};
	unsigned lanes = cgi ? 1 : (unsigned)config->threads;
	int code = EXIT_FAILED;
	enum status status;
	void *parts;

	if (!cgi)
		serve_block_signals();
	status = log_open(config->log, lanes, &server.log);
	if (status != STATUS_OK) {
		process_complain("cannot open log", config->log, status);
		return code;
	}
	status = program->open(config, &server, &parts);
	if (status != STATUS_OK)
		goto out_log;
	status = server_start(&server, lanes);
	if (status == STATUS_OK) {
		code = cgi ? run_cgi(&server) : run_fastcgi(config, &server);
		server_stop(&server);
	}
	program->close(parts);
out_log:
	log_close(server.log);
	return code;
}

int process_main(int argc, char **argv, const struct program *program)
{
	struct config config;
	bool cgi;
	int code;

	if (!fill_standard_streams())
		return EXIT_FAILED;
	signal(SIGXFSZ, SIG_IGN); /* a file at its greatest size fails the write, like a full disk */
	/* A listening descriptor 0 means FastCGI, whatever the environment was inherited from. */
	cgi = cgi_is_request() && FCGX_IsCGI();
	switch (config_read(cgi ? 0 : argc, argv, &config, stdout, stderr)) {
	case CONFIG_DONE:
		return EXIT_FINE;
	case CONFIG_WRONG:
		code = EXIT_USAGE;
		break;
	case CONFIG_RUN:
	default:
		code = run(&config, program, cgi);
		break;
	}
	if (cgi && code != EXIT_FINE)
		return write(STDOUT_FILENO, not_started, sizeof(not_started) - 1) < 0 ? EXIT_FAILED : EXIT_FINE;
	return code;
}
