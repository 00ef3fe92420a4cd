/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_store.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "command.h"

bool state_arguments(int argc, char **argv, const char *usage, const char **ret_dir, int *ret_code)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's') {
			*ret_dir = optarg;
			continue;
		}
		fputs(usage, c == 'h' ? stdout : stderr);
		*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
		return false;
	}
	return true;
}

const char *state_option(const char *given)
{
	const char *dir = given ? given : getenv("BONIGATE_STATE");

	if (dir && *dir)
		return dir;
	fputs("bonigate: where is the state? Give --state DIR or set BONIGATE_STATE\n", stderr);
	return NULL;
}

static const char *status_words(enum status status)
{
	switch (status) {
	case STATUS_NOT_FOUND:
		return "not found";
	case STATUS_FULL:
		return "the disk is full";
	case STATUS_CORRUPT:
		return "the file is damaged or not ours";
	case STATUS_UNAVAILABLE:
		return "busy, or an input/output error";
	case STATUS_FORBIDDEN:
		return "no permission, or readable by others";
	case STATUS_MISMATCH:
		return "ambiguous, or there already";
	case STATUS_OK:
	case STATUS_INVALID:
	case STATUS_TOO_LARGE:
	case STATUS_UNAUTHORIZED:
	case STATUS_RUNNING:
	case STATUS_TIMEOUT:
	case STATUS_NO_MEMORY:
	case STATUS_INTERNAL:
	case STATUS_PENDING:
	case STATUS_COUNT:
		break;
	}
	return status_name(status);
}

void state_complain(const char *command, const char *what, enum status status)
{
	fprintf(stderr, "bonigate %s: %s: %s\n", command, what, status_words(status));
}

void state_complain_store(const char *dir, enum status status)
{
	const char *advice = sqlite_store_advice(status);

	fprintf(stderr, "bonigate: state directory %s: %s\n", dir, status_words(status));
	if (advice)
		fprintf(stderr, "bonigate: %s\n", advice);
}

bool state_open(struct state *state, const char *given)
{
	char key_file[STATE_PATH_MAX];
	enum status status;

	memset(state, 0, sizeof(*state));
	state->dir = state_option(given);
	if (!state->dir)
		return false;
	status = state_path(state->dir, STATE_TOKEN_KEY, key_file);
	if (status == STATUS_OK)
		status = sodium_crypto_open(key_file, &state->crypto);
	if (status == STATUS_OK)
		status = sqlite_admin_open(state->dir, sodium_crypto_port(state->crypto), system_clock(),
		                           &state->admin);
	if (status == STATUS_OK)
		return true;
	state_complain_store(state->dir, status);
	state_close(state);
	return false;
}

void state_close(struct state *state)
{
	sqlite_admin_close(state->admin);
	sodium_crypto_close(state->crypto);
	memset(state, 0, sizeof(*state));
}

/* The whole stream; the caller frees it. */
static char *read_stream(FILE *file, const char *path, size_t max, size_t *ret_len)
{
	char *text = malloc(max + 2);
	size_t len = text ? fread(text, 1, max + 1, file) : 0;

	if (text && !ferror(file) && len <= max) {
		text[len] = '\0';
		*ret_len = len;
		return text;
	}
	fprintf(stderr, "bonigate: %s: %s\n", path, len > max ? "is too large" : strerror(errno));
	free(text);
	return NULL;
}

char *state_read_file(const char *path, size_t max, size_t *ret_len)
{
	char *text;
	FILE *file;

	if (strcmp(path, "-") == 0)
		return read_stream(stdin, path, max, ret_len);
	file = fopen(path, "rbe");
	if (!file) {
		fprintf(stderr, "bonigate: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	text = read_stream(file, path, max, ret_len);
	(void)fclose(file);
	return text;
}
