/* SPDX-License-Identifier: MIT */
#ifndef FCGI_LISTEN_H
#define FCGI_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/status.h"

/*
 * Binds a Unix stream socket at path with these permissions. A socket file
 * that nobody serves any more is replaced; one that answers is not.
 * STATUS_INVALID: path too long. STATUS_RUNNING: another process serves it.
 * STATUS_UNAVAILABLE: errno tells why.
 */
enum status listen_unix(const char *path, mode_t mode, int *ret_fd) MUST_CHECK;

/* Descriptor 0, if it is a listening stream socket (spawn-fcgi, systemd, lighttpd). STATUS_NOT_FOUND if not. */
enum status listen_inherited(int *ret_fd) MUST_CHECK;

/*
 * Whether a peer may talk to us. Unix sockets are guarded by their
 * permissions. Over TCP anyone who reaches the port can claim any header, so
 * only loopback and the addresses of FCGI_WEB_SERVER_ADDRS (FastCGI
 * specification 1.0, section 3.2) may.
 */
bool listen_peer_allowed(const struct sockaddr_storage *peer);
/* Everybody who connects is on this machine. */
bool listen_is_local(int listen_fd);

#endif
