/* SPDX-License-Identifier: MIT */
#include "provider_metrics.h"

#include "wire/metric_out.h"

/* label NULL: the provider's is the only one. */
static void put_name(struct buf *out, const char *name, const struct panel_stats *stats, const char *label,
                     const char *value)
{
	const struct metric_label labels[] = {{"provider", stats->id}, {label, value}};

	metric_out_name(out, name, labels, label ? 2 : 1);
}

static void put_outcomes(struct buf *out, const struct panel_stats *stats)
{
	for (unsigned i = 0; i <= SOURCE_UNAVAILABLE; i++) {
		put_name(out, "bonigate_provider_outcomes_total", stats, "outcome",
		         source_state_name((enum source_state)i));
		metric_out_value(out, stats->outcomes[i]);
	}
}

/* Ends that never happened are left out: most never do. */
static void put_calls(struct buf *out, const struct panel_stats *stats)
{
	for (unsigned i = 0; i < HTTP_END_COUNT; i++) {
		if (!stats->http.ends[i] && i != HTTP_ANSWERED)
			continue;
		put_name(out, "bonigate_provider_calls_total", stats, "end", http_end_name((enum http_end)i));
		metric_out_value(out, stats->http.ends[i]);
	}
}

static void put_shared(struct buf *out, const struct panel_stats *stats)
{
	const struct {
		const char *how;
		uint64_t count;
	} ROWS[] = {{"cache", stats->cached}, {"joined", stats->joined}, {"process", stats->shared}};

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		put_name(out, "bonigate_provider_saved_total", stats, "by", ROWS[i].how);
		metric_out_value(out, ROWS[i].count);
	}
}

static void put_late(struct buf *out, const struct panel_stats *stats)
{
	put_name(out, "bonigate_provider_late_total", stats, NULL, NULL);
	metric_out_value(out, stats->late);
}

static void put_seconds(struct buf *out, const struct panel_stats *stats)
{
	static const int64_t BORDERS[HTTP_BUCKETS] = HTTP_BUCKETS_MS;
	char mem[32];
	uint64_t sum = 0;

	for (size_t i = 0; i <= HTTP_BUCKETS; i++) {
		struct buf border;

		buf_init(&border, mem, sizeof(mem) - 1);
		if (i < HTTP_BUCKETS)
			buf_millionths(&border, BORDERS[i] * 1000, 3);
		else
			buf_cstr(&border, "+Inf");
		mem[border.len] = '\0';
		sum += stats->http.took[i];
		put_name(out, "bonigate_provider_call_seconds_bucket", stats, "le", mem);
		metric_out_value(out, sum);
	}
	put_name(out, "bonigate_provider_call_seconds_sum", stats, NULL, NULL);
	metric_out_millionths(out, (int64_t)(stats->http.took_ns / 1000), 6);
	put_name(out, "bonigate_provider_call_seconds_count", stats, NULL, NULL);
	metric_out_value(out, sum);
}

static void put_breaker(struct buf *out, const struct panel_stats *stats)
{
	for (unsigned i = 0; i <= BREAKER_HALF_OPEN; i++) {
		put_name(out, "bonigate_provider_breaker", stats, "state", breaker_state_name((enum breaker_state)i));
		metric_out_value(out, stats->http.breaker == (enum breaker_state)i);
	}
}

static void put_in_flight(struct buf *out, const struct panel_stats *stats)
{
	put_name(out, "bonigate_provider_in_flight", stats, NULL, NULL);
	metric_out_value(out, stats->http.in_flight);
}

static void put_cost(struct buf *out, const struct panel_stats *stats)
{
	put_name(out, "bonigate_provider_cost_today", stats, NULL, NULL);
	metric_out_millionths(out, stats->http.spent_micros, 6);
}

static void put_calls_today(struct buf *out, const struct panel_stats *stats)
{
	put_name(out, "bonigate_provider_calls_today", stats, NULL, NULL);
	metric_out_value(out, stats->http.day_calls);
}

static void put_left(struct buf *out, const struct panel_stats *stats)
{
	const struct http_stats *http = &stats->http;
	int64_t micros = http->most_micros > http->spent_micros ? http->most_micros - http->spent_micros : 0;

	if (http->most_micros) {
		put_name(out, "bonigate_provider_budget_left", stats, "of", "cost");
		metric_out_millionths(out, micros, 6);
	}
	if (http->most_day_calls) {
		put_name(out, "bonigate_provider_budget_left", stats, "of", "calls");
		metric_out_value(out,
		                 http->most_day_calls > http->day_calls ? http->most_day_calls - http->day_calls : 0);
	}
}

void provider_metrics_put(const struct panel_port *panel, struct buf *out)
{
	static const struct {
		const char *name, *type, *help;
		void (*put)(struct buf *out, const struct panel_stats *stats);
	} FAMILIES[] = {
	        {"bonigate_provider_outcomes_total", "counter", "Answers of providers by what they came to.",
	         put_outcomes},
	        {"bonigate_provider_calls_total", "counter", "Calls of providers by how they ended.", put_calls},
	        {"bonigate_provider_saved_total", "counter", "Questions that needed no call of their own.", put_shared},
	        {"bonigate_provider_late_total", "counter", "Answers that came behind the request.", put_late},
	        {"bonigate_provider_call_seconds", "histogram", "Calls with all their tries and waits.", put_seconds},
	        {"bonigate_provider_breaker", "gauge", "State of the circuit breaker all processes share.",
	         put_breaker},
	        {"bonigate_provider_in_flight", "gauge", "Calls under way.", put_in_flight},
	        {"bonigate_provider_cost_today", "gauge",
	         "Spent today by all processes, in the currency of its configuration.", put_cost},
	        {"bonigate_provider_calls_today", "gauge", "Calls counted today by all processes.", put_calls_today},
	        {"bonigate_provider_budget_left", "gauge", "What is left of today's limits, if there are any.",
	         put_left},
	};
	struct panel_stats stats;

	if (!panel->vtable || (panel->vtable->is_empty && panel->vtable->is_empty(panel->self)))
		return;
	for (size_t f = 0; f < sizeof(FAMILIES) / sizeof(FAMILIES[0]); f++) {
		metric_out_head(out, FAMILIES[f].name, FAMILIES[f].type, FAMILIES[f].help);
		for (size_t i = 0; panel->vtable->stats(panel->self, i, &stats); i++)
			FAMILIES[f].put(out, &stats);
	}
}

void document_metrics_put(const struct document_port *documents, struct buf *out)
{
	struct document_stats stats;

	if (!documents->vtable)
		return;
	documents->vtable->stats(documents->self, &stats);

	const struct {
		const char *result;
		uint64_t count;
	} ROWS[] = {{"kept", stats.kept}, {"refused", stats.refused}, {"lost", stats.lost}};

	metric_out_head(out, "bonigate_documents_total", "counter", "Reports that came beside answers of providers.");
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		metric_out_name(out, "bonigate_documents_total", &(const struct metric_label){"result", ROWS[i].result},
		                1);
		metric_out_value(out, ROWS[i].count);
	}
}
