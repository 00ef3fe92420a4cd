/* SPDX-License-Identifier: MIT */
#ifndef WORKER_OPTIONS_H
#define WORKER_OPTIONS_H

#include <stdbool.h>

#include "fcgi/background.h"

struct options {
	struct background_options background;
	const char *metrics; /* file to tell them in; NULL = nobody is told */
	bool once;           /* what is due now, then end */
};

/* From the environment, then the arguments. False: end with this code; help, version or a complaint are printed. */
bool options_read(int argc, char **argv, struct options *ret_options, int *ret_code);

#endif
