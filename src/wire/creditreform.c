/* SPDX-License-Identifier: MIT */
#include "wire/creditreform.h"

#include <string.h>

#include "answer.h"
#include "creditreform_out.h"
#include "creditreform_report.h"
#include "provider_adapter.h"

#define STEP_REPORT  1
#define NUMBER_MOST  24
#define BODY_DEFAULT (4 * 1024 * 1024) /* a report with its PDF */
#define KEYLIST_MOST 9999

/* --- Search ----------------------------------------------------------------------------------------- */

static struct identity identity_of(const struct xml_element *hit)
{
	return (struct identity){
	        .name = xml_text(hit, "companyname"),
	        .postal_code = xml_text(hit, "postcode"),
	        .city = xml_text(hit, "city"),
	        .country = xml_text(hit, "country/key"),
	};
}

/* The one hit shown to be the company; NULL when none is, or several are. */
static const struct xml_element *choose(const struct xml_element *hit, const struct subject *subject,
                                        struct arena *arena, struct provider_answer *answer)
{
	const struct xml_element *chosen = NULL;
	bool several = false;

	answer->verdict = SUBJECT_OTHER;
	for (; hit; hit = xml_next(hit)) {
		struct identity identity = identity_of(hit);
		size_t mark = arena->used;
		enum subject_verdict verdict = subject_judge(subject, &identity, arena);

		arena_rewind(arena, mark);
		if (verdict < answer->verdict)
			answer->verdict = verdict;
		if (verdict > SUBJECT_LIKELY)
			continue;
		several |= chosen != NULL;
		chosen = hit;
	}
	if (!chosen)
		answer_end(answer, SOURCE_NO_DATA, "has no company that is shown to be this one");
	else if (several)
		answer_end(answer, SOURCE_NO_DATA, "has several companies that may be meant");
	return several ? NULL : chosen;
}

/* Digits in Germany, letters too elsewhere. */
static bool is_number(struct slice number)
{
	for (size_t i = 0; i < number.len; i++) {
		char c = number.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	return number.len > 0 && number.len <= NUMBER_MOST;
}

/* A hit among others that are not shown is not known to be the only one. */
static void decode_search(const struct xml_element *body, const struct subject *subject, struct arena *arena,
                          struct provider_answer *answer)
{
	const struct xml_element *hits = xml_at(body, "hit"), *hit;
	struct slice number;

	if (!hits) {
		answer_end(answer, SOURCE_NO_DATA, "has no company of this name and place");
		return;
	}
	hit = choose(hits, subject, arena, answer);
	if (!hit)
		return;
	if (!slice_eq_cstr(xml_text(body, "morehits"), "false")) {
		answer_end(answer, SOURCE_NO_DATA, "has more companies than it shows, which may be meant too");
		return;
	}
	number = creditreform_text(answer, hit, "identification", "identificationnumber");
	if (is_number(number))
		answer_go_on(answer, STEP_REPORT, number);
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "found the company without a number");
}

/* --- Faults ----------------------------------------------------------------------------------------- */

static void end_by_meaning(struct provider_answer *answer, enum creditreform_fault meaning)
{
	if (meaning == CREDITREFORM_NO_REPORT)
		answer_end(answer, SOURCE_NO_DATA, "has no report on the company");
	else if (meaning == CREDITREFORM_BAD_INPUT)
		answer_end(answer, SOURCE_INVALID_INPUT, "does not take the question");
	else
		answer_end(answer, SOURCE_UNAVAILABLE, "does not take the credentials");
}

/* A key that nobody has explained says nothing about the company. */
static void end_by_fault(const struct creditreform *creditreform, const struct xml_element *fault,
                         struct provider_answer *answer)
{
	const struct xml_element *detail = xml_at(fault, "Detail");
	const struct xml_element *service = detail ? detail->child : NULL;
	struct slice key = creditreform_text(answer, service, "fault_key", "body/fault/errorkey/key");

	(void)creditreform_text(answer, service, "fault", "body/fault/errorkey/designation");
	(void)creditreform_text(answer, fault, "fault_reason", "Reason/Text");
	answer_end(answer, SOURCE_UNAVAILABLE, "answered with a fault");
	for (size_t i = 0; i < creditreform->fault_count; i++) {
		if (slice_eq_cstr(key, creditreform->faults[i].key))
			end_by_meaning(answer, creditreform->faults[i].meaning);
	}
}

/* --- Codec ------------------------------------------------------------------------------------------ */

static enum status encode(const void *self, const struct provider_question *question, struct arena *arena,
                          struct http_request *ret_request, const char **ret_why)
{
	return creditreform_out(self, question, arena, ret_request, ret_why);
}

/* The service says no in a message: a code alone is of something before it, and 404 a wrong address. */
static void end_without_message(struct provider_answer *answer, int code)
{
	if (code == 200)
		answer_end(answer, SOURCE_UNAVAILABLE, "answered with something that is no SOAP message");
	else if (code == 400 || code == 404 || code == 410 || code == 422)
		answer_end(answer, SOURCE_UNAVAILABLE, "has no service at this address");
	else
		answer_end_code(answer, code);
}

/* What the service answered with, whatever the version of its interface. */
static const struct xml_element *body_of(const struct soap_reply *reply, const char *name)
{
	const struct xml_element *answer = reply->answer;

	if (!answer || !slice_starts(answer->space, SLICE_LIT(CREDITREFORM_SPACE)) ||
	    !slice_eq_cstr(answer->name, name))
		return NULL;
	return xml_at(answer, "body");
}

static void decode(const void *self, const struct provider_question *question, const struct http_reply *reply,
                   struct arena *arena, struct provider_answer *answer)
{
	bool report = question->step.number == STEP_REPORT;
	const struct xml_element *body;
	struct soap_reply soap;

	if (soap_open(reply, arena, &soap) != STATUS_OK) {
		end_without_message(answer, reply->code);
		return;
	}
	body = body_of(&soap, report ? "reportResponse" : "searchResponse");
	if (soap.fault)
		end_by_fault(self, soap.fault, answer);
	else if (!body || reply->code != 200)
		answer_end(answer, SOURCE_UNAVAILABLE, "answered another question than asked");
	else if (report)
		creditreform_report(&soap, body, question, arena, answer);
	else
		decode_search(body, question->subject, arena, answer);
}

static const struct provider_codec_vtable vtable = {.encode = encode, .decode = decode};

struct provider_codec creditreform_codec(const struct creditreform *creditreform)
{
	return (struct provider_codec){&vtable, creditreform};
}

/* --- Configuration ---------------------------------------------------------------------------------- */

static const char *const PRODUCTS[] = {"PRTY-3", "PRTY-4", NULL};
static const char *const LANGUAGES[] = {"de", "en", "fr", "it", NULL};
static const char *const MEANINGS[] = {[CREDITREFORM_NO_REPORT] = "no_data",
                                       [CREDITREFORM_BAD_INPUT] = "invalid_input",
                                       [CREDITREFORM_REFUSED] = "credentials",
                                       NULL};

/* "LEIN-101": the prefix and a number. */
static bool is_key(const char *text, const char *prefix)
{
	struct slice key = slice_cstr(text);
	uint64_t number;

	if (!slice_starts(key, slice_cstr(prefix)))
		return false;
	key.ptr += strlen(prefix);
	key.len -= strlen(prefix);
	return slice_to_u64(key, &number);
}

/* "0600-0021" becomes a part of the address and of the namespace. */
static bool is_version(const char *text)
{
	return *text && text[strspn(text, "0123456789-")] == '\0';
}

static void read_word(struct load *load, const json_t *root, const char *name, const char *const *words, char *text)
{
	unsigned which = 0;

	load_require(load, root, name);
	load_choice(load, root, name, words, &which);
	memcpy(text, words[which], strlen(words[which]) + 1);
}

static void read_client(struct load *load, const json_t *root, struct creditreform *creditreform)
{
	const json_t *object = json_object_get(root, "client");
	size_t mark = load_enter(load, "client");

	(void)slice_copy(SLICE_LIT("Bonigate"), creditreform->client_name, sizeof(creditreform->client_name));
	(void)slice_copy(SLICE_LIT("1"), creditreform->client_version, sizeof(creditreform->client_version));
	if (object && load_object(load, object, "name version")) {
		load_text(load, object, "name", creditreform->client_name, sizeof(creditreform->client_name));
		load_text(load, object, "version", creditreform->client_version, sizeof(creditreform->client_version));
	}
	load_leave(load, mark);
}

static void read_faults(struct load *load, const json_t *root, struct creditreform *creditreform)
{
	json_t *object = json_object_get(root, "faults"), *value;
	size_t mark = load_enter(load, "faults");
	const char *key;

	creditreform->fault_count = 1;
	memcpy(creditreform->faults[0].key, "ER-114", sizeof("ER-114"));
	creditreform->faults[0].meaning = CREDITREFORM_NO_REPORT;
	if (object && (!json_is_object(object) || json_object_size(object) >= CREDITREFORM_FAULTS)) {
		load_fault(load, "must be an object of a few keys");
		object = NULL;
	}
	json_object_foreach(object, key, value)
	{
		unsigned meaning = 0;

		load_choice(load, object, key, MEANINGS, &meaning);
		creditreform->faults[creditreform->fault_count].meaning = (enum creditreform_fault)meaning;
		if (!slice_copy(slice_cstr(key), creditreform->faults[creditreform->fault_count].key,
		                CREDITREFORM_KEY + 1) ||
		    !is_key(key, "ER-"))
			load_fault_at(load, key, "is no key of a fault (ER-114)");
		creditreform->fault_count++;
	}
	load_leave(load, mark);
}

/* Why somebody asks is told by whoever asks: nothing is taken for it. */
static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	struct creditreform *creditreform = &config->creditreform;
	int64_t keylist = 21;

	(void)slice_copy(SLICE_LIT("0600-0021"), creditreform->version, sizeof(creditreform->version));
	load_text(load, root, "interface", creditreform->version, sizeof(creditreform->version));
	if (!is_version(creditreform->version))
		load_fault_at(load, "interface", "is no version of the interface (0600-0021)");
	read_word(load, root, "product", PRODUCTS, creditreform->product);
	load_require(load, root, "legitimate_interest");
	load_text(load, root, "legitimate_interest", creditreform->interest, sizeof(creditreform->interest));
	if (!is_key(creditreform->interest, "LEIN-"))
		load_fault_at(load, "legitimate_interest", "is no key of a legitimate interest (LEIN-101)");
	memcpy(creditreform->language, "de", sizeof("de"));
	if (json_object_get(root, "language"))
		read_word(load, root, "language", LANGUAGES, creditreform->language);
	load_integer(load, root, "keylist", &keylist);
	if (keylist < 1 || keylist > KEYLIST_MOST)
		load_fault_at(load, "keylist", "is out of range");
	creditreform->keylist = (int32_t)keylist;
	read_client(load, root, creditreform);
	read_faults(load, root, creditreform);
	if (!json_object_get(root, "max_bytes"))
		config->body_most = BODY_DEFAULT;
}

static struct provider_codec codec(const struct provider_config *config)
{
	return creditreform_codec(&config->creditreform);
}

const struct provider_adapter creditreform_adapter = {
        .name = "creditreform",
        .url = {"https://onlineservice.creditreform.de/webservice",
                "https://ktu.onlineservice.creditreform.de/webservice"},
        .members = "interface product legitimate_interest language keylist client faults",
        .configure = configure,
        .codec = codec};
