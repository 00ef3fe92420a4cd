/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapter/sodium_crypto.h"
#include "adapter/system_clock.h"
#include "answer_print.h"
#include "command.h"
#include "fcgi/provider_setup.h"
#include "state.h"

#define ARENA_CAP (1u << 18)
#define PATH_CAP  1024

static const char usage[] =
        "usage: bonigate provider list [--state DIR]\n"
        "       bonigate provider check FILE ...\n"
        "       bonigate provider test NAME [--state DIR] [--save FILE] COMPANY\n"
        "       bonigate provider test --file FILE [--save FILE] COMPANY\n"
        "Asks one provider one question and shows each mapped field. NAME is DIR/providers/NAME.json.\n"
        "--save keeps the report (PDF) that came beside the answer in a new file.\n"
        "COMPANY: --name N --street S --postal-code P --city C --country CC (DE) --vat-id V --lei L\n"
        "         --court C --register \"HRB 12345\"\n";

enum option_code { OPTION_STATE = IDENTITY_FIELD_COUNT, OPTION_FILE, OPTION_SAVE, OPTION_HELP };

struct question {
	const char *state;
	const char *file;
	const char *save;
	struct identity company;
};

/* Where a report is kept. */
struct keeping {
	const char *path;
	int file;
	bool kept, failed;
};

/* What the answering thread hands to the asking one. */
struct meeting {
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool done;
	enum source_state outcome;
	enum provider_turn turn;
	struct provider_step next;
	int64_t wait_ms;
	const struct provider_config *config;
	struct keeping *keeping; /* NULL = nothing is kept */
};

/* Whom a question goes to. */
struct asked {
	struct http_client *client;
	struct sodium_crypto *crypto;
	struct provider_setup *setup;
};

/* --- Keeping a report ------------------------------------------------------------------------------- */

/* Before the question, which may cost money. It is nobody's to read but the operator's, and replaces nothing. */
static bool keep_open(struct keeping *keeping)
{
	keeping->file = open(keeping->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (keeping->file < 0)
		fprintf(stderr, "bonigate provider: %s: %s\n", keeping->path, strerror(errno));
	return keeping->file >= 0;
}

static void keep(struct keeping *keeping, struct slice report)
{
	while (report.len && !keeping->failed) {
		ssize_t written = write(keeping->file, report.ptr, report.len);

		keeping->failed = written <= 0;
		if (written <= 0)
			break;
		keeping->kept = true;
		report.ptr += written;
		report.len -= (size_t)written;
	}
}

/* A file without a whole report does not stay. */
static bool keep_close(struct keeping *keeping)
{
	bool good = close(keeping->file) == 0 && !keeping->failed;

	if (!good || !keeping->kept)
		(void)unlink(keeping->path);
	if (!good)
		fprintf(stderr, "bonigate provider: %s cannot be written\n", keeping->path);
	else if (!keeping->kept)
		fputs("bonigate provider: no report came with the answer; nothing is saved\n", stderr);
	return good;
}

/* --- Asking ----------------------------------------------------------------------------------------- */

static void take_answer(void *ctx, const struct provider_answer *answer)
{
	struct meeting *meeting = ctx;

	answer_print(meeting->config, answer);
	if (meeting->keeping)
		keep(meeting->keeping, answer->attachment);
	pthread_mutex_lock(&meeting->lock);
	meeting->outcome = answer->outcome;
	meeting->turn = answer->turn;
	meeting->next = answer->next;
	meeting->wait_ms = answer->wait_ms;
	meeting->done = true;
	pthread_cond_signal(&meeting->told);
	pthread_mutex_unlock(&meeting->lock);
}

static void sleep_ms(int64_t ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&left, &left) != 0)
		continue;
}

/* An answer that is being prepared is waited for: whoever asks here wants to see it. */
static int ask(const struct provider_setup *setup, const struct subject *subject, struct keeping *keeping)
{
	struct meeting meeting = {.lock = PTHREAD_MUTEX_INITIALIZER,
	                          .told = PTHREAD_COND_INITIALIZER,
	                          .config = &setup->config,
	                          .keeping = keeping};
	struct provider_port port = web_provider_port(setup->provider);
	struct provider_step from = {.number = 0};

	for (;;) {
		meeting.done = false;
		port.vtable->begin(port.self, subject, &from, DEADLINE_NEVER,
		                   (struct provider_done){take_answer, &meeting});
		pthread_mutex_lock(&meeting.lock);
		while (!meeting.done)
			pthread_cond_wait(&meeting.told, &meeting.lock);
		pthread_mutex_unlock(&meeting.lock);
		if (meeting.turn != PROVIDER_WAITS)
			return meeting.outcome == SOURCE_ANSWER ? EXIT_FINE : EXIT_FAILED;
		fflush(stdout);
		from = meeting.next;
		sleep_ms(meeting.wait_ms);
	}
}

static void close_asked(struct asked *asked)
{
	http_client_close(asked->client);
	provider_setup_close(asked->setup);
	sodium_crypto_close(asked->crypto);
}

static int ask_file(const char *path, const char *state, const struct subject *subject, struct keeping *keeping)
{
	struct asked asked = {.client = NULL};
	struct provider_surroundings in = {.state = state, .own_health = true};
	enum status status = sodium_crypto_open(NULL, &asked.crypto);
	int code = EXIT_FAILED;

	if (status == STATUS_OK)
		status = http_client_open(system_clock(), &asked.client);
	if (status == STATUS_OK) {
		in.client = asked.client;
		in.crypto = sodium_crypto_port(asked.crypto);
		status = provider_setup_open(path, &in, &asked.setup);
	}
	if (status == STATUS_OK)
		code = ask(asked.setup, subject, keeping);
	else
		state_complain("provider", path, status);
	close_asked(&asked);
	return code;
}

static int ask_keeping(const char *path, const char *state, const struct subject *subject, const char *save)
{
	struct keeping keeping = {.path = save};
	int code;

	if (!save)
		return ask_file(path, state, subject, NULL);
	if (!keep_open(&keeping))
		return EXIT_FAILED;
	code = ask_file(path, state, subject, &keeping);
	return keep_close(&keeping) ? code : EXIT_FAILED;
}

/* Checks the company as a checkout would. */
static bool make_subject(const struct identity *company, struct subject *ret_subject)
{
	struct identity_error errors[IDENTITY_FIELD_COUNT];
	void *mem = malloc(ARENA_CAP);
	struct identity_norm norm;
	struct arena arena;
	enum status status = STATUS_NO_MEMORY;
	size_t count = 0;

	if (mem) {
		arena_init(&arena, mem, ARENA_CAP);
		status = identity_normalise(company, &arena, &norm, errors, IDENTITY_FIELD_COUNT, &count);
	}
	if (status == STATUS_OK)
		subject_init(company, &norm, ret_subject);
	else if (status != STATUS_INVALID)
		state_complain("provider", "company", status);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "bonigate provider: %s: %s\n", identity_field_name(errors[i].field),
		        identity_fault_code(errors[i].fault));
	free(mem);
	return status == STATUS_OK;
}

static int run_test(const char *name, const struct question *question)
{
	struct subject subject;
	char path[PATH_CAP];
	const char *dir;

	if (!make_subject(&question->company, &subject))
		return EXIT_USAGE;
	if (question->file)
		return ask_keeping(question->file, NULL, &subject, question->save);
	dir = state_option(question->state);
	if (!dir)
		return EXIT_FAILED;
	if (strchr(name, '/') || snprintf(path, sizeof(path), "%s/providers/%s.json", dir, name) >= PATH_CAP) {
		fprintf(stderr, "bonigate provider: \"%s\" is no name of a provider\n", name);
		return EXIT_USAGE;
	}
	return ask_keeping(path, dir, &subject, question->save);
}

static int run_check(int count, char **files)
{
	struct provider_config *config = malloc(sizeof(*config));
	int code = config && count ? EXIT_FINE : EXIT_USAGE;

	for (int i = 0; config && i < count; i++) {
		if (provider_setup_read(files[i], config) == STATUS_OK)
			printf("%s: %s, %s\n", files[i], config->id, config->url);
		else
			code = EXIT_FAILED;
	}
	if (code == EXIT_USAGE)
		fputs(usage, stderr);
	free(config);
	return code;
}

static int is_configuration(const struct dirent *entry)
{
	return provider_setup_is_file(entry->d_name);
}

static int run_list(const char *given)
{
	struct provider_config *config = malloc(sizeof(*config));
	const char *dir = state_option(given);
	struct dirent **entries = NULL;
	char path[PATH_CAP];
	int count = -1, code = config && dir ? EXIT_FINE : EXIT_FAILED;

	if (code == EXIT_FINE && snprintf(path, sizeof(path), "%s/providers", dir) < PATH_CAP)
		count = scandir(path, &entries, is_configuration, alphasort);
	if (code == EXIT_FINE && count < 0 && (errno != ENOENT || access(dir, F_OK) != 0)) {
		fprintf(stderr, "bonigate provider: %s: %s\n", path, strerror(errno));
		code = EXIT_FAILED;
	}
	for (int i = 0; i < count; i++) {
		int len = snprintf(path, sizeof(path), "%s/providers/%s", dir, entries[i]->d_name);

		if (len < PATH_CAP && provider_setup_read(path, config) == STATUS_OK)
			printf("%.*s\t%s\t%s\n", (int)strlen(entries[i]->d_name) - 5, entries[i]->d_name, config->id,
			       config->url);
		else
			code = EXIT_FAILED;
		free(entries[i]);
	}
	free((void *)entries);
	free(config);
	return code;
}

static bool take_option(int option, struct question *question)
{
	struct slice *const FIELDS[IDENTITY_FIELD_COUNT] = {
	        [IDENTITY_NAME] = &question->company.name,
	        [IDENTITY_STREET] = &question->company.street,
	        [IDENTITY_POSTAL_CODE] = &question->company.postal_code,
	        [IDENTITY_CITY] = &question->company.city,
	        [IDENTITY_COUNTRY] = &question->company.country,
	        [IDENTITY_VAT_ID] = &question->company.vat_id,
	        [IDENTITY_LEI] = &question->company.lei,
	        [IDENTITY_COURT] = &question->company.court,
	        [IDENTITY_REGISTER_NUMBER] = &question->company.register_number,
	};

	if (option == OPTION_STATE)
		question->state = optarg;
	else if (option == OPTION_SAVE)
		question->save = optarg;
	else if (option == OPTION_FILE)
		question->file = optarg;
	else if (option >= 0 && option < IDENTITY_FIELD_COUNT && FIELDS[option])
		*FIELDS[option] = slice_cstr(optarg);
	else
		return false;
	return true;
}

/* "HRB 12345" tells its type itself. */
static void split_register(struct identity *company)
{
	struct slice rest = company->register_number;
	struct slice type = slice_cut(&rest, ' ');

	if (register_type_parse(type) != REGISTER_NONE)
		company->register_type = type;
}

int cmd_provider(int argc, char **argv)
{
	static const struct option options[] = {{"state", required_argument, NULL, OPTION_STATE},
	                                        {"file", required_argument, NULL, OPTION_FILE},
	                                        {"save", required_argument, NULL, OPTION_SAVE},
	                                        {"name", required_argument, NULL, IDENTITY_NAME},
	                                        {"street", required_argument, NULL, IDENTITY_STREET},
	                                        {"postal-code", required_argument, NULL, IDENTITY_POSTAL_CODE},
	                                        {"city", required_argument, NULL, IDENTITY_CITY},
	                                        {"country", required_argument, NULL, IDENTITY_COUNTRY},
	                                        {"vat-id", required_argument, NULL, IDENTITY_VAT_ID},
	                                        {"lei", required_argument, NULL, IDENTITY_LEI},
	                                        {"court", required_argument, NULL, IDENTITY_COURT},
	                                        {"register", required_argument, NULL, IDENTITY_REGISTER_NUMBER},
	                                        {"help", no_argument, NULL, OPTION_HELP},
	                                        {0}};
	struct question question = {.company = {.country = SLICE_LIT("DE")}};
	const char *verb;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (take_option(c, &question))
			continue;
		fputs(usage, c == OPTION_HELP ? stdout : stderr);
		return c == OPTION_HELP ? EXIT_FINE : EXIT_USAGE;
	}
	split_register(&question.company);
	verb = optind < argc ? argv[optind] : "";
	if (strcmp(verb, "list") == 0 && argc - optind == 1)
		return run_list(question.state);
	if (strcmp(verb, "check") == 0)
		return run_check(argc - optind - 1, argv + optind + 1);
	if (strcmp(verb, "test") == 0 && argc - optind == (question.file ? 1 : 2))
		return run_test(argv[argc - 1], &question);
	fputs(usage, stderr);
	return EXIT_USAGE;
}
