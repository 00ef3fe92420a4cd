/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../src/wire/multipart.h"

#define TYPE                                                                         \
	"Multipart/Related; boundary=\"--=_Part;7\"; type=\"application/xop+xml\"; " \
	"start-info=\"application/soap+xml\""

static struct multipart message;

static enum status parse(const char *type, const char *body)
{
	return multipart_parse(slice_cstr(type), slice_cstr(body), &message);
}

static const char two[] = "preamble\r\n----=_Part;7\r\nContent-Type: application/xop+xml\r\n\r\n<a/>\r\n"
                          "----=_Part;7  \r\nCONTENT-ID: <file@x>\r\ncontent-type: application/pdf\r\n"
                          "Content-Transfer-Encoding: binary\r\n\r\n%PDF\r\n--\n\r\n----=_Part;7--\r\nepilogue";

Test(multipart, takes_parts_as_they_stand)
{
	cr_assert_eq(parse(TYPE, two), STATUS_OK);
	cr_assert_eq(message.count, 2);
	cr_expect_eq(message.root, 0);
	cr_expect(slice_eq_cstr(message.parts[0].body, "<a/>"));
	cr_expect(slice_eq_cstr(message.parts[0].type, "application/xop+xml"));
	cr_expect(slice_eq_cstr(message.parts[1].body, "%PDF\r\n--\n"));
	cr_expect(slice_eq_cstr(message.parts[1].id, "file@x"));
	cr_expect(message.parts[0].whole && message.parts[1].whole);
	cr_expect(message.parts[1].body.ptr > two && message.parts[1].body.ptr < two + sizeof(two));
}

Test(multipart, reads_parameters)
{
	static const struct {
		const char *type, *name, *value;
	} cases[] = {
	        {TYPE, "boundary", "--=_Part;7"},
	        {TYPE, "BOUNDARY", "--=_Part;7"},
	        {TYPE, "start-info", "application/soap+xml"},
	        {TYPE, "start", NULL},
	        {"multipart/related;boundary=x;start=<root>", "start", "<root>"},
	        {"multipart/related ; boundary = x ", "boundary", "x"},
	        {"multipart/related; boundary=\"\"", "boundary", ""},
	        {"multipart/related; boundary=\"a\\\"b\"", "boundary", NULL},
	        {"multipart/related; boundary=\"open", "boundary", NULL},
	        {"multipart/related; boundary", "boundary", NULL},
	        {"boundary=x", "boundary", NULL},
	        {"", "boundary", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice value = multipart_parameter(slice_cstr(cases[i].type), cases[i].name);

		if (cases[i].value)
			cr_expect(value.ptr && slice_eq_cstr(value, cases[i].value), "case %zu: %.*s", i,
			          (int)value.len, value.ptr);
		else
			cr_expect_null(value.ptr, "case %zu: %.*s", i, (int)value.len, value.ptr);
	}
	cr_expect(slice_eq_cstr(multipart_type(slice_cstr(TYPE)), "Multipart/Related"));
	cr_expect(slice_eq_cstr(multipart_type(SLICE_LIT(" text/xml ")), "text/xml"));
}

Test(multipart, finds_the_root_by_start)
{
	static const char body[] = "--x\r\nContent-ID: <one>\r\n\r\n1\r\n--x\r\nContent-ID: <two>\r\n\r\n2\r\n--x--";

	cr_assert_eq(parse("multipart/related; boundary=x; start=\"<two>\"", body), STATUS_OK);
	cr_expect_eq(message.root, 1);
	cr_assert_eq(parse("multipart/related; boundary=x; start=one", body), STATUS_OK);
	cr_expect_eq(message.root, 0);
	cr_expect_eq(parse("multipart/related; boundary=x; start=\"<three>\"", body), STATUS_INVALID);
}

Test(multipart, tells_a_part_that_is_cut_off)
{
	static const char *const tails[] = {"%PDF",           "%PDF\r\n", "%PDF\r\n--", "%PDF\r\n--x", "%PDF\r\n-x--",
	                                    "%PDF\r\n--xy--", ""};

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		char body[128];

		snprintf(body, sizeof(body), "--x\r\n\r\n<a/>\r\n--x\r\nContent-ID: <f>\r\n\r\n%s", tails[i]);
		cr_assert_eq(parse("multipart/related; boundary=x", body), STATUS_OK, "%s", tails[i]);
		cr_assert_eq(message.count, 2);
		cr_expect(message.parts[0].whole);
		cr_expect(!message.parts[1].whole, "%s", tails[i]);
	}
}

Test(multipart, refuses_what_is_no_message)
{
	static const struct {
		const char *type, *body;
	} cases[] = {
	        {"multipart/related", "--x\r\n\r\n1\r\n--x--"},
	        {"multipart/related; boundary=\"\"", "--\r\n\r\n1\r\n----"},
	        {"multipart/related; boundary=x", ""},
	        {"multipart/related; boundary=x", "<a/>"},
	        {"multipart/related; boundary=x", "--y\r\n\r\n1\r\n--y--"},
	        {"multipart/related; boundary=x", "--xy\r\n\r\n1\r\n--xy--"},
	        {"multipart/related; boundary=x", "--x--"},
	        {"multipart/related; boundary=x", "--x\r\n--x--"},
	        {"multipart/related; boundary=x", "--x\r\nContent-Type: a\r\n--x--"},
	        {"multipart/related; boundary=x", "--x\r\nContent-Type: a"},
	        {"multipart/related; boundary=0123456789012345678901234567890123456789012345678901234567890123456789_",
	         "--0123456789012345678901234567890123456789012345678901234567890123456789_\r\n\r\n1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(parse(cases[i].type, cases[i].body), STATUS_INVALID, "case %zu", i);
}

Test(multipart, takes_no_more_parts_than_there_is_room_for)
{
	char body[512] = "";
	size_t len = 0;

	for (int i = 0; i <= MULTIPART_PARTS; i++) {
		len += (size_t)snprintf(body + len, sizeof(body) - len, "--x\r\n\r\n%d\r\n", i);
		cr_expect_eq(parse("multipart/related; boundary=x", body),
		             i < MULTIPART_PARTS ? STATUS_OK : STATUS_TOO_LARGE);
	}
}

Test(multipart, follows_references)
{
	static const struct {
		const char *href;
		bool found;
	} cases[] = {{"cid:file@x", true},
	             {"cid:file%40x", true},
	             {"cid:%66%69le%40x", true},
	             {"cid:file%4x", false},
	             {"cid:file%", false},
	             {"cid:", false},
	             {"file@x", false},
	             {"cid:file@x2", false},
	             {"cid:file@", false},
	             {"cid:File@x", false},
	             {"", false},
	             {"http://file@x", false},
	             {"cid:file%40x%", false},
	             {"cid:file%zzx", false}};

	cr_assert_eq(parse(TYPE, two), STATUS_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(multipart_find(&message, slice_cstr(cases[i].href)) == &message.parts[1], cases[i].found,
		             "%s", cases[i].href);
	message.parts[1].encoding = SLICE_LIT("base64");
	cr_expect_null(multipart_find(&message, SLICE_LIT("cid:file@x")));
}
