/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <errno.h>
#include <fcgiapp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/maxima.h"
#include "conn.h"
#include "listen.h"

/*
 * libfcgi's own loop keeps a thread in read() for as long as the web server
 * keeps a connection, so that a few idle ones stop the whole process. Here a
 * thread is lent to a connection for one request only: FCGX_Accept_r() reads
 * from FCGX_Request.ipcFd when that is >= 0, and with no listening socket
 * (-1) it can never wait for a new one. Relies on libfcgi 2.4:
 *   - on any failure FCGX_Accept_r() closes ipcFd, sets it to -1 and then
 *     fails in accept() on socket -1;
 *   - after FCGX_Detach() it closes without waiting for the peer;
 *   - FCGX_Free() frees a request's memory and leaves its ipcFd alone.
 */

#define TOKEN_LISTEN        1
#define TOKEN_STOP          2
#define TOKEN_LATE          3
#define TICK_MS             100
#define DRAIN_STEP_MS       5
#define DRAIN_GRACE         (INT64_C(50) * NS_PER_MS) /* a connection used this lately is likely to be used again */
#define NS_PER_MS           INT64_C(1000000)
#define MAX_DISCARD         (1024 * 1024) /* unread body bytes we swallow to keep a connection */
#define FCGI_RESPONDER_ROLE 1
#define STACK_SIZE          (512 * 1024)

/* One request under way. Whoever answers it has the lane; that need not be the thread that took the request up. */
struct lane {
	struct pool *pool;
	struct lane *next; /* in the list of free or of late ones */
	struct conn *conn;
	void (*rest)(void *ctx); /* of a late answer */
	void *rest_ctx;
	struct exchange exchange;
	FCGX_Request request;
};

/* Lives as long as the process serves. lint: allow calloc, lint: allow free */
struct pool {
	const struct serve_options *options;
	const struct serve_app *app;
	struct conn_table table;
	int epoll_fd;
	int stop_fd;
	_Atomic bool draining;
	_Atomic bool backlogged; /* connections may wait in the listen queue that no event will tell of */
	pthread_mutex_t crowded; /* while an idle connection gives way to a new one */
	bool is_local;           /* peers are on this machine: a socket that takes bytes takes a whole answer */
	pthread_mutex_t lock;    /* of both lists */
	pthread_cond_t freed;
	struct lane *free;
	struct lane *late;
	int late_fd; /* counts the late ones */
	pthread_t *threads;
	struct lane lanes[];
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static bool stream_read(void *self, char *ret_bytes, size_t cap, size_t *ret_len)
{
	FCGX_Request *request = self;
	int count = FCGX_GetStr(ret_bytes, cap > INT32_MAX ? INT32_MAX : (int)cap, request->in);

	if (count < 0 || (count == 0 && FCGX_GetError(request->in) != 0))
		return false;
	*ret_len = (size_t)count;
	return true;
}

static bool stream_write(void *self, struct slice bytes)
{
	FCGX_Request *request = self;

	return bytes.len <= INT32_MAX && FCGX_PutStr(bytes.ptr, (int)bytes.len, request->out) == (int)bytes.len;
}

static const struct exchange_vtable stream_vtable = {.read = stream_read, .write = stream_write};

/* What the handler left unread would be taken for the next request on this connection. */
static bool discard_rest(FCGX_Request *request)
{
	char trash[4096];
	size_t total = 0;
	int count;

	while ((count = FCGX_GetStr(trash, sizeof(trash), request->in)) > 0) {
		total += (size_t)count;
		if (total > MAX_DISCARD)
			return false;
	}
	return count == 0 && FCGX_GetError(request->in) == 0;
}

static void give_lane(struct lane *lane)
{
	struct pool *pool = lane->pool;

	pthread_mutex_lock(&pool->lock);
	/* For each lane one thread: a second lane may be free before the first thread has woken up. */
	pthread_cond_signal(&pool->freed);
	lane->next = pool->free;
	pool->free = lane;
	pthread_mutex_unlock(&pool->lock);
}

/* Takes up the request that waits on the connection. False: there is none, libfcgi has closed it. */
static bool begin(struct lane *lane, struct conn *conn)
{
	FCGX_Request *request = &lane->request;

	FCGX_Free(request, 0); /* what the lane's last request left, see end() */
	lane->conn = conn;
	lane->exchange.start_ns = now_ns();
	request->ipcFd = conn->lib_fd;
	request->keepConnection = 1;
	FCGX_Detach(request);
	if (FCGX_Accept_r(request) != 0) {
		conn->lib_fd = -1;
		return false;
	}
	lane->exchange.env = request->envp;
	return true;
}

/*
 * Sends what is left of the answer, and leaves the memory to the thread that
 * takes the lane next and needs as much. True: the connection is open and
 * clean for another request.
 */
static bool end(struct lane *lane)
{
	FCGX_Request *request = &lane->request;
	bool clean = discard_rest(request) && request->role == FCGI_RESPONDER_ROLE && request->keepConnection;

	clean &= FCGX_FClose(request->err) == 0;
	clean &= FCGX_FClose(request->out) == 0;
	request->ipcFd = -1; /* the connection's own */
	return clean && FCGX_GetError(request->in) == 0 && !lane->conn->doomed && !lane->pool->draining;
}

/* Lets go of a connection until its next request, which may be here already. */
static void let_go(struct pool *pool, struct conn *conn)
{
	int operation = conn->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT};
	int fd = conn->fd;

	conn->watched = true;
	event.data.u64 = conn_rest(&pool->table, conn, now_ns());
	if (epoll_ctl(pool->epoll_fd, operation, fd, &event) == 0)
		conn_watched(&pool->table, event.data.u64);
	else if (conn_claim(&pool->table, event.data.u64, now_ns()))
		conn_close(&pool->table, conn);
}

/* After the answer: the lane is free, and the connection too, or closed. */
static void finish(struct lane *lane)
{
	struct pool *pool = lane->pool;
	struct conn *conn = lane->conn;
	bool open = end(lane);

	give_lane(lane);
	if (open)
		let_go(pool, conn);
	else
		conn_close(&pool->table, conn);
}

static void finish_late(struct lane *lane)
{
	lane->rest(lane->rest_ctx);
	finish(lane);
}

static struct lane *pop_late(struct pool *pool)
{
	struct lane *lane = pool->late;

	if (lane)
		pool->late = lane->next;
	return lane;
}

/* Waits while all are taken; meanwhile it may be this very thread that a late one needs. */
static struct lane *take_lane(struct pool *pool)
{
	struct lane *lane, *late;

	pthread_mutex_lock(&pool->lock);
	while (!pool->free) {
		late = pop_late(pool);
		if (!late) {
			pthread_cond_wait(&pool->freed, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		finish_late(late);
		pthread_mutex_lock(&pool->lock);
	}
	lane = pool->free;
	pool->free = lane->next;
	pthread_mutex_unlock(&pool->lock);
	return lane;
}

static void serve_conn(struct pool *pool, struct conn *conn)
{
	struct lane *lane = take_lane(pool);

	if (begin(lane, conn)) {
		if (!pool->app->handle(pool->app->ctx, (unsigned)(lane - pool->lanes), &lane->exchange))
			return; /* lane and connection are with whoever ends it */
		finish(lane);
		return;
	}
	conn_close(&pool->table, conn);
	give_lane(lane);
}

/* A web server that reads has no more than one answer outstanding, and that fits into any socket buffer. */
static bool sends_at_once(const struct lane *lane)
{
	struct pollfd socket = {.fd = lane->conn->fd, .events = POLLOUT};

	return lane->pool->is_local && poll(&socket, 1, 0) == 1 && socket.revents == POLLOUT;
}

static void resume(struct exchange *exchange, void (*rest)(void *ctx), void *ctx)
{
	struct lane *lane = (struct lane *)(void *)((char *)exchange - offsetof(struct lane, exchange));
	struct pool *pool = lane->pool;

	lane->rest = rest;
	lane->rest_ctx = ctx;
	if (sends_at_once(lane)) {
		finish_late(lane);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	lane->next = pool->late;
	pool->late = lane;
	pthread_cond_signal(&pool->freed);
	pthread_mutex_unlock(&pool->lock);
	(void)eventfd_write(pool->late_fd, 1);
}

static void finish_one_late(struct pool *pool)
{
	struct lane *lane;
	eventfd_t one;

	if (eventfd_read(pool->late_fd, &one) != 0)
		return; /* another thread was faster */
	pthread_mutex_lock(&pool->lock);
	lane = pop_late(pool);
	pthread_mutex_unlock(&pool->lock);
	if (lane)
		finish_late(lane);
}

/* The next connection of the listen queue, or -1. */
static int accept_fd(struct pool *pool)
{
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(peer);
	int one = 1, fd;

	for (;;) {
		fd = accept4(pool->options->listen_fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			break;
		if (fd >= 0 && listen_peer_allowed(&peer))
			break;
		if (fd >= 0)
			close(fd);
	}
	if (fd < 0 && errno != EAGAIN)
		pool->backlogged = true; /* out of descriptors or memory: the next tick tries again */
	if (fd >= 0 && peer.ss_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static struct conn *accept_into(struct pool *pool, struct conn *conn)
{
	int fd = accept_fd(pool);

	if (fd >= 0 && conn_open(&pool->table, conn, fd, now_ns()))
		return conn;
	if (fd >= 0)
		close(fd);
	conn_cancel(&pool->table, conn);
	return NULL;
}

/* In an idle one's place, if somebody waits for it. At the same time two threads would close two for one peer. */
static struct conn *accept_instead(struct pool *pool)
{
	struct conn *conn = NULL;

	pthread_mutex_lock(&pool->crowded);
	if (conn_readable(pool->options->listen_fd))
		conn = conn_reserve(&pool->table, true);
	if (conn)
		conn = accept_into(pool, conn);
	else
		pool->backlogged = true;
	pthread_mutex_unlock(&pool->crowded);
	return conn;
}

static struct conn *accept_one(struct pool *pool)
{
	struct conn *conn = conn_reserve(&pool->table, false);

	return conn ? accept_into(pool, conn) : accept_instead(pool);
}

/*
 * Takes up all that wait: the listening socket is edge-triggered, so that a
 * new connection wakes one thread and not two. Returns the first one that has
 * its request already, if "want_one"; epoll hands the others to other threads.
 */
static struct conn *accept_all(struct pool *pool, bool want_one)
{
	struct conn *mine = NULL;
	struct conn *conn;

	while ((conn = accept_one(pool))) {
		if (want_one && !mine && conn_readable(conn->fd)) {
			mine = conn;
			continue;
		}
		let_go(pool, conn);
	}
	return mine;
}

static void *worker_main(void *arg)
{
	struct pool *pool = arg;
	struct epoll_event event;

	for (;;) {
		struct conn *conn = NULL;

		if (epoll_wait(pool->epoll_fd, &event, 1, -1) != 1)
			continue;
		if (event.data.u64 == TOKEN_STOP)
			return NULL;
		if (event.data.u64 == TOKEN_LATE)
			finish_one_late(pool);
		else if (event.data.u64 == TOKEN_LISTEN)
			conn = accept_all(pool, true);
		else
			conn = conn_claim(&pool->table, event.data.u64, now_ns());
		while (conn) {
			serve_conn(pool, conn);
			conn = pool->backlogged && atomic_exchange(&pool->backlogged, false) ? accept_all(pool, true)
			                                                                     : NULL;
		}
	}
}

static bool add_source(const struct pool *pool, int fd, uint32_t events, uint64_t token)
{
	struct epoll_event event = {.events = events, .data.u64 = token};

	return epoll_ctl(pool->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Two descriptors per connection, and the adapters' own. */
static void raise_descriptor_limit(unsigned connections)
{
	struct rlimit limit;
	rlim_t wanted = 2 * (rlim_t)connections + 512;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > wanted ? wanted : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void init_lanes(struct pool *pool)
{
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->freed, NULL);
	for (unsigned i = 0; i < pool->options->threads; i++) {
		struct lane *lane = &pool->lanes[i];

		*lane = (struct lane){.pool = pool, .next = pool->free};
		lane->exchange = (struct exchange){.vtable = &stream_vtable, .self = &lane->request, .resume = resume};
		FCGX_InitRequest(&lane->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
		pool->free = lane;
	}
}

static enum status pool_init(struct pool *pool)
{
	enum status status = conn_table_create(&pool->table, pool->options->connections);

	if (status != STATUS_OK)
		return status;
	init_lanes(pool);
	pthread_mutex_init(&pool->crowded, NULL);
	pool->is_local = listen_is_local(pool->options->listen_fd);
	pool->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	pool->stop_fd = eventfd(0, EFD_CLOEXEC);
	pool->late_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	if (pool->epoll_fd >= 0 && pool->stop_fd >= 0 && pool->late_fd >= 0 &&
	    add_source(pool, pool->stop_fd, EPOLLIN, TOKEN_STOP) &&
	    add_source(pool, pool->late_fd, EPOLLIN | EPOLLEXCLUSIVE, TOKEN_LATE) &&
	    add_source(pool, pool->options->listen_fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE, TOKEN_LISTEN))
		return STATUS_OK;
	conn_table_destroy(&pool->table);
	return STATUS_UNAVAILABLE;
}

static void pool_finish(struct pool *pool)
{
	close(pool->epoll_fd);
	close(pool->stop_fd);
	close(pool->late_fd);
	for (unsigned i = 0; i < pool->options->threads; i++)
		FCGX_Free(&pool->lanes[i].request, 0);
	pthread_cond_destroy(&pool->freed);
	pthread_mutex_destroy(&pool->lock);
	pthread_mutex_destroy(&pool->crowded);
	conn_table_destroy(&pool->table);
}

static void stop_workers(struct pool *pool, unsigned count)
{
	(void)eventfd_write(pool->stop_fd, 1); /* cannot fail: nobody else adds to it */
	for (unsigned i = 0; i < count; i++)
		pthread_join(pool->threads[i], NULL);
}

static unsigned start_workers(struct pool *pool)
{
	pthread_attr_t attr;
	unsigned started = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	while (started < pool->options->threads &&
	       pthread_create(&pool->threads[started], &attr, worker_main, pool) == 0)
		started++;
	pthread_attr_destroy(&attr);
	return started;
}

static void signal_set(sigset_t *ret_set)
{
	sigemptyset(ret_set);
	sigaddset(ret_set, SIGTERM);
	sigaddset(ret_set, SIGINT);
	sigaddset(ret_set, SIGHUP);
	sigaddset(ret_set, SIGUSR1);
}

static int take_signals(void)
{
	sigset_t set;

	serve_block_signals();
	signal(SIGPIPE, SIG_IGN); /* FCGX_Init() has put a handler there */
	signal_set(&set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Serves until a signal says stop. */
static void run(struct pool *pool, int signal_fd)
{
	const struct serve_app *app = pool->app;
	struct pollfd waiting = {.fd = signal_fd, .events = POLLIN};
	struct signalfd_siginfo info;

	for (;;) {
		poll(&waiting, 1, TICK_MS);
		while (read(signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
			if (info.ssi_signo != SIGHUP)
				return;
			app->reload(app->ctx);
		}
		conn_sweep(&pool->table, now_ns(), pool->options->idle_ms * NS_PER_MS,
		           pool->options->exchange_ms * NS_PER_MS);
		if (pool->backlogged && atomic_exchange(&pool->backlogged, false))
			accept_all(pool, false);
		app->tick(app->ctx);
	}
}

/* Nobody new; what is running or on its way is answered, then its connection closed. */
static bool drain(struct pool *pool)
{
	int64_t now = now_ns();
	int64_t until = now + pool->options->drain_ms * NS_PER_MS;

	pool->draining = true;
	if (pool->options->path)
		unlink(pool->options->path);
	epoll_ctl(pool->epoll_fd, EPOLL_CTL_DEL, pool->options->listen_fd, NULL);
	for (;;) {
		/* An inherited socket's queue is left to the processes that share it. */
		if (pool->options->path)
			accept_all(pool, false);
		conn_sweep_quiet(&pool->table, now, DRAIN_GRACE);
		if (pool->table.used == 0)
			return true;
		if (now >= until)
			return false;
		poll(NULL, 0, DRAIN_STEP_MS);
		pool->app->tick(pool->app->ctx);
		now = now_ns();
	}
}

static enum status run_workers(struct pool *pool, int signal_fd)
{
	enum status status = STATUS_NO_MEMORY;
	unsigned started = start_workers(pool);

	if (started == pool->options->threads) {
		run(pool, signal_fd);
		status = drain(pool) ? STATUS_OK : STATUS_TIMEOUT;
	}
	if (status != STATUS_TIMEOUT)
		stop_workers(pool, started);
	return status;
}

/* libfcgi takes an interrupted read for a broken connection, so no thread may be interrupted. */
void serve_block_signals(void)
{
	sigset_t set;

	signal_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

enum status serve_run(const struct serve_options *options, const struct serve_app *app)
{
	struct pool *pool = calloc(1, sizeof(*pool) + options->threads * sizeof(struct lane));
	pthread_t *threads = calloc(options->threads, sizeof(*threads));
	enum status status = STATUS_NO_MEMORY;
	int signal_fd = -1;

	if (!pool || !threads)
		goto out;
	pool->options = options;
	pool->app = app;
	pool->threads = threads;
	raise_descriptor_limit(options->connections);
	signal_fd = FCGX_Init() == 0 ? take_signals() : -1;
	status = signal_fd < 0 ? STATUS_UNAVAILABLE : pool_init(pool);
	if (status == STATUS_OK) {
		status = run_workers(pool, signal_fd);
		/* Threads that are stuck use the pool until the process ends. */
		if (status == STATUS_TIMEOUT)
			return status;
		pool_finish(pool);
	}
out:
	if (signal_fd >= 0)
		close(signal_fd);
	free(threads);
	free(pool);
	return status;
}
