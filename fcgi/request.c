/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <string.h>

#include "base/base32.h"
#include "wire/form_in.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum variable {
	VAR_METHOD,
	VAR_URI,
	VAR_CONTENT_TYPE,
	VAR_CONTENT_ENCODING,
	VAR_CONTENT_LENGTH,
	VAR_AUTHORIZATION,
	VAR_IDEMPOTENCY_KEY,
	VAR_ACCEPT_LANGUAGE,
	VAR_REQUEST_ID,
	VAR_ORIGIN,
	VAR_HOST,
	VAR_REMOTE_ADDR,
	VAR_COUNT
};

/* All that is ever read of a request; a longer value refuses it, where a fault is named. */
static const struct {
	struct slice name;
	size_t max;
	const char *fault;
} variables[VAR_COUNT] = {
        [VAR_METHOD] = {SLICE_LIT("REQUEST_METHOD"), 32, "method_not_allowed"},
        [VAR_URI] = {SLICE_LIT("REQUEST_URI"), MAX_URI, "uri_too_long"},
        [VAR_CONTENT_TYPE] = {SLICE_LIT("CONTENT_TYPE"), MAX_HEADER, "header_too_large"},
        [VAR_CONTENT_ENCODING] = {SLICE_LIT("HTTP_CONTENT_ENCODING"), MAX_HEADER, "header_too_large"},
        [VAR_CONTENT_LENGTH] = {SLICE_LIT("CONTENT_LENGTH"), 32, "invalid_content_length"},
        [VAR_AUTHORIZATION] = {SLICE_LIT("HTTP_AUTHORIZATION"), MAX_HEADER, NULL},
        [VAR_IDEMPOTENCY_KEY] = {SLICE_LIT("HTTP_IDEMPOTENCY_KEY"), MAX_HEADER, "idempotency_key_invalid"},
        [VAR_ACCEPT_LANGUAGE] = {SLICE_LIT("HTTP_ACCEPT_LANGUAGE"), MAX_HEADER, NULL},
        [VAR_REQUEST_ID] = {SLICE_LIT("HTTP_X_REQUEST_ID"), MAX_REQUEST_ID, NULL},
        [VAR_ORIGIN] = {SLICE_LIT("HTTP_ORIGIN"), MAX_HEADER, NULL},
        [VAR_HOST] = {SLICE_LIT("HTTP_HOST"), MAX_HEADER, NULL},
        [VAR_REMOTE_ADDR] = {SLICE_LIT("REMOTE_ADDR"), 64, NULL},
};

static bool is_token(struct slice s, size_t max)
{
	if (!s.len || s.len > max)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
		    c != '_' && c != '.')
			return false;
	}
	return true;
}

static enum variable find_variable(struct slice name)
{
	for (size_t i = 0; i < VAR_COUNT; i++)
		if (slice_eq(name, variables[i].name))
			return (enum variable)i;
	return VAR_COUNT;
}

static void collect(char **env, struct slice values[VAR_COUNT])
{
	for (; env && *env; env++) {
		struct slice rest = slice_cstr(*env);
		enum variable found = find_variable(slice_cut(&rest, '='));

		if (found != VAR_COUNT && !values[found].ptr)
			values[found] = rest;
		else if (found == VAR_IDEMPOTENCY_KEY)
			values[found] = SLICE_LIT(","); /* as a server tells of two that joins them */
	}
}

static enum status generate_id(const struct crypto_port *crypto, struct arena *arena, struct slice *ret_id)
{
	uint8_t bytes[16];
	char text[4 + 27] = "req_";

	crypto->vtable->random(crypto->self, bytes, sizeof(bytes));
	base32_ulid(bytes, text + 4);
	*ret_id = arena_copy(arena, slice_cstr(text));
	return ret_id->ptr ? STATUS_OK : STATUS_NO_MEMORY;
}

/* An over-long value is treated as absent where that is safe, and refused where it would change the meaning. */
static enum status copy_values(struct slice values[VAR_COUNT], struct arena *arena, const char **ret_fault)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < VAR_COUNT; i++) {
		if (values[i].len > variables[i].max) {
			values[i] = SLICE_NONE;
			if (variables[i].fault && status == STATUS_OK) {
				*ret_fault = variables[i].fault;
				status = STATUS_TOO_LARGE;
			}
		}
		if (!values[i].ptr)
			continue;
		values[i] = arena_copy(arena, values[i]);
		if (!values[i].ptr)
			return STATUS_NO_MEMORY;
	}
	return status;
}

enum status request_read_head(const struct exchange *exchange, const struct crypto_port *crypto, struct arena *arena,
                              struct request *ret_request)
{
	struct slice values[VAR_COUNT] = {{0}};
	struct request *request = ret_request;
	enum status status;

	*request = (struct request){.lang = LANG_DE};
	collect(exchange->env, values);
	status = copy_values(values, arena, &request->fault);
	request->lang = request_lang(values[VAR_ACCEPT_LANGUAGE]);
	request->request_id = values[VAR_REQUEST_ID];
	if (!is_token(request->request_id, MAX_REQUEST_ID) &&
	    generate_id(crypto, arena, &request->request_id) != STATUS_OK)
		return STATUS_NO_MEMORY;
	request->method = values[VAR_METHOD];
	request->query = values[VAR_URI];
	request->path = slice_cut(&request->query, '?');
	request->content_type = values[VAR_CONTENT_TYPE];
	request->content_encoding = values[VAR_CONTENT_ENCODING];
	request->content_length = values[VAR_CONTENT_LENGTH];
	request->authorization = values[VAR_AUTHORIZATION];
	request->idempotency_key = values[VAR_IDEMPOTENCY_KEY];
	request->origin = values[VAR_ORIGIN];
	request->host = values[VAR_HOST];
	request->remote_addr = values[VAR_REMOTE_ADDR];
	if (status == STATUS_OK && (!request->method.len || !request->path.len)) {
		request->fault = "malformed_request";
		return STATUS_INVALID;
	}
	return status;
}

/* Reads until the end or until the room is full. */
static bool read_fully(struct exchange *exchange, char *room, size_t cap, size_t *ret_len)
{
	size_t len = 0;
	size_t count;

	while (len < cap) {
		if (!exchange->vtable->read(exchange->self, room + len, cap - len, &count))
			return false;
		if (count == 0)
			break;
		len += count;
	}
	*ret_len = len;
	return true;
}

static enum status refuse(struct request *request, enum status status, const char *fault)
{
	request->fault = fault;
	return status;
}

bool request_is_encoded(const struct request *request)
{
	struct slice encoding = slice_trim(request->content_encoding);

	return encoding.len && !slice_eq_nocase(encoding, SLICE_LIT("identity"));
}

enum status request_read_body(struct exchange *exchange, struct arena *arena, struct request *request)
{
	bool announced = request->content_length.len > 0;
	uint64_t length = MAX_BODY;
	size_t len;
	char *room;

	if (request_is_encoded(request))
		return refuse(request, STATUS_INVALID, "unsupported_media_type");
	if (announced && !slice_to_u64(request->content_length, &length))
		return refuse(request, STATUS_INVALID, "invalid_content_length");
	if (length > MAX_BODY)
		return refuse(request, STATUS_TOO_LARGE, "body_too_large");
	/* One byte more than may come shows a body that is longer than it said. */
	room = arena_alloc(arena, (size_t)length + 1);
	if (!room)
		return STATUS_NO_MEMORY;
	if (!read_fully(exchange, room, (size_t)length + 1, &len) || (announced && len != length))
		return refuse(request, STATUS_INVALID, "incomplete_body");
	if (len > MAX_BODY)
		return refuse(request, STATUS_TOO_LARGE, "body_too_large");
	request->body = (struct slice){room, len};
	return STATUS_OK;
}

/* The inside of a quoted string up to its closing quote, unescaped; false when it is none. */
static bool unquote(struct slice s, char *room, size_t *ret_len)
{
	size_t len = 0;
	size_t at = 1;

	for (; at < s.len && s.ptr[at] != '"'; at++) {
		char c = s.ptr[at];

		if (c == '\\') {
			if (++at >= s.len || (s.ptr[at] != '"' && s.ptr[at] != '\\'))
				return false;
			c = s.ptr[at];
		}
		if (c < 0x20 || c > 0x7e)
			return false;
		room[len++] = c;
	}
	*ret_len = len;
	return at + 1 == s.len;
}

/* Two headers joined by a server come with a comma between them: no key of ours. */
static bool is_bare(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= 0x20 || s.ptr[i] > 0x7e || s.ptr[i] == '"' || s.ptr[i] == ',')
			return false;
	return true;
}

enum status request_idempotency_key(struct slice header, struct arena *arena, struct slice *ret_key)
{
	struct slice text = slice_trim(header);
	struct slice key = text;
	char *room;

	if (text.len && text.ptr[0] == '"') {
		room = arena_alloc(arena, text.len);
		if (!room)
			return STATUS_NO_MEMORY;
		if (!unquote(text, room, &key.len))
			return STATUS_INVALID;
		key.ptr = room;
	} else if (!is_bare(text)) {
		return STATUS_INVALID;
	}
	if (!key.len || key.len > MAX_IDEMPOTENCY_KEY)
		return STATUS_INVALID;
	*ret_key = key;
	return STATUS_OK;
}

enum status request_query(const struct request *request, const char *name, struct arena *arena, struct slice *ret_value)
{
	struct slice rest = request->query;

	while (rest.ptr) {
		struct slice value = slice_cut(&rest, '&');
		struct slice found = slice_cut(&value, '=');

		if (slice_eq_cstr(found, name))
			return form_in_decode(value, arena, ret_value);
	}
	return STATUS_NOT_FOUND;
}

bool request_query_has_only(const struct request *request, const char *const *names, size_t count)
{
	struct slice rest = request->query;

	while (rest.ptr) {
		struct slice value = slice_cut(&rest, '&');
		struct slice name = slice_cut(&value, '=');
		bool known = name.len == 0;

		for (size_t i = 0; i < count && !known; i++)
			known = slice_eq_cstr(name, names[i]);
		if (!known)
			return false;
	}
	return true;
}

bool request_is_json(struct slice content_type)
{
	return slice_eq_nocase(slice_trim(slice_cut(&content_type, ';')), SLICE_LIT("application/json"));
}

/* "q=0.8" as thousandths; absent = 1000, broken = 0. */
static unsigned quality(struct slice parameters)
{
	struct slice text = slice_trim(parameters);
	unsigned value = 0;
	unsigned scale = 1000;

	if (!text.len)
		return 1000;
	if (text.len < 3 || (text.ptr[0] | 0x20) != 'q' || text.ptr[1] != '=' || text.len > 7)
		return 0;
	for (size_t i = 2; i < text.len; i++) {
		char c = text.ptr[i];

		if (i == 3 && c == '.')
			continue;
		if (c < '0' || c > '9')
			return 0;
		value += (unsigned)(c - '0') * scale;
		scale /= 10;
	}
	return value;
}

enum lang request_lang(struct slice accept_language)
{
	static const char *const tags[LANG_COUNT] = {[LANG_DE] = "de", [LANG_EN] = "en"};
	struct slice rest = accept_language;
	enum lang best = LANG_DE;
	unsigned best_quality = 0;

	while (rest.ptr) {
		struct slice parameters = slice_cut(&rest, ',');
		struct slice range = slice_trim(slice_cut(&parameters, ';'));
		struct slice primary = slice_cut(&range, '-');
		unsigned weight = quality(parameters);

		for (int lang = 0; lang < LANG_COUNT; lang++) {
			if (weight > best_quality && slice_eq_nocase(primary, slice_cstr(tags[lang]))) {
				best = (enum lang)lang;
				best_quality = weight;
			}
		}
	}
	return best;
}
