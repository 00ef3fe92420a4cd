/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"
#include "base/version.h"

#define EXIT_FINE   0
#define EXIT_USAGE  2
#define MOST_MB     65536
#define CACHE_MB    "64"
#define VERSION_KEY 'v'

static int usage(FILE *to, int code)
{
	fputs("usage: bonigate-worker [--state DIR] [--once] [--log TARGET] [--metrics FILE] [--model FILE]\n"
	      "                       [--cache-mb N]\n\n"
	      "Does what no buyer waits for: fetches reports that bureaus take minutes to prepare, and\n"
	      "decides again what was decided while a source was down. Sleeps until something is due.\n"
	      "SIGTERM finishes what is under way and ends; SIGHUP loads model, policies and providers again.\n\n"
	      "  --state DIR     folder with store, registers and keys (required)\n"
	      "  --once          does what is due now and ends\n"
	      "  --log TARGET    stderr, none or a file (stderr)\n"
	      "  --metrics FILE  keeps Prometheus text in this file, for a textfile collector\n"
	      "  --model FILE    scorecard instead of the one that came with the program\n"
	      "  --cache-mb N    size of the cache file (" CACHE_MB ")\n"
	      "  --help          this text\n"
	      "  --version       the version\n\n"
	      "Options that take a value can be given as environment variables too: BONIGATE_CACHE_MB=64.\n",
	      to);
	return code;
}

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static bool check(struct options *options, const char *cache_mb)
{
	if (!options->background.state) {
		fputs("bonigate-worker: no state folder: give --state DIR or BONIGATE_STATE\n", stderr);
		return false;
	}
	if (slice_to_u64(slice_cstr(cache_mb), &options->background.cache_mb) && options->background.cache_mb >= 1 &&
	    options->background.cache_mb <= MOST_MB)
		return true;
	fprintf(stderr, "bonigate-worker: \"%s\" is no size of a cache; it takes a number from 1 to %d\n", cache_mb,
	        MOST_MB);
	return false;
}

bool options_read(int argc, char **argv, struct options *ret_options, int *ret_code)
{
	static const struct option list[] = {
	        {"state", required_argument, NULL, 's'},
	        {"once", no_argument, NULL, 'o'},
	        {"metrics", required_argument, NULL, 'p'},
	        {"log", required_argument, NULL, 'l'},
	        {"model", required_argument, NULL, 'm'},
	        {"cache-mb", required_argument, NULL, 'c'},
	        {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, VERSION_KEY},
	        {0},
	};
	struct options options = {.background = {.state = from_environment("BONIGATE_STATE", NULL),
	                                         .model = from_environment("BONIGATE_MODEL", NULL),
	                                         .log = from_environment("BONIGATE_LOG", "stderr")},
	                          .metrics = from_environment("BONIGATE_METRICS", NULL)};
	const char *cache_mb = from_environment("BONIGATE_CACHE_MB", CACHE_MB);
	int option;

	while ((option = getopt_long(argc, argv, "", list, NULL)) != -1) {
		switch (option) {
		case 's':
			options.background.state = optarg;
			break;
		case 'o':
			options.once = true;
			break;
		case 'l':
			options.background.log = optarg;
			break;
		case 'm':
			options.background.model = optarg;
			break;
		case 'p':
			options.metrics = optarg;
			break;
		case 'c':
			cache_mb = optarg;
			break;
		case VERSION_KEY:
			puts("bonigate-worker " BONIGATE_VERSION);
			*ret_code = EXIT_FINE;
			return false;
		default:
			*ret_code = option == 'h' ? usage(stdout, EXIT_FINE) : usage(stderr, EXIT_USAGE);
			return false;
		}
	}
	if (optind != argc) {
		*ret_code = usage(stderr, EXIT_USAGE);
		return false;
	}
	*ret_code = EXIT_USAGE;
	if (!check(&options, cache_mb))
		return false;
	*ret_options = options;
	return true;
}
