/* SPDX-License-Identifier: MIT */
#include "wire/event_out.h"

#include "base/json_out.h"

#define PAGE_END 256 /* what follows the last event of a page */

static void put_event(struct json_out *out, const struct event *event)
{
	json_out_object(out, NULL);
	json_out_string(out, "id", event->id);
	json_out_string(out, "type", event->type);
	json_out_instant(out, "created_at", event->at_ms, true);
	json_out_bool(out, "livemode", event->livemode);
	json_out_raw(out, "data", event->data);
	json_out_object_end(out);
}

void event_out_put(struct buf *buf, const struct event *event)
{
	struct json_out out;

	json_out_init(&out, buf);
	put_event(&out, event);
}

/* The first always has room: a page is larger than any event. */
static bool has_room(const struct buf *buf, const struct event *event)
{
	return buf->cap - buf->len > event->data.len + event->id.len + event->type.len + PAGE_END;
}

void event_out_put_page(struct buf *buf, const struct event *events, size_t count, bool more, bool livemode)
{
	struct json_out out;
	size_t put = 0;

	json_out_init(&out, buf);
	json_out_object(&out, NULL);
	json_out_bool(&out, "livemode", livemode);
	json_out_array(&out, "events");
	for (; put < count && has_room(buf, &events[put]); put++)
		put_event(&out, &events[put]);
	json_out_array_end(&out);
	json_out_bool(&out, "has_more", more || put < count);
	json_out_string(&out, "next_after", put ? events[put - 1].id : SLICE_NONE);
	json_out_object_end(&out);
}
