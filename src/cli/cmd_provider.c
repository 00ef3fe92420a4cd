/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "adapter/sodium_crypto.h"
#include "adapter/system_clock.h"
#include "base/buf.h"
#include "command.h"
#include "core/fact_code.h"
#include "fcgi/provider_setup.h"
#include "state.h"

#define ARENA_CAP (1u << 18)
#define PATH_CAP  1024
#define TEXT_CAP  128

static const char usage[] =
        "usage: bonigate provider list [--state DIR]\n"
        "       bonigate provider check FILE ...\n"
        "       bonigate provider test NAME [--state DIR] COMPANY\n"
        "       bonigate provider test --file FILE COMPANY\n"
        "Asks one provider one question and shows each mapped field. NAME is DIR/providers/NAME.json.\n"
        "COMPANY: --name N --street S --postal-code P --city C --country CC (DE) --vat-id V --lei L\n"
        "         --court C --register \"HRB 12345\"\n";

enum option_code { OPTION_STATE = IDENTITY_FIELD_COUNT, OPTION_FILE, OPTION_HELP };

struct question {
	const char *state;
	const char *file;
	struct identity company;
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
};

/* Whom a question goes to. */
struct asked {
	struct http_client *client;
	struct sodium_crypto *crypto;
	struct provider_setup *setup;
};

/* Text of a stranger for a terminal: control characters (C0, DEL, C1) are shown, not sent. */
static void print_text(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == 0x7f)
			printf("\\x%02x", c);
		else if (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] < 0xa0)
			printf("\\u%04x", (unsigned char)text.ptr[++i]);
		else
			putchar(c);
	}
}

/* A fact's value as people write it. */
static void print_value(enum fact_id fact, int64_t value)
{
	char mem[TEXT_CAP];
	struct buf out;

	buf_init(&out, mem, sizeof(mem));
	switch (fact_unit(fact)) {
	case UNIT_MONEY:
		if (value < 0)
			buf_char(&out, '-');
		buf_u64(&out, value < 0 ? (uint64_t)-value / 100 : (uint64_t)value / 100);
		buf_char(&out, '.');
		buf_char(&out, (char)('0' + (value < 0 ? -value : value) % 100 / 10));
		buf_char(&out, (char)('0' + (value < 0 ? -value : value) % 10));
		buf_cstr(&out, " EUR");
		break;
	case UNIT_RATIO:
		buf_millionths(&out, value, 6);
		break;
	case UNIT_DATE:
		date_put(&out, (int32_t)value);
		break;
	case UNIT_CODE:
		if (fact_code_name(fact, value))
			buf_cstr(&out, fact_code_name(fact, value));
		else
			buf_i64(&out, value);
		break;
	case UNIT_DAYS:
	case UNIT_YEARS:
	case UNIT_COUNT:
		buf_i64(&out, value);
		break;
	}
	printf("%.*s", (int)out.len, out.ptr);
}

static void print_field(const struct provider_field *field)
{
	printf("  %-18s %-32.*s ", field->name, (int)field->pointer.len, field->pointer.ptr ? field->pointer.ptr : "");
	if (field->text.ptr)
		print_text(field->text);
	else
		putchar('-');
	if (field->fault) {
		printf("  (not used: %s)", field->fault);
	} else if (field->fact != FACT_NONE) {
		fputs("  = ", stdout);
		print_value(field->fact, field->value);
	}
	putchar('\n');
}

static void print_answer(const struct provider_config *config, const struct provider_answer *answer)
{
	char mem[TEXT_CAP];
	struct buf out;

	printf("provider   %s %s\n", config->id, config->url);
	printf("outcome    %s: %s\n", source_state_name(answer->outcome), answer->detail);
	printf("call       %s", http_end_name(answer->end));
	if (answer->http_code)
		printf(", code %d", answer->http_code);
	printf(", tries %" PRIu32 ", %" PRId64 " ms\n", answer->tries, answer->took_ns / 1000000);
	if (answer->raw.ptr) {
		buf_init(&out, mem, sizeof(mem));
		buf_hex(&out, answer->raw_sha256, sizeof(answer->raw_sha256));
		printf("sha256     %.*s (%zu bytes)\n", (int)out.len, out.ptr, answer->raw.len);
	}
	if (answer->field_count)
		printf("company    %s\n", subject_verdict_name(answer->verdict));
	if (answer->as_of != DATE_NONE) {
		buf_init(&out, mem, sizeof(mem));
		date_put(&out, answer->as_of);
		printf("as of      %.*s\n", (int)out.len, out.ptr);
	}
	if (answer->reference[0]) {
		fputs("reference  ", stdout);
		print_text(slice_cstr(answer->reference));
		putchar('\n');
	}
	for (size_t i = 0; i < answer->field_count; i++)
		print_field(&answer->fields[i]);
}

static void take_answer(void *ctx, const struct provider_answer *answer)
{
	struct meeting *meeting = ctx;

	print_answer(meeting->config, answer);
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
static int ask(const struct provider_setup *setup, const struct subject *subject)
{
	struct meeting meeting = {
	        .lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER, .config = &setup->config};
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

static int ask_file(const char *path, const char *state, const struct subject *subject)
{
	struct asked asked = {.client = NULL};
	struct provider_surroundings in = {.state = state};
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
		code = ask(asked.setup, subject);
	else
		state_complain("provider", path, status);
	close_asked(&asked);
	return code;
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
		return ask_file(question->file, NULL, &subject);
	dir = state_option(question->state);
	if (!dir)
		return EXIT_FAILED;
	if (strchr(name, '/') || snprintf(path, sizeof(path), "%s/providers/%s.json", dir, name) >= PATH_CAP) {
		fprintf(stderr, "bonigate provider: \"%s\" is no name of a provider\n", name);
		return EXIT_USAGE;
	}
	return ask_file(path, dir, &subject);
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
