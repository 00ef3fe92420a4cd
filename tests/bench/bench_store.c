/* SPDX-License-Identifier: MIT */
/*
 * How many decisions a second become durable: threads append records to a
 * fresh store and wait for each, as the handler does.
 *
 *   bench_store [-d dir] [-t threads] [-p processes] [-s seconds] [-b record bytes] [-i (with idempotency key)]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/sodium_crypto.h"
#include "adapter/sqlite_admin.h"
#include "adapter/sqlite_store.h"
#include "adapter/system_clock.h"
#include "base/base32.h"
#include "base/maxima.h"

#define MAX_THREADS 256
#define MAX_SAMPLES 4000000
#define ID_AT       16 /* in the record */

struct shared {
	_Atomic long appends;
	_Atomic long failures;
	_Atomic long batches;
	_Atomic bool stop;
	_Atomic long sample_count;
	float us[MAX_SAMPLES];
};

struct options {
	const char *dir;
	int threads;
	int processes;
	int seconds;
	size_t bytes;
	bool idempotent;
};

static struct shared *shared;
static struct options options = {NULL, 16, 1, 3, 1300, false};
static struct crypto_port crypto;
static struct clock_port wall;
static struct store_port store;

/* Next to free, so that the figures are the store's: ids that rise as ULIDs do, the rest of the record stays. */
static void fill(struct store_decision *decision, char *record, char id[MAX_DECISION_ID + 1])
{
	static _Atomic uint64_t serial;
	uint64_t number = atomic_fetch_add(&serial, 1), pid = (uint64_t)getpid();
	uint8_t bytes[16] = {0};

	decision->at_ms = wall.vtable->now_ms(wall.self);
	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)(decision->at_ms >> (40 - 8 * i));
	memcpy(bytes + 6, &number, 6);
	memcpy(bytes + 12, &pid, 4);
	memcpy(id, "dec_", 4);
	base32_ulid(bytes, id + 4);
	memcpy(record + ID_AT, id, strlen(id));
	decision->decision_id = slice_cstr(id);
}

static void *run(void *ctx)
{
	char record[MAX_RECORD], id[MAX_DECISION_ID + 1];
	struct store_decision decision = {
	        .tenant = SLICE_LIT("bench"),
	        .livemode = true,
	        .company_key = SLICE_LIT("reg:R3306:HRB:136695"),
	        .outcome = SLICE_LIT("approve"),
	        .record = {record, options.bytes},
	};

	(void)ctx;
	memset(record, 'x', sizeof(record));
	memcpy(record, "{\"decision_id\":\"", ID_AT);
	while (!atomic_load_explicit(&shared->stop, memory_order_relaxed)) {
		int64_t begun;
		long sample;

		fill(&decision, record, id);
		if (options.idempotent) {
			decision.idempotency_key = decision.decision_id;
			decision.answer = decision.record;
		}
		begun = wall.vtable->monotonic_ns(wall.self);
		if (store.vtable->append(store.self, &decision, DEADLINE_NEVER) != STATUS_OK) {
			atomic_fetch_add(&shared->failures, 1);
			continue;
		}
		sample = atomic_fetch_add_explicit(&shared->sample_count, 1, memory_order_relaxed);
		if (sample < MAX_SAMPLES)
			shared->us[sample] = (float)(wall.vtable->monotonic_ns(wall.self) - begun) / 1000;
		atomic_fetch_add_explicit(&shared->appends, 1, memory_order_relaxed);
	}
	return NULL;
}

static int serve(const char *dir)
{
	struct sqlite_store *opened;
	struct sodium_crypto *sodium;
	pthread_t threads[MAX_THREADS];
	struct store_stats stats;

	if (sodium_crypto_open(NULL, &sodium) != STATUS_OK)
		return 1;
	crypto = sodium_crypto_port(sodium);
	wall = system_clock();
	if (sqlite_store_open(dir, crypto, wall, &opened) != STATUS_OK)
		return 1;
	store = sqlite_store_port(opened);
	for (int i = 0; i < options.threads; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < options.threads; i++)
		pthread_join(threads[i], NULL);
	store.vtable->stats(store.self, &stats);
	atomic_fetch_add(&shared->batches, (long)stats.commits);
	sqlite_store_close(opened);
	sodium_crypto_close(sodium);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void report(double seconds)
{
	long appends = atomic_load(&shared->appends), samples = atomic_load(&shared->sample_count);

	if (samples > MAX_SAMPLES)
		samples = MAX_SAMPLES;
	qsort(shared->us, (size_t)samples, sizeof(*shared->us), by_value);
	printf("appends %ld, failures %ld, %.0f/s, batch %.1f, cpu %.2f us/append\n", appends,
	       atomic_load(&shared->failures), (double)appends / seconds,
	       (double)appends / (double)atomic_load(&shared->batches), cpu_seconds() * 1e6 / (double)appends);
	if (samples > 0)
		printf("latency us: p50 %.0f p90 %.0f p99 %.0f p99.9 %.0f max %.0f\n", shared->us[samples / 2],
		       shared->us[samples * 9 / 10], shared->us[samples * 99 / 100], shared->us[samples * 999 / 1000],
		       shared->us[samples - 1]);
}

static int prepare(const char *dir)
{
	struct sqlite_admin *admin;
	struct sodium_crypto *sodium;
	int failed = 1;

	if (sodium_crypto_open(NULL, &sodium) != STATUS_OK)
		return 1;
	if (sqlite_admin_init(dir) == STATUS_OK &&
	    sqlite_admin_open(dir, sodium_crypto_port(sodium), system_clock(), &admin) == STATUS_OK) {
		enum status status = sqlite_admin_add_tenant(admin, SLICE_LIT("bench"), SLICE_LIT("Bench"));

		failed = status != STATUS_OK && status != STATUS_MISMATCH;
		sqlite_admin_close(admin);
	}
	sodium_crypto_close(sodium);
	return failed;
}

static void remove_state(const char *dir)
{
	static const char *const names[] = {"store.db", "store.db-hint", "store.lock", "token.key"};
	char path[512];
	struct stat info;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		if (i == 0 && stat(path, &info) == 0)
			printf("database: %.1f MB\n", (double)info.st_size / 1e6);
		unlink(path);
	}
	rmdir(dir);
}

static void read_options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "d:t:p:s:b:i")) != -1) {
		switch (option) {
		case 'd':
			options.dir = optarg;
			break;
		case 't':
			options.threads = (int)strtol(optarg, NULL, 10);
			break;
		case 'p':
			options.processes = (int)strtol(optarg, NULL, 10);
			break;
		case 's':
			options.seconds = (int)strtol(optarg, NULL, 10);
			break;
		case 'b':
			options.bytes = (size_t)strtol(optarg, NULL, 10);
			break;
		case 'i':
			options.idempotent = true;
			break;
		default:
			exit(2);
		}
	}
	if (options.threads < 1 || options.threads > MAX_THREADS || options.bytes < 64 || options.bytes > MAX_RECORD)
		exit(2);
}

int main(int argc, char **argv)
{
	char temporary[] = "/tmp/bench_store_XXXXXX";

	read_options(argc, argv);
	if (options.dir == NULL)
		options.dir = mkdtemp(temporary);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (options.dir == NULL || shared == MAP_FAILED || prepare(options.dir) != 0)
		return 1;
	for (int i = 0; i < options.processes; i++)
		if (fork() == 0)
			_exit(serve(options.dir));
	sleep((unsigned)options.seconds);
	atomic_store(&shared->stop, true);
	while (wait(NULL) > 0)
		;
	report(options.seconds);
	if (options.dir == temporary)
		remove_state(temporary);
	return 0;
}
