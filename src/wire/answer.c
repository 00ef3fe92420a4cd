/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <string.h>

#include "json_in.h"

static json_t *parse(const struct http_reply *reply, struct arena *arena)
{
	struct json_in_error error;
	json_t *root;

	return json_in_parse(reply->body, arena, &root, &error) == STATUS_OK ? root : NULL;
}

json_t *answer_tree(const struct http_reply *reply, struct arena *arena)
{
	json_t *root = parse(reply, arena);

	return json_is_object(root) ? root : NULL;
}

json_t *answer_list(const struct http_reply *reply, struct arena *arena)
{
	json_t *root = reply->code == 200 ? parse(reply, arena) : NULL;

	return json_is_array(root) ? root : NULL;
}

/* Nothing of a stranger, or of an inquiry that broke off, stays behind. */
static void drop_facts(struct facts *facts)
{
	struct source source = facts->sources[0];

	facts_init(facts);
	facts->sources[0] = source;
	facts->source_count = 1;
}

void answer_end(struct provider_answer *answer, enum source_state outcome, const char *detail)
{
	if (outcome != SOURCE_ANSWER)
		drop_facts(&answer->facts);
	answer->outcome = outcome;
	answer->detail = detail;
}

void answer_end_code(struct provider_answer *answer, int code)
{
	if (code == 404 || code == 410)
		answer_end(answer, SOURCE_NO_DATA, "does not know the company");
	else if (code == 400 || code == 422)
		answer_end(answer, SOURCE_INVALID_INPUT, "does not take the question");
	else if (code == 401 || code == 403 || code == 407)
		answer_end(answer, SOURCE_UNAVAILABLE, "does not take the credentials");
	else if (code == 402)
		answer_end(answer, SOURCE_UNAVAILABLE, "wants to be paid first");
	else if (code == 429)
		answer_end(answer, SOURCE_UNAVAILABLE, "was asked too often");
	else if (code >= 300 && code < 400)
		answer_end(answer, SOURCE_UNAVAILABLE, "sends elsewhere, which is not followed");
	else if (code >= 500)
		answer_end(answer, SOURCE_UNAVAILABLE, "has a fault of its own");
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "answered with an unexpected code");
}

json_t *answer_open(struct provider_answer *answer, const struct http_reply *reply, struct arena *arena)
{
	json_t *root;

	if (reply->code != 200 && reply->code != 201 && reply->code != 203) {
		answer_end_code(answer, reply->code);
		return NULL;
	}
	root = answer_tree(reply, arena);
	if (!root)
		answer_end(answer, SOURCE_UNAVAILABLE, "answered with something that is no JSON object");
	return root;
}

json_t *answer_open_own(struct provider_answer *answer, const struct http_reply *reply, struct arena *arena)
{
	json_t *root = answer_open(answer, reply, arena);

	if (!root && answer->outcome != SOURCE_UNAVAILABLE)
		answer_end(answer, SOURCE_UNAVAILABLE, "does not know what it has named itself");
	return root;
}

static void lead_on(struct provider_answer *answer, enum provider_turn turn, uint8_t step, struct slice ref)
{
	answer->turn = turn;
	answer->next = (struct provider_step){.number = step};
	if (slice_copy(ref, answer->next.ref, sizeof(answer->next.ref)))
		return;
	answer->turn = PROVIDER_ENDS;
	answer_end(answer, SOURCE_UNAVAILABLE, "gave a reference that is too long");
}

void answer_go_on(struct provider_answer *answer, uint8_t step, struct slice ref)
{
	lead_on(answer, PROVIDER_GOES_ON, step, ref);
}

void answer_wait(struct provider_answer *answer, uint8_t step, struct slice ref, int64_t wait_ms)
{
	answer->wait_ms = wait_ms;
	answer_end(answer, SOURCE_UNAVAILABLE, "is preparing its answer");
	lead_on(answer, PROVIDER_WAITS, step, ref);
}

void answer_note(struct provider_answer *answer, const struct provider_field *field)
{
	if (answer->field_count < PROVIDER_FIELDS)
		answer->fields[answer->field_count++] = *field;
}

struct slice answer_peek(json_t *root, const char *pointer)
{
	json_t *value = json_fact_at(root, slice_cstr(pointer));

	return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : SLICE_NONE;
}

struct slice answer_text(struct provider_answer *answer, json_t *root, const char *name, const char *pointer)
{
	json_t *value = json_fact_at(root, slice_cstr(pointer));
	struct provider_field field = {.name = name, .pointer = slice_cstr(pointer), .text = SLICE_NONE};

	if (json_is_string(value))
		field.text = (struct slice){json_string_value(value), json_string_length(value)};
	else if (value && !json_is_null(value))
		field.fault = "is no text";
	answer_note(answer, &field);
	return field.text;
}

void answer_fact(struct provider_answer *answer, const struct provider_field *field, int32_t as_of)
{
	answer_note(answer, field);
	if (!field->fault)
		facts_set(&answer->facts, field->fact, field->value, as_of, 0);
}

int32_t answer_day(struct slice text)
{
	int32_t day;

	if (text.len > 10)
		text.len = 10;
	return date_parse(text, &day) ? day : DATE_NONE;
}

static void take_identity(struct facts *facts, const struct identity *answered)
{
	(void)slice_copy(slice_trim(answered->name), facts->name, sizeof(facts->name));
	(void)slice_copy(slice_trim(answered->street), facts->street, sizeof(facts->street));
	(void)slice_copy(slice_trim(answered->postal_code), facts->postal_code, sizeof(facts->postal_code));
	(void)slice_copy(slice_trim(answered->city), facts->city, sizeof(facts->city));
	(void)slice_copy(slice_trim(answered->country), facts->country, sizeof(facts->country));
}

void answer_judge(struct provider_answer *answer, const struct subject *subject, const struct identity *answered,
                  bool trusted, struct arena *arena)
{
	bool unnamed = slice_is_blank(answered->name);

	answer->verdict = subject_judge(subject, answered, arena);
	if (answer->verdict == SUBJECT_OTHER) {
		answer_end(answer, SOURCE_NO_DATA, "answered for another company than asked; not used");
	} else if (answer->verdict == SUBJECT_UNPROVEN && !(trusted && unnamed)) {
		answer_end(answer, SOURCE_NO_DATA, "nothing shows that the answer is this company's; not used");
	} else {
		answer_end(answer, SOURCE_ANSWER, "answered");
		take_identity(&answer->facts, answered);
		answer->facts.match = answer->verdict == SUBJECT_LIKELY ? MATCH_FUZZY : MATCH_EXACT;
	}
}

json_t *answer_choose(struct provider_answer *answer, json_t *list, struct identity (*identity_of)(json_t *item),
                      const struct subject *subject, struct arena *arena)
{
	enum subject_verdict best = SUBJECT_UNPROVEN;
	json_t *chosen = NULL, *item;
	bool several = false;
	size_t i;

	json_array_foreach(list, i, item)
	{
		struct identity identity = identity_of(item);
		enum subject_verdict verdict = subject_judge(subject, &identity, arena);

		if (verdict > SUBJECT_LIKELY || verdict > best)
			continue;
		several = verdict == best;
		chosen = item;
		best = verdict;
	}
	if (several)
		answer_end(answer, SOURCE_NO_DATA, "has several companies that may be meant");
	else if (!chosen)
		answer_end(answer, SOURCE_NO_DATA,
		           json_array_size(list) ? "has no company that is shown to be this one"
		                                 : "has no company of this name or number");
	return several ? NULL : chosen;
}

void answer_follow(struct provider_answer *answer, json_t *chosen, const char *name, const char *pointer, uint8_t step)
{
	struct slice id;

	if (!chosen)
		return;
	id = answer_text(answer, chosen, name, pointer);
	if (id.len)
		answer_go_on(answer, step, id);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "has the company, but no id of it");
}

struct slice answer_secret(const struct provider_question *question, const char *name)
{
	for (size_t i = 0; i < question->secrets->count; i++) {
		if (strcmp(question->secrets->items[i].name, name) == 0)
			return slice_cstr(question->secrets->items[i].value);
	}
	return SLICE_NONE;
}

struct slice answer_bearer(struct slice token, struct arena *arena)
{
	static const char START[] = "Authorization: Bearer ";
	char *mem = arena_bytes(arena, sizeof(START) + token.len);
	struct buf line;

	if (!mem)
		return SLICE_NONE;
	buf_init(&line, mem, sizeof(START) + token.len);
	buf_cstr(&line, START);
	buf_slice(&line, token);
	return buf_view(&line);
}

struct buf answer_url(struct arena *arena, struct slice base, const char *path)
{
	char *mem = arena_bytes(arena, MAX_HTTP_URL);
	struct buf url;

	buf_init(&url, mem, mem ? MAX_HTTP_URL : 0);
	buf_slice(&url, base);
	buf_cstr(&url, path);
	return url;
}

void answer_url_value(struct buf *url, struct slice value)
{
	static const char HEX[] = "0123456789ABCDEF";

	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    memchr("-._~", c, 4)) {
			buf_char(url, (char)c);
		} else {
			buf_char(url, '%');
			buf_char(url, HEX[c >> 4]);
			buf_char(url, HEX[c & 15]);
		}
	}
}
