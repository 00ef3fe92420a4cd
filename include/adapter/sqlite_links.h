/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_LINKS_H
#define ADAPTER_SQLITE_LINKS_H

#include "port/links.h"

/* The links port on one SQLite file (STATE_LINKS), made when it is not there. */
struct sqlite_links;

enum status sqlite_links_open(const char *file, struct sqlite_links **ret_links) MUST_CHECK;
void sqlite_links_close(struct sqlite_links *links); /* no slot may be running; NULL is fine */
struct links_port sqlite_links_port(struct sqlite_links *links);

#endif
