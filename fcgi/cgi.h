/* SPDX-License-Identifier: MIT */
#ifndef FCGI_CGI_H
#define FCGI_CGI_H

#include <stdbool.h>

#include "serve.h"

/* True in a process that a web server started for one request (RFC 3875). */
bool cgi_is_request(void);

/* Answers the one request of the environment, standard input and output, as worker 0. */
void cgi_serve(const struct serve_app *app);

#endif
