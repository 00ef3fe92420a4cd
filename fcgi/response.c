/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <unistd.h>

#include "base/maxima.h"

#define FILE_PIECE 16384

static const struct {
	int status;
	const char *line;
} status_lines[] = {
        {500, "500 Internal Server Error"},
        {200, "200 OK"},
        {202, "202 Accepted"},
        {204, "204 No Content"},
        {303, "303 See Other"},
        {400, "400 Bad Request"},
        {401, "401 Unauthorized"},
        {403, "403 Forbidden"},
        {404, "404 Not Found"},
        {405, "405 Method Not Allowed"},
        {409, "409 Conflict"},
        {413, "413 Content Too Large"},
        {414, "414 URI Too Long"},
        {415, "415 Unsupported Media Type"},
        {422, "422 Unprocessable Content"},
        {429, "429 Too Many Requests"},
        {431, "431 Request Header Fields Too Large"},
        {503, "503 Service Unavailable"},
};

void response_init(struct response *response, char *headers, char *body)
{
	*response = (struct response){.status = 200, .file = -1};
	buf_init(&response->headers, headers, RESPONSE_MAX_HEADERS);
	buf_init(&response->body, body, MAX_ANSWER);
}

void response_reset(struct response *response)
{
	response->status = 200;
	response->content_type = NULL;
	buf_reset(&response->headers);
	buf_reset(&response->body);
}

void response_header(struct response *response, const char *name, struct slice value)
{
	buf_cstr(&response->headers, name);
	buf_cstr(&response->headers, ": ");
	buf_slice(&response->headers, value);
	buf_cstr(&response->headers, "\r\n");
}

const char *response_status_line(int status)
{
	for (size_t i = 0; i < sizeof(status_lines) / sizeof(status_lines[0]); i++)
		if (status_lines[i].status == status)
			return status_lines[i].line;
	return status_lines[0].line;
}

/* False: the peer is gone, or the file is shorter than was told. */
static bool send_file(const struct response *response, struct exchange *exchange)
{
	char mem[FILE_PIECE];
	uint64_t left = response->file_len;

	while (left > 0) {
		size_t want = left < sizeof(mem) ? (size_t)left : sizeof(mem);
		ssize_t count = read(response->file, mem, want);

		if (count <= 0 || !exchange->vtable->write(exchange->self, (struct slice){mem, (size_t)count}))
			return false;
		left -= (uint64_t)count;
	}
	return true;
}

static bool send_body(const struct response *response, struct exchange *exchange, bool head_only)
{
	bool sent = true;

	if (!head_only && response->content_type)
		sent = response->file < 0 ? exchange->vtable->write(exchange->self, buf_view(&response->body))
		                          : send_file(response, exchange);
	if (response->file >= 0)
		close(response->file);
	return sent;
}

bool response_send(const struct response *response, struct exchange *exchange, bool head_only)
{
	char mem[256 + RESPONSE_MAX_HEADERS];
	struct buf head;

	buf_init(&head, mem, sizeof(mem));
	buf_cstr(&head, "Status: ");
	buf_cstr(&head, response_status_line(response->status));
	buf_cstr(&head, "\r\n");
	if (response->content_type) {
		buf_cstr(&head, "Content-Type: ");
		buf_cstr(&head, response->content_type);
		buf_cstr(&head, "\r\nContent-Length: ");
		buf_u64(&head, response->file < 0 ? response->body.len : response->file_len);
		buf_cstr(&head, "\r\n");
	}
	buf_slice(&head, buf_view(&response->headers));
	buf_cstr(&head, "\r\n");
	if (head.overflow || response->headers.overflow || !exchange->vtable->write(exchange->self, buf_view(&head)))
		return false;
	return send_body(response, exchange, head_only);
}
