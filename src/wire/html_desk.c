/* SPDX-License-Identifier: MIT */
#include "html_desk.h"

#include "html_out.h"

static const char *const no_score[LANG_COUNT] = {
        [LANG_DE] = "Kein Score: Firma nicht bekannt.",
        [LANG_EN] = "No score: company not known.",
};

void html_desk_begin(struct buf *out, const struct html_desk *desk, const char *id, enum lang lang)
{
	html_out_head(out, desk->title, desk->other, lang);
	buf_cstr(out, "<div class=\"intro\"><h1>");
	buf_cstr(out, desk->title);
	buf_cstr(out, "</h1></div>\n<div class=\"columns\">\n<form id=\"");
	buf_cstr(out, id);
	buf_cstr(out, "\" class=\"card\" method=\"post\" autocomplete=\"off\" aria-labelledby=\"");
	buf_cstr(out, id);
	buf_cstr(out, "-title\" action=\"");
	buf_cstr(out, desk->action);
	buf_cstr(out, "\"><h2 id=\"");
	buf_cstr(out, id);
	buf_cstr(out, "-title\">");
	buf_cstr(out, desk->form);
	buf_cstr(out, "</h2>\n");
}

void html_desk_answer(struct buf *out, const struct html_desk *desk)
{
	buf_cstr(out, "<button class=\"primary\">");
	buf_cstr(out, desk->go);
	buf_cstr(out, "</button><p class=\"hint\"><a href=\"");
	buf_cstr(out, desk->home);
	buf_cstr(out, "\">");
	buf_cstr(out, desk->back);
	buf_cstr(out,
	         "</a></p></form>\n"
	         "<section id=\"result\" class=\"card\" aria-labelledby=\"result-title\"><h2 id=\"result-title\">");
	buf_cstr(out, desk->result);
	buf_cstr(out, "</h2>\n");
}

void html_desk_end(struct buf *out, enum lang lang)
{
	buf_cstr(out, "</section></div>\n");
	html_out_foot(out, lang);
}

void html_desk_summary(struct buf *out, const struct facts *facts, const struct decision *decision,
                       const struct policy *policy, enum lang lang)
{
	html_out_light(out, decision, lang);
	buf_cstr(out, "<div class=\"figures\"><div id=\"gauge\">");
	if (facts_matched(facts))
		html_out_gauge(out, decision->score.score, policy, lang);
	else
		buf_cstr(out, no_score[lang]);
	buf_cstr(out, "</div><dl>");
}

void html_desk_summary_end(struct buf *out)
{
	buf_cstr(out, "</dl></div>\n");
}

void html_desk_figure(struct buf *out, const char *label)
{
	buf_cstr(out, "<div><dt>");
	buf_cstr(out, label);
	buf_cstr(out, "</dt><dd>");
}

void html_desk_figure_end(struct buf *out)
{
	buf_cstr(out, "</dd></div>");
}
