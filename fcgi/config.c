/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/version.h"
#include "serve.h"

#define PREFIX     "BONIGATE_"
#define MAX_OPTION 32

enum kind { KIND_TEXT, KIND_NUMBER, KIND_OCTAL };

#define TEXT(member)   KIND_TEXT, offsetof(struct config, member)
#define NUMBER(member) KIND_NUMBER, offsetof(struct config, member)
#define OCTAL(member)  KIND_OCTAL, offsetof(struct config, member)

/* --help prints this table; the environment variable is the name in capitals behind BONIGATE_. */
static const struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	uint64_t min;
	uint64_t max;
	const char *preset;
	const char *argument;
	const char *help;
} settings[] = {
        {"listen", TEXT(listen), 0, 0, NULL, "unix:PATH", "socket to serve on; without it descriptor 0"},
        {"socket-mode", OCTAL(socket_mode), 0, 0777, "0660", "MODE", "permissions of that socket"},
        {"state", TEXT(state), 0, 0, NULL, "DIR", "folder with store, registers and keys (required)"},
        {"model", TEXT(model), 0, 0, NULL, "FILE", "scorecard instead of the one that came with the program"},
        {"budget-ms", NUMBER(budget_ms), 1, 60000, "300", "N", "time for one decision"},
        {"threads", NUMBER(threads), 1, SERVE_MAX_THREADS, "32", "N", "requests answered at once"},
        {"connections", NUMBER(connections), 1, SERVE_MAX_CONNECTIONS, "1024", "N", "connections open at once"},
        {"idle-ms", NUMBER(idle_ms), 100, 86400000, "75000", "N", "an idle connection is closed after this"},
        {"request-ms", NUMBER(request_ms), 100, 600000, "10000", "N", "a request is read and answered within this"},
        {"drain-ms", NUMBER(drain_ms), 0, 600000, "10000", "N", "running requests get this after SIGTERM"},
        {"cache-mb", NUMBER(cache_mb), 1, 65536, "64", "N", "size of the cache file"},
        {"quota", NUMBER(quota), 1, 1000000, "120", "N", "keyless calls of an address: a minute; forms: an hour"},
        {"log", TEXT(log), 0, 0, "stderr", "TARGET", "stderr, none or a file"},
};

#define COUNT (sizeof(settings) / sizeof(settings[0]))

static const char usage_head[] =
        "Answers checkout calls behind a web server, by FastCGI or as a plain CGI program.\n"
        "\n"
        "SIGTERM finishes running requests and ends; SIGHUP loads model, policies, keys\n"
        "and providers again. As a CGI program it takes its settings from the environment alone.\n"
        "\n";

/* An octal number as chmod(1) takes it. */
static bool parse_octal(struct slice text, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!text.len || text.len > 5)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '7')
			return false;
		value = value * 8 + (uint64_t)(text.ptr[i] - '0');
	}
	*ret_value = value;
	return true;
}

static bool set(const struct setting *setting, const char *value, struct config *config)
{
	char *target = (char *)config + setting->offset;
	uint64_t number;
	bool sound;

	if (setting->kind == KIND_TEXT) {
		memcpy(target, &value, sizeof(value));
		return *value != '\0';
	}
	sound = setting->kind == KIND_OCTAL ? parse_octal(slice_cstr(value), &number)
	                                    : slice_to_u64(slice_cstr(value), &number);
	if (!sound || number < setting->min || number > setting->max)
		return false;
	memcpy(target, &number, sizeof(number));
	return true;
}

static void complain(const struct setting *setting, const char *source, const char *value, FILE *err)
{
	fprintf(err, "%s: \"%s\" is no valid value of %s", program_invocation_short_name, value, source);
	if (setting->kind == KIND_NUMBER)
		fprintf(err, "; it takes a number from %llu to %llu", (unsigned long long)setting->min,
		        (unsigned long long)setting->max);
	if (setting->kind == KIND_OCTAL)
		fputs("; it takes an octal number such as 0660", err);
	fputc('\n', err);
}

static void help(FILE *out)
{
	fprintf(out, "usage: %s [OPTION]...\n%s", program_invocation_short_name, usage_head);
	for (size_t i = 0; i < COUNT; i++) {
		char option[48];

		snprintf(option, sizeof(option), "--%s %s", settings[i].name, settings[i].argument);
		fprintf(out, "  %-20s %s", option, settings[i].help);
		if (settings[i].preset)
			fprintf(out, " (%s)", settings[i].preset);
		fputc('\n', out);
	}
	fprintf(out, "  %-20s %s\n  %-20s %s\n\n", "--help", "this text", "--version", "the version");
	fputs("Each option can be given as an environment variable too: " PREFIX "BUDGET_MS=200.\n", out);
}

static void variable_name(const struct setting *setting, char ret_name[sizeof(PREFIX) + MAX_OPTION])
{
	size_t at = sizeof(PREFIX) - 1;

	memcpy(ret_name, PREFIX, at);
	for (const char *c = setting->name; *c; c++)
		ret_name[at++] = (char)(*c == '-' ? '_' : *c - 'a' + 'A');
	ret_name[at] = '\0';
}

static bool read_environment(struct config *config, FILE *err)
{
	for (size_t i = 0; i < COUNT; i++) {
		char name[sizeof(PREFIX) + MAX_OPTION];
		const char *value;

		variable_name(&settings[i], name);
		value = getenv(name);
		if (value && *value && !set(&settings[i], value, config)) {
			complain(&settings[i], name, value, err);
			return false;
		}
	}
	return true;
}

static const struct setting *find_setting(struct slice name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (slice_eq_cstr(name, settings[i].name))
			return &settings[i];
	return NULL;
}

/* "--name value" or "--name=value"; *at is moved behind what was used. */
static enum config_result read_option(char **argv, int *at, struct config *config, FILE *err)
{
	const char *text = argv[(*at)++];
	struct slice name = slice_cstr(text + 2);
	const char *equals = strchr(text, '=');
	const struct setting *setting;
	const char *value;

	if (equals)
		name.len = (size_t)(equals - text) - 2;
	setting = find_setting(name);
	if (!setting) {
		fprintf(err, "%s: there is no option %s; see --help\n", program_invocation_short_name, text);
		return CONFIG_WRONG;
	}
	value = equals ? equals + 1 : argv[*at];
	if (!value) {
		fprintf(err, "%s: --%s needs a value: %s\n", program_invocation_short_name, setting->name,
		        setting->argument);
		return CONFIG_WRONG;
	}
	if (!equals)
		(*at)++;
	if (set(setting, value, config))
		return CONFIG_RUN;
	complain(setting, text, value, err);
	return CONFIG_WRONG;
}

static enum config_result read_arguments(int argc, char **argv, struct config *config, FILE *out, FILE *err)
{
	enum config_result result = CONFIG_RUN;
	int at = 1;

	while (result == CONFIG_RUN && at < argc) {
		if (strcmp(argv[at], "--help") == 0) {
			help(out);
			return CONFIG_DONE;
		}
		if (strcmp(argv[at], "--version") == 0) {
			fprintf(out, "%s %s\n", program_invocation_short_name, BONIGATE_VERSION);
			return CONFIG_DONE;
		}
		if (strncmp(argv[at], "--", 2) != 0) {
			fprintf(err, "%s: \"%s\" is no option; see --help\n", program_invocation_short_name, argv[at]);
			return CONFIG_WRONG;
		}
		result = read_option(argv, &at, config, err);
	}
	return result;
}

static bool check(const struct config *config, FILE *err)
{
	if (!config->state) {
		fprintf(err, "%s: no state folder: give --state DIR or " PREFIX "STATE\n",
		        program_invocation_short_name);
		return false;
	}
	if (config->listen && strncmp(config->listen, "unix:", 5) != 0) {
		fprintf(err, "%s: --listen takes unix:PATH, not \"%s\"\n", program_invocation_short_name,
		        config->listen);
		return false;
	}
	return true;
}

enum config_result config_read(int argc, char **argv, struct config *ret_config, FILE *out, FILE *err)
{
	struct config config = {0};
	enum config_result result;

	for (size_t i = 0; i < COUNT; i++)
		if (settings[i].preset && !set(&settings[i], settings[i].preset, &config))
			return CONFIG_WRONG;
	if (!read_environment(&config, err))
		return CONFIG_WRONG;
	result = read_arguments(argc, argv, &config, out, err);
	if (result != CONFIG_RUN)
		return result;
	if (!check(&config, err))
		return CONFIG_WRONG;
	*ret_config = config;
	return CONFIG_RUN;
}
