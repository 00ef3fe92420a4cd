/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_store.h"
#include "adapter/system_clock.h"
#include "command.h"
#include "load_model.h"
#include "state.h"
#include "wire/explanation_out.h"
#include "wire/policy_in.h"

#define ARENA_CAP (16u << 20)
#define TEXT_CAP  (64u << 10)

static const char usage[] =
        "usage: bonigate explain DECISION_ID --tenant ID [--lang de|en] [--json] [--model FILE] [--state DIR]\n"
        "Tells why a decision came out as it did, as a statement for the company concerned: what\n"
        "was used and where from, what cost most and what would change it, what is unknown, who\n"
        "to ask for a review. The model is the shipped one unless told otherwise.\n";

struct arguments {
	const char *id;
	const char *tenant;
	const char *model;
	const char *dir;
	enum lang lang;
	bool json;
};

/* All that explaining needs, in one block. */
struct desk {
	struct arena arena;
	struct store_record stored;
	struct record record;
	struct policy policy;
	struct explanation_view view;
	struct buf out;
	char text[TEXT_CAP];
	char mem[ARENA_CAP] __attribute__((aligned(16)));
};

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option longs[] = {
	        {"tenant", required_argument, NULL, 't'},
	        {"lang", required_argument, NULL, 'l'},
	        {"model", required_argument, NULL, 'm'},
	        {"state", required_argument, NULL, 's'},
	        {"json", no_argument, NULL, 'j'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	const char *lang = "de";
	const char **texts[128] = {
	        ['t'] = &arguments->tenant, ['l'] = &lang, ['m'] = &arguments->model, ['s'] = &arguments->dir};

	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 'h' || c == '?') {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
		if (c == 'j')
			arguments->json = true;
		else
			*texts[c] = optarg;
	}
	*ret_code = EXIT_USAGE;
	arguments->lang = strcmp(lang, "en") == 0 ? LANG_EN : LANG_DE;
	if (optind + 1 == argc && arguments->tenant && (arguments->lang == LANG_EN || strcmp(lang, "de") == 0)) {
		arguments->id = argv[optind];
		return true;
	}
	fputs(usage, stderr);
	return false;
}

/* The tenant's policy of today tells how old events weigh; the documented one when it has none. */
static enum status load_policy(struct store_port store, const char *tenant, struct desk *desk)
{
	struct slice json;
	struct load_error error;
	enum status status = store.vtable->find_policy(store.self, slice_cstr(tenant), &desk->arena, &json);

	policy_defaults(&desk->policy);
	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	return status ? status : policy_in_parse(json, &desk->arena, &desk->policy, &error);
}

static enum status load_record(struct store_port store, const struct arguments *arguments, struct desk *desk)
{
	struct load_error error;
	enum status status = store.vtable->find_decision(store.self, slice_cstr(arguments->tenant),
	                                                 slice_cstr(arguments->id), &desk->arena, &desk->stored);

	if (status == STATUS_OK)
		status = record_in_parse(desk->stored.text, &desk->arena, &desk->record, &error);
	return status ? status : load_policy(store, arguments->tenant, desk);
}

static int explain(struct store_port store, const struct arguments *arguments, const struct model *model,
                   struct desk *desk)
{
	arena_init(&desk->arena, desk->mem, sizeof(desk->mem));
	enum status status = load_record(store, arguments, desk);
	if (status) {
		state_complain("explain", arguments->id, status);
		return EXIT_FAILED;
	}
	explanation_view_make(&desk->record, model, &desk->policy.events, &desk->view);
	buf_init(&desk->out, desk->text, sizeof(desk->text));
	if (arguments->json)
		explanation_out_json(&desk->view, arguments->lang, &desk->out);
	else
		explanation_out_text(&desk->view, arguments->lang, &desk->out);
	if (arguments->json)
		buf_char(&desk->out, '\n');
	bool good = !desk->out.overflow && fwrite(desk->out.ptr, 1, desk->out.len, stdout) == desk->out.len;
	return good ? EXIT_FINE : EXIT_FAILED;
}

static int run(struct state *state, const struct arguments *arguments)
{
	struct model *model = arguments->model ? load_model("explain", arguments->model)
	                                       : load_model_shipped("explain");
	struct desk *desk = calloc(1, sizeof(*desk));
	struct sqlite_store *store;
	int code = EXIT_FAILED;

	if (model && desk) {
		enum status status = sqlite_store_open(state->dir, sodium_crypto_port(state->crypto), system_clock(),
		                                       &store);
		if (status) {
			state_complain("explain", state->dir, status);
		} else {
			code = explain(sqlite_store_port(store), arguments, model, desk);
			sqlite_store_close(store);
		}
	}
	free(model);
	free(desk);
	return code;
}

int cmd_explain(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct state state;
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	if (!state_open(&state, arguments.dir))
		return EXIT_FAILED;
	code = run(&state, &arguments);
	state_close(&state);
	return code;
}
