/* SPDX-License-Identifier: MIT */
#ifndef ADAPTER_SQLITE_INQUIRIES_H
#define ADAPTER_SQLITE_INQUIRIES_H

#include "port/inquiry.h"

/*
 * The inquiry port on one SQLite file (STATE_INQUIRIES), made when it is not
 * there. A file of its own: what providers take their time for must not hold up
 * the commits of decisions. Each put changes the file's hint (change_watch.h).
 */
struct sqlite_inquiries;

enum status sqlite_inquiries_open(const char *file, struct sqlite_inquiries **ret_inquiries) MUST_CHECK;
void sqlite_inquiries_close(struct sqlite_inquiries *inquiries); /* no slot may be running; NULL is fine */
struct inquiry_port sqlite_inquiries_port(struct sqlite_inquiries *inquiries);

#endif
