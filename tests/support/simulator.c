/* SPDX-License-Identifier: MIT */
#include "simulator.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/slice.h"

extern char **environ;

static void spawn(struct simulator *simulator, bool tls, const int in[2], const int out[2])
{
	char *argv[] = {"python3", "-B", "tests/providers/simulator.py", tls ? "--tls" : NULL, NULL};
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	if (posix_spawnp(&simulator->pid, argv[0], &actions, NULL, argv, environ) != 0)
		abort();
	posix_spawn_file_actions_destroy(&actions);
}

static int port_of(struct slice *line)
{
	uint64_t port = 0;

	(void)slice_cut(line, ' ');
	if (!slice_to_u64(slice_cut(line, ' '), &port))
		abort();
	return (int)port;
}

struct simulator simulator_start(bool tls)
{
	struct simulator simulator = {0};
	char text[512];
	struct slice line = {text, 0};
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		abort();
	spawn(&simulator, tls, in, out);
	close(in[0]);
	close(out[1]);
	while (line.len < sizeof(text) && read(out[0], text + line.len, 1) == 1 && text[line.len] != '\n')
		line.len++;
	close(out[0]);
	simulator.input = in[1];
	simulator.port = port_of(&line);
	if (tls) {
		simulator.tls_port = port_of(&line);
		(void)slice_copy(line, simulator.ca_file, sizeof(simulator.ca_file));
	}
	return simulator;
}

void simulator_stop(struct simulator *simulator)
{
	close(simulator->input);
	waitpid(simulator->pid, NULL, 0);
}
