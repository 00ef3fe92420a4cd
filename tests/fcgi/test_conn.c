/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../fcgi/conn.h"
#include "../../fcgi/listen.h"
#include "temp_dir.h"

#define SECOND  INT64_C(1000000000)
#define THREADS 4
#define ROUNDS  20000

/* A connection with its other end. */
struct pair {
	struct conn *conn;
	int peer;
};

static struct pair open_pair(struct conn_table *table, int64_t now_ns)
{
	struct pair pair = {conn_reserve(table, false), -1};
	int fds[2];

	cr_assert_not_null(pair.conn);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	cr_assert(conn_open(table, pair.conn, fds[0], now_ns));
	pair.peer = fds[1];
	return pair;
}

static uint64_t idle(struct conn_table *table, struct conn *conn, int64_t now_ns)
{
	uint64_t token = conn_rest(table, conn, now_ns);

	conn_watched(table, token);
	return token;
}

static bool is_closed(int peer)
{
	char byte;

	return recv(peer, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
}

Test(conn, a_connection_goes_from_hand_to_hand)
{
	struct conn_table table;
	struct pair pair;
	uint64_t first, token;

	cr_assert_eq(conn_table_create(&table, 2), STATUS_OK);
	pair = open_pair(&table, 1);
	first = conn_rest(&table, pair.conn, 2);
	cr_assert_gt(first, CONN_NO_TOKEN);
	conn_watched(&table, first);
	cr_assert_eq(conn_claim(&table, first, 3), pair.conn);
	cr_assert_null(conn_claim(&table, first, 3), "it has an owner");
	token = conn_rest(&table, pair.conn, 4);
	cr_assert_null(conn_claim(&table, first, 4), "that rest is over");
	cr_assert_eq(conn_claim(&table, token, 5), pair.conn, "its event may come before it is known to be watched");
	conn_watched(&table, token);
	cr_assert_null(conn_claim(&table, token, 5), "which then means nothing");
	conn_close(&table, pair.conn);
	cr_assert(is_closed(pair.peer));
	cr_assert_eq(table.used, 0);
	cr_assert_null(conn_claim(&table, token, 6), "it is gone");
	close(pair.peer);
	conn_table_destroy(&table);
}

Test(conn, a_late_event_does_not_reach_the_next_connection_of_its_place)
{
	struct conn_table table;
	struct pair first;
	struct pair second;
	uint64_t token;

	cr_assert_eq(conn_table_create(&table, 1), STATUS_OK);
	first = open_pair(&table, 1);
	token = conn_rest(&table, first.conn, 1);
	cr_assert_eq(conn_claim(&table, token, 1), first.conn);
	conn_close(&table, first.conn);
	second = open_pair(&table, 2);
	cr_assert_eq(second.conn, first.conn);
	cr_assert_neq(conn_rest(&table, second.conn, 2), token);
	cr_assert_null(conn_claim(&table, token, 3));
	conn_table_destroy(&table);
	cr_assert(is_closed(second.peer));
	close(first.peer);
	close(second.peer);
}

Test(conn, a_full_table_gives_the_place_of_the_longest_idle)
{
	struct conn_table table;
	struct pair pairs[3];
	struct conn *taken;

	cr_assert_eq(conn_table_create(&table, 3), STATUS_OK);
	for (int i = 0; i < 3; i++)
		pairs[i] = open_pair(&table, 1);
	cr_assert_null(conn_reserve(&table, false));
	cr_assert_null(conn_reserve(&table, true), "all are busy");
	idle(&table, pairs[0].conn, 30);
	conn_rest(&table, pairs[1].conn, 10);
	idle(&table, pairs[2].conn, 20);
	cr_assert_null(conn_reserve(&table, false));
	taken = conn_reserve(&table, true);
	cr_assert_eq(taken, pairs[2].conn, "one that epoll is just being told of stays");
	cr_assert(is_closed(pairs[2].peer));
	cr_assert_not(is_closed(pairs[0].peer));
	conn_cancel(&table, taken);
	cr_assert_eq(conn_reserve(&table, false), taken);
	for (int i = 0; i < 3; i++)
		close(pairs[i].peer);
	conn_table_destroy(&table);
}

Test(conn, the_sweep_closes_the_idle_and_shuts_down_the_stalled)
{
	struct conn_table table;
	struct pair quiet;
	struct pair fresh;
	struct pair stalled;
	char byte;

	cr_assert_eq(conn_table_create(&table, 4), STATUS_OK);
	quiet = open_pair(&table, 0);
	fresh = open_pair(&table, 0);
	stalled = open_pair(&table, 0);
	idle(&table, quiet.conn, 0);
	idle(&table, fresh.conn, 9 * SECOND);
	conn_sweep(&table, 10 * SECOND, 5 * SECOND, 20 * SECOND);
	cr_assert(is_closed(quiet.peer));
	cr_assert_not(is_closed(fresh.peer));
	cr_assert_not(is_closed(stalled.peer));
	cr_assert_not(stalled.conn->doomed);
	conn_sweep(&table, 21 * SECOND, 60 * SECOND, 20 * SECOND);
	cr_assert(stalled.conn->doomed);
	cr_assert(is_closed(stalled.peer));
	cr_assert_eq(read(stalled.conn->lib_fd, &byte, 1), 0, "its owner wakes up");
	cr_assert_eq(table.used, 2, "and closes it itself");
	conn_close(&table, stalled.conn);
	close(quiet.peer);
	close(fresh.peer);
	close(stalled.peer);
	conn_table_destroy(&table);
}

Test(conn, the_quiet_sweep_leaves_who_has_something_to_say)
{
	struct conn_table table;
	struct pair quiet;
	struct pair speaking;

	cr_assert_eq(conn_table_create(&table, 2), STATUS_OK);
	quiet = open_pair(&table, 0);
	speaking = open_pair(&table, 0);
	idle(&table, quiet.conn, 0);
	idle(&table, speaking.conn, 0);
	cr_assert_eq(write(speaking.peer, "x", 1), 1);
	conn_sweep_quiet(&table, SECOND, SECOND);
	cr_assert_eq(table.used, 2, "not yet");
	conn_sweep_quiet(&table, SECOND + 1, SECOND);
	cr_assert_eq(table.used, 1);
	cr_assert(is_closed(quiet.peer));
	cr_assert_not(is_closed(speaking.peer));
	close(quiet.peer);
	close(speaking.peer);
	conn_table_destroy(&table);
}

/* Threads fight for one connection by the token of its last rest; nobody ever shares it. */
struct fight {
	struct conn_table table;
	struct conn *conn;
	_Atomic uint64_t token;
	_Atomic int owners;
	_Atomic int worst;
	_Atomic int claimed;
};

static void *claim_and_rest(void *arg)
{
	struct fight *fight = arg;

	for (int i = 0; i < ROUNDS; i++) {
		struct conn *conn = conn_claim(&fight->table, fight->token, i);
		uint64_t token;

		if (!conn)
			continue;
		if (atomic_fetch_add(&fight->owners, 1) != 0)
			atomic_fetch_add(&fight->worst, 1);
		atomic_fetch_add(&fight->claimed, 1);
		atomic_fetch_sub(&fight->owners, 1);
		token = conn_rest(&fight->table, conn, i);
		fight->token = token;
		conn_watched(&fight->table, token);
	}
	return NULL;
}

static void *sweep_often(void *arg)
{
	struct fight *fight = arg;

	for (int i = 0; i < ROUNDS; i++)
		conn_sweep(&fight->table, INT64_MAX / 2, INT64_MAX, SECOND);
	return NULL;
}

Test(conn, one_owner_at_a_time_among_threads)
{
	struct fight fight = {.owners = 0};
	pthread_t threads[THREADS + 1];
	struct pair pair;

	cr_assert_eq(conn_table_create(&fight.table, 1), STATUS_OK);
	pair = open_pair(&fight.table, 0);
	fight.conn = pair.conn;
	fight.token = idle(&fight.table, pair.conn, 0);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, claim_and_rest, &fight);
	pthread_create(&threads[THREADS], NULL, sweep_often, &fight);
	for (int i = 0; i <= THREADS; i++)
		pthread_join(threads[i], NULL);
	cr_assert_eq(fight.worst, 0);
	cr_assert_gt(fight.claimed, 0);
	cr_assert_eq(fight.table.used, 1);
	cr_assert_eq(conn_claim(&fight.table, fight.token, 0), fight.conn);
	conn_table_destroy(&fight.table);
	close(pair.peer);
}

static struct sockaddr_storage address(int family, const char *text)
{
	struct sockaddr_storage storage = {.ss_family = (sa_family_t)family};

	if (family == AF_INET)
		inet_pton(family, text, &((struct sockaddr_in *)&storage)->sin_addr);
	if (family == AF_INET6)
		inet_pton(family, text, &((struct sockaddr_in6 *)&storage)->sin6_addr);
	return storage;
}

Test(listen, over_tcp_only_loopback_and_the_servers_listed_may_call)
{
	static const struct {
		const char *list;
		int family;
		const char *peer;
		bool allowed;
	} cases[] = {
	        {NULL, AF_UNIX, "", true},
	        {NULL, AF_INET, "127.0.0.1", true},
	        {NULL, AF_INET, "127.9.9.9", true},
	        {NULL, AF_INET, "192.0.2.1", false},
	        {NULL, AF_INET6, "::1", true},
	        {NULL, AF_INET6, "2001:db8::1", false},
	        {NULL, AF_INET6, "::ffff:127.0.0.1", false},
	        {"192.0.2.1, 192.0.2.2", AF_INET, "192.0.2.2", true},
	        {"192.0.2.1,192.0.2.2", AF_INET, "192.0.2.3", false},
	        {"192.0.2.1", AF_INET, "127.0.0.1", false},
	        {"2001:db8::1", AF_INET6, "2001:db8::1", true},
	        {"192.0.2.1", AF_UNIX, "", true},
	        {NULL, AF_APPLETALK, "", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockaddr_storage peer = address(cases[i].family, cases[i].peer);

		if (cases[i].list)
			setenv("FCGI_WEB_SERVER_ADDRS", cases[i].list, 1);
		else
			unsetenv("FCGI_WEB_SERVER_ADDRS");
		cr_assert_eq(listen_peer_allowed(&peer), cases[i].allowed, "case %zu", i);
	}
}

Test(listen, a_socket_is_taken_over_from_the_dead_only)
{
	struct temp_dir dir = temp_dir_make();
	const char *path = temp_dir_path(&dir, "s");
	char longest[200];
	struct stat info;
	int first;
	int second;
	int file;

	cr_assert_eq(listen_unix(path, 0640, &first), STATUS_OK);
	cr_assert_eq(stat(path, &info), 0);
	cr_assert_eq(info.st_mode & 0777, 0640);
	cr_assert_eq(listen_unix(path, 0640, &second), STATUS_RUNNING);
	close(first);
	cr_assert_eq(listen_unix(path, 0600, &second), STATUS_OK);
	close(second);
	unlink(path);
	file = open(path, O_CREAT | O_WRONLY, 0600);
	cr_assert_eq(listen_unix(path, 0600, &second), STATUS_RUNNING, "a file that is no socket is left alone");
	cr_assert_eq(access(path, F_OK), 0);
	close(file);
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = 'x';
	longest[sizeof(longest) - 1] = '\0';
	cr_assert_eq(listen_unix(longest, 0600, &second), STATUS_INVALID);
	cr_assert_eq(listen_unix("", 0600, &second), STATUS_INVALID);
	cr_assert_eq(listen_unix("/nonexistent/s", 0600, &second), STATUS_UNAVAILABLE);
	temp_dir_remove(&dir);
}
