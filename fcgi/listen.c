/* SPDX-License-Identifier: MIT */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/slice.h"

#define BACKLOG 511

/* Nobody behind the socket file: what a killed process leaves. */
static bool is_abandoned(const struct sockaddr_un *address)
{
	struct stat file;
	bool abandoned;
	int fd;

	/* A connect to any other kind of file is refused as well. */
	if (lstat(address->sun_path, &file) != 0 || !S_ISSOCK(file.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	abandoned = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 && errno == ECONNREFUSED;
	close(fd);
	return abandoned;
}

/* The mode goes through umask, so that the socket is never wider open than asked, not even for a moment. */
static int bind_with_mode(int fd, const struct sockaddr_un *address, mode_t mode)
{
	mode_t before = umask(0777 & ~mode);
	int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	int saved = errno;

	umask(before);
	errno = saved;
	return result;
}

static bool set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

static bool is_listed(const char *text, const char *list)
{
	struct slice rest = slice_cstr(list);

	while (rest.ptr)
		if (slice_eq_cstr(slice_trim(slice_cut(&rest, ',')), text))
			return true;
	return false;
}

enum status listen_unix(const char *path, mode_t mode, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	enum status status = STATUS_UNAVAILABLE;
	int fd;

	if (!*path || !slice_copy(slice_cstr(path), address.sun_path, sizeof(address.sun_path)))
		return STATUS_INVALID;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return STATUS_UNAVAILABLE;
	if (bind_with_mode(fd, &address, mode) != 0) {
		if (errno != EADDRINUSE)
			goto fail;
		status = STATUS_RUNNING;
		if (!is_abandoned(&address))
			goto fail;
		status = STATUS_UNAVAILABLE;
		if (unlink(path) != 0 || bind_with_mode(fd, &address, mode) != 0)
			goto fail;
	}
	if (listen(fd, BACKLOG) != 0)
		goto fail;
	*ret_fd = fd;
	return STATUS_OK;
fail:
	close(fd);
	return status;
}

enum status listen_inherited(int *ret_fd)
{
	int listening = 0;
	socklen_t len = sizeof(listening);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 || !listening)
		return STATUS_NOT_FOUND;
	if (!set_nonblocking(STDIN_FILENO))
		return STATUS_NOT_FOUND;
	*ret_fd = STDIN_FILENO;
	return STATUS_OK;
}

bool listen_peer_allowed(const struct sockaddr_storage *peer)
{
	const char *list = getenv("FCGI_WEB_SERVER_ADDRS");
	char text[INET6_ADDRSTRLEN] = "";

	if (peer->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)peer;

		inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
		return list ? is_listed(text, list) : (ntohl(in->sin_addr.s_addr) >> 24) == 127;
	}
	if (peer->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)peer;

		inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
		return list ? is_listed(text, list) : IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
	}
	return peer->ss_family == AF_UNIX;
}

bool listen_is_local(int listen_fd)
{
	struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(address);

	return getsockname(listen_fd, (struct sockaddr *)&address, &len) == 0 && address.ss_family == AF_UNIX;
}
