/* SPDX-License-Identifier: MIT */
#include "wire/provider_in.h"

#include <string.h>

#include "core/source_rules.h"
#include "provider_adapter.h"

#define FORMAT "bonigate-provider/1"

/* What every adapter has. */
static const char MEMBERS[] =
        "format id adapter description endpoint url auth credentials ca_file private_network connect_ms total_ms "
        "max_bytes in_flight queue tries backoff_ms breaker cost";
static const char *const ENDPOINTS[] = {[ENDPOINT_LIVE] = "live", [ENDPOINT_TEST] = "test", NULL};

static const struct provider_adapter *const ADAPTERS[PROVIDER_KINDS] = {
        [PROVIDER_VIES] = &vies_adapter,
        [PROVIDER_GLEIF] = &gleif_adapter,
        [PROVIDER_JSON] = &provider_map_adapter,
        [PROVIDER_CREDITREFORM] = &creditreform_adapter,
        [PROVIDER_BONIFORCE] = &boniforce_adapter,
        [PROVIDER_SCHUFA] = &schufa_adapter,
        [PROVIDER_CREDITSAFE] = &creditsafe_adapter,
        [PROVIDER_OPENREGISTER] = &openregister_adapter,
        [PROVIDER_NORTHDATA] = &northdata_adapter,
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

static void check_address(struct load *load, const char *name, const char *address, bool private_network)
{
	struct slice url = slice_cstr(address);

	if (!slice_starts(url, SLICE_LIT("https://")) && !(private_network && slice_starts(url, SLICE_LIT("http://"))))
		load_fault_at(load, name, "must be https:// (http:// only with private_network)");
}

/* The adapter's own public address, or another that the file tells. */
static void read_address(struct load *load, const json_t *root, struct provider_config *config)
{
	const struct provider_adapter *adapter = ADAPTERS[config->kind];
	unsigned endpoint = ENDPOINT_LIVE;

	load_choice(load, root, "endpoint", ENDPOINTS, &endpoint);
	if (json_object_get(root, "endpoint") && json_object_get(root, "url"))
		load_fault_at(load, "endpoint", "goes without a url");
	else if (json_object_get(root, "endpoint") && !adapter->url[endpoint])
		load_fault_at(load, "endpoint", "has no address that is known; give its url");
	(void)slice_copy(slice_cstr(adapter->url[endpoint]), config->url, sizeof(config->url));
	load_bool(load, root, "private_network", &config->private_network);
	load_text(load, root, "url", config->url, sizeof(config->url));
	load_text(load, root, "ca_file", config->ca_file, sizeof(config->ca_file));
	check_address(load, "url", config->url, config->private_network);
	(void)slice_copy(slice_cstr(adapter->login_url[endpoint]), config->login_url, sizeof(config->login_url));
	load_text(load, root, "token_url", config->login_url, sizeof(config->login_url));
	if (config->login_url[0])
		check_address(load, "token_url", config->login_url, config->private_network);
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

/* The adapter decides which members there may be. */
static bool read_adapter(struct load *load, const json_t *root, struct provider_config *config)
{
	const char *names[PROVIDER_KINDS + 1] = {NULL};
	char members[MAX_POINTER * 8];
	struct buf all;
	unsigned kind = 0;

	for (size_t i = 0; i < PROVIDER_KINDS; i++)
		names[i] = ADAPTERS[i]->name;
	load_require(load, root, "adapter");
	load_choice(load, root, "adapter", names, &kind);
	config->kind = (enum provider_kind)kind;
	buf_init(&all, members, sizeof(members) - 1);
	buf_cstr(&all, MEMBERS);
	if (ADAPTERS[kind]->members) {
		buf_char(&all, ' ');
		buf_cstr(&all, ADAPTERS[kind]->members);
	}
	members[all.len] = '\0';
	return !load_failed(load) && load_object(load, root, members);
}

/* A service that wants to know who asks is not asked without. */
static void check_credentials(struct load *load, const json_t *root, const struct provider_adapter *adapter)
{
	struct slice names = slice_cstr(adapter->credentials);
	char name[PROVIDER_SECRET_NAME + 1];
	size_t mark;

	if (adapter->needs_auth)
		load_require(load, root, "auth");
	if (names.len)
		load_require(load, root, "credentials");
	mark = load_enter(load, "credentials");
	while (names.len) {
		(void)slice_copy(slice_cut(&names, ' '), name, sizeof(name));
		load_require(load, json_object_get(root, "credentials"), name);
	}
	load_leave(load, mark);
}

static void read_root(struct load *load, const json_t *root, struct provider_config *config)
{
	if (!json_is_object(root)) {
		load_fault(load, "must be an object");
		return;
	}
	load_format(load, root, FORMAT);
	if (!read_adapter(load, root, config))
		return;
	load_text(load, root, "id", config->id, sizeof(config->id));
	if (!source_id_is_sound(config->id))
		load_fault_at(load, "id", "must be small letters, digits, - and _, and no name of a built-in source");
	if (json_object_get(root, "description") && !json_is_string(json_object_get(root, "description")))
		load_fault_at(load, "description", "must be a text");
	read_address(load, root, config);
	read_auth(load, root, config);
	read_credentials(load, root, config);
	read_limits(load, root, config);
	read_breaker(load, root, &config->rules.breaker);
	read_cost(load, root, &config->rules);
	load_text(load, root, "scale", config->scale_file, sizeof(config->scale_file));
	check_credentials(load, root, ADAPTERS[config->kind]);
	if (ADAPTERS[config->kind]->configure)
		ADAPTERS[config->kind]->configure(load, root, config);
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
	return ADAPTERS[config->kind]->codec(config);
}
