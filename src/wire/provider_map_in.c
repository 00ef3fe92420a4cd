/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "json_fact.h"
#include "provider_adapter.h"

static const char MEMBERS[] = "request no_data_codes no_data_without trust_unnamed company as_of reference facts job";
/* How long to wait before a report is asked for, and again. */
#define POLL_MS       10000
#define POLL_LEAST_MS 10
#define POLL_MOST_MS  3600000

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
		load_require(load, object, "path");
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
	load_require(load, object, "at");
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

static uint8_t read_states(struct load *load, const json_t *job, const char *name,
                           char states[PROVIDER_MAP_STATES][PROVIDER_MAP_WORD + 1])
{
	const json_t *list = json_object_get(job, name);
	size_t mark = load_enter(load, name), count = 0;

	if (list && load_array(load, list, PROVIDER_MAP_STATES)) {
		for (; count < json_array_size(list); count++) {
			const json_t *word = json_array_get(list, count);

			if (!json_is_string(word) ||
			    !slice_copy(load_slice(word), states[count], sizeof(states[count])))
				load_fault(load, "must be words that are not too long");
		}
	}
	load_leave(load, mark);
	return (uint8_t)count;
}

/* The number stands in the path once; it is the provider's, so nothing else can be put there. */
static bool is_job_path(const char *path)
{
	const char *hole = strstr(path, PROVIDER_MAP_JOB);

	return path[0] == '/' && hole && !strchr(hole + 1, '{') && strchr(path, '{') == hole;
}

static void read_job(struct load *load, const json_t *mapping, struct provider_map_job *job)
{
	const json_t *object = json_object_get(mapping, "job");
	size_t mark = load_enter(load, "job");

	job->poll_ms = POLL_MS;
	if (object && load_object(load, object, "id path state done failed poll_ms")) {
		load_require(load, object, "id");
		load_pointer(load, object, "id", job->id);
		load_require(load, object, "path");
		load_text(load, object, "path", job->path, sizeof(job->path));
		if (!is_job_path(job->path))
			load_fault_at(load, "path", "must begin with / and hold {job} once, and no other placeholder");
		load_pointer(load, object, "state", job->state);
		job->done_count = read_states(load, object, "done", job->done);
		job->failed_count = read_states(load, object, "failed", job->failed);
		if (!job->state[0] != !job->done_count)
			load_fault_at(load, "done", "and state belong together");
		load_small(load, object, "poll_ms", &job->poll_ms);
		if (job->poll_ms < POLL_LEAST_MS || job->poll_ms > POLL_MOST_MS)
			load_fault_at(load, "poll_ms", "is out of range");
	}
	load_leave(load, mark);
}

static void configure(struct load *load, const json_t *root, struct provider_config *config)
{
	const json_t *mapping = json_object_get(root, "mapping");
	struct provider_map *map = &config->map;
	size_t mark = load_enter(load, "mapping");

	if (load_object(load, mapping, MEMBERS)) {
		load_bool(load, mapping, "trust_unnamed", &map->trust_unnamed);
		read_request(load, mapping, map);
		read_codes(load, mapping, map);
		load_pointer(load, mapping, "no_data_without", map->no_data);
		read_company(load, mapping, map);
		load_pointer(load, mapping, "as_of", map->as_of);
		load_pointer(load, mapping, "reference", map->reference);
		read_facts(load, mapping, map);
		read_job(load, mapping, &map->job);
	}
	load_leave(load, mark);
}

static struct provider_codec codec(const struct provider_config *config)
{
	return provider_map_codec(&config->map);
}

const struct provider_adapter provider_map_adapter = {
        .name = "json", .members = "mapping", .configure = configure, .codec = codec};
