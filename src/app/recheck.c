/* SPDX-License-Identifier: MIT */
#include "app/recheck.h"

#include "ulid.h"

#define PAUSE_FIRST_MS INT64_C(30000)
#define PAUSE_MOST_MS  (INT64_C(30) * 60 * 1000)
#define DATA_BYTES     8192

int64_t recheck_pause_ms(uint32_t tries)
{
	int64_t pause = PAUSE_FIRST_MS;

	for (uint32_t i = 0; i < tries && pause < PAUSE_MOST_MS; i++)
		pause *= 2;
	return pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS;
}

static bool begin_data(struct arena *arena, struct buf *ret_data)
{
	char *mem = arena_bytes(arena, DATA_BYTES);

	if (mem)
		buf_init(ret_data, mem, DATA_BYTES);
	return mem != NULL;
}

/* The event in the arena. */
static enum status make_event(const struct checkout_ports *ports, const char *type, bool livemode,
                              const struct buf *data, struct arena *arena, const struct event **ret_event)
{
	int64_t now_ms = ports->clock.vtable->now_ms(ports->clock.self);
	struct event *event = arena_alloc(arena, sizeof(*event));
	char *id = arena_bytes(arena, ULID_ID);

	if (!event || !id)
		return STATUS_NO_MEMORY;
	if (data->overflow)
		return STATUS_TOO_LARGE;
	ulid_make(&ports->crypto, now_ms, "evt", id);
	*event = (struct event){slice_cstr(id), slice_cstr(type), livemode, now_ms, buf_view(data)};
	*ret_event = event;
	return STATUS_OK;
}

static enum status tell_difference(const struct checkout_ports *ports, const struct caller *caller,
                                   const struct recheck_req *req, const struct verdict *after, struct arena *arena,
                                   struct checkout_res *res)
{
	struct json_out out;
	struct buf data;

	if (!begin_data(arena, &data))
		return STATUS_NO_MEMORY;
	json_out_init(&out, &data);
	json_out_object(&out, NULL);
	json_out_string(&out, "decision_id", req->decision_id);
	json_out_cstr(&out, "recheck_decision_id", res->decision_id);
	verdict_put(&out, "before", &req->before);
	verdict_put(&out, "after", after);
	json_out_object_end(&out);
	return make_event(ports, "decision.recheck_differs", caller->livemode, &data, arena, &res->event);
}

enum status recheck_decide(const struct checkout_ports *ports, const struct caller *caller,
                           const struct recheck_req *req, struct deadline deadline, struct arena *arena,
                           struct recheck_res *ret_res)
{
	struct checkout_res *res = arena_alloc(arena, sizeof(*res));
	struct recheck_res done = {.end = RECHECK_STILL_OUT};
	struct verdict after;
	enum status status = res ? checkout_decide(ports, caller, &req->checkout, deadline, arena, res)
	                         : STATUS_NO_MEMORY;

	if (status != STATUS_OK)
		return status;
	if (res->input->freshness != FRESHNESS_FALLBACK) {
		verdict_of(res->decision, &after);
		done.end = verdict_same(&req->before, &after) ? RECHECK_SAME : RECHECK_DIFFERS;
		done.outcome = after.outcome;
		memcpy(done.decision_id, res->decision_id, sizeof(done.decision_id));
		if (done.end == RECHECK_DIFFERS)
			status = tell_difference(ports, caller, req, &after, arena, res);
		if (status == STATUS_OK)
			status = checkout_record(ports, caller, &req->checkout, res, NULL, DEADLINE_NEVER, arena);
	}
	if (status == STATUS_OK)
		*ret_res = done;
	return status;
}

enum status recheck_give_up(const struct checkout_ports *ports, const struct recheck_port *list,
                            const struct recheck *recheck, bool livemode, const struct verdict *before,
                            struct arena *arena)
{
	const struct event *event;
	struct json_out out;
	struct buf data;
	enum status status;

	if (!begin_data(arena, &data))
		return STATUS_NO_MEMORY;
	json_out_init(&out, &data);
	json_out_object(&out, NULL);
	json_out_cstr(&out, "decision_id", recheck->decision_id);
	json_out_i64(&out, "tries", recheck->tries);
	if (before)
		verdict_put(&out, "before", before);
	else
		json_out_null(&out, "before");
	json_out_object_end(&out);
	status = make_event(ports, "decision.recheck_given_up", livemode, &data, arena, &event);
	return status == STATUS_OK ? list->vtable->give_up(list->self, recheck, event) : status;
}
