/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_store.h"
#include "adapter/system_clock.h"
#include "command.h"
#include "state.h"
#include "wire/record_csv.h"

static const char usage[] = "usage: bonigate audit verify [--tenant ID] [--state DIR]\n"
                            "       bonigate audit export --tenant ID [--format jsonl|csv] [--from SEQ] [--state DIR]\n"
                            "verify walks each chain of decision records and names the first broken record.\n"
                            "export writes records in chain order: JSON Lines exactly as they were hashed (the\n"
                            "SHA-256 of a line without its end is the next line's \"prev\"), or a CSV for\n"
                            "spreadsheets.\n";

struct arguments {
	const char *dir;
	const char *tenant;
	const char *format;
	uint64_t from;
};

struct verification {
	struct sqlite_store *store;
	const char *only; /* NULL = every tenant */
	bool seen;
	bool broken;
};

static bool verify_tenant(void *ctx, const struct admin_tenant *tenant)
{
	struct verification *verification = ctx;
	struct audit_result result;
	enum status status;

	if (verification->only && strcmp(verification->only, tenant->id) != 0)
		return true;
	verification->seen = true;
	status = sqlite_store_verify(verification->store, slice_cstr(tenant->id), &result);
	if (status) {
		state_complain("audit", tenant->id, status);
		verification->broken = true;
	} else if (result.fault == AUDIT_SOUND) {
		printf("%s: %" PRIu64 " records, chain unbroken\n", tenant->id, result.records);
	} else {
		printf("%s: BROKEN at record %" PRIu64 "%s%s: %s (%" PRIu64 " records before it are sound)\n",
		       tenant->id, result.seq, result.decision_id[0] ? ", " : "", result.decision_id,
		       audit_fault_text(result.fault), result.records);
		verification->broken = true;
	}
	return true;
}

static int verify(struct state *state, struct sqlite_store *store, const struct arguments *arguments)
{
	struct verification verification = {.store = store, .only = arguments->tenant};
	enum status status = sqlite_admin_each_tenant(state->admin, verify_tenant, &verification);

	if (status == STATUS_OK && arguments->tenant && !verification.seen)
		status = STATUS_NOT_FOUND;
	if (status)
		state_complain("audit", arguments->tenant ? arguments->tenant : "tenants", status);
	return status || verification.broken ? EXIT_FAILED : EXIT_FINE;
}

/* Where rows of a CSV export are made; one after the other. */
struct csv_export {
	char line[4 * MAX_RECORD];
	char tree[16 * MAX_RECORD] __attribute__((aligned(16)));
	enum status status;
};

static bool print_row(void *ctx, const struct store_record *record)
{
	struct csv_export *export = ctx;
	struct arena arena;
	struct buf line;

	arena_init(&arena, export->tree, sizeof(export->tree));
	buf_init(&line, export->line, sizeof(export->line));
	export->status = record_csv_row(record->text, &arena, &line);
	return export->status == STATUS_OK && fwrite(line.ptr, 1, line.len, stdout) == line.len;
}

static enum status export_csv(struct store_port port, const struct arguments *arguments)
{
	struct csv_export *export = calloc(1, sizeof(*export));
	struct buf header;
	enum status status;

	if (!export)
		return STATUS_NO_MEMORY;
	buf_init(&header, export->line, sizeof(export->line));
	record_csv_header(&header);
	(void)fwrite(header.ptr, 1, header.len, stdout);
	status = port.vtable->each_decision(port.self, slice_cstr(arguments->tenant), arguments->from, print_row,
	                                    export);
	if (status == STATUS_OK)
		status = export->status;
	free(export);
	return status;
}

static bool print_line(void *ctx, const struct store_record *record)
{
	(void)ctx;
	return fwrite(record->text.ptr, 1, record->text.len, stdout) == record->text.len && putchar('\n') != EOF;
}

static int export_chain(struct sqlite_store *store, const struct arguments *arguments)
{
	struct store_port port = sqlite_store_port(store);
	bool csv = arguments->format && strcmp(arguments->format, "csv") == 0;
	enum status status;

	if (!arguments->tenant || (arguments->format && !csv && strcmp(arguments->format, "jsonl") != 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	status = csv ? export_csv(port, arguments)
	             : port.vtable->each_decision(port.self, slice_cstr(arguments->tenant), arguments->from, print_line,
	                                          NULL);
	if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout)))
		status = STATUS_FULL;
	if (status)
		state_complain("audit", arguments->tenant, status);
	return status ? EXIT_FAILED : EXIT_FINE;
}

static int run(struct state *state, const struct arguments *arguments, const char *what)
{
	struct sqlite_store *store;
	enum status status = sqlite_store_open(state->dir, sodium_crypto_port(state->crypto), system_clock(), &store);
	int code = EXIT_USAGE;

	if (status) {
		state_complain("audit", state->dir, status);
		return EXIT_FAILED;
	}
	if (strcmp(what, "verify") == 0)
		code = verify(state, store, arguments);
	else if (strcmp(what, "export") == 0)
		code = export_chain(store, arguments);
	else
		fputs(usage, stderr);
	sqlite_store_close(store);
	return code;
}

static bool parse(int argc, char **argv, struct arguments *arguments, int *ret_code)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'},  {"tenant", required_argument, NULL, 't'},
	        {"format", required_argument, NULL, 'f'}, {"from", required_argument, NULL, 'n'},
	        {"help", no_argument, NULL, 'h'},         {0},
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 's')
			arguments->dir = optarg;
		else if (c == 't')
			arguments->tenant = optarg;
		else if (c == 'f')
			arguments->format = optarg;
		else if (c != 'n' || !slice_to_u64(slice_cstr(optarg), &arguments->from)) {
			fputs(usage, c == 'h' ? stdout : stderr);
			*ret_code = c == 'h' ? EXIT_FINE : EXIT_USAGE;
			return false;
		}
	}
	if (argc - optind == 1)
		return true;
	fputs(usage, stderr);
	*ret_code = EXIT_USAGE;
	return false;
}

int cmd_audit(int argc, char **argv)
{
	struct arguments arguments = {.from = 1};
	struct state state;
	int code;

	if (!parse(argc, argv, &arguments, &code))
		return code;
	if (!state_open(&state, arguments.dir))
		return EXIT_FAILED;
	code = run(&state, &arguments, argv[optind]);
	state_close(&state);
	return code;
}
