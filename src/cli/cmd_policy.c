/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sqlite_admin.h"
#include "base/date.h"
#include "command.h"
#include "state.h"
#include "wire/policy_in.h"

#define ARENA_CAP (8u << 20)

static const char usage[] = "usage: bonigate policy check FILE\n"
                            "       bonigate policy put TENANT FILE [--state DIR]\n"
                            "       bonigate policy show TENANT [--state DIR]\n"
                            "       bonigate policy list [TENANT] [--state DIR]\n"
                            "A policy is checked before it is stored; every version is kept, the\n"
                            "newest is in force. FILE may be - for standard input.\n";

/* True when the text is a sound policy; what is wrong goes to standard error. */
static bool is_sound(const char *path, struct slice json)
{
	struct policy *policy = malloc(sizeof(*policy));
	void *mem = malloc(ARENA_CAP);
	struct load_error error = {{0}, {0}};
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;

	if (policy && mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = policy_in_parse(json, &arena, policy, &error);
	}
	if (status == STATUS_INVALID)
		fprintf(stderr, "%s: %s: %s\n", path, error.pointer[0] ? error.pointer : "/", error.detail);
	else if (status)
		state_complain("policy", path, status);
	free(mem);
	free(policy);
	return status == STATUS_OK;
}

static int check(const char *path)
{
	size_t len;
	char *text = state_read_file(path, MAX_POLICY_FILE, &len);
	bool sound = text && is_sound(path, (struct slice){text, len});

	free(text);
	if (sound)
		printf("%s: sound\n", path);
	return sound ? EXIT_FINE : EXIT_FAILED;
}

static int put(struct state *state, const char *tenant, const char *path)
{
	size_t len;
	char *text = state_read_file(path, MAX_POLICY_FILE, &len);
	struct slice json = {text, text ? len : 0};
	uint64_t number = 0;
	enum status status = STATUS_INVALID;

	if (text && is_sound(path, json)) {
		status = sqlite_admin_put_policy(state->admin, slice_cstr(tenant), json, &number);
		if (status)
			state_complain("policy", tenant, status);
		else
			printf("%s: version %" PRIu64 " is in force\n", tenant, number);
	}
	free(text);
	return status ? EXIT_FAILED : EXIT_FINE;
}

static bool print_line(void *ctx, const struct admin_policy *policy)
{
	char mem[32];
	struct buf when;

	(void)ctx;
	buf_init(&when, mem, sizeof(mem));
	date_put_instant(&when, policy->created_ms);
	printf("%s\t%" PRIu64 "\t%.*s\t%zu bytes\n", policy->tenant, policy->number, (int)when.len, when.ptr,
	       policy->json.len);
	return true;
}

/* Versions come oldest first: the last one seen is in force. */
static bool keep_text(void *ctx, const struct admin_policy *policy)
{
	char **text = ctx;

	free(*text);
	*text = strndup(policy->json.ptr, policy->json.len);
	return *text != NULL;
}

static int show(struct state *state, const char *tenant)
{
	char *text = NULL;
	enum status status = sqlite_admin_each_policy(state->admin, slice_cstr(tenant), keep_text, &text);

	if (status == STATUS_OK && !text)
		status = STATUS_NOT_FOUND;
	if (status)
		state_complain("policy", tenant, status);
	else
		puts(text);
	free(text);
	return status ? EXIT_FAILED : EXIT_FINE;
}

static int list(struct state *state, const char *tenant)
{
	enum status status = sqlite_admin_each_policy(state->admin, slice_cstr(tenant), print_line, NULL);

	if (status)
		state_complain("policy", tenant ? tenant : "list", status);
	return status ? EXIT_FAILED : EXIT_FINE;
}

static int run(struct state *state, int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[0], "put") == 0)
		return put(state, argv[1], argv[2]);
	if (argc == 2 && strcmp(argv[0], "show") == 0)
		return show(state, argv[1]);
	if ((argc == 1 || argc == 2) && strcmp(argv[0], "list") == 0)
		return list(state, argc == 2 ? argv[1] : NULL);
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int cmd_policy(int argc, char **argv)
{
	const char *dir = NULL;
	struct state state;
	int code;

	if (!state_arguments(argc, argv, usage, &dir, &code))
		return code;
	if (argc - optind == 2 && strcmp(argv[optind], "check") == 0)
		return check(argv[optind + 1]);
	if (!state_open(&state, dir))
		return EXIT_FAILED;
	code = run(&state, argc - optind, argv + optind);
	state_close(&state);
	return code;
}
