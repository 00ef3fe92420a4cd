/* SPDX-License-Identifier: MIT */
#include "figures.h"

#include "wire/metric_out.h"

static uint64_t age_s(const struct backlog *backlog, int64_t now_ms)
{
	return backlog->oldest_ms && now_ms > backlog->oldest_ms ? (uint64_t)(now_ms - backlog->oldest_ms) / 1000 : 0;
}

static void put_labelled(struct buf *out, const char *name, const char *label, const char *value, uint64_t number)
{
	const struct metric_label labels[] = {{label, value}};

	metric_out_name(out, name, labels, 1);
	metric_out_value(out, number);
}

const char *recheck_result_name(enum recheck_result result)
{
	static const char *const NAMES[RECHECK_RESULTS] = {
	        [RECHECKED_SAME] = "same",         [RECHECKED_DIFFERS] = "differs", [RECHECKED_STILL_OUT] = "still_out",
	        [RECHECKED_GIVEN_UP] = "given_up", [RECHECKED_FAILED] = "failed",
	};

	return NAMES[result];
}

void figures_put_inquiries(const struct inquiry_figures *figures, int64_t now_ms, struct buf *out)
{
	static const char ENDED[] = "bonigate_inquiries_ended_total";

	if (figures->backlog.known) {
		metric_out_single(out, "bonigate_inquiries_waiting", "gauge",
		                  "Reports that were ordered and are being prepared.", figures->backlog.waiting);
		metric_out_single(out, "bonigate_inquiries_oldest_seconds", "gauge",
		                  "Age of the oldest of them, 0 without one.", age_s(&figures->backlog, now_ms));
	}
	metric_out_single(out, "bonigate_inquiry_polls_total", "counter", "How often a bureau was asked for a report.",
	                  figures->polls);
	metric_out_head(out, ENDED, "counter", "Inquiries that came to their end, by what came of them.");
	for (unsigned i = 0; i <= SOURCE_UNAVAILABLE; i++)
		put_labelled(out, ENDED, "outcome", source_state_name((enum source_state)i), figures->ended[i]);
}

void figures_put_rechecks(const struct recheck_figures *figures, int64_t now_ms, struct buf *out)
{
	static const char DONE[] = "bonigate_rechecks_total", EVENTS[] = "bonigate_worker_events_total";

	if (figures->backlog.known) {
		metric_out_single(out, "bonigate_rechecks_waiting", "gauge",
		                  "Decisions made under an outage that wait to be made again.",
		                  figures->backlog.waiting);
		metric_out_single(out, "bonigate_rechecks_oldest_seconds", "gauge",
		                  "Age of the oldest of them, 0 without one.", age_s(&figures->backlog, now_ms));
	}
	metric_out_head(out, DONE, "counter", "Decisions taken up to be made again, by what came of it.");
	for (unsigned i = 0; i < RECHECK_RESULTS; i++)
		put_labelled(out, DONE, "result", recheck_result_name((enum recheck_result)i), figures->results[i]);
	metric_out_head(out, EVENTS, "counter", "Events raised for tenants.");
	put_labelled(out, EVENTS, "type", "decision.recheck_differs", figures->results[RECHECKED_DIFFERS]);
	put_labelled(out, EVENTS, "type", "decision.recheck_given_up", figures->results[RECHECKED_GIVEN_UP]);
}
