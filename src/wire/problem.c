/* SPDX-License-Identifier: MIT */
#include "wire/problem.h"

#include <string.h>

#include "base/json_out.h"

#define TYPE_PREFIX  "urn:bonigate:problem:"
#define MAX_CODE     64
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct field_text {
	const char *code;
	const char *detail[LANG_COUNT];
};

struct problem_text {
	const char *code;
	const char *title[LANG_COUNT];
	const char *detail[LANG_COUNT];
};

/* The first entry stands in for a code that is not listed. */
static const struct field_text field_texts[] = {
        {"invalid_value", {"Der Wert ist unzulässig.", "The value is not allowed."}},
        {"control_character", {"Der Wert enthält ein Steuerzeichen.", "The value contains a control character."}},
        {"duplicate_key", {"Das Feld kommt mehrfach vor.", "The field occurs more than once."}},
        {"duplicate_value", {"Der Wert kommt mehrfach vor.", "The value occurs more than once."}},
        {"invalid_check_digit", {"Die Prüfziffer stimmt nicht.", "The check digit is wrong."}},
        {"invalid_encoding", {"Der Text ist kein gültiges UTF-8.", "The text is not valid UTF-8."}},
        {"invalid_format",
         {"Der Wert hat nicht das verlangte Format.", "The value does not have the required format."}},
        {"invalid_json", {"Hier ist der Text kein gültiges JSON.", "The text is not valid JSON here."}},
        {"invalid_type", {"Der Wert hat den falschen Typ.", "The value has the wrong type."}},
        {"nul_character", {"Der Text enthält ein NUL-Zeichen.", "The text contains a NUL character."}},
        {"number_too_large", {"Die Zahl ist zu groß.", "The number is too large."}},
        {"out_of_range", {"Die Zahl liegt außerhalb des zulässigen Bereichs.", "The number is out of range."}},
        {"required", {"Das Feld wird benötigt.", "The field is required."}},
        {"too_deep", {"Das JSON ist zu tief verschachtelt.", "The JSON is nested too deeply."}},
        {"too_large", {"Der Inhalt ist zu umfangreich.", "The content is too large."}},
        {"too_long", {"Der Text ist zu lang.", "The text is too long."}},
        {"too_many", {"Es sind zu viele Einträge.", "There are too many entries."}},
        {"unknown_field", {"Dieses Feld ist nicht bekannt.", "This field is not known."}},
        {"unknown_value", {"Dieser Wert ist nicht bekannt.", "This value is not known."}},
};

/* The first entry stands in for a code that is not listed. */
static const struct problem_text problem_texts[] = {
        {"internal_error",
         {"Interner Fehler", "Internal error"},
         {"Die Anfrage konnte wegen eines internen Fehlers nicht beantwortet werden.",
          "The request could not be answered because of an internal error."}},
        {"body_too_large",
         {"Anfrage zu groß", "Request too large"},
         {"Der Rumpf der Anfrage überschreitet die zulässige Größe.",
          "The body of the request exceeds the permitted size."}},
        {"busy",
         {"Ausgelastet", "Busy"},
         {"Der Dienst ist ausgelastet; bitte später erneut versuchen.",
          "The service is busy; please try again later."}},
        {"forbidden",
         {"Nicht erlaubt", "Forbidden"},
         {"Der Schlüssel hat kein Recht zu diesem Aufruf.", "The key has no right to this call."}},
        {"header_too_large",
         {"Kopffeld zu groß", "Header too large"},
         {"Ein Kopffeld der Anfrage ist zu lang.", "A header field of the request is too long."}},
        {"idempotency_key_in_use",
         {"Anfrage wird noch bearbeitet", "Request still running"},
         {"Eine Anfrage mit diesem Idempotency-Key wird gerade beantwortet.",
          "A request with this Idempotency-Key is being answered now."}},
        {"idempotency_key_invalid",
         {"Ungültiger Idempotency-Key", "Invalid Idempotency-Key"},
         {"Der Idempotency-Key muss aus 1 bis 255 sichtbaren ASCII-Zeichen bestehen.",
          "The Idempotency-Key must consist of 1 to 255 visible ASCII characters."}},
        {"idempotency_key_reused",
         {"Idempotency-Key schon verwendet", "Idempotency-Key already used"},
         {"Dieser Idempotency-Key kam bereits mit einem anderen Inhalt.",
          "This Idempotency-Key came before with a different body."}},
        {"incomplete_body",
         {"Unvollständige Anfrage", "Incomplete request"},
         {"Der Rumpf der Anfrage entspricht nicht der angegebenen Länge.",
          "The body of the request does not have the announced length."}},
        {"invalid_content_length",
         {"Ungültige Content-Length", "Invalid Content-Length"},
         {"Das Kopffeld Content-Length ist keine Zahl.", "The Content-Length header is not a number."}},
        {"invalid_json",
         {"Kein gültiges JSON", "Not valid JSON"},
         {"Der Rumpf der Anfrage ist kein gültiges JSON.", "The body of the request is not valid JSON."}},
        {"invalid_request",
         {"Ungültige Anfrage", "Invalid request"},
         {"Mindestens ein Feld der Anfrage ist unzulässig; siehe errors.",
          "At least one field of the request is not allowed; see errors."}},
        {"malformed_request",
         {"Fehlerhafte Anfrage", "Malformed request"},
         {"Der Anfrage fehlen Methode oder Adresse.", "The request lacks its method or address."}},
        {"method_not_allowed",
         {"Methode nicht erlaubt", "Method not allowed"},
         {"Diese Adresse kennt die HTTP-Methode nicht; siehe Allow.",
          "This address does not support the HTTP method; see Allow."}},
        {"not_found",
         {"Nicht gefunden", "Not found"},
         {"Unter dieser Adresse gibt es nichts.", "There is nothing at this address."}},
        {"origin_refused",
         {"Fremde Herkunft", "Foreign origin"},
         {"Von dieser Seite darf das Formular nicht gesendet werden.", "The form may not be sent from this page."}},
        {"not_recorded",
         {"Entscheidung nicht gespeichert", "Decision not recorded"},
         {"Die Entscheidung konnte nicht dauerhaft gespeichert werden und gilt nicht; bitte erneut versuchen.",
          "The decision could not be recorded durably and is void; please try again."}},
        {"rate_limited",
         {"Zu viele Anfragen", "Too many requests"},
         {"Das Anfragelimit ist erreicht; siehe Retry-After.", "The rate limit is reached; see Retry-After."}},
        {"too_much_under_way",
         {"Zu viel unterwegs", "Too much under way"},
         {"Es laufen schon zu viele Fragen an Auskunfteien; keine wurde gestellt. Bitte später erneut versuchen.",
          "Too many questions to bureaus are under way; none was asked. Please try again later."}},
        {"unauthorized",
         {"Nicht angemeldet", "Unauthorized"},
         {"Es wird ein gültiger API-Schlüssel benötigt (Authorization: Bearer ...).",
          "A valid API key is needed (Authorization: Bearer ...)."}},
        {"unavailable",
         {"Vorübergehend nicht verfügbar", "Temporarily unavailable"},
         {"Der Dienst ist vorübergehend nicht verfügbar; bitte später erneut versuchen.",
          "The service is temporarily unavailable; please try again later."}},
        {"unsupported_media_type",
         {"Medientyp nicht unterstützt", "Unsupported media type"},
         {"Der Rumpf der Anfrage muss application/json sein.", "The body of the request must be application/json."}},
        {"uri_too_long",
         {"Adresse zu lang", "URI too long"},
         {"Die Adresse der Anfrage ist zu lang.", "The address of the request is too long."}},
};

static const struct field_text *field_text(const char *code)
{
	for (size_t i = 0; i < COUNT(field_texts); i++)
		if (strcmp(field_texts[i].code, code) == 0)
			return &field_texts[i];
	return &field_texts[0];
}

static const struct problem_text *problem_text(const char *code)
{
	for (size_t i = 0; i < COUNT(problem_texts); i++)
		if (strcmp(problem_texts[i].code, code) == 0)
			return &problem_texts[i];
	return &problem_texts[0];
}

/* A cut must not leave half of a "~0" or "~1" escape, nor half of a UTF-8 character. */
static size_t cut_length(const char *text)
{
	size_t len = strnlen(text, MAX_POINTER + 1);

	if (len <= MAX_POINTER)
		return len;
	len = MAX_POINTER;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	if (len && text[len - 1] == '~')
		len--;
	return len;
}

static void put_errors(struct json_out *json, const struct field_errors *errors, enum lang lang)
{
	json_out_array(json, "errors");
	for (size_t i = 0; i < errors->count; i++) {
		const struct field_error *item = &errors->items[i];

		json_out_object(json, NULL);
		json_out_cstr(json, "pointer", item->pointer);
		json_out_cstr(json, "code", item->code);
		json_out_cstr(json, "detail", item->detail[lang]);
		json_out_object_end(json);
	}
	json_out_array_end(json);
}

void field_errors_add(struct field_errors *errors, const char *pointer, const char *code)
{
	const struct field_text *text = field_text(code);
	struct field_error *item;
	size_t len = cut_length(pointer);

	if (errors->count >= MAX_ERRORS)
		return;
	item = &errors->items[errors->count++];
	memcpy(item->pointer, pointer, len);
	item->pointer[len] = '\0';
	item->code = code;
	for (int lang = 0; lang < LANG_COUNT; lang++)
		item->detail[lang] = text->detail[lang];
}

void problem_put(struct buf *out, const struct problem *problem, enum lang lang)
{
	const struct problem_text *text = problem_text(problem->code);
	char mem[sizeof(TYPE_PREFIX) + MAX_CODE];
	struct json_out json;
	struct buf type;

	buf_init(&type, mem, sizeof(mem));
	buf_cstr(&type, TYPE_PREFIX);
	buf_cstr(&type, problem->code);
	json_out_init(&json, out);
	json_out_object(&json, NULL);
	json_out_string(&json, "type", buf_view(&type));
	json_out_cstr(&json, "title", text->title[lang]);
	json_out_i64(&json, "status", problem->status);
	json_out_cstr(&json, "detail", text->detail[lang]);
	json_out_cstr(&json, "code", problem->code);
	if (problem->errors && problem->errors->count)
		put_errors(&json, problem->errors, lang);
	if (problem->livemode)
		json_out_bool(&json, "livemode", *problem->livemode);
	json_out_string(&json, "request_id", problem->request_id);
	json_out_object_end(&json);
}
