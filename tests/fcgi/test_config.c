/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../fcgi/config.h"

static char out_text[8192];
static char err_text[8192];

static enum config_result read_words(struct config *config, const char *const *words)
{
	char *argv[16] = {"bonigate-test"};
	enum config_result result;
	FILE *out = fmemopen(out_text, sizeof(out_text), "w");
	FILE *err = fmemopen(err_text, sizeof(err_text), "w");
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = (char *)(uintptr_t)*words;
	result = config_read(argc, argv, config, out, err);
	fclose(out);
	fclose(err);
	return result;
}

#define READ(config, ...) read_words((config), (const char *const[]){__VA_ARGS__, NULL})

Test(config, what_is_not_told_is_preset)
{
	struct config config;

	cr_assert_eq(READ(&config, "--state", "/s"), CONFIG_RUN);
	cr_assert_str_eq(config.state, "/s");
	cr_assert_null(config.listen);
	cr_assert_null(config.model);
	cr_assert_str_eq(config.log, "stderr");
	cr_assert_eq(config.socket_mode, 0660);
	cr_assert_eq(config.threads, 32);
	cr_assert_eq(config.budget_ms, 300);
}

Test(config, options_win_over_the_environment)
{
	struct config config;

	setenv("BONIGATE_STATE", "/e", 1);
	setenv("BONIGATE_BUDGET_MS", "200", 1);
	setenv("BONIGATE_SOCKET_MODE", "0600", 1);
	setenv("BONIGATE_LISTEN", "", 1);
	cr_assert_eq(READ(&config, "--budget-ms=100", "--threads", "4"), CONFIG_RUN);
	cr_assert_str_eq(config.state, "/e");
	cr_assert_eq(config.budget_ms, 100);
	cr_assert_eq(config.threads, 4);
	cr_assert_eq(config.socket_mode, 0600);
	cr_assert_null(config.listen, "an empty variable is as good as none");
}

Test(config, without_arguments_the_environment_alone_counts)
{
	char *argv[] = {"bonigate-test", "--help", NULL};
	struct config config;

	setenv("BONIGATE_STATE", "/e", 1);
	cr_assert_eq(config_read(0, argv, &config, stdout, stderr), CONFIG_RUN);
	cr_assert_str_eq(config.state, "/e");
}

Test(config, what_is_wrong_is_named)
{
	static const struct {
		const char *words[4];
		const char *named;
	} cases[] = {
	        {{"--nonsense"}, "--nonsense"},
	        {{"-s", "/s"}, "-s"},
	        {{"/s"}, "/s"},
	        {{"--state"}, "--state needs a value"},
	        {{"--state="}, "--state="},
	        {{"--state", "/s", "--threads=0"}, "1 to 256"},
	        {{"--state", "/s", "--threads=257"}, "1 to 256"},
	        {{"--state", "/s", "--threads=-1"}, "-1"},
	        {{"--state", "/s", "--threads=1e2"}, "1e2"},
	        {{"--state", "/s", "--budget-ms= 5"}, " 5"},
	        {{"--state", "/s", "--socket-mode=8"}, "octal"},
	        {{"--state", "/s", "--socket-mode=1000"}, "octal"},
	        {{"--state", "/s", "--socket-mode=000000"}, "octal"},
	        {{"--state", "/s", "--listen=tcp:80"}, "unix:PATH"},
	        {{"--thread=4"}, "--thread=4"},
	        {{"--"}, "--"},
	        {{NULL}, "no state folder"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config config;

		cr_assert_eq(read_words(&config, cases[i].words), CONFIG_WRONG, "case %zu", i);
		cr_assert(strstr(err_text, cases[i].named), "case %zu: %s", i, err_text);
		cr_assert_eq(out_text[0], '\0');
	}
}

Test(config, help_lists_every_setting_and_version_the_version)
{
	struct config config;

	cr_assert_eq(READ(&config, "--threads", "4", "--help"), CONFIG_DONE);
	cr_assert(strstr(out_text, "--listen unix:PATH"));
	cr_assert(strstr(out_text, "--drain-ms"));
	cr_assert_eq(READ(&config, "--version"), CONFIG_DONE);
	cr_assert(strchr(out_text, '.'));
}
