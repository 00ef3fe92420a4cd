/* SPDX-License-Identifier: MIT */
#include "wire/provider_in.h"

#include <string.h>

#include "core/vat.h"
#include "json_fact.h"
#include "load.h"
#include "wire/gleif.h"

#define FORMAT "bonigate-provider/1"

static const char MEMBERS[] =
        "format id adapter description url auth credentials ca_file private_network connect_ms total_ms "
        "max_bytes in_flight queue tries backoff_ms breaker cost requester mapping";
static const char MAPPING_MEMBERS[] =
        "request no_data_codes no_data_without trust_unnamed company as_of reference facts";
static const char *const KINDS[] = {"vies", "gleif", "json", NULL};
static const char *const METHODS[] = {"GET", "POST", NULL};

/* Words of "unit", each for facts of one unit. */
static const char *const UNITS[] = {"eur", "fraction", "cent", "thousand_eur", "percent", NULL};
static const struct {
	enum json_scale scale;
	enum fact_unit unit;
} SCALES[] = {
        {JSON_SCALE_OWN, UNIT_MONEY},      {JSON_SCALE_OWN, UNIT_RATIO},     {JSON_SCALE_CENT, UNIT_MONEY},
        {JSON_SCALE_THOUSAND, UNIT_MONEY}, {JSON_SCALE_PERCENT, UNIT_RATIO},
};

static void set_defaults(struct provider_config *config)
{
	memset(config, 0, sizeof(*config));
	config->connect_ms = 3000;
	config->total_ms = 30000;
	config->body_most = 256 * 1024;
	config->queue_most = 1000;
	config->rules = (struct call_rules){
	        .breaker = {.window_ms = 60000,
	                    .open_ms = 30000,
	                    .open_most_ms = 600000,
	                    .failures = 5,
	                    .percent = 50,
	                    .probes = 1},
	        .in_flight = 8,
	        .tries = 2,
	        .backoff_ms = 250,
	        .backoff_most_ms = 4000,
	};
}

static void require(struct load *load, const json_t *object, const char *name)
{
	if (!json_object_get(object, name))
		load_fault_at(load, name, "is required");
}

/* A whole number within least..most. */
static void load_within(struct load *load, const json_t *object, const char *name, const int64_t range[2],
                        int64_t *value)
{
	load_integer(load, object, name, value);
	if (json_object_get(object, name) && (*value < range[0] || *value > range[1]))
		load_fault_at(load, name, "is out of range");
}

static void load_range(struct load *load, const json_t *object, const char *name, const int64_t range[2],
                       int32_t *value)
{
	int64_t wide = *value;

	load_within(load, object, name, range, &wide);
	if (!load_failed(load))
		*value = (int32_t)wide;
}

static void load_count(struct load *load, const json_t *object, const char *name, const int64_t range[2],
                       uint32_t *value)
{
	int64_t wide = *value;

	load_within(load, object, name, range, &wide);
	if (!load_failed(load))
		*value = (uint32_t)wide;
}

static void load_pointer(struct load *load, const json_t *object, const char *name, char pointer[MAX_POINTER + 1])
{
	load_text(load, object, name, pointer, MAX_POINTER + 1);
	if (pointer[0] && pointer[0] != '/')
		load_fault_at(load, name, "is no JSON pointer (/company/name)");
}

static void load_template(struct load *load, const json_t *object, const char *name, char *text, size_t cap)
{
	load_text(load, object, name, text, cap);
	if (!provider_map_template_is_sound(text))
		load_fault_at(load, name, "has a placeholder that is no part of a company");
}

static void read_breaker(struct load *load, const json_t *root, struct breaker_rules *rules)
{
	static const int64_t COUNT[] = {1, 1000}, SECONDS[] = {1, 86400}, PERCENT[] = {1, 100};
	const json_t *object = json_object_get(root, "breaker");
	int64_t open_s = rules->open_ms / 1000, window_s = rules->window_ms / 1000;
	size_t mark = load_enter(load, "breaker");

	if (object && load_object(load, object, "failures percent window_s open_s probes")) {
		load_count(load, object, "failures", COUNT, &rules->failures);
		load_count(load, object, "percent", PERCENT, &rules->percent);
		load_count(load, object, "probes", COUNT, &rules->probes);
		load_within(load, object, "window_s", SECONDS, &window_s);
		load_within(load, object, "open_s", SECONDS, &open_s);
		rules->window_ms = window_s * 1000;
		rules->open_ms = open_s * 1000;
		if (rules->open_most_ms < rules->open_ms)
			rules->open_most_ms = rules->open_ms;
	}
	load_leave(load, mark);
}

static void read_cost(struct load *load, const json_t *root, struct call_rules *rules)
{
	static const int64_t CALLS[] = {0, 100000000};
	const json_t *object = json_object_get(root, "cost");
	size_t mark = load_enter(load, "cost");

	if (object && load_object(load, object, "per_call per_day calls_per_day")) {
		load_millionths(load, object, "per_call", &rules->cost_micros);
		load_millionths(load, object, "per_day", &rules->day_micros);
		load_count(load, object, "calls_per_day", CALLS, &rules->day_calls);
		if (rules->cost_micros < 0 || rules->day_micros < 0)
			load_fault(load, "must not be negative");
		else if (rules->day_micros && rules->day_micros < rules->cost_micros)
			load_fault_at(load, "per_day", "is less than one call costs");
	}
	load_leave(load, mark);
}

static bool is_header_name(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-'))
			return false;
	}
	return *name != '\0';
}

static void read_place(struct load *load, const json_t *object, struct provider_secret_place *place)
{
	load_text(load, object, "file", place->file, sizeof(place->file));
	load_text(load, object, "env", place->env, sizeof(place->env));
	if (!place->file[0] == !place->env[0])
		load_fault(load, "names a file or an environment variable, one of them");
}

/* Which of them there must be, the codec says when it asks. */
static void read_credentials(struct load *load, const json_t *root, struct provider_config *config)
{
	json_t *object = json_object_get(root, "credentials"), *value;
	size_t mark = load_enter(load, "credentials");
	const char *name;

	if (object && (!json_is_object(object) || json_object_size(object) > PROVIDER_SECRETS)) {
		load_fault(load, "must be an object of a few names");
		object = NULL;
	}
	json_object_foreach(object, name, value)
	{
		struct provider_credential *credential = &config->credentials[config->credential_count];
		size_t inner = load_enter(load, name);

		if (!slice_copy(slice_cstr(name), credential->name, sizeof(credential->name)))
			load_fault(load, "is too long a name");
		else if (load_object(load, value, "file env"))
			read_place(load, value, &credential->place);
		config->credential_count++;
		load_leave(load, inner);
	}
	load_leave(load, mark);
}

static void read_auth(struct load *load, const json_t *root, struct provider_config *config)
{
	const json_t *object = json_object_get(root, "auth");
	size_t mark = load_enter(load, "auth");

	if (object && load_object(load, object, "header prefix file env")) {
		load_text(load, object, "header", config->auth_header, sizeof(config->auth_header));
		load_text(load, object, "prefix", config->auth_prefix, sizeof(config->auth_prefix));
		read_place(load, object, &config->auth);
		if (!is_header_name(config->auth_header))
			load_fault_at(load, "header", "is no name of an HTTP header");
		if (strpbrk(config->auth_prefix, "\r\n"))
			load_fault_at(load, "prefix", "holds a line break");
	}
	load_leave(load, mark);
}

static void read_body(struct load *load, const json_t *request, struct provider_map *map)
{
	const json_t *body = json_object_get(request, "body");
	size_t len;

	if (!body)
		return;
	len = json_dumpb(body, map->body, sizeof(map->body) - 1, JSON_COMPACT);
	if (!json_is_object(body) || len == 0 || len >= sizeof(map->body)) {
		map->body[0] = '\0';
		load_fault_at(load, "body", "must be an object that is not too long");
		return;
	}
	map->body[len] = '\0';
	if (map->method != HTTP_POST)
		load_fault_at(load, "body", "belongs to POST");
	if (!provider_map_template_is_sound(map->body))
		load_fault_at(load, "body", "has a placeholder that is no part of a company");
}

static void read_request(struct load *load, const json_t *mapping, struct provider_map *map)
{
	const json_t *object = json_object_get(mapping, "request");
	size_t mark = load_enter(load, "request");
	unsigned method = HTTP_GET;

	if (load_object(load, object, "method path body repeatable")) {
		load_choice(load, object, "method", METHODS, &method);
		map->method = (enum http_method)method;
		map->repeatable = map->method == HTTP_GET;
		load_bool(load, object, "repeatable", &map->repeatable);
		require(load, object, "path");
		load_template(load, object, "path", map->path, sizeof(map->path));
		if (map->path[0] != '/')
			load_fault_at(load, "path", "must begin with /");
		read_body(load, object, map);
	}
	load_leave(load, mark);
}

static void read_company(struct load *load, const json_t *mapping, struct provider_map *map)
{
	const json_t *object = json_object_get(mapping, "company");
	size_t mark = load_enter(load, "company");

	if (object && load_object(load, object,
	                          "name street postal_code city country vat_id lei economic_id court register_type "
	                          "register_number")) {
		for (unsigned i = 0; i < IDENTITY_FIELD_COUNT; i++)
			load_pointer(load, object, identity_field_name((enum identity_field)i), map->company[i]);
	}
	if (!json_object_size(object) && !map->trust_unnamed)
		load_fault(load, "must say where the answer names the company, unless trust_unnamed is true");
	load_leave(load, mark);
}

static void read_values(struct load *load, const json_t *object, struct provider_map_fact *fact)
{
	json_t *values = json_object_get(object, "values"), *value;
	size_t mark = load_enter(load, "values");
	const char *word;

	if (values && (!json_is_object(values) || json_object_size(values) > PROVIDER_MAP_VALUES ||
	               json_object_size(values) == 0)) {
		load_fault(load, "must be an object of at least one word, and not too many");
		values = NULL;
	}
	json_object_foreach(values, word, value)
	{
		struct provider_map_value *slot = &fact->values[fact->value_count];
		const char *fault = json_fact_value(fact->fact, JSON_SCALE_OWN, value, &slot->value);

		if (fault)
			load_fault_at(load, word, fault);
		else if (!slice_copy(slice_cstr(word), slot->word, sizeof(slot->word)))
			load_fault(load, "has a word that is too long");
		else
			fact->value_count++;
	}
	load_leave(load, mark);
}

static void read_fact(struct load *load, const json_t *object, struct provider_map_fact *fact)
{
	const json_t *name;
	unsigned unit = 0;

	if (!load_object(load, object, "fact at unit values"))
		return;
	name = json_object_get(object, "fact");
	fact->fact = json_is_string(name) ? fact_find(load_slice(name)) : FACT_NONE;
	if (fact->fact == FACT_NONE || fact->fact >= FACT_FIRST_DERIVED) {
		load_fault_at(load, "fact", "is no fact that can be given");
		return;
	}
	require(load, object, "at");
	load_pointer(load, object, "at", fact->pointer);
	read_values(load, object, fact);
	if (!json_object_get(object, "unit"))
		return;
	load_choice(load, object, "unit", UNITS, &unit);
	fact->scale = SCALES[unit].scale;
	if (SCALES[unit].unit != fact_unit(fact->fact))
		load_fault_at(load, "unit", "does not fit the fact");
}

static void read_facts(struct load *load, const json_t *mapping, struct provider_map *map)
{
	const json_t *list = json_object_get(mapping, "facts");
	size_t mark = load_enter(load, "facts");

	if (load_array(load, list, MAX_PROVIDER_FACTS)) {
		map->fact_count = (uint8_t)json_array_size(list);
		for (size_t i = 0; i < map->fact_count; i++) {
			size_t item = load_enter_item(load, i);

			read_fact(load, json_array_get(list, i), &map->facts[i]);
			load_leave(load, item);
		}
	}
	load_leave(load, mark);
}

static void read_codes(struct load *load, const json_t *mapping, struct provider_map *map)
{
	const json_t *list = json_object_get(mapping, "no_data_codes");
	size_t mark = load_enter(load, "no_data_codes");

	if (list && load_array(load, list, PROVIDER_MAP_CODES)) {
		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *code = json_array_get(list, i);

			if (!json_is_integer(code) || json_integer_value(code) < 200 || json_integer_value(code) > 499)
				load_fault(load, "must be HTTP codes from 200 to 499");
			else
				map->no_data_codes[map->no_data_code_count++] = (int)json_integer_value(code);
		}
	}
	load_leave(load, mark);
}

static void read_mapping(struct load *load, const json_t *root, struct provider_config *config)
{
	const json_t *mapping = json_object_get(root, "mapping");
	struct provider_map *map = &config->map;
	size_t mark;

	if (config->kind != PROVIDER_JSON) {
		if (mapping)
			load_fault_at(load, "mapping", "belongs to the adapter json");
		return;
	}
	mark = load_enter(load, "mapping");
	if (load_object(load, mapping, MAPPING_MEMBERS)) {
		load_bool(load, mapping, "trust_unnamed", &map->trust_unnamed);
		read_request(load, mapping, map);
		read_codes(load, mapping, map);
		load_pointer(load, mapping, "no_data_without", map->no_data);
		read_company(load, mapping, map);
		load_pointer(load, mapping, "as_of", map->as_of);
		load_pointer(load, mapping, "reference", map->reference);
		read_facts(load, mapping, map);
	}
	load_leave(load, mark);
}

static bool is_id(const char *id)
{
	for (const char *c = id; *c; c++) {
		if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_'))
			return false;
	}
	return *id != '\0';
}

static void read_address(struct load *load, const json_t *root, struct provider_config *config)
{
	static const char *const DEFAULTS[] = {[PROVIDER_VIES] = "https://ec.europa.eu/taxation_customs/vies/rest-api",
	                                       [PROVIDER_GLEIF] = "https://api.gleif.org/api/v1",
	                                       [PROVIDER_JSON] = ""};
	struct slice url;

	(void)slice_copy(slice_cstr(DEFAULTS[config->kind]), config->url, sizeof(config->url));
	load_bool(load, root, "private_network", &config->private_network);
	load_text(load, root, "url", config->url, sizeof(config->url));
	load_text(load, root, "ca_file", config->ca_file, sizeof(config->ca_file));
	url = slice_cstr(config->url);
	if (!slice_starts(url, SLICE_LIT("https://")) &&
	    !(config->private_network && slice_starts(url, SLICE_LIT("http://"))))
		load_fault_at(load, "url", "must be https:// (http:// only with private_network)");
}

static void read_limits(struct load *load, const json_t *root, struct provider_config *config)
{
	static const int64_t MS[] = {1, 600000}, BYTES[] = {1, MAX_PROVIDER_BODY}, QUEUE[] = {0, 100000};
	static const int64_t FLIGHT[] = {1, 1000}, TRIES[] = {1, 10}, BACKOFF[] = {0, 60000};

	load_range(load, root, "connect_ms", MS, &config->connect_ms);
	load_range(load, root, "total_ms", MS, &config->total_ms);
	load_range(load, root, "max_bytes", BYTES, &config->body_most);
	load_range(load, root, "queue", QUEUE, &config->queue_most);
	load_count(load, root, "in_flight", FLIGHT, &config->rules.in_flight);
	load_count(load, root, "tries", TRIES, &config->rules.tries);
	load_within(load, root, "backoff_ms", BACKOFF, &config->rules.backoff_ms);
	if (config->rules.backoff_most_ms < config->rules.backoff_ms)
		config->rules.backoff_most_ms = config->rules.backoff_ms;
}

static void read_requester(struct load *load, const json_t *root, struct provider_config *config)
{
	char typed[64] = "";

	load_text(load, root, "requester", typed, sizeof(typed));
	if (typed[0] && config->kind != PROVIDER_VIES)
		load_fault_at(load, "requester", "belongs to the adapter vies");
	else if (typed[0] && vat_normalise(slice_cstr(typed), "", config->vies.requester) != IDENTITY_FAULT_NONE)
		load_fault_at(load, "requester", "is no VAT id");
}

static void read_root(struct load *load, const json_t *root, struct provider_config *config)
{
	char format[32] = "";
	unsigned kind = PROVIDER_JSON;

	if (!load_object(load, root, MEMBERS))
		return;
	load_text(load, root, "format", format, sizeof(format));
	if (strcmp(format, FORMAT) != 0)
		load_fault_at(load, "format", "must be " FORMAT);
	load_text(load, root, "id", config->id, sizeof(config->id));
	if (!is_id(config->id))
		load_fault_at(load, "id", "must be small letters, digits, - and _");
	require(load, root, "adapter");
	load_choice(load, root, "adapter", KINDS, &kind);
	config->kind = (enum provider_kind)kind;
	if (json_object_get(root, "description") && !json_is_string(json_object_get(root, "description")))
		load_fault_at(load, "description", "must be a text");
	read_address(load, root, config);
	read_auth(load, root, config);
	read_credentials(load, root, config);
	read_limits(load, root, config);
	read_breaker(load, root, &config->rules.breaker);
	read_cost(load, root, &config->rules);
	read_requester(load, root, config);
	read_mapping(load, root, config);
}

enum status provider_in_parse(struct slice json, struct arena *arena, struct provider_config *ret_config,
                              struct load_error *ret_error)
{
	struct provider_config *config = arena_alloc(arena, sizeof(*config));
	struct json_in_error error;
	struct load load;
	json_t *root;
	enum status status;

	if (!config)
		return STATUS_NO_MEMORY;
	status = json_in_parse(json, arena, &root, &error);
	if (status == STATUS_INVALID)
		return load_refuse_json(ret_error, &error);
	if (status)
		return status;
	set_defaults(config);
	load_init(&load, ret_error);
	read_root(&load, root, config);
	if (load_failed(&load))
		return STATUS_INVALID;
	*ret_config = *config;
	return STATUS_OK;
}

struct provider_codec provider_config_codec(const struct provider_config *config)
{
	if (config->kind == PROVIDER_VIES)
		return vies_codec(&config->vies);
	return config->kind == PROVIDER_GLEIF ? gleif_codec() : provider_map_codec(&config->map);
}
