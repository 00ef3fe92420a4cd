/* SPDX-License-Identifier: MIT */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <stdbool.h>
#include <sys/types.h>

/* tests/providers/simulator.py, on ports of its own. */
struct simulator {
	pid_t pid;
	int input; /* it ends when this closes, also when the test dies */
	int port, tls_port;
	char ca_file[128];
};

struct simulator simulator_start(bool tls);
void simulator_stop(struct simulator *simulator);

#endif
