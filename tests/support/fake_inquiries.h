/* SPDX-License-Identifier: MIT */
#ifndef FAKE_INQUIRIES_H
#define FAKE_INQUIRIES_H

#include <stdbool.h>

#include "port/inquiry.h"

/* The inquiry port in memory, for a few inquiries and any number of threads. */
struct fake_inquiries;

struct fake_inquiries *fake_inquiries_create(void);
void fake_inquiries_destroy(struct fake_inquiries *inquiries);
struct inquiry_port fake_inquiries_port(struct fake_inquiries *inquiries);
/* What put and find answer from now on, keeping and telling nothing; STATUS_OK = as they should. */
void fake_inquiries_fail(struct fake_inquiries *inquiries, enum status status);
/* While it is held, whoever puts something waits, as for another process's lock. */
void fake_inquiries_hold(struct fake_inquiries *inquiries, bool held);
/* Until somebody has put this one. */
void fake_inquiries_await(struct fake_inquiries *inquiries, struct slice key);

/* How often something was put, or should have been. */
unsigned fake_inquiries_puts(struct fake_inquiries *inquiries);

#endif
