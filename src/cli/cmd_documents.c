/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_documents.h"
#include "adapter/sqlite_store.h"
#include "adapter/state_dir.h"
#include "adapter/system_clock.h"
#include "base/date.h"
#include "command.h"
#include "state.h"
#include "wire/record_in.h"

#define ARENA_CAP (MAX_DOCUMENT + (1u << 16))

static const char usage[] =
        "usage: bonigate documents list --tenant ID [--company CMP] [--decision DEC] [--state DIR]\n"
        "       bonigate documents show NUMBER --tenant ID [--state DIR]\n"
        "       bonigate documents export NUMBER --tenant ID [--file FILE] [--state DIR]\n"
        "       bonigate documents delete NUMBER --tenant ID [--state DIR]\n"
        "       bonigate documents delete --company CMP --tenant ID [--state DIR]\n"
        "       bonigate documents days [--tenant ID] [--set DAYS] [--state DIR]\n"
        "       bonigate documents purge [--state DIR]\n"
        "The reports (PDF) that came beside bureaus' answers, as they came. list names them, oldest first:\n"
        "number, time, provider, company, type, bytes, SHA-256 of the raw answer. --decision: those that came\n"
        "with the answers this decision was made on. export writes one to a new file or to standard output.\n"
        "days tells, or sets, for how long they are kept (365); without --tenant: of all who set nothing\n"
        "themselves. purge deletes at once whose time is over.\n";

struct arguments {
	const char *dir;
	const char *tenant;
	const char *company;
	const char *decision;
	const char *file;
	const char *set;
	const char *number_text;
	int64_t days;   /* of "set" */
	int64_t number; /* 0 = none was given */
};

/* What every verb works with. */
struct desk {
	const struct arguments *arguments;
	struct sodium_crypto *crypto;
	struct sqlite_documents *documents;
	struct arena arena;
};

static enum status print_all(bool good)
{
	return good && fflush(stdout) == 0 && !ferror(stdout) ? STATUS_OK : STATUS_FULL;
}

/* --- Finding ---------------------------------------------------------------------------------------- */

static void put_instant(int64_t ms, char ret_text[32])
{
	struct buf out;

	buf_init(&out, ret_text, 31);
	date_put_instant(&out, ms);
	ret_text[out.len] = '\0';
}

static void put_hex(const uint8_t digest[CRYPTO_SHA256_LEN], char ret_text[2 * CRYPTO_SHA256_LEN + 1])
{
	struct buf out;

	buf_init(&out, ret_text, (size_t)2 * CRYPTO_SHA256_LEN);
	buf_hex(&out, digest, CRYPTO_SHA256_LEN);
	ret_text[out.len] = '\0';
}

static bool print_row(void *ctx, const struct document *document)
{
	char answer[2 * CRYPTO_SHA256_LEN + 1], at[32];

	put_hex(document->answer_sha256, answer);
	put_instant(document->received_ms, at);
	*(bool *)ctx = printf("%" PRId64 "\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\n", document->number, at,
	                      document->provider, document->company_id, document->type, document->size, answer) > 0;
	return *(bool *)ctx;
}

static struct document_query query_of(const struct arguments *arguments)
{
	return (struct document_query){.tenant = slice_cstr(arguments->tenant),
	                               .company_id = slice_cstr(arguments->company),
	                               .number = arguments->number};
}

static enum status read_record(const struct desk *desk, struct arena *arena, struct record *ret_record)
{
	const struct arguments *arguments = desk->arguments;
	struct sqlite_store *store;
	struct store_port port;
	struct store_record stored;
	struct load_error error;
	enum status status = sqlite_store_open(arguments->dir, sodium_crypto_port(desk->crypto), system_clock(),
	                                       &store);

	if (status != STATUS_OK)
		return status;
	port = sqlite_store_port(store);
	status = port.vtable->find_decision(port.self, slice_cstr(arguments->tenant), slice_cstr(arguments->decision),
	                                    arena, &stored);
	if (status == STATUS_OK)
		status = record_in_parse(stored.text, arena, ret_record, &error);
	sqlite_store_close(store);
	return status;
}

/* What came with the answers of the decision's sources. */
static enum status list_decision(struct desk *desk, bool *good)
{
	struct document_query query = query_of(desk->arguments);
	struct record *record = arena_alloc(&desk->arena, sizeof(*record));
	enum status status = record ? read_record(desk, &desk->arena, record) : STATUS_NO_MEMORY;

	for (size_t i = 0; status == STATUS_OK && *good && i < record->facts.source_count; i++) {
		if (!record->facts.sources[i].hashed)
			continue;
		query.answer_sha256 = record->facts.sources[i].raw_sha256;
		status = sqlite_documents_each(desk->documents, &query, print_row, good);
	}
	return status;
}

static enum status run_list(struct desk *desk)
{
	struct document_query query = query_of(desk->arguments);
	bool good = true;
	enum status status;

	if (desk->arguments->decision)
		status = list_decision(desk, &good);
	else
		status = sqlite_documents_each(desk->documents, &query, print_row, &good);
	return status == STATUS_OK ? print_all(good) : status;
}

/* --- One of them ------------------------------------------------------------------------------------ */

/* STATUS_CORRUPT: it is not as it came. */
static enum status read_document(struct desk *desk, struct document *ret_document, struct slice *ret_bytes)
{
	struct crypto_port crypto = sodium_crypto_port(desk->crypto);
	uint8_t digest[CRYPTO_SHA256_LEN];
	enum status status = sqlite_documents_read(desk->documents, slice_cstr(desk->arguments->tenant),
	                                           desk->arguments->number, &desk->arena, ret_document, ret_bytes);

	if (status != STATUS_OK)
		return status;
	crypto.vtable->sha256(crypto.self, *ret_bytes, digest);
	return memcmp(digest, ret_document->sha256, sizeof(digest)) == 0 ? STATUS_OK : STATUS_CORRUPT;
}

static enum status run_show(struct desk *desk)
{
	char answer[2 * CRYPTO_SHA256_LEN + 1], own[2 * CRYPTO_SHA256_LEN + 1], at[32];
	struct document document;
	struct slice bytes;
	enum status status = read_document(desk, &document, &bytes);

	if (status != STATUS_OK)
		return status;
	put_hex(document.answer_sha256, answer);
	put_hex(document.sha256, own);
	put_instant(document.received_ms, at);
	return print_all(printf("number         %" PRId64 "\n"
	                        "tenant         %s\n"
	                        "company        %s\n"
	                        "company_key    %s\n"
	                        "provider       %s\n"
	                        "reference      %s\n"
	                        "received_at    %s\n"
	                        "type           %s\n"
	                        "bytes          %" PRIu64 "\n"
	                        "sha256         %s\n"
	                        "answer_sha256  %s\n",
	                        document.number, document.owner.tenant, document.company_id,
	                        document.owner.company.text, document.provider, document.reference, at, document.type,
	                        document.size, own, answer) > 0);
}

/* A file that is not whole does not stay, and nothing is replaced. */
static enum status write_file(const char *path, struct slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "wb") : NULL;
	bool good;

	if (!out) {
		fprintf(stderr, "bonigate documents: %s: %s\n", path, strerror(errno));
		return STATUS_UNAVAILABLE;
	}
	good = fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len && fflush(out) == 0 && fsync(fd) == 0;
	if (fclose(out) != 0 || !good)
		(void)unlink(path);
	return good ? STATUS_OK : STATUS_FULL;
}

static enum status run_export(struct desk *desk)
{
	struct document document;
	struct slice bytes;
	enum status status = read_document(desk, &document, &bytes);

	if (status != STATUS_OK)
		return status;
	if (desk->arguments->file)
		return write_file(desk->arguments->file, bytes);
	return print_all(fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len);
}

/* --- Their end -------------------------------------------------------------------------------------- */

static enum status tell_deleted(uint64_t count)
{
	return print_all(printf("%" PRIu64 " deleted\n", count) > 0);
}

static enum status run_delete(struct desk *desk)
{
	struct document_query query = query_of(desk->arguments);
	uint64_t count = 0;
	enum status status = sqlite_documents_delete(desk->documents, &query, &count);

	if (status == STATUS_OK && count == 0)
		status = STATUS_NOT_FOUND;
	return status == STATUS_OK ? tell_deleted(count) : status;
}

static enum status run_purge(struct desk *desk)
{
	struct clock_port clock = system_clock();
	uint64_t count = 0;
	enum status status = sqlite_documents_purge(desk->documents, clock.vtable->now_ms(clock.self), &count);

	return status == STATUS_OK ? tell_deleted(count) : status;
}

static enum status run_days(struct desk *desk)
{
	const struct arguments *arguments = desk->arguments;
	struct slice tenant = slice_cstr(arguments->tenant);
	enum status status = STATUS_OK;
	int64_t days;

	if (arguments->set)
		status = sqlite_documents_set_days(desk->documents, tenant, arguments->days);
	if (status == STATUS_OK)
		status = sqlite_documents_days(desk->documents, tenant, &days);
	return status == STATUS_OK ? print_all(printf("%" PRId64 " days\n", days) > 0) : status;
}

/* ---------------------------------------------------------------------------------------------------- */

/* Which arguments a verb takes; those with a must have it. */
#define TENANT   1u
#define COMPANY  2u
#define DECISION 4u
#define NUMBER   8u
#define TO_FILE  16u
#define SET      32u

static const struct verb {
	const char *name;
	enum status (*run)(struct desk *desk);
	unsigned takes, needs;
	unsigned one_of; /* just one of these; 0 = none is asked for */
} verbs[] = {
        {"list", run_list, TENANT | COMPANY | DECISION, TENANT, 0},
        {"show", run_show, TENANT | NUMBER, TENANT | NUMBER, 0},
        {"export", run_export, TENANT | NUMBER | TO_FILE, TENANT | NUMBER, 0},
        {"delete", run_delete, TENANT | NUMBER | COMPANY, TENANT, NUMBER | COMPANY},
        {"days", run_days, TENANT | SET, 0, 0},
        {"purge", run_purge, 0, 0, 0},
};

static const struct verb *find_verb(const char *name, const struct arguments *arguments)
{
	unsigned given = (arguments->tenant ? TENANT : 0) | (arguments->company ? COMPANY : 0) |
	                 (arguments->decision ? DECISION : 0) | (arguments->number ? NUMBER : 0) |
	                 (arguments->file ? TO_FILE : 0) | (arguments->set ? SET : 0);

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		const struct verb *verb = &verbs[i];

		if (strcmp(verb->name, name) != 0)
			continue;
		if ((given & ~verb->takes) || (given & verb->needs) != verb->needs ||
		    (verb->one_of && __builtin_popcount(given & verb->one_of) != 1))
			return NULL;
		return verb;
	}
	return NULL;
}

/* What a complaint is about: the narrowest thing that was named. */
static const char *subject_of(const struct arguments *arguments, const struct verb *verb)
{
	const char *const named[] = {arguments->number_text, arguments->decision, arguments->company,
	                             arguments->tenant};

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i])
			return named[i];
	return verb->name;
}

static int run(const struct arguments *arguments, const struct verb *verb)
{
	struct desk desk = {.arguments = arguments};
	char *mem = malloc(ARENA_CAP), file[STATE_PATH_MAX];
	enum status status = mem ? state_path(arguments->dir, STATE_DOCUMENTS, file) : STATUS_NO_MEMORY;

	if (status == STATUS_OK)
		status = sodium_crypto_open(NULL, &desk.crypto);
	if (status == STATUS_OK)
		status = sqlite_documents_open(file, &desk.documents);
	if (status == STATUS_OK) {
		arena_init(&desk.arena, mem, ARENA_CAP);
		status = verb->run(&desk);
	}
	if (status != STATUS_OK)
		state_complain("documents", subject_of(arguments, verb), status);
	sqlite_documents_close(desk.documents);
	sodium_crypto_close(desk.crypto);
	free(mem);
	return status == STATUS_OK ? EXIT_FINE : EXIT_FAILED;
}

static bool take_option(int option, struct arguments *arguments)
{
	const struct {
		int option;
		const char **target;
	} TARGETS[] = {
	        {'s', &arguments->dir},      {'t', &arguments->tenant}, {'c', &arguments->company},
	        {'d', &arguments->decision}, {'f', &arguments->file},   {'n', &arguments->set},
	};

	for (size_t i = 0; i < sizeof(TARGETS) / sizeof(TARGETS[0]); i++) {
		if (TARGETS[i].option != option)
			continue;
		*TARGETS[i].target = optarg;
		return true;
	}
	return false;
}

static bool take_number(const char *text, int64_t most, int64_t *ret_number)
{
	uint64_t number;

	if (!slice_to_u64(slice_cstr(text), &number) || number > (uint64_t)most)
		return false;
	*ret_number = (int64_t)number;
	return true;
}

static bool take_days(struct arguments *arguments)
{
	if (!arguments->set || take_number(arguments->set, DOCUMENT_DAYS_MOST, &arguments->days))
		return true;
	fprintf(stderr, "bonigate documents: --set takes 0 to %d days\n", DOCUMENT_DAYS_MOST);
	return false;
}

int cmd_documents(int argc, char **argv)
{
	static const struct option options[] = {
	        {"state", required_argument, NULL, 's'},   {"tenant", required_argument, NULL, 't'},
	        {"company", required_argument, NULL, 'c'}, {"decision", required_argument, NULL, 'd'},
	        {"file", required_argument, NULL, 'f'},    {"set", required_argument, NULL, 'n'},
	        {"help", no_argument, NULL, 'h'},          {0},
	};
	struct arguments arguments = {.dir = NULL};
	const struct verb *verb = NULL;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (take_option(c, &arguments))
			continue;
		fputs(usage, c == 'h' ? stdout : stderr);
		return c == 'h' ? EXIT_FINE : EXIT_USAGE;
	}
	if (argc - optind == 2)
		arguments.number_text = argv[optind + 1];
	if (argc - optind == 1 || (argc - optind == 2 && take_number(argv[optind + 1], INT64_MAX, &arguments.number)))
		verb = find_verb(argv[optind], &arguments);
	if (!verb) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!take_days(&arguments))
		return EXIT_USAGE;
	arguments.dir = state_option(arguments.dir);
	return arguments.dir ? run(&arguments, verb) : EXIT_FAILED;
}
