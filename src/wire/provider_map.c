/* SPDX-License-Identifier: MIT */
#include "wire/provider_map.h"

#include <string.h>

#include "answer_part.h"
#include "core/court.h"

#define STEP_JOB     1 /* 0 is the request */
#define NUMBER_BYTES 32

#define HTTP_ACCEPTED 202

enum part {
	PART_NAME,
	PART_STREET,
	PART_POSTAL_CODE,
	PART_CITY,
	PART_COUNTRY,
	PART_VAT_ID,
	PART_LEI,
	PART_ECONOMIC_ID,
	PART_COURT,
	PART_REGISTER_TYPE,
	PART_REGISTER_NUMBER,
	PART_COUNT
};

static const struct {
	const char *name;
	const char *missing;
} PARTS[PART_COUNT] = {
        [PART_NAME] = {"name", "needs a name"},
        [PART_STREET] = {"street", "needs a street"},
        [PART_POSTAL_CODE] = {"postal_code", "needs a postal code"},
        [PART_CITY] = {"city", "needs a city"},
        [PART_COUNTRY] = {"country", "needs a country"},
        [PART_VAT_ID] = {"vat_id", "needs a VAT id"},
        [PART_LEI] = {"lei", "needs an LEI"},
        [PART_ECONOMIC_ID] = {"economic_id", "needs a Wirtschafts-IdNr"},
        [PART_COURT] = {"court", "needs a register number with its court"},
        [PART_REGISTER_TYPE] = {"register_type", "needs a register number with its court"},
        [PART_REGISTER_NUMBER] = {"register_number", "needs a register number with its court"},
};

/* One "{word}" or "{word?}" at the start of a text. */
struct hole {
	enum part part; /* PART_COUNT = no such word */
	bool optional;
	size_t len; /* of the whole; 0 = there is none */
};

static struct hole hole_at(struct slice text)
{
	struct hole hole = {PART_COUNT, false, 0};
	struct slice word = {text.ptr + 1, 0};

	if (!text.len || text.ptr[0] != '{')
		return hole;
	while (word.len + 1 < text.len &&
	       ((word.ptr[word.len] >= 'a' && word.ptr[word.len] <= 'z') || word.ptr[word.len] == '_'))
		word.len++;
	hole.optional = word.len + 1 < text.len && word.ptr[word.len] == '?';
	if (!word.len || word.len + 1 + hole.optional >= text.len || word.ptr[word.len + hole.optional] != '}')
		return hole;
	hole.len = word.len + 2 + hole.optional;
	for (unsigned i = 0; i < PART_COUNT; i++) {
		if (slice_eq_cstr(word, PARTS[i].name))
			hole.part = (enum part)i;
	}
	return hole;
}

bool provider_map_template_is_sound(const char *text)
{
	for (struct slice rest = slice_cstr(text); rest.len; rest.ptr++, rest.len--) {
		struct hole hole = hole_at(rest);

		if (hole.len && hole.part == PART_COUNT)
			return false;
	}
	return true;
}

static struct slice number_of(const struct subject *subject, char number[NUMBER_BYTES])
{
	struct buf text;

	buf_init(&text, number, NUMBER_BYTES);
	if (subject->reg.type != REGISTER_NONE)
		register_number_put(&text, &subject->reg);
	return buf_view(&text);
}

static struct slice part_of(const struct subject *subject, enum part part, char number[NUMBER_BYTES])
{
	switch (part) {
	case PART_NAME:
		return slice_cstr(subject->typed_name);
	case PART_STREET:
		return slice_cstr(subject->typed_street);
	case PART_POSTAL_CODE:
		return slice_cstr(subject->postal_code);
	case PART_CITY:
		return slice_cstr(subject->typed_city);
	case PART_COUNTRY:
		return slice_cstr(subject->country);
	case PART_VAT_ID:
		return slice_cstr(subject->vat_id);
	case PART_LEI:
		return slice_cstr(subject->lei);
	case PART_ECONOMIC_ID:
		return slice_cstr(subject->economic_id);
	case PART_COURT:
		return slice_cstr(court_name(subject->reg.court));
	case PART_REGISTER_TYPE:
		return slice_cstr(subject->reg.type == REGISTER_NONE ? "" : register_type_name(subject->reg.type));
	case PART_REGISTER_NUMBER:
		return number_of(subject, number);
	case PART_COUNT:
		break;
	}
	return SLICE_LIT("");
}

/* Within a JSON string; control characters do not occur in a checked identity. */
static void put_json(struct buf *out, struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '"' || value.ptr[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, value.ptr[i]);
	}
}

/* NULL, or what the subject lacks. */
static const char *fill(struct buf *out, const char *template, const struct subject *subject,
                        void (*put)(struct buf *out, struct slice value))
{
	struct slice rest = slice_cstr(template);
	char number[NUMBER_BYTES];

	while (rest.len) {
		struct hole hole = hole_at(rest);
		struct slice value;

		if (!hole.len) {
			buf_char(out, rest.ptr[0]);
			rest = (struct slice){rest.ptr + 1, rest.len - 1};
			continue;
		}
		value = part_of(subject, hole.part, number);
		if (!value.len && !hole.optional)
			return hole.part < PART_COUNT ? PARTS[hole.part].missing : "has a placeholder nobody knows";
		put(out, value);
		rest = (struct slice){rest.ptr + hole.len, rest.len - hole.len};
	}
	return NULL;
}

/* The report of the job that the request began. */
static enum status encode_job(const struct provider_map *map, const struct provider_question *question,
                              struct arena *arena, struct http_request *ret_request)
{
	struct buf url = answer_url(arena, question->base, "");
	const char *hole = strstr(map->job.path, PROVIDER_MAP_JOB);

	if (!hole)
		return STATUS_INTERNAL;
	buf_bytes(&url, map->job.path, (size_t)(hole - map->job.path));
	answer_url_value(&url, slice_cstr(question->step.ref));
	buf_cstr(&url, hole + strlen(PROVIDER_MAP_JOB));
	if (url.overflow)
		return STATUS_TOO_LARGE;
	*ret_request = (struct http_request){.method = HTTP_GET,
	                                     .url = buf_view(&url),
	                                     .headers = {SLICE_LIT("Accept: application/json")},
	                                     .header_count = 1,
	                                     .repeatable = true};
	return STATUS_OK;
}

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	const struct provider_map *map = self;
	struct buf url = answer_url(arena, question->base, ""), body;
	char *mem = arena_bytes(arena, 2 * PROVIDER_MAP_BODY);
	const char *missing;

	if (question->step.number == STEP_JOB)
		return encode_job(map, question, arena, ret_request);
	missing = fill(&url, map->path, subject, answer_url_value);
	buf_init(&body, mem, mem ? 2 * PROVIDER_MAP_BODY : 0);
	if (!missing)
		missing = fill(&body, map->body, subject, put_json);
	if (missing) {
		*ret_why = missing;
		return STATUS_INVALID;
	}
	if (url.overflow || body.overflow)
		return STATUS_TOO_LARGE;
	*ret_request = (struct http_request){.method = map->method,
	                                     .url = buf_view(&url),
	                                     .body = buf_view(&body),
	                                     .headers = {SLICE_LIT("Accept: application/json")},
	                                     .header_count = 1,
	                                     .repeatable = map->repeatable};
	if (body.len)
		ret_request->content_type = SLICE_LIT("application/json");
	return STATUS_OK;
}

static bool is_nothing(const json_t *value)
{
	return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0) ||
	       (json_is_string(value) && json_string_length(value) == 0);
}

static const char *mapped_value(const struct provider_map_fact *fact, struct slice text, int64_t *ret_value)
{
	for (size_t i = 0; i < fact->value_count; i++) {
		if (!slice_eq_cstr(text, fact->values[i].word))
			continue;
		*ret_value = fact->values[i].value;
		return NULL;
	}
	return "is none of the mapped values";
}

static void take_fact(struct provider_answer *answer, const struct provider_map_fact *fact, json_t *root,
                      struct arena *arena)
{
	json_t *value = json_fact_at(root, slice_cstr(fact->pointer));
	struct provider_field field = {
	        .name = fact_name(fact->fact), .pointer = slice_cstr(fact->pointer), .fact = fact->fact};

	if (!value || json_is_null(value)) {
		field.fault = "is not there";
		answer_fact(answer, &field, DATE_NONE);
		return;
	}
	field.text = answer_part_scalar(value, arena);
	field.fault = fact->value_count
	                      ? mapped_value(fact, field.text, &field.value)
	                      : json_fact_value(fact->fact, (enum json_scale)fact->scale, value, &field.value);
	answer_fact(answer, &field, answer->as_of);
}

static bool is_no_data_code(const struct provider_map *map, int code)
{
	for (size_t i = 0; i < map->no_data_code_count; i++) {
		if (map->no_data_codes[i] == code)
			return true;
	}
	return false;
}

static struct identity take_company(const struct provider_map *map, struct provider_answer *answer, json_t *root)
{
	struct identity company = {.name = SLICE_NONE};
	struct slice *const FIELDS[IDENTITY_FIELD_COUNT] = {
	        [IDENTITY_NAME] = &company.name,
	        [IDENTITY_STREET] = &company.street,
	        [IDENTITY_POSTAL_CODE] = &company.postal_code,
	        [IDENTITY_CITY] = &company.city,
	        [IDENTITY_COUNTRY] = &company.country,
	        [IDENTITY_VAT_ID] = &company.vat_id,
	        [IDENTITY_LEI] = &company.lei,
	        [IDENTITY_ECONOMIC_ID] = &company.economic_id,
	        [IDENTITY_COURT] = &company.court,
	        [IDENTITY_REGISTER_TYPE] = &company.register_type,
	        [IDENTITY_REGISTER_NUMBER] = &company.register_number,
	};

	for (unsigned i = 0; i < IDENTITY_FIELD_COUNT; i++) {
		if (FIELDS[i] && map->company[i][0])
			*FIELDS[i] = answer_text(answer, root, identity_field_name((enum identity_field)i),
			                         map->company[i]);
	}
	return company;
}

/* The absent word is none of them. */
static bool is_one_of(struct slice word, const char list[][PROVIDER_MAP_WORD + 1], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_cstr(word, list[i]))
			return true;
	}
	return false;
}

/* A number or a word: what a job is called, and how it stands. */
static struct slice word_at(json_t *root, const char *pointer, struct arena *arena)
{
	json_t *value = json_fact_at(root, slice_cstr(pointer));

	return json_is_string(value) || json_is_integer(value) ? answer_part_scalar(value, arena) : SLICE_NONE;
}

static void take_order(const struct provider_map_job *job, json_t *root, struct arena *arena,
                       struct provider_answer *answer)
{
	struct slice id = word_at(root, job->id, arena);

	if (id.len)
		answer_wait(answer, STEP_JOB, id, job->poll_ms);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "does not name the job it began");
}

/* Whether the report is there; else the answer says what leads to it. */
static bool is_report(const struct provider_map_job *job, const struct provider_question *question, int code,
                      json_t *root, struct arena *arena, struct provider_answer *answer)
{
	struct slice state = job->state[0] ? word_at(root, job->state, arena) : SLICE_NONE;

	if (job->state[0] ? is_one_of(state, job->done, job->done_count) : code != HTTP_ACCEPTED)
		return true;
	if (is_one_of(state, job->failed, job->failed_count))
		answer_end(answer, SOURCE_NO_DATA, "could not prepare its answer");
	else
		answer_wait(answer, STEP_JOB, slice_cstr(question->step.ref), job->poll_ms);
	return false;
}

/* The report's tree. NULL: there is none, or none yet, and the answer says so. */
static json_t *open_report(const struct provider_map *map, const struct provider_question *question,
                           const struct http_reply *reply, struct arena *arena, struct provider_answer *answer)
{
	/* 202 promises an answer, and only who orders a report understands that. */
	bool accepted = map->job.id[0] && reply->code == HTTP_ACCEPTED;
	json_t *root = accepted ? answer_tree(reply, arena) : answer_open(answer, reply, arena);

	if (!map->job.id[0] || (!root && !accepted))
		return root;
	if (question->step.number != STEP_JOB)
		take_order(&map->job, root, arena, answer);
	else if (is_report(&map->job, question, reply->code, root, arena, answer))
		return root;
	return NULL;
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	const struct subject *subject = question->subject;
	const struct provider_map *map = self;
	struct identity company;
	json_t *root;

	if (is_no_data_code(map, reply->code)) {
		answer_end(answer, SOURCE_NO_DATA, "does not know the company");
		return;
	}
	root = open_report(map, question, reply, arena, answer);
	if (!root)
		return;
	if (map->no_data[0] && is_nothing(json_fact_at(root, slice_cstr(map->no_data)))) {
		answer_end(answer, SOURCE_NO_DATA, "does not know the company");
		return;
	}
	company = take_company(map, answer, root);
	if (map->as_of[0])
		answer->as_of = answer_day(answer_text(answer, root, "as_of", map->as_of));
	if (map->reference[0])
		(void)slice_copy(answer_text(answer, root, "reference", map->reference), answer->reference,
		                 sizeof(answer->reference));
	for (size_t i = 0; i < map->fact_count; i++)
		take_fact(answer, &map->facts[i], root, arena);
	answer_judge(answer, subject, &company, map->trust_unnamed, arena);
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec provider_map_codec(const struct provider_map *map)
{
	return (struct provider_codec){&vtable, map};
}
