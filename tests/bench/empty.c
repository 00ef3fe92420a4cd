/* SPDX-License-Identifier: MIT */
/*
 * The measure of make bench: the least a FastCGI handler in C can do. It
 * reads the body and answers a few bytes, on libfcgi's own accept loop with
 * one thread per connection.
 */
#include <fcgiapp.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int listener;

static void *serve(void *unused)
{
	static const char answer[] = "Content-Type: application/json\r\n\r\n{}";
	static _Thread_local char body[65536];
	FCGX_Request request;

	(void)unused;
	FCGX_InitRequest(&request, listener, 0);
	while (FCGX_Accept_r(&request) == 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) > 0) {
		}
		FCGX_PutStr(answer, sizeof(answer) - 1, request.out);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	long threads = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	pthread_t thread;

	if (threads < 1 || FCGX_Init() != 0)
		return 2; /* usage: empty SOCKET THREADS */
	listener = FCGX_OpenSocket(argv[1], 1024);
	if (listener < 0)
		return 1;
	while (threads-- > 0)
		pthread_create(&thread, NULL, serve, NULL);
	for (;;)
		pause();
}
