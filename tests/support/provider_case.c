/* SPDX-License-Identifier: MIT */
#include "provider_case.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fact_code.h"
#include "provider_world.h"

#define PATH_BYTES 512

static char name[PATH_BYTES];

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static struct identity identity_of(const json_t *asked)
{
	return (struct identity){.name = slice_cstr(text_of(asked, "name")),
	                         .street = slice_cstr(text_of(asked, "street")),
	                         .postal_code = slice_cstr(text_of(asked, "postal_code")),
	                         .city = slice_cstr(text_of(asked, "city")),
	                         .country = SLICE_LIT("DE"),
	                         .vat_id = slice_cstr(text_of(asked, "vat_id")),
	                         .court = slice_cstr(text_of(asked, "court")),
	                         .register_type = slice_cstr(text_of(asked, "register_type")),
	                         .register_number = slice_cstr(text_of(asked, "register_number")),
	                         .customer_ref = SLICE_LIT("K-1")};
}

/* Puts a value at a pointer whose parent is there. */
static void put_at(json_t *root, const char *pointer, json_t *value)
{
	char part[PATH_BYTES];
	const char *rest = pointer;

	while (rest && *rest == '/') {
		const char *end = strchr(++rest, '/');
		size_t len = end ? (size_t)(end - rest) : strlen(rest);

		snprintf(part, sizeof(part), "%.*s", (int)len, rest);
		if (!end)
			break;
		root = json_is_array(root) ? json_array_get(root, strtoul(part, NULL, 10))
		                           : json_object_get(root, part);
		rest = end;
	}
	cr_assert(json_is_object(root) || json_is_array(root), "%s: %s leads nowhere", name, pointer);
	if (json_is_array(root) && strcmp(part, "-") == 0)
		cr_assert_eq(json_array_append(root, value), 0);
	else if (json_is_array(root))
		cr_assert_eq(json_array_set(root, strtoul(part, NULL, 10), value), 0, "%s: %s", name, pointer);
	else
		cr_assert_eq(json_object_set(root, part, value), 0);
}

static struct slice patched(const char *file, json_t *patches)
{
	static char bytes[65536];
	struct slice text = provider_world_file(file);
	json_t *root, *value;
	const char *pointer;
	size_t len;

	if (!patches)
		return text;
	root = json_loadb(text.ptr, text.len, 0, NULL);
	json_object_foreach(patches, pointer, value) put_at(root, pointer, value);
	len = json_dumpb(root, bytes, sizeof(bytes), JSON_COMPACT);
	cr_assert(len > 0 && len <= sizeof(bytes), "%s", name);
	json_decref(root);
	return (struct slice){bytes, len};
}

static struct slice bytes_of(const char *folder)
{
	static char bytes[65536];
	char path[PATH_BYTES + 16];
	struct slice text = {bytes, 0};
	FILE *file;

	snprintf(path, sizeof(path), "%s/reply", folder);
	file = fopen(path, "r");
	cr_assert(file, "%s has no reply", folder);
	text.len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return text;
}

static void check_text(const char *what, struct slice got, const json_t *expected)
{
	if (expected)
		cr_expect(slice_eq_cstr(got, json_string_value(expected)), "%s: %s is \"%.*s\"", name, what,
		          (int)got.len, got.ptr ? got.ptr : "");
}

static void check_request(const json_t *asks, struct provider_codec codec, const struct provider_question *question)
{
	struct http_request request = {0};
	const char *why = "";
	enum status status = codec.vtable->encode(codec.self, question, provider_world_arena(), &request, &why);
	const json_t *body = json_object_get(asks, "body");
	json_t *sent;

	if (json_object_get(asks, "why")) {
		cr_expect_eq(status, STATUS_INVALID, "%s", name);
		check_text("why", slice_cstr(why), json_object_get(asks, "why"));
		return;
	}
	cr_assert_eq(status, STATUS_OK, "%s: %s", name, why);
	check_text("method", slice_cstr(request.method == HTTP_POST ? "POST" : "GET"), json_object_get(asks, "method"));
	check_text("url", request.url, json_object_get(asks, "url"));
	cr_expect_eq(request.repeatable, json_is_true(json_object_get(asks, "repeatable")), "%s", name);
	cr_expect_eq(request.free, json_is_true(json_object_get(asks, "free")), "%s", name);
	sent = json_loadb(request.body.ptr, request.body.len, 0, NULL);
	cr_expect(body ? json_equal(sent, body) : !sent, "%s: body is %.*s", name, (int)request.body.len,
	          request.body.len ? request.body.ptr : "");
	json_decref(sent);
}

static int64_t value_of(enum fact_id fact, const json_t *value)
{
	struct slice text = slice_cstr(json_string_value(value));
	int64_t code = INT64_MIN;
	int32_t day;

	if (json_is_integer(value))
		return json_integer_value(value);
	if (date_parse(text, &day))
		return day;
	(void)fact_code_find(fact, text, &code);
	return code;
}

static void check_facts(const json_t *expected, const struct facts *facts)
{
	for (int i = FACT_NONE + 1; i < FACT_FIRST_DERIVED; i++) {
		const struct fact *fact = &facts->items[i];
		const json_t *value = json_object_get(expected, fact_name((enum fact_id)i));
		const json_t *only = json_is_array(value) ? json_array_get(value, 0) : value;
		int32_t day = DATE_NONE;

		cr_expect_eq(fact->known, value != NULL, "%s: %s", name, fact_name((enum fact_id)i));
		if (!fact->known || !value)
			continue;
		cr_expect_eq(fact->value, value_of((enum fact_id)i, only), "%s: %s is %lld", name,
		             fact_name((enum fact_id)i), (long long)fact->value);
		if (!json_is_array(value))
			continue;
		(void)date_parse(slice_cstr(json_string_value(json_array_get(value, 1))), &day);
		cr_expect_eq(fact->as_of, day, "%s: day of %s", name, fact_name((enum fact_id)i));
	}
}

static void check_turn(const json_t *expect, const struct provider_answer *answer)
{
	static const char *const TURNS[] = {"ends", "goes_on", "waits"};
	const json_t *turn = json_object_get(expect, "turn");

	cr_expect_str_eq(TURNS[answer->turn], turn ? json_string_value(turn) : "ends", "%s: %s", name, answer->detail);
	if (answer->turn == PROVIDER_ENDS)
		return;
	cr_expect_eq(answer->next.number, json_integer_value(json_object_get(expect, "next_step")), "%s: next %d", name,
	             answer->next.number);
	check_text("next_ref", slice_cstr(answer->next.ref), json_object_get(expect, "next_ref"));
	if (answer->turn == PROVIDER_WAITS)
		cr_expect_eq(answer->wait_ms / 1000, json_integer_value(json_object_get(expect, "wait_s")), "%s", name);
}

static void check_fields(json_t *expected, const struct provider_answer *answer)
{
	json_t *fault;
	const char *key;

	json_object_foreach(expected, key, fault)
	{
		const struct provider_field *field = provider_world_field(answer, key);
		const char *got = field && field->fault ? field->fault : "";

		cr_expect(field, "%s: field %s", name, key);
		cr_expect_str_eq(got, json_is_string(fault) ? json_string_value(fault) : "", "%s: field %s", name, key);
	}
}

static void check_answer(const json_t *root, const struct provider_answer *answer)
{
	const json_t *expect = json_object_get(root, "expect");
	int32_t day = DATE_NONE;

	check_turn(expect, answer);
	check_fields(json_object_get(root, "fields"), answer);
	check_text("detail", slice_cstr(answer->detail), json_object_get(expect, "detail"));
	check_text("reference", slice_cstr(answer->reference), json_object_get(expect, "reference"));
	if (json_object_get(expect, "verdict"))
		check_text("verdict", slice_cstr(subject_verdict_name(answer->verdict)),
		           json_object_get(expect, "verdict"));
	if (date_parse(slice_cstr(text_of(expect, "as_of")), &day))
		cr_expect_eq(answer->as_of, day, "%s: as of", name);
	if (answer->turn == PROVIDER_ENDS)
		check_text("outcome", slice_cstr(source_state_name(answer->outcome)),
		           json_object_get(expect, "outcome"));
	if (answer->turn != PROVIDER_GOES_ON || json_object_get(root, "facts"))
		check_facts(json_object_get(root, "facts"), &answer->facts);
}

static void run_case(const char *folder, struct provider_codec codec)
{
	char path[PATH_BYTES + 16];
	json_error_t error;
	json_t *root, *asked;
	struct identity identity;
	struct subject subject;
	struct provider_question question;

	snprintf(path, sizeof(path), "%s/case.json", folder);
	root = json_load_file(path, 0, &error);
	cr_assert(root, "%s:%d: %s", path, error.line, error.text);
	asked = json_object_get(root, "asked");
	identity = identity_of(asked);
	subject = asked ? provider_world_subject(&identity) : provider_world_schmidt();
	question = provider_world_question(&subject, "https://x");
	question.step.number = (uint8_t)json_integer_value(json_object_get(root, "step"));
	snprintf(question.step.ref, sizeof(question.step.ref), "%s", text_of(root, "ref"));
	if (json_object_get(root, "asks"))
		check_request(json_object_get(root, "asks"), codec, &question);
	if (json_object_get(root, "expect")) {
		int code = json_object_get(root, "code") ? (int)json_integer_value(json_object_get(root, "code")) : 200;
		struct http_reply reply = {.end = HTTP_ANSWERED, .code = code, .body = SLICE_NONE};

		reply.body = json_object_get(root, "reply")
		                     ? patched(text_of(root, "reply"), json_object_get(root, "set"))
		                     : bytes_of(folder);

		check_answer(root, provider_world_read(codec, &question, &reply));
	}
	json_decref(root);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void provider_case_run(const char *adapter, struct provider_codec codec)
{
	char folder[PATH_BYTES];
	struct dirent **entries;
	int count;

	snprintf(folder, sizeof(folder), "tests/cases/provider/%s", adapter);
	count = scandir(folder, &entries, is_visible, alphasort);
	cr_assert_gt(count, 0, "%s has no cases", folder);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "tests/cases/provider/%s/%s", adapter, entries[i]->d_name);
		run_case(name, codec);
		free(entries[i]);
	}
	free(entries);
}
