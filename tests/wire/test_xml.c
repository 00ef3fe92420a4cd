/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "../../src/wire/xml.h"
#include "provider_world.h"

static const struct xml_element *parse(const char *text)
{
	const struct xml_element *root = NULL;

	cr_assert_eq(xml_parse(slice_cstr(text), provider_world_arena(), &root), STATUS_OK, "%s", text);
	return root;
}

Test(xml, leads_down_by_name_within_the_namespace)
{
	const struct xml_element *root = parse(
	        "<a xmlns='urn:one' xmlns:two='urn:two'><b><c> first </c><two:c>other</two:c>"
	        "<c>second</c></b><d x='1' two:y='2'/><e/></a>");
	const struct xml_element *first = xml_at(root, "b/c");

	cr_expect(xml_is(root, "urn:one", "a"));
	cr_expect(slice_eq_cstr(xml_text(root, "b/c"), "first"));
	cr_assert(first && xml_next(first));
	cr_expect(slice_eq_cstr(xml_next(first)->text, "second"));
	cr_expect_null(xml_next(xml_next(first)));
	cr_expect_null(xml_at(root, "b/c/d"));
	cr_expect_null(xml_at(root, "c"));
	cr_expect_null(xml_at(NULL, "c"));
	cr_expect_eq(xml_at(root, ""), root);
	cr_expect(slice_eq_cstr(xml_attribute(xml_at(root, "d"), "x"), "1"));
	cr_expect_null(xml_attribute(xml_at(root, "d"), "y").ptr);
	cr_expect(xml_text(root, "e").ptr && !xml_text(root, "e").len);
	cr_expect_null(xml_text(root, "b").ptr);
	cr_expect_null(xml_text(root, "nowhere").ptr);
}

Test(xml, joins_text_of_references_and_sections)
{
	const struct xml_element *root = parse(
	        "<?xml version='1.0'?><!-- c --><a><b>M&#252;ller &amp; <![CDATA[<S\xc3\xb6hne>]]></b></a>");

	cr_expect(slice_eq_cstr(xml_text(root, "b"), "Müller & <Söhne>"));
}

Test(xml, has_no_encoding_but_utf8)
{
	const struct xml_element *root = parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xbc</a>");
	static const char latin[] = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>", wide[] = "<\0a\0/\0>\0";

	cr_expect(slice_eq_cstr(root->text, "ü"));
	cr_expect_eq(xml_parse(slice_cstr(latin), provider_world_arena(), &root), STATUS_INVALID);
	cr_expect_eq(xml_parse((struct slice){wide, sizeof(wide) - 1}, provider_world_arena(), &root), STATUS_INVALID);
}

/* Nothing outside is opened, nothing is expanded: the document type ends the reading. */
Test(xml, refuses_every_document_type)
{
	static const char *const documents[] = {
	        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
	        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
	        "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:1/x'>]><a>&x;</a>",
	        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><a/>",
	        "<!DOCTYPE a [<!ENTITY a0 'ha'><!ENTITY a1 '&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;'>"
	        "<!ENTITY a2 '&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;'><!ENTITY a3 '&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;'>"
	        "<!ENTITY a4 '&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;'><!ENTITY a5 '&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;'>"
	        "<!ENTITY a6 '&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;'><!ENTITY a7 '&a6;&a6;&a6;&a6;&a6;&a6;&a6;&a6;'>]>"
	        "<a b='&a7;'>&a7;</a>",
	        "<!DOCTYPE a [<!ATTLIST a b CDATA 'default'>]><a/>",
	        "<!DOCTYPE a []><a/>",
	        "<!DOCTYPE a><a/>",
	};
	const struct xml_element *root = NULL;

	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++) {
		cr_expect_eq(xml_parse(slice_cstr(documents[i]), provider_world_arena(), &root), STATUS_INVALID, "%s",
		             documents[i]);
		cr_expect_null(root);
	}
}

Test(xml, refuses_what_is_not_well_formed)
{
	static const char *const documents[] = {
	        "",       "   ", "text", "<a>",        "<a></b>",     "<a/><b/>",       "<a>&x;</a>", "<a b=1/>",
	        "<x:a/>", "{}",  "<a",   "<a>]]></a>", "<a>&#0;</a>", "<a b='' b=''/>", "<a/>x",      "<a>\x01</a>"};
	const struct xml_element *root = NULL;

	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++)
		cr_expect_eq(xml_parse(slice_cstr(documents[i]), provider_world_arena(), &root), STATUS_INVALID, "%s",
		             documents[i]);
}

static enum status parse_repeated(const char *piece, size_t times, const char *tail, size_t tail_times)
{
	static char text[4 << 20];
	const struct xml_element *root;
	struct buf out;

	buf_init(&out, text, sizeof(text));
	for (size_t i = 0; i < times; i++)
		buf_cstr(&out, piece);
	for (size_t i = 0; i < tail_times; i++)
		buf_cstr(&out, tail);
	cr_assert(!out.overflow);
	return xml_parse(buf_view(&out), provider_world_arena(), &root);
}

Test(xml, is_bounded)
{
	cr_expect_eq(parse_repeated("<a>", XML_DEPTH_MOST, "</a>", XML_DEPTH_MOST), STATUS_OK);
	cr_expect_eq(parse_repeated("<a>", XML_DEPTH_MOST + 1, "</a>", XML_DEPTH_MOST + 1), STATUS_TOO_LARGE);
	cr_expect_eq(parse_repeated("<a>", 1, "<b/>", XML_ELEMENTS_MOST), STATUS_TOO_LARGE);
	cr_expect_eq(parse_repeated("<a>", 1, "0123456789abcdef", XML_DOCUMENT_MOST / 16), STATUS_TOO_LARGE);
}

Test(xml, needs_no_more_than_the_arena)
{
	static char memory[4096] __attribute__((aligned(16)));
	static const char text[] = "<a x='attribute'><b>text</b><c><d>more</d></c></a>";
	bool room = false;

	for (size_t cap = 0; cap < sizeof(memory); cap += 16) {
		const struct xml_element *root = NULL;
		struct arena arena;
		enum status status;

		arena_init(&arena, memory, cap);
		status = xml_parse(slice_cstr(text), &arena, &root);
		cr_expect_eq(status, room || root ? STATUS_OK : STATUS_TOO_LARGE, "%zu", cap);
		room |= root != NULL;
	}
	cr_expect(room);
}

Test(xml, escapes_what_it_writes)
{
	char text[128];
	struct buf out;

	buf_init(&out, text, sizeof(text));
	xml_put(&out, SLICE_LIT("a<b>&\"c\"\x01\x1f d'e\tü"));
	cr_expect(slice_eq_cstr(buf_view(&out), "a&lt;b&gt;&amp;&quot;c&quot; d&#39;e\tü"));
}

static void *parse_often(void *ctx)
{
	static char memory[4][65536] __attribute__((aligned(16)));
	char *own = memory[(size_t)ctx];

	for (int i = 0; i < 200; i++) {
		const struct xml_element *root = NULL;
		struct arena arena;

		arena_init(&arena, own, sizeof(memory[0]));
		if (xml_parse(i % 2 ? SLICE_LIT("<a><b>7</b></a>") : SLICE_LIT("<a><b>7</a>"), &arena, &root) !=
		            (i % 2 ? STATUS_OK : STATUS_INVALID) ||
		    (root && !slice_eq_cstr(xml_text(root, "b"), "7")))
			return "wrong";
	}
	return NULL;
}

Test(xml, is_read_by_several_threads_at_once)
{
	pthread_t threads[4];

	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, parse_often, (void *)i), 0);
	for (size_t i = 0; i < 4; i++) {
		void *fault = NULL;

		cr_assert_eq(pthread_join(threads[i], &fault), 0);
		cr_expect_null(fault);
	}
}
