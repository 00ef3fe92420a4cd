/* SPDX-License-Identifier: MIT */
#include "base/date.h"
#include "core/fact_text.h"
#include "core/recommendation.h"
#include "wire/explanation_out.h"

struct words {
	const char *title;
	const char *decided;     /* reference, before the decision's id */
	const char *on;          /* before the day */
	const char *company;     /* before the company */
	const char *outcomes[3]; /* by enum outcome */
	const char *lights[3];   /* by enum light */
	const char *score;       /* before the score */
	const char *of_100;      /* behind it */
	const char *light;       /* before the light */
	const char *pd;          /* before the PD */
	const char *pd_end;      /* behind it */
	const char *stop;        /* before a reason that ends the matter */
	const char *sources;     /* heading */
	const char *as_of;       /* between source and day */
	const char *missing;     /* before the sources that said nothing */
	const char *outage;      /* before the class of customer */
	const char *customers[CUSTOMER_CLASS_COUNT];
	const char *costs;        /* heading */
	const char *strengths;    /* heading */
	const char *lost;         /* behind points lost */
	const char *won;          /* behind points won */
	const char *better_from;  /* before a border */
	const char *better_below; /* before a border */
	const char *gain;         /* between border and points */
	const char *points;       /* behind them */
	const char *recorded;     /* heading of reasons by another model */
	const char *unknown;      /* heading */
	const char *weighing;     /* how it weighs, whole sentences */
	const char *limit;        /* heading */
	const char *rights;       /* whole sentences */
};

static const struct words WORDS[LANG_COUNT] = {
        [LANG_DE] =
                {
                        .title = "Erklärung einer Entscheidung über Kauf auf Rechnung",
                        .decided = "Aktenzeichen: ",
                        .on = "Tag der Entscheidung: ",
                        .company = "Unternehmen: ",
                        .outcomes = {"Ergebnis: Kauf auf Rechnung ist derzeit nicht möglich; Zahlung im Voraus ist es.",
                                     "Ergebnis: Ein Mensch prüft, bevor entschieden wird.",
                                     "Ergebnis: Kauf auf Rechnung ist möglich, soweit der Rahmen reicht."},
                        .lights = {"rot", "gelb", "grün"},
                        .score = "Bewertung: ",
                        .of_100 = " von 100 Punkten",
                        .light = ", Ampel ",
                        .pd = ", geschätzte Wahrscheinlichkeit eines Ausfalls in zwölf Monaten ",
                        .pd_end = ".",
                        .stop = "Entscheidend, gleich welcher Bewertung: ",
                        .sources = "Verwendet wurde, was diese Quellen sagen:",
                        .as_of = ", Stand ",
                        .missing = "Keine Auskunft gab es zu diesem Zeitpunkt von: ",
                        .outage = "Deshalb galt, was der Händler für diesen Fall festgelegt hat, hier für ",
                        .customers = {[CUSTOMER_NEW] = "neue Kunden.",
                                      [CUSTOMER_KNOWN] = "bekannte Kunden.",
                                      [CUSTOMER_PERSON] = "natürliche Personen."},
                        .costs = "Was am meisten gekostet hat, gemessen am besten Wert:",
                        .strengths = "Was am meisten dafür sprach:",
                        .lost = " Punkte weniger",
                        .won = " Punkte dafür",
                        .better_from = "; besser ab ",
                        .better_below = "; besser unter ",
                        .gain = ": ",
                        .points = " Punkte mehr",
                        .recorded =
                                "Gründe, wie sie damals festgehalten wurden (das Modell ist nicht mehr im Einsatz):",
                        .unknown = "Nicht bekannt, und deshalb weder dafür noch dagegen gezählt: ",
                        .weighing =
                                "Zwanzig Punkte verdoppeln die Aussicht, dass das Unternehmen in zwölf Monaten nicht "
                                "ausfällt. Ein Modell aus offenen Punktetabellen rechnet; Anschrift und Personen "
                                "zählen nicht.",
                        .limit = "Was den Kreditrahmen bestimmt hat:",
                        .rights =
                                "Wer betroffen ist, kann verlangen, dass ein Mensch die Entscheidung prüft, kann "
                                "seinen Standpunkt darlegen und die Entscheidung anfechten: bei dem Händler, der sie "
                                "getroffen hat, mit dem Aktenzeichen. Falsche Angaben berichtigt die genannte Quelle; "
                                "danach wird neu entschieden.",
                },
        [LANG_EN] =
                {
                        .title = "Explanation of a decision on purchase on invoice",
                        .decided = "Reference: ",
                        .on = "Day of the decision: ",
                        .company = "Company: ",
                        .outcomes = {"Result: purchase on invoice is not possible at present; payment in advance is.",
                                     "Result: a human being checks before a decision is made.",
                                     "Result: purchase on invoice is possible as far as the limit reaches."},
                        .lights = {"red", "yellow", "green"},
                        .score = "Assessment: ",
                        .of_100 = " of 100 points",
                        .light = ", light ",
                        .pd = ", estimated probability of default within twelve months ",
                        .pd_end = ".",
                        .stop = "Decisive, whatever the assessment: ",
                        .sources = "What these sources say was used:",
                        .as_of = ", as of ",
                        .missing = "No information could be had at that moment from: ",
                        .outage = "So what the merchant has laid down for that case applied, here for ",
                        .customers = {[CUSTOMER_NEW] = "new customers.",
                                      [CUSTOMER_KNOWN] = "known customers.",
                                      [CUSTOMER_PERSON] = "natural persons."},
                        .costs = "What cost most, measured against the best value:",
                        .strengths = "What spoke most in favour:",
                        .lost = " points less",
                        .won = " points in favour",
                        .better_from = "; better from ",
                        .better_below = "; better below ",
                        .gain = ": ",
                        .points = " points more",
                        .recorded = "Reasons as they were recorded then (the model is no longer in use):",
                        .unknown = "Not known, and therefore counted neither for nor against: ",
                        .weighing =
                                "Twenty points double the odds that the company does not default within twelve months. "
                                "A model of open tables of points computes; addresses and persons do not count.",
                        .limit = "What bound the credit limit:",
                        .rights =
                                "Whoever is concerned may ask for a review by a human being, put forward their view "
                                "and "
                                "contest the decision: at the merchant who made it, naming the reference. Wrong facts "
                                "are corrected by the source named; then it is decided anew.",
                },
};

static void put_line(struct buf *out, const char *label, struct slice value)
{
	buf_cstr(out, label);
	buf_slice(out, value);
	buf_char(out, '\n');
}

static void put_head(const struct explanation_view *view, const struct words *words, struct buf *out)
{
	const struct record *record = view->record;
	struct slice name = record->facts.name[0] ? slice_cstr(record->facts.name) : record->asked.name;

	put_line(out, words->title, SLICE_NONE);
	buf_char(out, '\n');
	put_line(out, words->decided, record->head.decision_id);
	buf_cstr(out, words->on);
	date_put(out, date_of_instant(record->head.at_ms));
	buf_char(out, '\n');
	if (name.len)
		put_line(out, words->company, name);
	put_line(out, words->outcomes[record->result.outcome], SLICE_NONE);
}

static void put_assessment(const struct explanation_view *view, const struct words *words, enum lang lang,
                           struct buf *out)
{
	const struct record_result *result = &view->record->result;

	if (result->hard_stop != REASON_NONE)
		put_line(out, words->stop, slice_cstr(reason_text(result->hard_stop, lang)));
	if (!result->identified || result->hard_stop != REASON_NONE)
		return;
	buf_cstr(out, words->score);
	buf_i64(out, result->score);
	buf_cstr(out, words->of_100);
	buf_cstr(out, words->light);
	buf_cstr(out, words->lights[result->light]);
	buf_cstr(out, words->pd);
	fact_show(out, FACT_BUREAU_PD, result->pd_ppm, lang);
	put_line(out, words->pd_end, SLICE_NONE);
}

static void put_sources(const struct explanation_view *view, const struct words *words, struct buf *out)
{
	const struct facts *facts = &view->record->facts;
	bool first = true;

	for (size_t i = 0; i < facts->source_count; i++) {
		const struct source *source = &facts->sources[i];
		if (source->state != SOURCE_ANSWER)
			continue;
		if (first)
			put_line(out, "\n", slice_cstr(words->sources));
		first = false;
		buf_cstr(out, "- ");
		buf_cstr(out, source->id);
		if (source->as_of != DATE_NONE) {
			buf_cstr(out, words->as_of);
			date_put(out, source->as_of);
		}
		buf_char(out, '\n');
	}
}

static void put_outage(const struct explanation_view *view, const struct words *words, struct buf *out)
{
	const struct record_outage *outage = &view->record->result.outage;

	if (!outage->told)
		return;
	buf_char(out, '\n');
	for (size_t i = 0; i < outage->missing_count; i++) {
		buf_cstr(out, i == 0 ? words->missing : ", ");
		buf_slice(out, outage->missing[i]);
	}
	if (outage->missing_count > 0)
		buf_cstr(out, ".\n");
	put_line(out, words->outage, slice_cstr(words->customers[outage->customer]));
}

static void put_item(const struct explanation_item *item, bool cost, const struct words *words, enum lang lang,
                     struct buf *out)
{
	buf_cstr(out, "- ");
	buf_cstr(out, fact_title(item->fact, lang));
	buf_cstr(out, ": ");
	fact_show(out, item->fact, item->value, lang);
	buf_cstr(out, " (");
	buf_i64(out, cost ? item->lost : item->points);
	buf_cstr(out, cost ? words->lost : words->won);
	if (cost && item->gain > 0) {
		buf_cstr(out, item->below ? words->better_below : words->better_from);
		fact_show(out, item->fact, item->border, lang);
		buf_cstr(out, words->gain);
		buf_i64(out, item->gain);
		buf_cstr(out, words->points);
	}
	buf_cstr(out, ")\n");
}

static void put_reasons(const struct explanation_view *view, const struct words *words, enum lang lang, struct buf *out)
{
	const struct explanation *e = &view->explanation;

	if (e->cost_count > 0)
		put_line(out, "\n", slice_cstr(words->costs));
	for (size_t i = 0; i < e->cost_count; i++)
		put_item(&e->costs[i], true, words, lang, out);
	if (e->strength_count > 0)
		put_line(out, "\n", slice_cstr(words->strengths));
	for (size_t i = 0; i < e->strength_count; i++)
		put_item(&e->strengths[i], false, words, lang, out);
	if (e->unknown_count > 0)
		buf_cstr(out, "\n");
	for (size_t i = 0; i < e->unknown_count; i++) {
		buf_cstr(out, i == 0 ? words->unknown : ", ");
		buf_cstr(out, fact_title(e->unknown[i], lang));
	}
	if (e->unknown_count > 0)
		buf_cstr(out, ".\n");
	put_line(out, "\n", slice_cstr(words->weighing));
}

/* What the record tells by itself. */
static void put_recorded(const struct explanation_view *view, const struct words *words, enum lang lang,
                         struct buf *out)
{
	const struct record_result *result = &view->record->result;

	if (result->effect_count > 0)
		put_line(out, "\n", slice_cstr(words->recorded));
	for (size_t i = 0; i < result->effect_count; i++) {
		buf_cstr(out, "- ");
		buf_cstr(out, reason_text(result->effects[i].reason, lang));
		buf_cstr(out, " (");
		buf_i64(out, result->effects[i].points);
		buf_cstr(out, ")\n");
	}
}

static void put_limit(const struct explanation_view *view, const struct words *words, enum lang lang, struct buf *out)
{
	const struct credit_limit *limit = &view->record->result.limit;

	if (limit->bound_count > 0)
		put_line(out, "\n", slice_cstr(words->limit));
	for (size_t i = 0; i < limit->bound_count; i++)
		put_line(out, "- ", slice_cstr(reason_text(limit->bound_by[i], lang)));
}

void explanation_out_text(const struct explanation_view *view, enum lang lang, struct buf *out)
{
	const struct words *words = &WORDS[lang];

	put_head(view, words, out);
	put_assessment(view, words, lang, out);
	put_sources(view, words, out);
	put_outage(view, words, out);
	if (view->exact)
		put_reasons(view, words, lang, out);
	else
		put_recorded(view, words, lang, out);
	put_limit(view, words, lang, out);
	put_line(out, "\n", slice_cstr(words->rights));
}
