/* SPDX-License-Identifier: MIT */
#include "wire/gleif.h"

#include "answer_part.h"
#include "provider_adapter.h"

#define PAGE "20"

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	struct buf url = answer_url(arena, question->base, "/lei-records");

	(void)self;
	if (subject->lei[0]) {
		buf_char(&url, '/');
		answer_url_value(&url, slice_cstr(subject->lei));
	} else if (subject->typed_name[0]) {
		buf_cstr(&url, "?page%5Bsize%5D=" PAGE "&filter%5Bentity.legalName%5D=");
		answer_url_value(&url, slice_cstr(subject->typed_name));
		buf_cstr(&url, "&filter%5Bentity.legalAddress.country%5D=");
		answer_url_value(&url, slice_cstr(subject->country));
	} else {
		*ret_why = "needs an LEI or a name";
		return STATUS_INVALID;
	}
	if (url.overflow)
		return STATUS_TOO_LARGE;
	*ret_request = (struct http_request){.method = HTTP_GET,
	                                     .url = buf_view(&url),
	                                     .headers = {SLICE_LIT("Accept: application/vnd.api+json")},
	                                     .header_count = 1,
	                                     .repeatable = true};
	return STATUS_OK;
}

/* The fields that tell one entity from another; nothing is noted. */
static struct identity identity_of(json_t *record)
{
	return (struct identity){
	        .lei = answer_peek(record, "/id"),
	        .name = answer_peek(record, "/attributes/entity/legalName/name"),
	        .postal_code = answer_peek(record, "/attributes/entity/legalAddress/postalCode"),
	        .city = answer_peek(record, "/attributes/entity/legalAddress/city"),
	        .country = answer_peek(record, "/attributes/entity/legalAddress/country"),
	        .register_number = answer_peek(record, "/attributes/entity/registeredAs"),
	};
}

static bool is_void(struct slice status)
{
	return slice_eq_cstr(status, "DUPLICATE") || slice_eq_cstr(status, "ANNULLED") ||
	       slice_eq_cstr(status, "CANCELLED");
}

static void take_status(struct provider_answer *answer, struct slice status)
{
	struct provider_field field = {.name = "register_status",
	                               .pointer = SLICE_LIT("/attributes/entity/status"),
	                               .text = status,
	                               .fact = FACT_REGISTER_STATUS,
	                               .value = REGISTER_STATUS_ACTIVE};

	if (slice_eq_cstr(status, "INACTIVE"))
		field.value = REGISTER_STATUS_DELETED;
	else if (!slice_eq_cstr(status, "ACTIVE"))
		field.fault = "is neither ACTIVE nor INACTIVE";
	answer_fact(answer, &field, answer->as_of);
}

static void take_founded(struct provider_answer *answer, struct slice text)
{
	struct provider_field field = {.name = "founded",
	                               .pointer = SLICE_LIT("/attributes/entity/creationDate"),
	                               .text = text,
	                               .fact = FACT_FOUNDED};
	int32_t day = answer_day(text);

	if (!text.ptr)
		return;
	field.value = day;
	field.fault = day == DATE_NONE ? "is no date (2026-11-21)" : NULL;
	answer_fact(answer, &field, answer->as_of);
}

static void take_key(struct facts *facts, const struct identity *answered)
{
	struct identity_norm norm = {.country = ""};
	struct company_key key;

	if (answered->lei.len == MAX_LEI && slice_copy(answered->lei, norm.lei, sizeof(norm.lei)) &&
	    identity_key(&norm, &key) == STATUS_OK)
		facts_alias(facts, &key);
}

static void take_record(struct provider_answer *answer, json_t *record, const struct subject *subject,
                        struct arena *arena)
{
	struct identity answered = identity_of(record);
	struct answer_part part;
	struct slice state;

	(void)answer_text(answer, record, "lei", "/id");
	(void)answer_text(answer, record, "name", "/attributes/entity/legalName/name");
	answered.street = answer_text(answer, record, "street", "/attributes/entity/legalAddress/addressLines/0");
	(void)answer_text(answer, record, "postal_code", "/attributes/entity/legalAddress/postalCode");
	(void)answer_text(answer, record, "city", "/attributes/entity/legalAddress/city");
	(void)answer_text(answer, record, "country", "/attributes/entity/legalAddress/country");
	(void)answer_text(answer, record, "register_number", "/attributes/entity/registeredAs");
	state = answer_text(answer, record, "registration", "/attributes/registration/status");
	answer->as_of = answer_day(answer_text(answer, record, "as_of", "/attributes/registration/lastUpdateDate"));
	if (is_void(state)) {
		answer_end(answer, SOURCE_NO_DATA, "the LEI is a duplicate or was annulled");
		return;
	}
	take_status(answer, answer_peek(record, "/attributes/entity/status"));
	take_founded(answer, answer_peek(record, "/attributes/entity/creationDate"));
	/* GLEIF's own codes of legal forms are a list of thousands; a German name tells its form. */
	part = answer_part_of(answer, record, arena);
	answer_part_form(&part, "/attributes/entity/legalName/name");
	answer_judge(answer, subject, &answered, false, arena);
	if (answer->outcome == SOURCE_ANSWER)
		take_key(&answer->facts, &answered);
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	const struct subject *subject = question->subject;
	json_t *root = answer_open(answer, reply, arena), *data;

	(void)self;
	if (!root)
		return;
	data = json_object_get(root, "data");
	if (json_is_array(data)) {
		data = answer_choose(answer, data, identity_of, subject, arena);
		if (!data)
			return;
	}
	if (json_is_object(data))
		take_record(answer, data, subject, arena);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "answered without data");
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec gleif_codec(void)
{
	return (struct provider_codec){&vtable, NULL};
}

static struct provider_codec codec(const struct provider_config *config)
{
	(void)config;
	return gleif_codec();
}

const struct provider_adapter gleif_adapter = {
        .name = "gleif", .url = {"https://api.gleif.org/api/v1"}, .codec = codec};
