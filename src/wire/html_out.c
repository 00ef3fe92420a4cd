/* SPDX-License-Identifier: MIT */
#include "html_out.h"

#include <stdlib.h>

#define NO_BREAK_SPACE "\xc2\xa0"
#define MINUS          "\xe2\x88\x92"
#define BAR_HALF       50

/* Those of sandbox.js, which draws the same page in the browser. */
static const char *const light_words[][LANG_COUNT] = {
        [LIGHT_RED] = {"Rot: nur Vorkasse", "Red: prepayment only"},
        [LIGHT_YELLOW] = {"Gelb: genauer hinsehen", "Yellow: look closer"},
        [LIGHT_GREEN] = {"Grün: Rechnung möglich", "Green: invoice possible"},
};
static const char *const light_shapes[][2] = {
        [LIGHT_RED] = {"M15 3h18l12 12v18L33 45H15L3 33V15z", "M15 15l18 18m0-18L15 33"},
        [LIGHT_YELLOW] = {"M24 3 46 44H2z", "M24 17v13m0 4v5"},
        [LIGHT_GREEN] = {"M24 3a21 21 0 1 0 .01 0z", "M13 25l8 8 15-17"},
};
static const char *const outcome_words[][LANG_COUNT] = {
        [OUTCOME_DECLINE] = {"Keine Rechnung.", "No invoice."},
        [OUTCOME_REVIEW] = {"Eine Person muss prüfen.", "A person must look."},
        [OUTCOME_APPROVE] = {"Freigegeben.", "Approved."},
};
static const struct {
	const char *id;
	const char *words[LANG_COUNT];
} method_words[] = {
        {"invoice", {"Rechnung", "Invoice"}},
        {"sepa_debit", {"Lastschrift", "Direct debit"}},
        {"card", {"Karte", "Card"}},
        {"prepayment", {"Vorkasse", "Prepayment"}},
};
static const char *const allowed_words[LANG_COUNT] = {"✓ ja", "✓ yes"};
static const char *const withheld_words[LANG_COUNT] = {"✕ nein", "✕ no"};
static const char *const days_words[LANG_COUNT] = {" Tage Zahlungsziel", " days net"};
static const char *const deposit_words[LANG_COUNT] = {" % Anzahlung", " % deposit"};
static const char *const of_words[LANG_COUNT] = {" von 100", " of 100"};
static const char *const stop_words[LANG_COUNT] = {"Ausschluss", "Hard stop"};
static const char *const foot_words[LANG_COUNT] = {
        "Bonigate läuft auf Ihrem eigenen Server. Diese Seite lädt nichts von Dritten.",
        "Bonigate runs on your own server. This page loads nothing from third parties."};
static const char *const other_words[LANG_COUNT] = {"English", "Deutsch"};
static const char *const lang_tags[LANG_COUNT] = {"de", "en"};

void html_out_text(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.ptr[i]) {
		case '&':
			buf_cstr(out, "&amp;");
			break;
		case '<':
			buf_cstr(out, "&lt;");
			break;
		case '>':
			buf_cstr(out, "&gt;");
			break;
		case '"':
			buf_cstr(out, "&quot;");
			break;
		case '\'':
			buf_cstr(out, "&#39;");
			break;
		default:
			buf_char(out, text.ptr[i]);
		}
	}
}

static void put_text(struct buf *out, const char *text)
{
	html_out_text(out, slice_cstr(text));
}

void html_out_head(struct buf *out, const char *title, const char *other, enum lang lang)
{
	enum lang otherwise = lang == LANG_DE ? LANG_EN : LANG_DE;

	buf_cstr(out, "<!DOCTYPE html>\n<html lang=\"");
	buf_cstr(out, lang_tags[lang]);
	buf_cstr(out, "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
	              "initial-scale=1\"><title>");
	put_text(out, title);
	buf_cstr(out, " · Bonigate</title><link rel=\"stylesheet\" href=\"/sandbox/sandbox.css\"><link rel=\"icon\" "
	              "href=\"/sandbox/light.svg\" type=\"image/svg+xml\"></head>\n<body>\n<header><p class=\"brand\">"
	              "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\"><use href=\"/sandbox/light.svg#mark\"/></svg>"
	              "Bonigate</p>");
	if (other) {
		buf_cstr(out, "<nav aria-label=\"");
		buf_cstr(out, lang == LANG_DE ? "Sprache" : "Language");
		buf_cstr(out, "\"><a href=\"");
		put_text(out, other);
		buf_cstr(out, "\" hreflang=\"");
		buf_cstr(out, lang_tags[otherwise]);
		buf_cstr(out, "\" lang=\"");
		buf_cstr(out, lang_tags[otherwise]);
		buf_cstr(out, "\">");
		buf_cstr(out, other_words[lang]);
		buf_cstr(out, "</a></nav>");
	}
	buf_cstr(out, "</header>\n<main>\n");
}

void html_out_foot(struct buf *out, enum lang lang)
{
	buf_cstr(out, "</main>\n<footer><p>");
	buf_cstr(out, foot_words[lang]);
	buf_cstr(out, "</p></footer>\n</body>\n</html>\n");
}

static void put_grouped(struct buf *out, int64_t value, char separator)
{
	char mem[24];
	struct buf digits;

	buf_init(&digits, mem, sizeof(mem));
	buf_i64(&digits, value);
	for (size_t i = 0; i < digits.len; i++) {
		if (i && (digits.len - i) % 3 == 0)
			buf_char(out, separator);
		buf_char(out, digits.ptr[i]);
	}
}

void html_out_money(struct buf *out, int64_t minor, struct currency currency, enum lang lang)
{
	bool euro = slice_eq_cstr(slice_cstr(currency.code), "EUR");

	if (lang == LANG_EN)
		buf_cstr(out, euro ? "€" : currency.code);
	if (lang == LANG_EN && !euro)
		buf_cstr(out, NO_BREAK_SPACE);
	put_grouped(out, minor / 100, lang == LANG_DE ? '.' : ',');
	buf_char(out, lang == LANG_DE ? ',' : '.');
	buf_char(out, (char)('0' + minor % 100 / 10));
	buf_char(out, (char)('0' + minor % 10));
	if (lang == LANG_DE) {
		buf_cstr(out, NO_BREAK_SPACE);
		buf_cstr(out, euro ? "€" : currency.code);
	}
}

void html_out_light(struct buf *out, const struct decision *decision, enum lang lang)
{
	enum light light = decision->light;

	buf_cstr(out, "<div id=\"light\" class=\"light is-");
	buf_cstr(out, light_name(light));
	buf_cstr(out, "\"><svg viewBox=\"0 0 48 48\" role=\"img\" data-shape=\"");
	buf_cstr(out, light_name(light));
	buf_cstr(out, "\" aria-label=\"");
	buf_cstr(out, light_words[light][lang]);
	buf_cstr(out, "\"><path d=\"");
	buf_cstr(out, light_shapes[light][0]);
	buf_cstr(out, "\" fill=\"currentColor\"/><path d=\"");
	buf_cstr(out, light_shapes[light][1]);
	buf_cstr(out, "\" fill=\"none\" stroke=\"#fff\" stroke-width=\"5\"/></svg><div><p class=\"words\">");
	buf_cstr(out, light_words[light][lang]);
	buf_cstr(out, "</p><p class=\"why\">");
	buf_cstr(out, outcome_words[decision->outcome][lang]);
	for (size_t i = 0; i < decision->reason_count; i++) {
		buf_cstr(out, i ? " · " : " ");
		put_text(out, reason_text(decision->reasons[i], lang));
	}
	buf_cstr(out, "</p></div></div>\n");
}

static void put_zone(struct buf *out, enum light light, int32_t from, int32_t to)
{
	buf_cstr(out, "<path class=\"zone-");
	buf_cstr(out, light_name(light));
	buf_cstr(out, "\" d=\"M20 100a80 80 0 0 1 160 0\" fill=\"none\" stroke-width=\"14\" pathLength=\"100\" "
	              "stroke-dasharray=\"");
	buf_i64(out, to > from ? to - from : 0);
	buf_cstr(out, " 200\" stroke-dashoffset=\"");
	buf_i64(out, -from);
	buf_cstr(out, "\"/>");
}

void html_out_gauge(struct buf *out, int32_t score, const struct policy *policy, enum lang lang)
{
	buf_cstr(out, "<svg viewBox=\"0 0 200 124\" role=\"img\" aria-label=\"Score ");
	buf_i64(out, score);
	buf_cstr(out, of_words[lang]);
	buf_cstr(out, "\">");
	put_zone(out, LIGHT_RED, 0, policy->yellow_from);
	put_zone(out, LIGHT_YELLOW, policy->yellow_from, policy->green_from);
	put_zone(out, LIGHT_GREEN, policy->green_from, SCORE_MAX);
	buf_cstr(out, "<path class=\"gauge-needle\" d=\"M16 100l26-4v8z\" transform=\"rotate(");
	buf_i64(out, score * 18 / 10);
	buf_cstr(out, " 100 100)\"/><text class=\"gauge-score\" x=\"100\" y=\"94\" text-anchor=\"middle\">");
	buf_i64(out, score);
	buf_cstr(out, "</text><text class=\"gauge-of\" x=\"100\" y=\"114\" text-anchor=\"middle\">Score");
	buf_cstr(out, of_words[lang]);
	buf_cstr(out, "</text></svg>\n");
}

static void put_method_name(struct buf *out, const char *id, enum lang lang)
{
	for (size_t i = 0; i < sizeof(method_words) / sizeof(method_words[0]); i++) {
		if (slice_eq_cstr(slice_cstr(id), method_words[i].id)) {
			buf_cstr(out, method_words[i].words[lang]);
			return;
		}
	}
	put_text(out, id);
}

static void put_method_notes(struct buf *out, const struct method_decision *method, enum lang lang)
{
	const char *between = "";

	buf_cstr(out, "<small>");
	if (method->allowed && method->net_days) {
		buf_i64(out, method->net_days);
		buf_cstr(out, days_words[lang]);
		between = " · ";
	}
	if (method->allowed && method->deposit_percent) {
		buf_cstr(out, between);
		buf_i64(out, method->deposit_percent);
		buf_cstr(out, deposit_words[lang]);
		between = " · ";
	}
	for (size_t i = 0; i < method->reason_count; i++) {
		buf_cstr(out, between);
		put_text(out, reason_text(method->reasons[i], lang));
		between = " · ";
	}
	buf_cstr(out, "</small>");
}

void html_out_methods(struct buf *out, const struct decision *decision, enum lang lang)
{
	buf_cstr(out, "<ul class=\"methods\">\n");
	for (size_t i = 0; i < decision->method_count; i++) {
		const struct method_decision *method = &decision->methods[i];

		buf_cstr(out, "<li data-method=\"");
		put_text(out, method->rule->id);
		buf_cstr(out,
		         method->allowed ? "\"><span class=\"mark allowed\">" : "\"><span class=\"mark withheld\">");
		buf_cstr(out, method->allowed ? allowed_words[lang] : withheld_words[lang]);
		buf_cstr(out, "</span><span>");
		put_method_name(out, method->rule->id, lang);
		put_method_notes(out, method, lang);
		buf_cstr(out, "</span></li>\n");
	}
	buf_cstr(out, "</ul>\n");
}

static void put_effect(struct buf *out, const struct effect *effect, enum lang lang)
{
	bool plus = effect->points >= 0;
	int32_t size = abs(effect->points);
	int32_t width = size * 3 < BAR_HALF ? size * 3 : BAR_HALF;

	buf_cstr(out, "<li><span class=\"points-of\">");
	buf_cstr(out, plus ? "+" : MINUS);
	buf_i64(out, size);
	buf_cstr(out,
	         "</span><svg viewBox=\"0 0 100 16\" aria-hidden=\"true\" preserveAspectRatio=\"none\"><rect class=\"");
	buf_cstr(out, plus ? "bar-plus" : "bar-minus");
	buf_cstr(out, "\" x=\"");
	buf_i64(out, plus ? BAR_HALF : BAR_HALF - width);
	buf_cstr(out, "\" y=\"2\" height=\"12\" width=\"");
	buf_i64(out, width);
	buf_cstr(out, "\"/><rect class=\"bar-zero\" x=\"49\" y=\"0\" width=\"2\" height=\"16\"/></svg><span>");
	put_text(out, reason_text(effect->reason, lang));
	buf_cstr(out, "</span></li>\n");
}

void html_out_effects(struct buf *out, const struct decision *decision, enum lang lang)
{
	const struct score *score = &decision->score;

	buf_cstr(out, "<ul class=\"reasons\">\n");
	if (score->hard_stop != REASON_NONE) {
		buf_cstr(out, "<li><span class=\"points-of stop\">");
		buf_cstr(out, stop_words[lang]);
		buf_cstr(out, "</span><span>");
		put_text(out, reason_text(score->hard_stop, lang));
		buf_cstr(out, "</span></li>\n");
	}
	for (size_t i = 0; i < decision->top_count; i++)
		put_effect(out, &score->effects[decision->top[i]], lang);
	buf_cstr(out, "</ul>\n");
}
