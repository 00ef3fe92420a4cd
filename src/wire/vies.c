/* SPDX-License-Identifier: MIT */
#include "wire/vies.h"

#include <string.h>

#include "ask.h"
#include "core/vat.h"
#include "provider_adapter.h"

#define NOT_GIVEN "---"

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	const struct subject *subject = question->subject;
	const struct vies *vies = self;
	struct buf url = answer_url(arena, question->base, "/check-vat-number"), body;
	struct json_out out;

	if (strlen(subject->vat_id) < 3) {
		*ret_why = "needs a VAT id";
		return STATUS_INVALID;
	}
	ask_body(&body, &out, arena);
	json_out_object(&out, NULL);
	json_out_string(&out, "countryCode", (struct slice){subject->vat_id, 2});
	json_out_cstr(&out, "vatNumber", subject->vat_id + 2);
	if (strlen(vies->requester) > 2) {
		json_out_string(&out, "requesterMemberStateCode", (struct slice){vies->requester, 2});
		json_out_cstr(&out, "requesterNumber", vies->requester + 2);
	}
	json_out_object_end(&out);
	return ask_post(&url, &body, SLICE_NONE, true, ret_request);
}

/* A fault stands in an answer of any HTTP code, also of 200. */
static bool ended_by_fault(struct provider_answer *answer, json_t *root)
{
	struct slice fault = answer_text(answer, root, "fault", "/errorWrappers/0/error");

	if (!json_object_get(root, "errorWrappers"))
		return false;
	if (slice_eq_cstr(fault, "INVALID_INPUT"))
		answer_end(answer, SOURCE_INVALID_INPUT, "does not take the VAT id");
	else if (slice_eq_cstr(fault, "INVALID_REQUESTER_INFO"))
		answer_end(answer, SOURCE_UNAVAILABLE, "does not take the requester's own VAT id");
	else if (slice_eq_cstr(fault, "VAT_BLOCKED") || slice_eq_cstr(fault, "IP_BLOCKED"))
		answer_end(answer, SOURCE_UNAVAILABLE, "has blocked this requester");
	else
		answer_end(answer, SOURCE_UNAVAILABLE,
		           "the member state does not answer; says nothing about the number");
	return true;
}

static struct slice given(struct slice text)
{
	return slice_eq_cstr(slice_trim(text), NOT_GIVEN) ? SLICE_NONE : text;
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	const struct subject *subject = question->subject;
	json_t *root = answer_tree(reply, arena), *valid;
	struct identity answered = {.country = SLICE_NONE};
	struct slice country, number;
	char vat[MAX_VAT_ID + 1];
	struct buf both;

	(void)self;
	if (root && ended_by_fault(answer, root))
		return;
	root = answer_open(answer, reply, arena);
	if (!root)
		return;
	valid = json_object_get(root, "valid");
	country = answer_text(answer, root, "country", "/countryCode");
	number = answer_text(answer, root, "vat_id", "/vatNumber");
	answered.name = given(answer_text(answer, root, "name", "/name"));
	(void)answer_text(answer, root, "address", "/address");
	answer->as_of = answer_day(answer_text(answer, root, "as_of", "/requestDate"));
	(void)slice_copy(answer_text(answer, root, "reference", "/requestIdentifier"), answer->reference,
	                 sizeof(answer->reference));
	buf_init(&both, vat, sizeof(vat));
	buf_slice(&both, country);
	buf_slice(&both, number);
	answered.vat_id = buf_view(&both);
	if (!json_is_boolean(valid) || both.overflow || !country.len || !number.len)
		answer_end(answer, SOURCE_UNAVAILABLE, "does not say whether the number is valid");
	else if (json_is_true(valid))
		answer_judge(answer, subject, &answered, false, arena);
	else if (slice_eq_cstr(answered.vat_id, subject->vat_id))
		answer_end(answer, SOURCE_NO_DATA, "nobody is registered for this VAT id");
	else
		answer_end(answer, SOURCE_NO_DATA, "answered for another company than asked; not used");
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec vies_codec(const struct vies *vies)
{
	return (struct provider_codec){&vtable, vies};
}

static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	char typed[64] = "";

	load_text(load, root, "requester", typed, sizeof(typed));
	if (typed[0] && vat_normalise(slice_cstr(typed), "", config->vies.requester) != IDENTITY_FAULT_NONE)
		load_fault_at(load, "requester", "is no VAT id");
}

static struct provider_codec codec(const struct provider_config *config)
{
	return vies_codec(&config->vies);
}

const struct provider_adapter vies_adapter = {.name = "vies",
                                              .url = {"https://ec.europa.eu/taxation_customs/vies/rest-api"},
                                              .members = "requester",
                                              .configure = configure,
                                              .codec = codec};
