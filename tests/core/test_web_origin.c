/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "core/web_origin.h"

Test(web_origin, only_what_browsers_send_is_one)
{
	static const char *const good[] = {"https://www.example.de", "http://localhost:8080", "https://[::1]:443"};
	static const char *const bad[] = {"",
	                                  "https://",
	                                  "www.example.de",
	                                  "https://www.example.de/",
	                                  "null",
	                                  "ftp://a",
	                                  "https://Example.de",
	                                  "https://a b",
	                                  "https://a\"",
	                                  "javascript:x"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(web_origin_is(slice_cstr(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(web_origin_is(slice_cstr(bad[i])), "%s", bad[i]);
}

Test(web_origin, an_origin_must_be_on_the_list_as_a_whole)
{
	struct slice list = SLICE_LIT("https://www.example.de https://example.de:8443");

	cr_expect(web_origin_listed(SLICE_LIT("https://www.example.de"), list));
	cr_expect(web_origin_listed(SLICE_LIT("https://example.de:8443"), list));
	cr_expect_not(web_origin_listed(SLICE_LIT("https://example.de"), list));
	cr_expect_not(web_origin_listed(SLICE_LIT("https://www.example.de.evil.test"), list));
	cr_expect_not(web_origin_listed(SLICE_LIT("http://www.example.de"), list));
	cr_expect_not(web_origin_listed(SLICE_LIT("https://www.example.de https://example.de:8443"), list));
	cr_expect_not(web_origin_listed(SLICE_NONE, list));
	cr_expect_not(web_origin_listed(SLICE_LIT(""), list));
}

Test(web_origin, a_return_address_tells_its_origin)
{
	cr_expect(slice_eq_cstr(web_origin_of(SLICE_LIT("https://www.example.de/danke?x=1#y")),
	                        "https://www.example.de"));
	cr_expect(slice_eq_cstr(web_origin_of(SLICE_LIT("https://www.example.de")), "https://www.example.de"));
	cr_expect_null(web_origin_of(SLICE_LIT("https://www.example.de@evil.test/")).ptr);
	cr_expect_null(web_origin_of(SLICE_LIT("https://www.example.de/a\r\nSet-Cookie: x")).ptr);
	cr_expect_null(web_origin_of(SLICE_LIT("/danke")).ptr);
}

Test(web_origin, our_own_host_is_told_by_its_header)
{
	cr_expect(web_origin_is_host(SLICE_LIT("https://bonigate.example"), SLICE_LIT("bonigate.example")));
	cr_expect(web_origin_is_host(SLICE_LIT("http://127.0.0.1:8080"), SLICE_LIT("127.0.0.1:8080")));
	cr_expect_not(web_origin_is_host(SLICE_LIT("https://evil.test"), SLICE_LIT("bonigate.example")));
	cr_expect_not(web_origin_is_host(SLICE_LIT("null"), SLICE_LIT("null")));
	cr_expect_not(web_origin_is_host(SLICE_LIT("https://"), SLICE_LIT("")));
}
